import { expect, test } from "vitest";
import {
  areSatisfied,
  expectCreations,
  expectDeletions,
  EXPECTATIONS_TIMEOUT_MILLIS,
  sawCreation,
  sawDeletion,
} from "./expectations.ts";

test("a controller waits until all it created has shown up", () => {
  let expectations = expectCreations(null, "a", { count: 2, now: 0 });
  expectations = sawCreation(expectations, "a");
  expect(areSatisfied(expectations, "a", 10)).toBe(false);
  expect(areSatisfied(sawCreation(expectations, "a"), "a", 10)).toBe(true);
});

test("a deletion counts once, and only where it was expected", () => {
  let expectations = expectDeletions(null, "a", { objects: ["x", "y"], now: 0 });
  for (const object of ["x", "x", "z"]) expectations = sawDeletion(expectations, "a", object);
  expect(areSatisfied(expectations, "a", 10)).toBe(false);
  expect(areSatisfied(sawDeletion(expectations, "a", "y"), "a", 10)).toBe(true);
});

test("what was never expected is satisfied, and what waits for too long is believed lost", () => {
  expect(areSatisfied(null, "a", 0)).toBe(true);
  const expectations = expectCreations(null, "a", { count: 1, now: 0 });
  expect(areSatisfied(expectations, "a", EXPECTATIONS_TIMEOUT_MILLIS + 1)).toBe(true);
});
