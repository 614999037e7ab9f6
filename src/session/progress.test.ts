import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ItemProgress,
  type LabProgress,
  mergeProgress,
  type Progress,
  PROGRESS_SCHEMA,
  readProgress,
} from "./progress.ts";

const texts = fc.dictionary(fc.constantFrom("web.yaml", "a", "b"), fc.string());
const lab: fc.Arbitrary<LabProgress> = fc.record({
  version: fc.nat(3),
  passed: fc.boolean(),
  points: fc.nat(10),
  maxPoints: fc.nat(10),
  attempts: fc.nat(9),
  hints: fc.nat(3),
  files: texts,
  answers: texts,
  savedAt: fc.nat(5),
});
const item: fc.Arbitrary<ItemProgress> = fc.record({
  isRight: fc.boolean(),
  wasRightFirst: fc.boolean(),
  attempts: fc.nat(9),
  savedAt: fc.nat(5),
});
const ids = fc.constantFrom("probes/a", "probes/b", "dns/c");
const progress: fc.Arbitrary<Progress> = fc.record({
  schema: fc.constant(PROGRESS_SCHEMA),
  labs: fc.dictionary(ids, lab),
  items: fc.dictionary(ids, item),
});

test("what is exported can be imported without loss", () => {
  fc.assert(
    fc.property(progress, (one) => {
      expect(readProgress(JSON.stringify(one))).toEqual({ kind: "read", progress: one, lost: [] });
    }),
    { numRuns: 1000 },
  );
});

test("merging does not depend on the order", () => {
  fc.assert(
    fc.property(progress, progress, (one, other) => {
      expect(mergeProgress(one, other)).toEqual(mergeProgress(other, one));
    }),
  );
});

test("merging twice changes nothing", () => {
  fc.assert(
    fc.property(progress, progress, (one, other) => {
      const merged = mergeProgress(one, other);
      expect(mergeProgress(merged, other)).toEqual(merged);
      expect(mergeProgress(one, one)).toEqual(one);
    }),
  );
});

describe("damage", () => {
  test.each([
    ["no JSON", "{", "it is not JSON"],
    ["a list", "[]", "it is not an object"],
    [
      "another version",
      `{"schema":"workbook.progress/v9"}`,
      `its schema is "workbook.progress/v9", expected workbook.progress/v1`,
    ],
  ])("%s is named", (_, text, why) => {
    expect(readProgress(text)).toEqual({ kind: "damaged", why });
  });

  test("one broken entry loses only itself", () => {
    const good: ItemProgress = { isRight: true, wasRightFirst: true, attempts: 1, savedAt: 1 };
    const text = JSON.stringify({
      schema: PROGRESS_SCHEMA,
      labs: { "probes/x": { passed: "yes" } },
      items: { "probes/y": good },
    });
    expect(readProgress(text)).toMatchObject({
      lost: ["probes/x"],
      progress: { items: { "probes/y": good }, labs: {} },
    });
  });
});
