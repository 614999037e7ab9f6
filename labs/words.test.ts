import { describe, expect, test } from "vitest";
import { labs, misconceptions, words } from "./index.ts";
import { cases } from "./verify/cases.ts";
import { experiments } from "./probes/experiments.ts";
import { fill } from "./words.ts";

describe.each(labs.map((lab) => [lab.id, lab] as const))("%s", (id, lab) => {
  const own = words.labs[id];

  test("has words for every check, prediction, option and move", () => {
    expect(Object.keys(own?.checks ?? {}).toSorted()).toEqual(lab.checks.map((check) => check.id).toSorted());
    expect(Object.keys(own?.predictions ?? {}).toSorted()).toEqual(lab.predictions.map((one) => one.id).toSorted());
    for (const prediction of lab.predictions) {
      const options = prediction.kind === "choice" ? prediction.options : [];
      expect(Object.keys(own?.predictions[prediction.id]?.options ?? {}).toSorted()).toEqual([...options].toSorted());
    }
    const simplest = Object.fromEntries(
      Object.entries(lab.play.parameters).map(([name, { simplest }]) => [name, simplest]),
    );
    const told = lab.play.moves(simplest, undefined as never).flatMap((move) => move.told ?? []);
    expect(told.filter((name) => own?.story[name] === undefined)).toEqual([]);
  });

  test("has a message for every diagnosis and every mistake", () => {
    const reasons = [
      ...lab.diagnoses.map((one) => one.reason),
      ...(cases[id]?.mistakes ?? []).map((one) => one.reason),
    ];
    expect(reasons.filter((reason) => own?.messages[reason] === undefined)).toEqual([]);
  });

  test("keeps its messages below 60 words", () => {
    const long = Object.entries(own?.messages ?? {}).filter(
      ([, { expected, observed, next }]) => `${expected} ${observed} ${next}`.split(/\s+/).length > 60,
    );
    expect(long.map(([reason]) => reason)).toEqual([]);
  });

  test("has three hints, terms in both languages, and reports at least three checks", () => {
    expect(own?.hints.filter((hint) => hint.length > 20)).toHaveLength(3);
    expect(own?.terms.every(({ chinese }) => /\p{Script=Han}/u.test(chinese))).toBe(true);
    expect(lab.checks.length).toBeGreaterThanOrEqual(3);
  });
});

test("every belief has words, a source and a run that contradicts it", () => {
  for (const { id, source, counterexample } of misconceptions) {
    expect([id, words.misconceptions[id] === undefined]).toEqual([id, false]);
    expect(source).toMatch(/^https:\/\/kubernetes\.io\//);
    expect([id, experiments[counterexample] === undefined]).toEqual([id, false]);
  }
});

test("every belief that a lab names is catalogued", () => {
  const named = labs.flatMap((lab) => lab.diagnoses.flatMap((one) => one.misconception ?? []));
  expect(named.filter((id) => !misconceptions.some((one) => one.id === id))).toEqual([]);
});

test("a fact fills its place; a name that is none stays, as do names of Object.prototype", () => {
  expect(fill("{a} {b} {constructor}", { a: 1 })).toBe("1 {b} {constructor}");
});
