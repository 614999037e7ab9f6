// After client-go util/workqueue queue.go, delaying_queue.go, default_rate_limiters.go.
import type { Millis } from "../kernel/process.ts";
import { get, remove, set, type SortedMap } from "../kernel/sorted-map.ts";

/**
 * Keys that want work, each at most once. While a key is being worked on, adding it again marks it dirty, and it
 * comes back when the work is done: no key is ever worked on twice at the same time, and no change is lost.
 */
export interface WorkQueue {
  /** Ready keys, oldest first. */
  readonly ready: readonly string[];
  /** Keys in the queue, or changed while being worked on. */
  readonly dirty: SortedMap<string, true>;
  readonly processing: SortedMap<string, true>;
  /** Keys that wait for a time: retries and `addAfter`. */
  readonly waiting: SortedMap<string, Millis>;
  /** How often each key failed in a row. */
  readonly failures: SortedMap<string, number>;
}

/** Source: client-go default_rate_limiters.go, DefaultTypedControllerRateLimiter: 5 ms doubling up to 1000 s. */
export const BASE_DELAY_MILLIS: Millis = 5;
export const DELAY_MILLIS_MAX: Millis = 1_000_000;

export const emptyQueue: WorkQueue = { ready: [], dirty: null, processing: null, waiting: null, failures: null };

/** Adds a key, unless it waits for work already. */
export function enqueue(queue: WorkQueue, key: string): WorkQueue {
  if (get(queue.dirty, key) !== undefined) return queue;
  const dirty = set(queue.dirty, key, true);
  if (get(queue.processing, key) !== undefined) return { ...queue, dirty };
  return { ...queue, dirty, ready: [...queue.ready, key] };
}

/** Adds a key once `at` has come; an earlier time that waits already wins. */
export function enqueueAt(queue: WorkQueue, key: string, at: Millis): WorkQueue {
  const planned = get(queue.waiting, key);
  if (planned !== undefined && planned <= at) return queue;
  return { ...queue, waiting: set(queue.waiting, key, at) };
}

/** Adds a key after its failure, later each time. */
export function enqueueRateLimited(queue: WorkQueue, key: string, now: Millis): WorkQueue {
  const failures = get(queue.failures, key) ?? 0;
  const counted = { ...queue, failures: set(queue.failures, key, failures + 1) };
  return enqueueAt(counted, key, now + delayAfter(failures));
}

/** How long a key waits after it failed `failures` times before. */
export function delayAfter(failures: number): Millis {
  let delay = BASE_DELAY_MILLIS;
  for (let count = 0; count < failures && delay < DELAY_MILLIS_MAX; count++) delay *= 2;
  return delay < DELAY_MILLIS_MAX ? delay : DELAY_MILLIS_MAX;
}

/** Forgets the failures of a key: it succeeded. */
export function forget(queue: WorkQueue, key: string): WorkQueue {
  const failures = remove(queue.failures, key);
  return failures === queue.failures ? queue : { ...queue, failures };
}

/** Takes the oldest ready key out to work on it. */
export function dequeue(queue: WorkQueue): { readonly key: string; readonly queue: WorkQueue } | undefined {
  const [key, ...ready] = queue.ready;
  if (key === undefined) return undefined;
  const { dirty, processing } = queue;
  return { key, queue: { ...queue, ready, dirty: remove(dirty, key), processing: set(processing, key, true) } };
}

/** Says that the work on a key is done; it comes back when it was added meanwhile. */
export function finish(queue: WorkQueue, key: string): WorkQueue {
  const processing = remove(queue.processing, key);
  if (get(queue.dirty, key) === undefined) return { ...queue, processing };
  return { ...queue, processing, ready: [...queue.ready, key] };
}

/** Moves the keys whose time has come to the ready ones, by time and then by key. */
export function releaseDue(queue: WorkQueue, now: Millis): WorkQueue {
  const due: { readonly key: string; readonly at: Millis }[] = [];
  forEachWaiting(queue.waiting, (key, at) => {
    if (at <= now) due.push({ key, at });
  });
  due.sort((one, other) => one.at - other.at);
  let next = queue;
  for (const { key } of due) next = enqueue({ ...next, waiting: remove(next.waiting, key) }, key);
  return next;
}

/** When the next waiting key is due, or undefined. */
export function nextDue(queue: WorkQueue): Millis | undefined {
  let earliest: Millis | undefined;
  forEachWaiting(queue.waiting, (_, at) => {
    if (earliest === undefined || at < earliest) earliest = at;
  });
  return earliest;
}

function forEachWaiting(waiting: SortedMap<string, Millis>, visit: (key: string, at: Millis) => void): void {
  if (waiting === null) return;
  forEachWaiting(waiting.left, visit);
  visit(waiting.key, waiting.value);
  forEachWaiting(waiting.right, visit);
}
