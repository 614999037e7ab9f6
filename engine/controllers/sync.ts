import type { KubernetesObject } from "../api/object.ts";
import type { Status } from "../api/status.ts";
import type { ApiRequest, ApiResponse } from "../api/wire.ts";
import type { Script } from "../client/conversation.ts";
import type { EventNote } from "../client/event-recorder.ts";
import type { Note } from "../kernel/note.ts";
import type { Millis } from "../kernel/process.ts";
import { type Lister, listerOf, type Stores } from "./cache.ts";

/**
 * How a controller works on one key: in direct style, like upstream's sync functions. It sends requests and waits for the
 * answers; what it says about itself (events, notes, memory) goes through the same door, because a sync is run again
 * from its beginning when an answer comes.
 */
export type Sync<Result = Finish> = Script<Ask, Answer, Result>;

export type Ask =
  /** Sent at once, answered when all answers are there, in the order of the requests. */
  | { readonly ask: "requests"; readonly requests: readonly ApiRequest[] }
  | { readonly ask: "event"; readonly event: EventNote }
  | { readonly ask: "note"; readonly note: Note }
  /** Answered by the controller's memory of this moment. */
  | { readonly ask: "memory" }
  | { readonly ask: "remember"; readonly change: (memory: unknown) => unknown }
  /** Puts a key into the queue later; 0 is at once. */
  | { readonly ask: "again"; readonly key: string; readonly afterMillis: Millis }
  /** Answered by the milliseconds since boot at this moment. */
  | { readonly ask: "now" }
  /** Answered by the lister of this moment. */
  | { readonly ask: "lister" };

export type Answer =
  | { readonly answer: "responses"; readonly responses: readonly ApiResponse[] }
  | { readonly answer: "memory"; readonly memory: unknown }
  | { readonly answer: "now"; readonly now: Millis }
  | { readonly answer: "stores"; readonly stores: Stores }
  | { readonly answer: "done" };

/** How a sync ends. A retry comes back later each time; a success is forgotten. */
export type Finish = { readonly kind: "done" } | { readonly kind: "retry"; readonly why: string };

export const DONE: Finish = { kind: "done" };

export function retry(why: string): Finish {
  return { kind: "retry", why };
}

/** Sends one request. */
export function* send(request: ApiRequest): Sync<ApiResponse> {
  const [response] = yield* sendAll([request]);
  return response ?? NO_ANSWER;
}

/** Sends requests at once and waits for all answers. */
export function* sendAll(requests: readonly ApiRequest[]): Sync<readonly ApiResponse[]> {
  if (requests.length === 0) return [];
  const answer = yield { ask: "requests", requests };
  return answer.answer === "responses" ? answer.responses : [];
}

export const NO_ANSWER: ApiResponse = { code: 0, body: undefined };

/** Writes an Event about an object. */
export function* recordEvent(event: EventNote): Sync<void> {
  yield { ask: "event", event };
}

/** Writes a line of the trace. */
export function* tell(note: Note): Sync<void> {
  yield { ask: "note", note };
}

export function* recall<Memory>(): Sync<Memory> {
  const answer = yield { ask: "memory" };
  return (answer.answer === "memory" ? answer.memory : undefined) as Memory;
}

export function* remember<Memory>(change: (memory: Memory) => Memory): Sync<void> {
  yield { ask: "remember", change: (memory) => change(memory as Memory) };
}

/** Puts a key into the queue after a while. */
export function* again(key: string, afterMillis: Millis): Sync<void> {
  yield { ask: "again", key, afterMillis };
}

export function* readClock(): Sync<Millis> {
  const answer = yield { ask: "now" };
  return answer.answer === "now" ? answer.now : 0;
}

/** What the controller knows at this moment, which may be more than when the sync began. */
export function* relist(): Sync<Lister> {
  const answer = yield { ask: "lister" };
  return listerOf(answer.answer === "stores" ? answer.stores : null);
}

export function isSuccess(response: ApiResponse): boolean {
  return response.code >= 200 && response.code < 300;
}

/** The object of a successful answer. */
export function objectOf<Kind extends KubernetesObject>(response: ApiResponse): Kind {
  return response.body as Kind;
}

/** The Status of a refusal; a connection that failed gives one too. */
export function refusalOf(response: ApiResponse): Status {
  const status = response.body as Status | undefined;
  if (status !== undefined && status.kind === "Status") return status;
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: "dial tcp: connect: connection refused",
    reason: "ServiceUnavailable",
    code: response.code,
  };
}

/** The message of a refusal. */
export function whyRefused(response: ApiResponse): string {
  return refusalOf(response).message ?? "unknown";
}

/** What a sync is started with: what the controller knew at that moment. */
export interface Situation<Memory> {
  readonly lister: Lister;
  readonly memory: Memory;
  readonly now: Millis;
  /** The date of boot, in milliseconds since 1970. */
  readonly epochMillis: number;
  readonly settings: unknown;
}
