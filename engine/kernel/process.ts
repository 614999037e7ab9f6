import type { Note } from "./note.ts";
import type { Prng } from "./prng.ts";

/** Milliseconds of virtual time since boot: an integer. */
export type Millis = number;

/** Where a process lives: `host/process`, for example `worker-1/kubelet`. The host stands before the first slash. */
export type Address = string;

/**
 * The only contract between a component and time.
 *
 * `start` makes the state that the component has when its machine boots. `step` takes one message and answers with the
 * next state and with what shall happen outside; it may know nothing but its arguments. State and messages are plain
 * immutable data: no closures, no promises, nothing that cannot be compared and stored.
 */
export interface Process<State, Message> {
  readonly name: string;
  start(birth: Birth): Outcome<State>;
  step(state: State, message: Message, moment: Moment): Outcome<State>;
  /** What is left of the state when the process is killed and started again: its disk. Nothing, when absent. */
  restart?(state: State, birth: Birth): Outcome<State>;
  /** What its machine still does for it when it is killed: connections that it held are closed, and the other ends hear of it. */
  closing?(state: State): readonly Effect[];
}

/** What a process is told when it starts. */
export interface Birth {
  readonly self: Address;
  readonly now: Millis;
  /** The component's own stream of chance; keep it in the state. */
  readonly prng: Prng;
  /** Settings from the topology, as the component's room defines them. */
  readonly settings: unknown;
  /** The date of boot, in milliseconds since 1970: `epochMillis + now` is the time that an object shows. */
  readonly epochMillis: number;
}

/** What a process may know about the message that it handles. */
export interface Moment {
  readonly now: Millis;
  readonly self: Address;
  readonly from: Address;
  readonly epochMillis: number;
}

export interface Outcome<State> {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export type Effect =
  /** Delivers `message` after the latency of the link, plus `delayMillis`. Order between two addresses is kept for equal delays. */
  | { readonly kind: "send"; readonly to: Address; readonly message: unknown; readonly delayMillis?: Millis }
  /** Delivers `{ kind: "wake", key }` to the process itself at `at`; a wake with the same key replaces the earlier one. */
  | { readonly kind: "wake"; readonly key: string; readonly at: Millis }
  /** Takes a wake back. */
  | { readonly kind: "cancel"; readonly key: string }
  /** A line of the trace, for people. What is sent after it in the same step has it as its cause. */
  | { readonly kind: "note"; readonly note: Note }
  /** Starts a process of the named program on an address of its own. */
  | { readonly kind: "spawn"; readonly address: Address; readonly program: string; readonly settings: unknown }
  /** Ends the process itself; its state is forgotten. */
  | { readonly kind: "exit" };

/** Delivered when a wake is due. */
export interface Wake {
  readonly kind: "wake";
  readonly key: string;
}

/** Delivered to the sender when nothing listens at the address: the connection is refused. */
export interface Refused {
  readonly kind: "refused";
  readonly to: Address;
  readonly message: unknown;
}

/** The host of an address: what stands before the first slash. */
export function hostOf(address: Address): string {
  const slash = address.indexOf("/");
  return slash < 0 ? address : address.slice(0, slash);
}
