import type { Pod, PodStatus, Service } from "../api/generated/types.ts";
import type { KubernetesObject } from "../api/object.ts";
import type { EventNote } from "../client/event-recorder.ts";
import type { Script } from "../client/conversation.ts";
import type { Millis } from "../kernel/process.ts";
import type { SortedMap } from "../kernel/sorted-map.ts";
import type { Answer as ExchangeAnswer, Exchange } from "../network/exchange.ts";
import type { CriCall, CriReply } from "../runtime/cri.ts";
import type { Allocation } from "./resize-rules.ts";
import type { PodRuntime, ProbeResult, Reason } from "./pod-runtime.ts";
import type { KubeletSettings } from "./settings.ts";

/** What a pod worker does in one go. */
export type JobKind = "sync" | "terminate" | "finish";

/** What a job knows when it begins. */
export interface JobInput {
  readonly pod: Pod;
  readonly runtime: PodRuntime;
  readonly status: PodStatus;
  readonly results: SortedMap<string, ProbeResult>;
  readonly services: SortedMap<string, Service>;
  readonly settings: KubeletSettings;
  readonly graceSeconds: number;
  readonly isMounted: boolean;
  readonly removed: Readonly<Record<string, number>>;
  readonly actuated: Allocation;
}

/** How a job ended. */
export type JobResult =
  | { readonly kind: "done"; readonly hasActed: boolean }
  | { readonly kind: "failed"; readonly backOffUntil: Millis | undefined };

/** What a job asks the kubelet for. All but `call`, `calls`, `pull`, `config` and `sleep` are answered at once. */
export type Ask =
  | { readonly kind: "call"; readonly call: CriCall }
  | { readonly kind: "sleep"; readonly millis: Millis }
  | { readonly kind: "pull"; readonly image: string }
  /** Several conversations at once; answered when all are over. */
  | { readonly kind: "kill"; readonly orders: readonly KillOrder[] }
  | { readonly kind: "config"; readonly key: string }
  | { readonly kind: "http"; readonly ip: string; readonly exchange: Exchange }
  | { readonly kind: "event"; readonly note: EventNote }
  | { readonly kind: "sandbox-ready" }
  | { readonly kind: "mounted" }
  | { readonly kind: "probes" }
  | { readonly kind: "crash-back-off"; readonly key: string; readonly since: Millis }
  | { readonly kind: "image-back-off"; readonly key: string; readonly isFailure: boolean }
  | { readonly kind: "reason"; readonly name: string; readonly reason: Reason | undefined }
  /** A container has got the resources that it is allocated. */
  | { readonly kind: "actuated"; readonly name: string }
  /** Removes all containers of the pod, so that they start anew. */
  | { readonly kind: "remove-all" }
  | { readonly kind: "now" };

export type Answer =
  | { readonly kind: "reply"; readonly reply: CriReply; readonly at: Millis; readonly waitedMillis?: Millis }
  | { readonly kind: "done"; readonly at: Millis }
  | { readonly kind: "object"; readonly object: KubernetesObject | null }
  | { readonly kind: "exchanged"; readonly answer: ExchangeAnswer }
  /** The back-off that holds, if any: how long it is and when it ends. */
  | { readonly kind: "back-off"; readonly millis: Millis | undefined; readonly until: Millis };

/** One container to stop. */
export interface KillOrder {
  readonly container: string;
  readonly name: string;
  readonly message: string;
  readonly graceSeconds: number;
  /** Names of containers that have to be gone before this one is told to stop. */
  readonly after: readonly string[];
}

/** The conversation of one container that is being stopped. */
export interface KillInput {
  readonly pod: Pod;
  readonly order: KillOrder;
  readonly ip: string;
  /** When it began, and when the containers before it were gone. */
  readonly beganAt: Millis;
}

export interface WaitTurn {
  readonly kind: "wait-turn";
  readonly names: readonly string[];
  readonly millis: Millis;
}

export type JobScript = Script<Ask, Answer, JobResult>;
