// After kubernetes v1.36 pkg/scheduler/backend/queue/scheduling_queue.go, active_queue.go, backoff_queue.go;
// not modelled: events that arrive during a cycle (a cycle takes no time here), pod groups.
import type { Millis } from "../kernel/process.ts";
import { first, get, remove, set, type SortedMap, values } from "../kernel/sorted-map.ts";
import type { ClusterEvent, Plugin } from "./framework.ts";
import type { PodInfo } from "./pod-info.ts";

/** A pod that waits for a node. */
export interface QueuedPod {
  readonly pod: PodInfo;
  /** How often it was refused, and how often in a row something went wrong with it. */
  readonly refusals: number;
  readonly errors: number;
  /** Since when it has been in its place. */
  readonly since: Millis;
  /** Which plugins refused it; an event that none of them listens to leaves it where it is. */
  readonly refusedBy: readonly string[];
  readonly isGated: boolean;
  readonly order: number;
}

/**
 * Who is next: pods in the active queue by priority, then by age. Refused pods wait in the unschedulable pool for an event that
 * may help them, and after it for the end of their backoff; who waits only for that is taken when nobody else is active.
 */
export interface SchedulingQueue {
  readonly active: SortedMap<string, QueuedPod>;
  readonly backoff: SortedMap<string, QueuedPod>;
  readonly unschedulable: SortedMap<string, QueuedPod>;
  /** Where each pod is: the pool, and its key there. */
  readonly places: SortedMap<string, Place>;
  readonly order: number;
}

interface Place {
  readonly pool: "active" | "backoff" | "unschedulable";
  readonly key: string;
}

export const emptySchedulingQueue: SchedulingQueue = {
  active: null,
  backoff: null,
  unschedulable: null,
  places: null,
  order: 0,
};

/** Sources: scheduling_queue.go DefaultPodInitialBackoffDuration, DefaultPodMaxBackoffDuration, DefaultPodMaxInUnschedulablePodsDuration. */
export const INITIAL_BACKOFF_MILLIS: Millis = 1000;
export const BACKOFF_MILLIS_MAX: Millis = 10_000;
export const UNSCHEDULABLE_MILLIS_MAX: Millis = 300_000;

const PRIORITY_MAX = 2_147_483_647;

function digits(value: number, length: number): string {
  return String(value).padStart(length, "0");
}

/** Higher priority first, then who waited longer. */
function activeKey({ pod, since, order }: QueuedPod): string {
  return `${digits(PRIORITY_MAX - pod.priority, 10)} ${digits(since, 15)} ${digits(order, 10)}`;
}

function backoffKey(queued: QueuedPod): string {
  return `${digits(backoffEnd(queued), 15)} ${activeKey(queued)}`;
}

/** When the pod has waited long enough after its last refusal: 1 s, 2 s, 4 s … up to 10 s. */
export function backoffEnd({ since, refusals, errors }: QueuedPod): Millis {
  const count = errors > 0 ? errors : refusals;
  let duration = count === 0 ? 0 : INITIAL_BACKOFF_MILLIS;
  for (let times = 1; times < count && duration < BACKOFF_MILLIS_MAX; times++) duration *= 2;
  return since + Math.min(duration, BACKOFF_MILLIS_MAX);
}

function put(queue: SchedulingQueue, pool: Place["pool"], queued: QueuedPod): SchedulingQueue {
  const keys = { active: activeKey, backoff: backoffKey, unschedulable: (one: QueuedPod): string => one.pod.key };
  const key = keys[pool](queued);
  return {
    ...queue,
    [pool]: set(queue[pool], key, queued),
    places: set(queue.places, queued.pod.key, { pool, key }),
  };
}

function queuedAt(
  queue: SchedulingQueue,
  podKey: string,
): { readonly place: Place; readonly queued: QueuedPod } | undefined {
  const place = get(queue.places, podKey);
  const queued = place === undefined ? undefined : get(queue[place.pool], place.key);
  return place === undefined || queued === undefined ? undefined : { place, queued };
}

/** The queue without the pod. */
export function withoutQueued(queue: SchedulingQueue, podKey: string): SchedulingQueue {
  const found = queuedAt(queue, podKey);
  if (found === undefined) return queue;
  const { pool, key } = found.place;
  return { ...queue, [pool]: remove(queue[pool], key), places: remove(queue.places, podKey) };
}

function isHeldBack(pod: PodInfo, plugins: readonly Plugin[]): string | undefined {
  return plugins.find((plugin) => plugin.preEnqueue?.(pod) !== undefined)?.name;
}

/** Adds a pod that is new to the scheduler. */
export function enqueuePod(
  queue: SchedulingQueue,
  pod: PodInfo,
  { plugins, now }: { readonly plugins: readonly Plugin[]; readonly now: Millis },
): SchedulingQueue {
  const holder = isHeldBack(pod, plugins);
  const order = queue.order + 1;
  const base = { pod, refusals: 0, errors: 0, since: now, order };
  const numbered = { ...queue, order };
  if (holder === undefined) return put(numbered, "active", { ...base, refusedBy: [], isGated: false });
  return put(numbered, "unschedulable", { ...base, refusedBy: [holder], isGated: true });
}

