import { expect, test } from "vitest";
import { openFlowControl, reserve } from "./flow-control.ts";

test("a burst goes at once, then as many a second as allowed", () => {
  let flow = openFlowControl({ qps: 20, burst: 3 }, 0);
  const waits: number[] = [];
  for (let count = 0; count < 5; count++) {
    const reserved = reserve(flow, 0);
    flow = reserved.flow;
    waits.push(reserved.waitMillis);
  }
  expect(waits).toEqual([0, 0, 0, 50, 100]);
});

test("the bucket fills again, but never beyond the burst", () => {
  const empty = reserve(openFlowControl({ qps: 20, burst: 1 }, 0), 0).flow;
  expect([reserve(empty, 25).waitMillis, reserve(empty, 50).waitMillis]).toEqual([25, 0]);
  expect(reserve(reserve(empty, 10_000).flow, 10_000).waitMillis).toBe(50);
});
