import { expect, test } from "vitest";
import { sentenceOf } from "./tell.ts";

const finding = { id: "predicted", passed: false, points: 0, maxPoints: 1, reason: "not-sure" } as const;

test("the right option is told in the words that the learner chose from", () => {
  const sentence = sentenceOf("probes/slow-starter", { ...finding, facts: { expected: "for-ever" } });
  expect(sentence.expected).toBe("It is restarted again and again, and never serves");
});

test("what is no option is told as it is", () => {
  const sentence = sentenceOf("probes/slow-starter", { ...finding, facts: { expected: "31 s" } });
  expect(sentence.expected).toBe("31 s");
});