/** The pod itself changed: in an active place it is replaced; in the pool it may have become schedulable. */
export function updateQueued(
  queue: SchedulingQueue,
  pod: PodInfo,
  { plugins, now, event }: { readonly plugins: readonly Plugin[]; readonly now: Millis; readonly event: ClusterEvent },
): SchedulingQueue {
  const found = queuedAt(queue, pod.key);
  if (found === undefined) return enqueuePod(queue, pod, { plugins, now });
  const rest = withoutQueued(queue, pod.key);
  const queued = { ...found.queued, pod };
  if (found.place.pool !== "unschedulable") return put(rest, found.place.pool, queued);
  const holder = isHeldBack(pod, plugins);
  if (holder !== undefined) return put(rest, "unschedulable", { ...queued, refusedBy: [holder], isGated: true });
  if (queued.isGated) return put(rest, "active", { ...queued, isGated: false, refusedBy: [], since: now });
  return mayHelp(queued, event, plugins) ? release(rest, queued, now) : put(rest, "unschedulable", queued);
}

/** Puts a pod back after a cycle that found no node. */
export function returnRefused(
  queue: SchedulingQueue,
  queued: QueuedPod,
  { refusedBy, now }: { readonly refusedBy: readonly string[]; readonly now: Millis },
): SchedulingQueue {
  return put(queue, "unschedulable", { ...queued, refusedBy, since: now, refusals: queued.refusals + 1, errors: 0 });
}

/** Puts a pod back after something went wrong, such as a binding that the API server refused. */
export function returnFailed(queue: SchedulingQueue, queued: QueuedPod, now: Millis): SchedulingQueue {
  return put(queue, "backoff", { ...queued, since: now, errors: queued.errors + 1 });
}

/** Wakes the pods that the event may help. */
export function wakeByEvent(
  queue: SchedulingQueue,
  event: ClusterEvent,
  { plugins, now }: { readonly plugins: readonly Plugin[]; readonly now: Millis },
): SchedulingQueue {
  let next = queue;
  for (const queued of values(queue.unschedulable)) {
    if (queued.isGated || !mayHelp(queued, event, plugins)) continue;
    next = release(withoutQueued(next, queued.pod.key), queued, now);
  }
  return next;
}

/** A pod that no plugin refused waits for anything. */
function mayHelp(queued: QueuedPod, event: ClusterEvent, plugins: readonly Plugin[]): boolean {
  if (queued.refusedBy.length === 0) return true;
  return plugins.some((plugin) => {
    if (!queued.refusedBy.includes(plugin.name)) return false;
    return (
      plugin.hints?.some((hint) => hint.resource === event.resource && (hint.helps?.(queued.pod, event) ?? true)) ??
      false
    );
  });
}

function release(queue: SchedulingQueue, queued: QueuedPod, now: Millis): SchedulingQueue {
  return put(queue, backoffEnd(queued) > now ? "backoff" : "active", queued);
}

/** Lets go of who has waited for an event for five minutes, and of who has served its backoff. */
export function releaseByTime(queue: SchedulingQueue, now: Millis): SchedulingQueue {
  let next = queue;
  for (const queued of values(queue.unschedulable)) {
    if (queued.isGated || queued.since + UNSCHEDULABLE_MILLIS_MAX > now) continue;
    next = release(withoutQueued(next, queued.pod.key), queued, now);
  }
  for (;;) {
    const head = first(next.backoff);
    if (head === undefined || backoffEnd(head.value) > now) return next;
    next = put(withoutQueued(next, head.value.pod.key), "active", head.value);
  }
}

/** Takes out the next pod. Nobody active: the next of those in backoff, unless it is there because of an error. */
export function popNext(
  queue: SchedulingQueue,
): { readonly queued: QueuedPod; readonly queue: SchedulingQueue } | undefined {
  const active = first(queue.active)?.value;
  const waiting = active ?? values(queue.backoff).find(({ errors }) => errors === 0);
  return waiting === undefined ? undefined : { queued: waiting, queue: withoutQueued(queue, waiting.pod.key) };
}

/** When the queue has to be looked at again by itself; undefined when only an event can change it. */
export function nextRelease(queue: SchedulingQueue): Millis | undefined {
  let earliest: Millis | undefined;
  const head = first(queue.backoff);
  if (head !== undefined) earliest = backoffEnd(head.value);
  for (const { since, isGated } of values(queue.unschedulable)) {
    const at = since + UNSCHEDULABLE_MILLIS_MAX;
    if (!isGated && (earliest === undefined || at < earliest)) earliest = at;
  }
  return earliest;
}
