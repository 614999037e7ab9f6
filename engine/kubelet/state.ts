import type { Lease, Node, Pod, PodStatus, Service } from "../api/generated/types.ts";
import type { KubernetesObject } from "../api/object.ts";
import type { EventRecorder } from "../client/event-recorder.ts";
import type { Informer } from "../client/informer.ts";
import type { Prng } from "../kernel/prng.ts";
import type { Address, Effect, Millis } from "../kernel/process.ts";
import type { SortedMap } from "../kernel/sorted-map.ts";
import type { CheckResult } from "../runtime/cri.ts";
import type { PodRuntime, ProbeResult, Reason } from "./pod-runtime.ts";
import type { KubeletSettings } from "./settings.ts";
import type { Allocation } from "./resize-rules.ts";
import type { Answer, Ask, JobInput, JobKind, KillInput } from "./job.ts";

export interface KubeletState {
  readonly settings: KubeletSettings;
  readonly self: Address;
  readonly epochMillis: number;
  readonly startedAt: Millis;
  readonly prng: Prng;
  readonly relistPhaseMillis: Millis;
  readonly syncPhaseMillis: Millis;
  readonly pods: Informer<Pod>;
  readonly services: Informer<Service>;
  readonly nextId: number;
  readonly workers: SortedMap<string, Worker>;
  /** What the runtime has told so far, and what the PLEG had seen at its last relist. */
  readonly actual: SortedMap<string, PodRuntime>;
  readonly cached: SortedMap<string, PodRuntime>;
  /** Pods in which something happened since the last relist, and in which of their containers (none: in the sandbox only). */
  readonly changed: SortedMap<string, readonly string[]>;
  readonly statuses: SortedMap<string, StatusEntry>;
  readonly probes: SortedMap<string, ProbeWorker>;
  /** Results of probes by `type containerID`. */
  readonly results: SortedMap<string, ProbeResult>;
  readonly crashBackOff: SortedMap<string, BackOffEntry>;
  readonly imageBackOff: SortedMap<string, BackOffEntry>;
  /** Why containers could not be started, by `uid name`. */
  readonly reasons: SortedMap<string, Reason>;
  readonly recorder: EventRecorder;
  readonly requests: SortedMap<number, Purpose>;
  /** Calls to the runtime under way, and the worker that waits for each. */
  readonly calls: SortedMap<number, CallPurpose>;
  readonly pulls: readonly PullOrder[];
  readonly configs: SortedMap<string, KubernetesObject | null>;
  readonly node: NodeReport;
  /** Static pods by uid: they are not deleted with their mirror. */
  readonly staticPods: SortedMap<string, Pod>;
  /** Streams that were opened at the kubelet's own server. */
  readonly visitors: SortedMap<number, Visitor>;
  /** True while a restarted kubelet learns what runs. */
  readonly isRecovering: boolean;
}

/** One pod's worker: at most one job at a time, and one more that waits. */
export interface Worker {
  readonly uid: string;
  readonly pod: Pod;
  readonly stage: "syncing" | "terminating" | "terminated" | "finished";
  readonly job: Job | undefined;
  readonly isPending: boolean;
  /** Waits for the PLEG to look again. */
  readonly isWaiting: boolean;
  readonly lastEndAt: Millis | undefined;
  /** When the PLEG looked at this pod alone, because a sync had done something. */
  readonly cachedAt: Millis | undefined;
  readonly graceSeconds: number;
  /** Why the kubelet itself ends the pod: eviction. */
  readonly ending:
    | {
        readonly reason: string;
        readonly message: string;
        readonly graceSeconds: number | undefined;
        readonly isEviction: boolean;
      }
    | undefined;
  readonly isMounted: boolean;
  /** What the containers were allocated, and what they have got. */
  readonly allocated: Allocation;
  readonly actuated: Allocation;
  /** Why a wish for other resources waits. */
  readonly pendingResize: string | undefined;
  /** Attempts of containers that were removed to start all of them anew, by name. */
  readonly removed: Readonly<Record<string, number>>;
  /** True when the API no longer has the pod. */
  readonly isRemoved: boolean;
  readonly deadlineAt: Millis | undefined;
  /** Containers that are being stopped for the job. */
  readonly kills: readonly RunningKill[];
}

