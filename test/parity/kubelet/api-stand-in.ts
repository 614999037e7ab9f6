/** A stand-in for the API server, for recordings of one kubelet: it keeps objects, tells watchers, and knows just enough of patches and deletion. */
import type { KubernetesObject } from "../../../engine/api/object.ts";
import type { ApiRequest, ApiResponse, ToServer, WatchEvent } from "../../../engine/api/wire.ts";
import type { Address, Effect, Moment, Outcome, Process } from "../../../engine/kernel/process.ts";
import { get, remove, set, type SortedMap, valuesWithPrefix } from "../../../engine/kernel/sorted-map.ts";

export interface Told {
  readonly at: number;
  readonly type: WatchEvent["type"];
  readonly object: KubernetesObject;
}

export interface StandInState {
  readonly objects: SortedMap<string, KubernetesObject>;
  readonly watches: readonly Watch[];
  readonly revision: number;
  readonly told: readonly Told[];
  readonly writes: readonly { readonly at: number; readonly user: string; readonly request: ApiRequest; readonly code: number }[];
}

interface Watch {
  readonly client: Address;
  readonly id: number;
  readonly prefix: string;
  readonly node: string | undefined;
}

/** What the recording says somebody else did. */
export type Doing =
  | { readonly kind: "put"; readonly path: string; readonly object: KubernetesObject }
  | { readonly kind: "drop"; readonly path: string };

export const standIn: Process<StandInState, ToServer | Doing> = {
  name: "stand-in",
  start: () => ({ state: { objects: null, watches: [], revision: 1, told: [], writes: [] }, effects: [] }),
  step,
};

interface Turn {
  state: StandInState;
  readonly effects: Effect[];
  readonly now: number;
}

function step(state: StandInState, message: ToServer | Doing, moment: Moment): Outcome<StandInState> {
  const turn: Turn = { state, effects: [], now: moment.now };
  if (message.kind === "put") put(turn, message.path, message.object);
  if (message.kind === "drop") drop(turn, message.path);
  if (message.kind === "request") {
    const response = handle(turn, message, moment);
    if (response !== undefined) {
      const entry = { at: moment.now, user: message.identity?.user ?? "", request: message.request, code: response.code };
      if (message.request.method !== "GET") turn.state = { ...turn.state, writes: [...turn.state.writes, entry] };
      turn.effects.push({ kind: "send", to: moment.from, message: { kind: "response", id: message.id, response } });
    }
  }
  return { state: turn.state, effects: turn.effects };
}

function collectionOf(path: string): string {
  return path.replace(/\/namespaces\/[^/]+/, "");
}

function put(turn: Turn, path: string, object: KubernetesObject): KubernetesObject {
  const revision = turn.state.revision + 1;
  const former = get(turn.state.objects, path);
  const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
  turn.state = { ...turn.state, revision, objects: set(turn.state.objects, path, stored) };
  tell(turn, path, { type: former === undefined ? "ADDED" : "MODIFIED", object: stored }, former);
  return stored;
}

function drop(turn: Turn, path: string): void {
  const former = get(turn.state.objects, path);
  if (former === undefined) return;
  const revision = turn.state.revision + 1;
  turn.state = { ...turn.state, revision, objects: remove(turn.state.objects, path) };
  tell(turn, path, { type: "DELETED", object: former }, former);
}

function nodeOf(object: KubernetesObject | undefined): string | undefined {
  return (object?.spec as { readonly nodeName?: string } | undefined)?.nodeName;
}

function tell(turn: Turn, path: string, { type, object }: WatchEvent, former: KubernetesObject | undefined): void {
  turn.state = { ...turn.state, told: [...turn.state.told, { at: turn.now, type, object }] };
  for (const watch of turn.state.watches) {
    if (!collectionOf(path).startsWith(watch.prefix)) continue;
    if (watch.node !== undefined && nodeOf(object) !== watch.node) continue;
    const isNew = type === "MODIFIED" && watch.node !== undefined && nodeOf(former) !== watch.node;
    const event = { type: isNew ? "ADDED" : type, object };
    const message = { kind: "events", id: watch.id, events: [event], resourceVersion: turn.state.revision };
    turn.effects.push({ kind: "send", to: watch.client, message });
  }
}

