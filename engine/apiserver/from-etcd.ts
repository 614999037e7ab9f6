import type { KubernetesObject } from "../api/object.ts";
import { endWatches } from "./closing.ts";
import { type FromEtcd, type KeyValue, prefixEnd } from "../etcd/messages.ts";
import type { Millis } from "../kernel/process.ts";
import { get, remove, set, type SortedMap } from "../kernel/sorted-map.ts";
import { bootstrap } from "./bootstrap/bootstrap.ts";
import { type Collection, emptyCollection, withResourceVersion } from "./cache.ts";
import { answerStatus, conflict, OPTIMISTIC_LOCK_MESSAGE, serviceUnavailable } from "./failure.ts";
import { takeIn } from "./fan-out.ts";
import { callOf, handleRequest } from "./handle-request.ts";
import { answerObject } from "./read.ts";
import { scaleOf } from "./scale-object.ts";
import { prefixOfKey } from "./served.ts";
import { servedAtPlace } from "./served-places.ts";
import { type Answer, collectionAt, commit, type Exchange, type Pending, respond, type Turn } from "./state.ts";
import { removal } from "./write.ts";

export const RETRY_WAKE = "etcd";

/** How long the API server waits before it asks a silent etcd again. A choice of this model; gRPC starts at one second. */
const RETRY_MILLIS: Millis = 1000;

/** How often a write is tried again after it lost a race. Source: none; GuaranteedUpdate tries without end. */
const ATTEMPTS_MAX = 20;

const REGISTRY = "/registry/";

/** The exchange in which the whole state is read, and the one of the watch. */
const READ_ALL = -1;
const WATCH_ALL = -2;

/** Asks etcd for everything there is. */
export function reconnect(turn: Turn): void {
  const message = { kind: "range", id: READ_ALL, key: REGISTRY, rangeEnd: prefixEnd(REGISTRY) };
  turn.effects.push({ kind: "send", to: turn.state.etcd, message });
}

export function handleEtcd(turn: Turn, message: FromEtcd): void {
  switch (message.kind) {
    case "watched": {
      const origin = message.origin;
      const isOurs = origin?.client === turn.moment.self;
      const pending = isOurs ? get(turn.state.pending, origin.id) : undefined;
      return takeIn(turn, message, pending);
    }
    case "transacted":
      return settle(turn, message);
    case "ranged":
      return message.id === READ_ALL ? fill(turn, message) : undefined;
    case "failed":
      return fail(turn, message.id);
    case "watch-cancelled":
      return reconnect(turn);
    default:
      return undefined;
  }
}

/** The first state: the cache is filled, the watch opened, and what a cluster starts with is written. */
function fill(turn: Turn, message: Extract<FromEtcd, { readonly kind: "ranged" }>): void {
  let collections: SortedMap<string, Collection> = null;
  for (const entry of message.entries) {
    const prefix = prefixOfKey(entry.key);
    const known: Collection = get(collections, prefix) ?? emptyCollection(message.revision);
    collections = set(collections, prefix, { ...known, objects: withEntry(known, prefix, entry) });
  }
  turn.effects.push(...endWatches(turn.state));
  turn.state = { ...turn.state, collections, revision: message.revision };
  const watch = {
    kind: "watch",
    id: WATCH_ALL,
    key: REGISTRY,
    rangeEnd: prefixEnd(REGISTRY),
    fromRevision: message.revision + 1,
  };
  turn.effects.push({ kind: "send", to: turn.state.etcd, message: watch });
  bootstrap(turn);
  if (turn.state.pending === null) open(turn);
}

function withEntry(collection: Collection, prefix: string, entry: KeyValue): Collection["objects"] {
  const name = entry.key.slice(REGISTRY.length + prefix.length + 1);
  return set(collection.objects, name, withResourceVersion(entry.value as KubernetesObject, entry.modRevision));
}

/** From now on requests are answered; those that waited first. */
function open(turn: Turn): void {
  const { held } = turn.state;
  turn.state = { ...turn.state, phase: "serving", held: [] };
  turn.effects.push({ kind: "note", note: { reason: "ApiServerReady", facts: { revision: turn.state.revision } } });
  for (const exchange of held) handleRequest(turn, exchange);
}

