import { describe, expect, test } from "vitest";
import { quizzes } from "./index.ts";
import { judgeItem } from "./judge-item.ts";
import type { Item, ItemAnswer } from "./quiz.ts";
import { keyOf } from "./verify/verify-quiz.ts";

const items = quizzes.flatMap((quiz) => quiz.items);

function itemOf(id: string): Item {
  const item = items.find((one) => one.id === id);
  if (item === undefined) throw new Error(`no item ${id}`);
  return item;
}

describe("every item", () => {
  test.each(items.map((item) => [item.id, item] as const))("%s: its key is right, not sure is not", (_, item) => {
    expect(judgeItem(item, keyOf(item))).toMatchObject({ isRight: true, earnedPercent: 100 });
    const unsure = judgeItem(item, "not-sure");
    expect(unsure).toMatchObject({ isRight: false, earnedPercent: 0 });
    expect(unsure.misconception).toBeUndefined();
    expect(unsure.explanations.length).toBeGreaterThan(0);
  });
});

describe("an answer", () => {
  const cases: readonly (readonly [
    says: string,
    item: string,
    answer: ItemAnswer,
    percent: number,
    belief: string | undefined,
  ])[] = [
    ["a wrong option names its belief", "startup-how-often", "once", 0, "probes/startup-runs-once"],
    ["an option that is not there is wrong", "startup-how-often", "constructor", 0, undefined],
    [
      "some of several options earn some",
      "mechanisms",
      ["exec", "httpGet", "tcpSocket"],
      83,
      "probes/three-mechanisms",
    ],
    ["a number within the tolerance is right", "detection", "16.5 s", 100, undefined],
    ["a number that a belief yields names it", "detection", "47", 0, "probes/delay-again-after-ready"],
    ["a number that is none is wrong", "detection", "soon", 0, undefined],
    ["text without case and quotes", "budget-field", " `FailureThreshold` ", 100, undefined],
    ["another field names its belief", "budget-field", "initialDelaySeconds", 0, "probes/delay-instead-of-startup"],
    [
      "a part of the pairs earns a part",
      "effects",
      { "liveness-fails": "restart", "readiness-fails": "restart" },
      25,
      "probes/repairs-everything",
    ],
    ["an order with a step missing earns nothing", "order-of-a-restart", ["term"], 0, undefined],
  ];
  test.each(cases)("%s", (...[, id, answer, earnedPercent, misconception]) => {
    const finding = judgeItem(itemOf(id), answer);
    expect(finding.earnedPercent).toBe(earnedPercent);
    expect(finding.misconception).toBe(misconception);
  });

  test("two neighbours swapped break one pair of an order", () => {
    const steps = ["first-failure", "third-failure", "kill", "term", "new-container", "startup-succeeds"];
    expect(judgeItem(itemOf("order-of-a-restart"), steps)).toMatchObject({ earnedPercent: 80, isRight: false });
  });
});
