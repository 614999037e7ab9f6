// After kubernetes v1.36 pkg/scheduler/eventhandlers.go, backend/cache/cache.go.
import type { Node, Pod } from "../api/generated/types.ts";
import { keyOf, type KubernetesObject } from "../api/object.ts";
import { isTerminal } from "../api/pod.ts";
import type { Change } from "../client/informer.ts";
import { get, remove, set, values } from "../kernel/sorted-map.ts";
import type { ClusterEvent, EventResource, Plugin } from "./framework.ts";
import { type PodInfo, podInfoOf } from "./pod-info.ts";
import { DEFAULT_PROFILE, pluginsOf, type Profile, type SchedulerSettings } from "./profile.ts";
import { enqueuePod, type SchedulingQueue, updateQueued, wakeByEvent, withoutQueued } from "./queue.ts";
import { changeNodes, nodeNamed, replaceNode, type Snapshot, withoutPod, withPod } from "./snapshot.ts";
import type { Turn } from "./state.ts";

/** The profile that is asked to schedule the pod, if it is one of ours. */
export function profileOf(settings: SchedulerSettings, pod: Pod): Profile | undefined {
  const name = pod.spec.schedulerName ?? DEFAULT_PROFILE.schedulerName;
  return (settings.profiles ?? [DEFAULT_PROFILE]).find(({ schedulerName }) => schedulerName === name);
}

/** The plugins that decide about a waiting pod. */
export function pluginsFor({ state, registry }: Turn, pod: Pod): readonly Plugin[] {
  return pluginsOf(profileOf(state.settings, pod) ?? DEFAULT_PROFILE, registry);
}

function wake(turn: Turn, event: ClusterEvent): void {
  const { state, moment } = turn;
  if (state.queue.unschedulable === null) return;
  const plugins = pluginsOf(state.settings.profiles?.[0] ?? DEFAULT_PROFILE, turn.registry);
  turn.state = { ...state, queue: wakeByEvent(state.queue, event, { plugins, now: moment.now }) };
}

/** Takes in a change of a collection that only wakes waiting pods. */
export function observeOther(turn: Turn, resource: EventResource, { before, after }: Change<KubernetesObject>): void {
  wake(turn, { resource, before, after });
}

/** Nodes appeared, changed or went away. Pods that are on a node already are counted when it appears. */
export function observeNodes(turn: Turn, changes: readonly Change<Node>[]): void {
  const { state } = turn;
  const isNew = changes.some(({ key, after }) => after !== undefined && nodeNamed(state.snapshot, key) === undefined);
  const changed = changeNodes(state.snapshot, new Map(changes.map(({ key, after }) => [key, after])));
  turn.state = { ...state, snapshot: isNew ? withPodsOf(turn, changed) : changed };
  for (const { before, after } of changes) wake(turn, { resource: "Node", before, after });
}

function withPodsOf({ state }: Turn, snapshot: Snapshot): Snapshot {
  let next = snapshot;
  for (const pod of values(state.informers.pods.items)) {
    const info = nodeNamed(next, nodeOf(pod));
    const isMissing = info !== undefined && get(info.pods, keyOf(pod)) === undefined;
    if (isMissing) next = replaceNode(next, withPod(info, podInfoOf(pod)));
  }
  return next;
}

/** The node that a pod takes room on: none when it has no node, or has run to its end. */
function nodeOf(pod: Pod | undefined): string {
  return pod === undefined || isTerminal(pod) ? "" : (pod.spec.nodeName ?? "");
}

/** A pod appeared, changed or went away. */
export function observePod(turn: Turn, change: Change<Pod>): void {
  const { key, before, after } = change;
  const [was, is] = [nodeOf(before), nodeOf(after)];
  if (was !== "" || is !== "") placePod(turn, change, { was, is });
  if (after === undefined || is !== "" || isTerminal(after)) forgetWaiting(turn, key);
  else if (before?.spec.nodeName === undefined || before.spec.nodeName === "") queuePod(turn, { key, before, after });
  const event = { before: was === "" ? undefined : before, after: is === "" ? undefined : after };
  if (was !== "" || is !== "") wake(turn, { resource: "AssignedPod", ...event });
}