function settle(turn: Turn, message: Extract<FromEtcd, { readonly kind: "transacted" }>): void {
  const pending = get(turn.state.pending, message.id);
  if (pending === undefined) return;
  turn.state = { ...turn.state, pending: remove(turn.state.pending, message.id) };
  if (message.succeeded) answer(turn, pending, pending.answer);
  else retry(turn, pending);
  if (turn.state.phase === "starting" && turn.state.pending === null) open(turn);
}

function answer(turn: Turn, pending: Pending, plan: Answer): void {
  switch (plan.kind) {
    case "none":
      return undefined;
    case "response":
      return respond(turn, pending.exchange, plan.response);
    case "object":
      return answerWritten(turn, pending.exchange, plan);
    case "remove":
      return removeNow(turn, pending, plan);
    case "part":
      return countDown(turn, plan.group);
    case "stage":
      return handleRequest(turn, { ...pending.exchange, stage: plan.stage, attempt: 0 });
  }
}

function answerWritten(turn: Turn, exchange: Exchange, plan: Extract<Answer, { readonly kind: "object" }>): void {
  const object = get(collectionAt(turn.state, plan.prefix).objects, plan.name);
  const served = servedAtPlace(turn.state, plan.place);
  if (object === undefined || served === undefined)
    return respond(turn, exchange, answerStatus(serviceUnavailable("the object is gone")));
  // What components of the cluster ask for: the object as it is stored.
  const isPlain = exchange.request.headers?.["accept"] === undefined && served.strategy.stored === undefined;
  if (isPlain && plan.asScale !== true && plan.warnings.length === 0) {
    return respond(turn, exchange, { code: plan.code, body: object });
  }
  const call = callOf(turn, exchange, served);
  call.warnings.push(...plan.warnings);
  const { scale } = served.strategy;
  const isScale = plan.asScale === true && scale !== undefined;
  respond(
    turn,
    exchange,
    isScale ? { code: plan.code, body: scaleOf(object, scale) } : answerObject(call, { code: plan.code, object }),
  );
}

/** The second step of a deletion without grace. */
function removeNow(turn: Turn, pending: Pending, plan: Extract<Answer, { readonly kind: "remove" }>): void {
  const object = get(collectionAt(turn.state, plan.prefix).objects, plan.name);
  if (object === undefined) return answer(turn, pending, plan.after);
  commit(turn, removal(plan.prefix, plan.name, object), { ...pending, answer: plan.after });
}

function countDown(turn: Turn, id: number): void {
  const group = get(turn.state.groups, id);
  if (group === undefined) return;
  if (group.left > 1) {
    turn.state = { ...turn.state, groups: set(turn.state.groups, id, { ...group, left: group.left - 1 }) };
    return;
  }
  turn.state = { ...turn.state, groups: remove(turn.state.groups, id) };
  respond(turn, group.exchange, group.response);
}

/** The race was lost: the request is run again on what is there now. */
function retry(turn: Turn, pending: Pending): void {
  const { exchange } = pending;
  if (pending.answer.kind === "part") return countDown(turn, pending.answer.group);
  if (pending.answer.kind === "none") return;
  if (exchange.attempt >= ATTEMPTS_MAX) {
    const status = conflict({ group: "", resource: "" }, "", { message: OPTIMISTIC_LOCK_MESSAGE });
    return respond(turn, exchange, answerStatus(status));
  }
  handleRequest(turn, { ...exchange, attempt: exchange.attempt + 1 });
}

function fail(turn: Turn, id: number): void {
  if (id === READ_ALL || id === WATCH_ALL) {
    turn.effects.push({ kind: "wake", key: RETRY_WAKE, at: turn.moment.now + RETRY_MILLIS });
    return;
  }
  const pending = get(turn.state.pending, id);
  if (pending === undefined) return;
  turn.state = { ...turn.state, pending: remove(turn.state.pending, id) };
  if (pending.answer.kind === "part") return countDown(turn, pending.answer.group);
  // The gRPC client gives up after its timeout and the API server passes its words on.
  respond(turn, pending.exchange, answerStatus(serviceUnavailable("etcdserver: request timed out")));
}
