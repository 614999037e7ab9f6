import type { KubernetesObject } from "../api/object.ts";
import type { ApiResponse } from "../api/wire.ts";
import type { EventRecorder } from "../client/event-recorder.ts";
import type { FlowControl } from "../client/flow-control.ts";
import type { Informer } from "../client/informer.ts";
import type { WorkQueue } from "../client/work-queue.ts";
import type { Effect, Millis } from "../kernel/process.ts";
import type { SortedMap } from "../kernel/sorted-map.ts";
import type { Stores } from "./cache.ts";
import type { Controller, ControllerSettings } from "./controller.ts";
import type { Answer } from "./sync.ts";

/** All that a controller's process remembers. */
export interface ControllerState<Memory> {
  readonly birth: { readonly epochMillis: number; readonly settings: ControllerSettings };
  readonly informers: readonly Informer<KubernetesObject>[];
  readonly stores: Stores;
  readonly queue: WorkQueue;
  /** The keys being worked on. */
  readonly conversations: SortedMap<string, Conversation<Memory>>;
  /** Requests under way, by number. */
  readonly exchanges: SortedMap<number, Exchange>;
  readonly nextId: number;
  readonly memory: Memory;
  readonly recorder: EventRecorder;
  readonly flow: FlowControl;
  /** The newest versions that it wrote for a key, by collection, until it sees them itself. */
  readonly written: SortedMap<string, Written>;
  /** When the process wants to be woken for its queue, if at all. */
  readonly wakeAt: Millis | undefined;
  readonly isWatching: boolean;
}

export interface Conversation<Memory> {
  readonly stores: Stores;
  readonly memory: Memory;
  readonly began: Millis;
  readonly answers: readonly Answer[];
  /** The answers to the requests under way, as far as they are there. */
  readonly responses: readonly (ApiResponse | undefined)[];
  readonly missing: number;
}

export type Written = SortedMap<string, number>;

/** Whom an answer is for: a conversation by its key, or the event recorder. */
export interface Place {
  readonly key: string | undefined;
  readonly position: number;
}

export interface Exchange extends Place {
  readonly sentAt: Millis;
  /** The collection that the request writes to. */
  readonly writes?: string;
}

/** One step of the process: mutable while it lasts, never kept. */
export interface Turn<Memory> {
  readonly controller: Controller<Memory>;
  readonly now: Millis;
  readonly effects: Effect[];
  state: ControllerState<Memory>;
}