function handle(turn: Turn, message: Extract<ToServer, { readonly kind: "request" }>, moment: Moment): ApiResponse | undefined {
  const { request } = message;
  const path = request.path.replace(/\/status$/, "");
  switch (request.method) {
    case "GET":
      return request.query?.["watch"] === "true" ? openWatch(turn, message, moment) : found(get(turn.state.objects, path));
    case "POST": {
      const object = request.body as KubernetesObject;
      const place = `${path}/${object.metadata.name ?? ""}`;
      if (get(turn.state.objects, place) !== undefined) return { code: 409, body: undefined };
      return { code: 201, body: put(turn, place, { ...object, metadata: { ...object.metadata, uid: object.metadata.uid ?? place } }) };
    }
    case "PUT":
      return { code: 200, body: put(turn, path, request.body as KubernetesObject) };
    case "PATCH":
      return patch(turn, path, request);
    case "DELETE":
      return deletion(turn, path, request);
    default:
      return { code: 405, body: undefined };
  }
}

function found(object: KubernetesObject | undefined): ApiResponse {
  return object === undefined ? { code: 404, body: undefined } : { code: 200, body: object };
}

function openWatch(turn: Turn, message: Extract<ToServer, { readonly kind: "request" }>, moment: Moment): undefined {
  const { request, id } = message;
  const node = /spec\.nodeName=(.+)/.exec(request.query?.["fieldSelector"] ?? "")?.[1];
  turn.state = { ...turn.state, watches: [...turn.state.watches.filter((it) => it.client !== moment.from || it.id !== id), { client: moment.from, id, prefix: request.path, node }] };
  const say = (body: unknown): void => {
    turn.effects.push({ kind: "send", to: moment.from, message: body });
  };
  say({ kind: "response", id, response: { code: 200, body: undefined } });
  const prefix = request.path.split("/").slice(0, 3).join("/");
  const events: WatchEvent[] = [];
  for (const object of valuesWithPrefix(turn.state.objects, prefix)) {
    const isIn = object.kind !== undefined && request.path.endsWith(`/${object.kind.toLowerCase()}s`);
    if (isIn && (node === undefined || nodeOf(object) === node)) events.push({ type: "ADDED", object });
  }
  events.push({ type: "BOOKMARK", object: { metadata: {} } });
  say({ kind: "events", id, events, resourceVersion: turn.state.revision });
  return undefined;
}

function patch(turn: Turn, path: string, request: ApiRequest): ApiResponse {
  const object = get(turn.state.objects, path);
  const body = request.body as { readonly metadata?: { readonly uid?: string } };
  if (object === undefined) return { code: 404, body: undefined };
  if (body.metadata?.uid !== undefined && body.metadata.uid !== object.metadata.uid) return { code: 409, body: undefined };
  const { metadata, ...rest } = request.body as Record<string, unknown>;
  void metadata;
  const merged = merge(object as unknown as Record<string, unknown>, rest) as unknown as KubernetesObject;
  return { code: 200, body: put(turn, path, merged) };
}

type Json = Record<string, unknown>;

function merge(base: Json, change: Json): Json {
  const result: Json = { ...base };
  for (const [key, value] of Object.entries(change)) {
    if (key.startsWith("$")) continue;
    const old = result[key];
    if (value === null) delete result[key];
    else if (key === "conditions") result[key] = mergeConditions((old as Json[] | undefined) ?? [], value as Json[], change[`$setElementOrder/${key}`] as Json[] | undefined);
    else if (typeof value === "object" && !Array.isArray(value) && typeof old === "object" && old !== null && !Array.isArray(old) && !ATOMIC.has(key)) result[key] = merge(old as Json, value as Json);
    else result[key] = value;
  }
  return result;
}

const ATOMIC = new Set(["resources"]);

function mergeConditions(old: readonly Json[], changes: readonly Json[], order: readonly Json[] | undefined): readonly Json[] {
  let next = [...old];
  for (const change of changes) {
    const index = next.findIndex((it) => it["type"] === change["type"]);
    if (change["$patch"] === "delete") next = next.filter((_, place) => place !== index);
    else if (index < 0) next.push(change);
    else next[index] = merge(next[index] as Json, change);
  }
  const rank = (it: Json): number => order?.findIndex((entry) => entry["type"] === it["type"]) ?? 0;
  return next.toSorted((one, other) => rank(one) - rank(other));
}

/** A pod goes in two steps: its grace becomes 0, then it is gone, unless a finalizer holds it. */
function deletion(turn: Turn, path: string, request: ApiRequest): ApiResponse {
  const object = get(turn.state.objects, path);
  if (object === undefined) return { code: 404, body: undefined };
  const { preconditions } = request.body as { readonly preconditions?: { readonly uid?: string } };
  if (preconditions?.uid !== undefined && preconditions.uid !== object.metadata.uid) return { code: 409, body: undefined };
  const marked = put(turn, path, { ...object, metadata: { ...object.metadata, deletionGracePeriodSeconds: 0 } });
  if ((marked.metadata.finalizers ?? []).length === 0) drop(turn, path);
  return { code: 200, body: marked };
}
