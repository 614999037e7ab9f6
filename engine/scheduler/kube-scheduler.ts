// After kubernetes v1.36 cmd/kube-scheduler, pkg/scheduler/scheduler.go; not modelled: leader election, several instances.
import type { KubernetesObject } from "../api/object.ts";
import type { FromServer } from "../api/wire.ts";
import { type Change, type Informer, isFor, openInformer, receive } from "../client/informer.ts";
import type { Resource } from "../client/requests.ts";
import { type Birth, type Effect, hostOf, type Outcome, type Process } from "../kernel/process.ts";
import { receiveAnswer } from "./answers.ts";
import type { EventResource, Plugin } from "./framework.ts";
import { observeNodes, observeOther, observePod } from "./observe.ts";
import { defaultPlugins } from "./plugins/index.ts";
import type { SchedulerSettings } from "./profile.ts";
import { nextRelease, releaseByTime } from "./queue.ts";
import { scheduleSome } from "./schedule.ts";
import { CALLER, initialState, type Informers, type SchedulerState, type Turn } from "./state.ts";
import { pollVolumes, VOLUME_WAKE } from "./volume-wait.ts";

/** The scheduler: finds a node for every pod that has none. It keeps nothing that it could not learn from the API again. */
export const kubeScheduler: Process<SchedulerState, unknown> = kubeSchedulerWith("kube-scheduler", defaultPlugins);

/** A scheduler that has plugins of its own in its registry: the default ones and others, in their order. */
export function kubeSchedulerWith(name: string, registry: readonly Plugin[]): Process<SchedulerState, unknown> {
  return {
    name,
    start: (birth) => start(birth),
    step: (state, message, moment) => step({ state, effects: [], moment, registry }, message),
  };
}

const RESOURCES: Readonly<Record<keyof Informers, Resource>> = {
  nodes: { group: "", version: "v1", plural: "nodes" },
  pods: { group: "", version: "v1", plural: "pods" },
  namespaces: { group: "", version: "v1", plural: "namespaces" },
  claims: { group: "", version: "v1", plural: "persistentvolumeclaims" },
  volumes: { group: "", version: "v1", plural: "persistentvolumes" },
  storageClasses: { group: "storage.k8s.io", version: "v1", plural: "storageclasses" },
  csiNodes: { group: "storage.k8s.io", version: "v1", plural: "csinodes" },
  services: { group: "", version: "v1", plural: "services" },
  replicationControllers: { group: "", version: "v1", plural: "replicationcontrollers" },
  replicaSets: { group: "apps", version: "v1", plural: "replicasets" },
  statefulSets: { group: "apps", version: "v1", plural: "statefulsets" },
  disruptionBudgets: { group: "policy", version: "v1", plural: "poddisruptionbudgets" },
};

const NAMES = Object.keys(RESOURCES) as readonly (keyof Informers)[];

/** Which collections wake waiting pods, besides pods and nodes. */
const WAKING: Readonly<Partial<Record<keyof Informers, EventResource>>> = {
  claims: "PersistentVolumeClaim",
  volumes: "PersistentVolume",
  storageClasses: "StorageClass",
};

const QUEUE_WAKE = "queue";

function start({ settings, self, now, prng }: Birth): Outcome<SchedulerState> {
  const given = settings as SchedulerSettings;
  const effects: Effect[] = [];
  const informers = NAMES.map((name, index) => {
    const source = { resource: RESOURCES[name], server: given.server, caller: CALLER, id: index + 1 };
    const opened = openInformer(source);
    effects.push(...opened.effects);
    return [name, opened.informer] as const;
  });
  const state = initialState(given, Object.fromEntries(informers) as unknown as Informers, {
    host: hostOf(self),
    prng,
    now,
  });
  return { state, effects };
}

function step(turn: Turn, message: unknown): Outcome<SchedulerState> {
  const name = NAMES.find((one) => isFor(turn.state.informers[one] as Informer<KubernetesObject>, message));
  if (name === undefined) handleOther(turn, message);
  else observe(turn, name, message);
  if (NAMES.every((one) => turn.state.informers[one].synced)) work(turn);
  return { state: turn.state, effects: turn.effects };
}

function observe(turn: Turn, name: keyof Informers, message: unknown): void {
  const informer = turn.state.informers[name] as Informer<KubernetesObject>;
  const informed = receive(informer, message, turn.moment.now);
  turn.effects.push(...informed.effects);
  turn.state = { ...turn.state, informers: { ...turn.state.informers, [name]: informed.informer } };
  const { changes } = informed;
  const resource = WAKING[name];
  if (name === "nodes") observeNodes(turn, changes as readonly Change<never>[]);
  else if (name === "pods") for (const change of changes) observePod(turn, change as Change<never>);
  else if (resource !== undefined) for (const change of changes) observeOther(turn, resource, change);
}

function handleOther(turn: Turn, message: unknown): void {
  const { kind, key } = message as { readonly kind?: unknown; readonly key?: unknown };
  if (kind === "wake" && key === VOLUME_WAKE) pollVolumes(turn);
  else if (kind === "wake") {
    turn.state = { ...turn.state, wakeAt: undefined, queue: releaseByTime(turn.state.queue, turn.moment.now) };
  } else if (kind === "refused") {
    const { id } = (message as { readonly message: { readonly id?: number } }).message;
    if (id !== undefined) receiveAnswer(turn, id, undefined);
  } else if (kind === "response") {
    const { id, response } = message as Extract<FromServer, { readonly kind: "response" }>;
    receiveAnswer(turn, id, response);
  }
}

/** Schedules whoever can be, and sees to it that the queue is looked at again in time. */
function work(turn: Turn): void {
  const { now } = turn.moment;
  const before = turn.state.queue;
  turn.state = { ...turn.state, queue: releaseByTime(turn.state.queue, now) };
  const isMore = scheduleSome(turn);
  if (turn.state.queue === before && !isMore && turn.state.wakeAt !== undefined) return;
  const at = isMore ? now : nextRelease(turn.state.queue);
  if (at === turn.state.wakeAt) return;
  if (at !== undefined) turn.effects.push({ kind: "wake", key: QUEUE_WAKE, at: Math.max(at, now) });
  else turn.effects.push({ kind: "cancel", key: QUEUE_WAKE });
  turn.state = { ...turn.state, wakeAt: at };
}
