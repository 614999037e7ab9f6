import { expect, test } from "vitest";
import { newZone, rateIn, stateOf, tryAccept } from "./zones.ts";

// Source: kubernetes.io/docs/concepts/architecture/nodes, "Rate limits on eviction".
test.each([
  ["all nodes ready", 3, 0, "Normal"],
  ["two lost nodes are no disruption yet", 1, 2, "Normal"],
  ["55 % and more than two lost", 9, 11, "PartialDisruption"],
  ["less than 55 % lost", 10, 10, "Normal"],
  ["no node left", 0, 1, "FullDisruption"],
])("%s", (_, ready, notReady, expected) => {
  expect(stateOf({ ready, notReady })).toBe(expected);
});

test("a partly disrupted zone is evicted slowly when it is large, and not at all when it is small", () => {
  expect([rateIn("PartialDisruption", 51), rateIn("PartialDisruption", 50), rateIn("Normal", 5)]).toEqual([1, 0, 10]);
});

test("one node at once, then one in ten seconds", () => {
  const first = tryAccept(newZone(0), 0);
  const second = tryAccept(first.zone, 1000);
  expect([first.waitMillis, second.waitMillis, tryAccept(second.zone, 10_000).waitMillis]).toEqual([0, 9000, 0]);
});
