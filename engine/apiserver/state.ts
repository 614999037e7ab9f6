import type { ApiRequest, ApiResponse, Identity } from "../api/wire.ts";
import type { Compare, Operation, Transaction } from "../etcd/messages.ts";
import type { Address, Effect, Millis, Moment } from "../kernel/process.ts";
import type { Prng } from "../kernel/prng.ts";
import { get, set, type SortedMap } from "../kernel/sorted-map.ts";
import { type Collection, emptyCollection } from "./cache.ts";
import type { User } from "./registry/strategy.ts";
import type { RequestInfo } from "./request-path.ts";
import type { Served } from "./served.ts";
import { warningHeader } from "./warning-header.ts";

/** How an API server is started. */
export interface ServerSettings {
  /** Default: `etcd` on the same host. */
  readonly etcd?: Address;
  /** `minimal` leaves out what a lab seldom looks at: roles and bindings of components, flow schemas. */
  readonly bootstrap?: "minimal" | "full";
  /** Every caller may do everything, as with `--authorization-mode=AlwaysAllow`. */
  readonly isOpen?: boolean;
}

/** Everything that the API server remembers; all of it can be had again from etcd. */
export interface ServerState {
  readonly settings: ServerSettings;
  readonly etcd: Address;
  readonly prng: Prng;
  /** `starting` until the first state has arrived from etcd and the bootstrap objects are written. */
  readonly phase: "starting" | "serving";
  /** What arrived before it could be served, oldest first. */
  readonly held: readonly Exchange[];
  /** The revision up to which the cache knows everything. */
  readonly revision: number;
  /** By the first part of the key: `pods`. */
  readonly collections: SortedMap<string, Collection>;
  /** Transactions under way, by the number of the exchange with etcd. */
  readonly pending: SortedMap<number, Pending>;
  /** The number of the last exchange with etcd or a kubelet. */
  readonly exchanges: number;
  /** Open watches and streams, by `client id`: how to end them. */
  readonly streams: SortedMap<string, Stream>;
  /** Exchanges that are carried on with kubelets, by our number of them. */
  readonly relays: SortedMap<number, Relay>;
  /** Requests that wait for several writes, by number. */
  readonly groups: SortedMap<number, Group>;
}

/** A request as it came in, and how often it has been tried. */
export interface Exchange {
  readonly client: Address;
  readonly id: number;
  readonly request: ApiRequest;
  readonly identity?: Identity;
  readonly attempt: number;
  /** A warning that every answer carries. */
  readonly deprecation?: string;
  /** How far a request has come that writes several times, one after another. */
  readonly stage?: number;
}

/** The client's side of an exchange that is carried on with another server. */
export interface Relay {
  readonly client: Address;
  /** The client's number of the exchange. */
  readonly id: number;
}

export type Stream =
  | { readonly kind: "watch"; readonly prefix: string }
  /** Passed on to a kubelet under a number of our own. */
  | { readonly kind: "proxy"; readonly to: Address; readonly number: number };

/** A transaction that etcd has not yet answered. */
export interface Pending {
  readonly exchange: Exchange;
  readonly user: string;
  readonly verb: string;
  readonly answer: Answer;
}

/** What the client gets once the write is committed. */
export type Answer =
  /** The object as it is now in the cache. */
  | {
      readonly kind: "object";
      readonly code: number;
      readonly place: string;
      readonly prefix: string;
      readonly name: string;
      readonly warnings: readonly string[];
      /** Shown as its Scale instead. */
      readonly asScale?: boolean;
    }
  | { readonly kind: "response"; readonly response: ApiResponse }
  /** The object was marked first; now it is removed, if nobody was faster. */
  | { readonly kind: "remove"; readonly prefix: string; readonly name: string; readonly after: Answer }
  /** The request goes on with its next write. */
  | { readonly kind: "stage"; readonly stage: number }
  /** One of several writes of a request. */
  | { readonly kind: "part"; readonly group: number }
  /** A write of the server itself. */
  | { readonly kind: "none" };

export interface Group {
  readonly exchange: Exchange;
  readonly left: number;
  readonly response: ApiResponse;
}

/** A request on its way through the pipeline. */
export interface Call {
  readonly exchange: Exchange;
  readonly info: RequestInfo;
  readonly user: User;
  readonly served: Served;
  readonly moment: Moment;
  /** Gathered on the way; they become `warning` headers. */
  readonly warnings: string[];
  /** What is written in the same transaction, and on which condition. Gathered on the way. */
  readonly beside: { readonly compare: Compare[]; readonly success: Operation[] };
}

/** Mutable while one message is handled; it never outlives the step. */
export interface Turn {
  state: ServerState;
  readonly effects: Effect[];
  readonly moment: Moment;
}

export function collectionAt(state: ServerState, prefix: string): Collection {
  return get(state.collections, prefix) ?? emptyCollection(0);
}

export function setCollectionIn(state: ServerState, prefix: string, collection: Collection): ServerState {
  return { ...state, collections: set(state.collections, prefix, collection) };
}

export function setCollection(turn: Turn, prefix: string, collection: Collection): void {
  turn.state = setCollectionIn(turn.state, prefix, collection);
}

/** The time of the turn, in milliseconds since 1970. */
export function timeOf(moment: Moment): Millis {
  return moment.epochMillis + moment.now;
}

/** Answers the client of an exchange. */
export function respond(turn: Turn, exchange: Exchange, answer: ApiResponse): void {
  const response = exchange.deprecation === undefined ? answer : withDeprecation(answer, exchange.deprecation);
  turn.effects.push({ kind: "send", to: exchange.client, message: { kind: "response", id: exchange.id, response } });
}

function withDeprecation(answer: ApiResponse, deprecation: string): ApiResponse {
  const others = answer.headers?.["warning"];
  const own = warningHeader([deprecation])["warning"] ?? "";
  return { ...answer, headers: { ...answer.headers, warning: others === undefined ? own : `${own}\n${others}` } };
}

/** Asks etcd; what shall happen then is kept. */
export function commit(turn: Turn, transaction: Transaction, pending: Pending): void {
  const id = turn.state.exchanges + 1;
  turn.state = { ...turn.state, exchanges: id, pending: set(turn.state.pending, id, pending) };
  const { compare, success, failure } = transaction;
  const message = { kind: "txn", id, compare, success, failure };
  turn.effects.push({ kind: "send", to: turn.state.etcd, message });
}