function placePod(
  turn: Turn,
  { key, after }: Change<Pod>,
  { was, is }: { readonly was: string; readonly is: string },
): void {
  const { state } = turn;
  let { snapshot } = state;
  const assumed = get(state.assumed, key);
  for (const name of new Set([was, assumed?.node ?? ""])) {
    const node = name === "" || name === is ? undefined : nodeNamed(snapshot, name);
    if (node !== undefined) snapshot = replaceNode(snapshot, withoutPod(node, { key }));
  }
  const node = is === "" ? undefined : nodeNamed(snapshot, is);
  if (node !== undefined && after !== undefined)
    snapshot = replaceNode(snapshot, withPod(node, infoFor(after, assumed?.pod)));
  turn.state = { ...state, snapshot, assumed: remove(state.assumed, key) };
}

/** What was worked out about the pod holds as long as its spec and labels do. */
function infoFor(pod: Pod, former: PodInfo | undefined): PodInfo {
  const isSame =
    former !== undefined &&
    former.pod.metadata.labels === pod.metadata.labels &&
    former.pod.spec.containers === pod.spec.containers &&
    former.pod.metadata.deletionTimestamp === pod.metadata.deletionTimestamp;
  return isSame ? { ...former, pod } : podInfoOf(pod);
}

/** The pod waits no longer: it has a node, or is gone. */
function forgetWaiting(turn: Turn, key: string): void {
  const { state } = turn;
  const assumed = get(state.assumed, key);
  const node = assumed === undefined ? undefined : nodeNamed(state.snapshot, assumed.node);
  turn.state = {
    ...state,
    snapshot: node === undefined ? state.snapshot : replaceNode(state.snapshot, withoutPod(node, { key })),
    queue: withoutQueued(state.queue, key),
    assumed: remove(state.assumed, key),
    nominations: remove(state.nominations, key),
  };
}

function queuePod(
  turn: Turn,
  { key, before, after }: { readonly key: string; readonly before: Pod | undefined; readonly after: Pod },
): void {
  const { state, moment } = turn;
  if (profileOf(state.settings, after) === undefined || get(state.assumed, key) !== undefined) return;
  const pod = podInfoOf(after);
  const options = { plugins: pluginsFor(turn, after), now: moment.now };
  const node = after.status.nominatedNodeName ?? "";
  const nominations = node === "" ? state.nominations : set(state.nominations, key, { pod, node });
  if (before === undefined) turn.state = { ...state, nominations, queue: enqueuePod(state.queue, pod, options) };
  else if (isOwnChange(before, after))
    turn.state = { ...state, nominations, queue: refresh(state.queue, pod, options) };
  else {
    const event: ClusterEvent = { resource: "UnscheduledPod", before, after };
    turn.state = { ...state, nominations, queue: updateQueued(state.queue, pod, { ...options, event }) };
  }
}

/** A change of the status alone is one that the scheduler made itself; it wakes nobody. */
function isOwnChange(before: Pod, after: Pod): boolean {
  return (
    before.spec === after.spec &&
    before.metadata.labels === after.metadata.labels &&
    after.metadata.deletionTimestamp === before.metadata.deletionTimestamp
  );
}

/** Remembers the pod's latest form without waking it. */
function refresh(
  queue: SchedulingQueue,
  pod: PodInfo,
  { plugins, now }: { readonly plugins: readonly Plugin[]; readonly now: number },
): SchedulingQueue {
  const quiet: ClusterEvent = { resource: "UnscheduledPod", before: pod.pod, after: pod.pod };
  return updateQueued(queue, pod, { plugins: plugins.map(deaf), now, event: quiet });
}

function deaf(plugin: Plugin): Plugin {
  return { ...plugin, hints: [] };
}
