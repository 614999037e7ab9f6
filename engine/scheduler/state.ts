import type {
  CSINode,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  ReplicaSet,
  ReplicationController,
  Service,
  StatefulSet,
  StorageClass,
} from "../api/generated/types.ts";
import type { ApiRequest } from "../api/wire.ts";
import { type FlowControl, openFlowControl, reserve } from "../client/flow-control.ts";
import type { Informer } from "../client/informer.ts";
import { asCaller, type Caller } from "../client/requests.ts";
import type { Address, Effect, Millis, Moment } from "../kernel/process.ts";
import type { Prng } from "../kernel/prng.ts";
import { set, type SortedMap } from "../kernel/sorted-map.ts";
import { type EventSeriesCache, noEvents } from "./events.ts";
import type { Collections, Plugin } from "./framework.ts";
import type { PodInfo } from "./pod-info.ts";
import type { SchedulerSettings } from "./profile.ts";
import { emptySchedulingQueue, type QueuedPod, type SchedulingQueue } from "./queue.ts";
import { emptySnapshot, type Snapshot } from "./snapshot.ts";

/** The collections that the scheduler watches. */
export interface Informers {
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly namespaces: Informer<Namespace>;
  readonly claims: Informer<PersistentVolumeClaim>;
  readonly volumes: Informer<PersistentVolume>;
  readonly storageClasses: Informer<StorageClass>;
  readonly csiNodes: Informer<CSINode>;
  readonly services: Informer<Service>;
  readonly replicationControllers: Informer<ReplicationController>;
  readonly replicaSets: Informer<ReplicaSet>;
  readonly statefulSets: Informer<StatefulSet>;
  readonly disruptionBudgets: Informer<PodDisruptionBudget>;
}

/** A pod that has been given a node in thought, until the API server confirms it. */
export interface Assumed {
  readonly pod: PodInfo;
  readonly node: string;
  readonly queued: QueuedPod;
  /** Undefined when its volumes are no concern. */
  readonly volumes?: VolumeWait;
}

/** A pod whose volumes are being bound: first its own requests must be answered, then its claims are looked at every second. */
export interface VolumeWait {
  readonly unanswered: number;
  readonly since: Millis;
  /** When its claims are looked at next; undefined before the answers and after the binding was sent. */
  readonly checkAt: Millis | undefined;
}

/** A pod for which preemption keeps room on a node. */
export interface Nomination {
  readonly pod: PodInfo;
  readonly node: string;
}

/** What an answer is waited for. */
export type Pending =
  | { readonly kind: "bind"; readonly key: string }
  | { readonly kind: "volume"; readonly key: string }
  | { readonly kind: "disrupt" | "evict"; readonly victim: Pod; readonly preemptor: Pod; readonly node: string }
  | { readonly kind: "forget" };

export interface SchedulerState {
  readonly settings: SchedulerSettings;
  readonly host: string;
  readonly informers: Informers;
  readonly snapshot: Snapshot;
  readonly queue: SchedulingQueue;
  readonly assumed: SortedMap<string, Assumed>;
  readonly nominations: SortedMap<string, Nomination>;
  readonly pending: SortedMap<number, Pending>;
  readonly nextId: number;
  /** Where the next search for feasible nodes begins. */
  readonly start: number;
  readonly prng: Prng;
  readonly events: EventSeriesCache;
  readonly flow: FlowControl;
  readonly eventFlow: FlowControl;
  /** When the queue will be looked at by itself. */
  readonly wakeAt: Millis | undefined;
}

/** Ids below this belong to informers. */
const FIRST_REQUEST_ID = 100;

export function initialState(
  settings: SchedulerSettings,
  informers: Informers,
  { host, prng, now }: { readonly host: string; readonly prng: Prng; readonly now: Millis },
): SchedulerState {
  const limits = { qps: settings.qps ?? 50, burst: settings.burst ?? 100 };
  return {
    settings,
    host,
    informers,
    snapshot: emptySnapshot,
    queue: emptySchedulingQueue,
    assumed: null,
    nominations: null,
    pending: null,
    nextId: FIRST_REQUEST_ID,
    start: 0,
    prng,
    events: noEvents,
    flow: openFlowControl(limits, now),
    eventFlow: openFlowControl(limits, now),
    wakeAt: undefined,
  };
}

export function collectionsOf(informers: Informers): Collections {
  return {
    namespaces: informers.namespaces.items,
    claims: informers.claims.items,
    volumes: informers.volumes.items,
    storageClasses: informers.storageClasses.items,
    csiNodes: informers.csiNodes.items,
    services: informers.services.items,
    replicationControllers: informers.replicationControllers.items,
    replicaSets: informers.replicaSets.items,
    statefulSets: informers.statefulSets.items,
    disruptionBudgets: informers.disruptionBudgets.items,
  };
}

/** One step in the making: the state so far, and what shall happen outside. Mutable; it lives for one step. */
export interface Turn {
  state: SchedulerState;
  readonly effects: Effect[];
  readonly moment: Moment;
  /** The plugins that profiles choose from. */
  readonly registry: readonly Plugin[];
}

export const CALLER: Caller = {
  identity: { user: "system:kube-scheduler", groups: ["system:authenticated"] },
  userAgent: "kube-scheduler/v1.36.2",
};

/** Sends a request when the client's limit allows it, and remembers what the answer is for. */
export function send(turn: Turn, request: ApiRequest, pending: Pending): void {
  const { state, moment } = turn;
  const { flow, waitMillis } = reserve(state.flow, moment.now);
  deliver(turn, request, { pending, waitMillis });
  turn.state = { ...turn.state, flow };
}

/** Events go over a connection with a limit of its own. */
export function sendEvent(turn: Turn, request: ApiRequest): void {
  const { flow, waitMillis } = reserve(turn.state.eventFlow, turn.moment.now);
  deliver(turn, request, { pending: { kind: "forget" }, waitMillis });
  turn.state = { ...turn.state, eventFlow: flow };
}

function deliver(
  turn: Turn,
  request: ApiRequest,
  { pending, waitMillis }: { readonly pending: Pending; readonly waitMillis: Millis },
): void {
  const { state } = turn;
  const id = state.nextId;
  const to: Address = state.settings.server;
  const message = { kind: "request", id, request: asCaller(request, CALLER), identity: CALLER.identity };
  turn.effects.push({ kind: "send", to, message, ...(waitMillis > 0 ? { delayMillis: waitMillis } : {}) });
  const isAwaited = pending.kind !== "forget";
  turn.state = { ...state, nextId: id + 1, pending: isAwaited ? set(state.pending, id, pending) : state.pending };
}
