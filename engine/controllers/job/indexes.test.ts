import { expect, test } from "vitest";
import { firstPending, parseIndexes, printIndexes } from "./indexes.ts";

// Source: kubernetes.io/docs/concepts/workloads/controllers/job, .status.completedIndexes.
test.each([
  ["1,3-5,7", [1, 3, 4, 5, 7]],
  ["0,1", [0, 1]],
  ["0-2", [0, 1, 2]],
  ["", []],
])("%s is printed and read", (text, indexes) => {
  expect(printIndexes(new Set(indexes))).toBe(text);
  expect([...parseIndexes(text, 8)]).toEqual(indexes);
});

test("indexes beyond the completions are dropped", () => {
  expect([...parseIndexes("1-9", 3)]).toEqual([1, 2]);
});

test("the first indexes that nobody works on come first", () => {
  expect(firstPending(new Set([0, 2]), 2, 5)).toEqual([1, 3]);
});
