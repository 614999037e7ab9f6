import { describe, expect, test } from "vitest";
import {
  delayAfter,
  dequeue,
  emptyQueue,
  enqueue,
  enqueueAt,
  enqueueRateLimited,
  finish,
  forget,
  nextDue,
  releaseDue,
} from "./work-queue.ts";

describe("a work queue", () => {
  test("holds a key once, however often it is added", () => {
    const queue = enqueue(enqueue(enqueue(emptyQueue, "a"), "b"), "a");
    expect(queue.ready).toEqual(["a", "b"]);
  });

  test("a key that changes while it is worked on comes back afterwards, and not before", () => {
    const taken = dequeue(enqueue(emptyQueue, "a"));
    const changed = enqueue(taken?.queue ?? emptyQueue, "a");
    expect(changed.ready).toEqual([]);
    expect(finish(changed, "a").ready).toEqual(["a"]);
  });

  test("a key that did not change is gone when its work is done", () => {
    const taken = dequeue(enqueue(emptyQueue, "a"));
    expect(dequeue(finish(taken?.queue ?? emptyQueue, "a"))).toBeUndefined();
  });

  test("of two times for one key the earlier wins", () => {
    const queue = enqueueAt(enqueueAt(enqueueAt(emptyQueue, "a", 50), "a", 20), "a", 90);
    expect(nextDue(queue)).toBe(20);
    expect(releaseDue(queue, 19).ready).toEqual([]);
    expect(releaseDue(queue, 20).ready).toEqual(["a"]);
  });

  test("keys that are due together come by their time", () => {
    const queue = enqueueAt(enqueueAt(emptyQueue, "a", 30), "b", 10);
    expect(releaseDue(queue, 40).ready).toEqual(["b", "a"]);
  });

  test("a failing key waits 5 ms, then twice as long each time, until it succeeds", () => {
    expect([0, 1, 2, 3].map(delayAfter)).toEqual([5, 10, 20, 40]);
    expect(delayAfter(60)).toBe(1_000_000);
    const failed = enqueueRateLimited(emptyQueue, "a", 100);
    expect(nextDue(failed)).toBe(105);
    const twice = enqueueRateLimited(releaseDue(failed, 105), "a", 105);
    expect(nextDue(twice)).toBe(115);
    expect(nextDue(enqueueRateLimited(forget(releaseDue(twice, 115), "a"), "a", 200))).toBe(205);
  });
});
