import { expect, test } from "vitest";
import type { Node, Pod } from "../api/generated/types.ts";
import { defaultPlugins } from "./plugins/index.ts";
import { podInfoOf } from "./pod-info.ts";
import {
  backoffEnd,
  emptySchedulingQueue,
  enqueuePod,
  nextRelease,
  popNext,
  releaseByTime,
  returnFailed,
  returnRefused,
  type SchedulingQueue,
  updateQueued,
  wakeByEvent,
} from "./queue.ts";

const plugins = defaultPlugins;

function pod(name: string, spec: Partial<Pod["spec"]> = {}): Pod {
  return { metadata: { name, namespace: "default" }, spec: { containers: [{ name: "c" }], ...spec }, status: {} };
}

function queueOf(...pods: readonly Pod[]): SchedulingQueue {
  return pods.reduce(
    (queue, one, index) => enqueuePod(queue, podInfoOf(one), { plugins, now: index }),
    emptySchedulingQueue,
  );
}

function order(queue: SchedulingQueue): readonly string[] {
  const names: string[] = [];
  for (let next = popNext(queue); next !== undefined; next = popNext(next.queue))
    names.push(next.queued.pod.pod.metadata.name ?? "");
  return names;
}

/** The queue after its first pod was refused by the plugin at that time. */
function refused(queue: SchedulingQueue, plugin: string, now: number): SchedulingQueue {
  const next = popNext(queue);
  if (next === undefined) throw new Error("a pod is in the queue");
  return returnRefused(next.queue, next.queued, { refusedBy: [plugin], now });
}

test("higher priority comes first, and among equals who came first", () => {
  expect(order(queueOf(pod("a"), pod("b", { priority: 5 }), pod("c"), pod("d", { priority: -1 })))).toEqual([
    "b",
    "a",
    "c",
    "d",
  ]);
});

test("a refused pod waits for an event that its refuser listens to", () => {
  const waiting = refused(queueOf(pod("a")), "NodeResourcesFit", 0);
  expect(popNext(waiting)).toBeUndefined();
  const other = { resource: "PersistentVolume", before: undefined, after: pod("x") } as const;
  expect(popNext(wakeByEvent(waiting, other, { plugins, now: 2000 }))).toBeUndefined();
  const gone = { resource: "AssignedPod", before: pod("x", { nodeName: "n" }), after: undefined } as const;
  expect(order(wakeByEvent(waiting, gone, { plugins, now: 2000 }))).toEqual(["a"]);
});

test("an event that cannot help leaves the pod where it is", () => {
  const waiting = refused(queueOf(pod("a", { nodeSelector: { disk: "ssd" } })), "NodeAffinity", 0);
  const node = (disk: string): Node => ({ metadata: { name: "n", labels: { disk } }, spec: {}, status: {} });
  const wrong = { resource: "Node", before: node("hdd"), after: node("nvme") } as const;
  expect(popNext(wakeByEvent(waiting, wrong, { plugins, now: 2000 }))).toBeUndefined();
  const right = { resource: "Node", before: node("hdd"), after: node("ssd") } as const;
  expect(order(wakeByEvent(waiting, right, { plugins, now: 2000 }))).toEqual(["a"]);
});

test("the backoff doubles from one second up to ten", () => {
  const ends = [1, 2, 3, 4, 5, 9].map((refusals) =>
    backoffEnd({ pod: podInfoOf(pod("a")), refusals, errors: 0, since: 0, refusedBy: [], isGated: false, order: 1 }),
  );
  expect(ends).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
});

test("a pod in backoff because of an error waits to the end, even when nobody else is there", () => {
  const next = popNext(queueOf(pod("a")));
  if (next === undefined) throw new Error("a pod is in the queue");
  const waiting = returnFailed(next.queue, next.queued, 0);
  expect(popNext(waiting)).toBeUndefined();
  expect(nextRelease(waiting)).toBe(1000);
  expect(order(releaseByTime(waiting, 1000))).toEqual(["a"]);
});

test("a gated pod stays out until its gates are gone", () => {
  const gated = queueOf(pod("a", { schedulingGates: [{ name: "x" }] }));
  expect(popNext(gated)).toBeUndefined();
  expect(nextRelease(gated)).toBeUndefined();
  const event = { resource: "UnscheduledPod", before: pod("a"), after: pod("a") } as const;
  expect(order(updateQueued(gated, podInfoOf(pod("a")), { plugins, now: 5, event }))).toEqual(["a"]);
});

test("after five minutes a pod is tried again without any event", () => {
  const waiting = refused(queueOf(pod("a")), "NodeResourcesFit", 0);
  expect(nextRelease(waiting)).toBe(300_000);
  expect(order(releaseByTime(waiting, 300_000))).toEqual(["a"]);
});