/** The conversation of one container that is being stopped. */
export interface RunningKill {
  readonly input: KillInput;
  readonly answers: readonly Answer[];
  readonly isOver: boolean;
  /** Waits until these containers are gone. */
  readonly waitsFor: readonly string[];
}

export interface Job {
  readonly kind: JobKind;
  readonly input: JobInput;
  readonly answers: readonly Answer[];
  readonly ask: Ask | undefined;
}

/** What the kubelet says about a pod, and what it has written. */
export interface StatusEntry {
  readonly pod: Pod;
  readonly status: PodStatus;
  /** The status that the API has, as far as the kubelet knows. */
  readonly written: PodStatus;
  readonly isDirty: boolean;
  readonly isWriting: boolean;
  /** The worker is done: the object may be deleted. */
  readonly isFinished: boolean;
  readonly isDeleting: boolean;
}

export type ProbeType = "liveness" | "readiness" | "startup";

export interface ProbeWorker {
  readonly uid: string;
  readonly container: string;
  readonly type: ProbeType;
  readonly isInit: boolean;
  readonly containerId: string;
  /** A tick of its ticker; the others are whole periods away. */
  readonly tickAt: Millis;
  readonly isOnHold: boolean;
  readonly isStopped: boolean;
  readonly lastResult: ProbeResult | undefined;
  readonly resultRun: number;
  /** The watch at the runtime, and what it said last. */
  readonly watch: number | undefined;
  readonly observed: CheckResult | undefined;
  /** Whether it runs as soon as the first result of a new watch is there. */
  readonly isArmed: boolean;
  /** Up to when ticks have been accounted for, and how many probes ran. */
  readonly countedUntil: Millis;
  readonly executions: number;
  /** A probe under way: its result comes when it is over. */
  readonly running: { readonly since: Millis; readonly until: Millis } | undefined;
}

export interface BackOffEntry {
  readonly millis: Millis;
  readonly updatedAt: Millis;
}

export type Purpose =
  | { readonly kind: "event" }
  | { readonly kind: "status"; readonly uid: string }
  | { readonly kind: "delete"; readonly uid: string }
  | { readonly kind: "config"; readonly key: string; readonly uid: string }
  | { readonly kind: "refresh"; readonly key: string }
  | { readonly kind: "node" | "node-create" | "node-status" | "node-get" }
  | { readonly kind: "lease" | "lease-create" | "lease-get" }
  | { readonly kind: "mirror"; readonly uid: string };

export type CallPurpose =
  | { readonly kind: "job"; readonly uid: string; readonly branch?: number }
  | { readonly kind: "visitor"; readonly visitor: number }
  | { readonly kind: "list" }
  | { readonly kind: "none" };

export interface PullOrder {
  readonly uid: string;
  readonly image: string;
  readonly since: Millis;
  readonly startedAt: Millis | undefined;
}

export interface NodeReport {
  readonly object: Node | undefined;
  readonly lease: Lease | undefined;
  readonly isRegistered: boolean;
}

export interface Visitor {
  readonly client: Address;
  readonly id: number;
  readonly container: string;
  readonly kind: "exec" | "logs";
  readonly query: Readonly<Record<string, string>>;
  /** Of a log that is followed: the lines that were there have been sent. */
  readonly hasBegun: boolean;
}

/** One step of the kubelet while it is being taken: made anew for each message, changed in place, then given back. */
export interface Turn {
  state: KubeletState;
  readonly effects: Effect[];
  readonly now: Millis;
  /** Pods that want a sync, and pods whose probes have to be looked at; done at the end of the step. */
  readonly syncs: string[];
  readonly looks: { readonly uid: string; readonly isManual: boolean }[];
}
