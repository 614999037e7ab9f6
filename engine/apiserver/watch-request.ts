// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/endpoints/handlers/watch.go and storage/cacher/cacher.go Watch.
import { requiredValue } from "../api/field-selector.ts";
import type { KubernetesObject } from "../api/object.ts";
import type { Status } from "../api/status.ts";
import type { WatchEvent } from "../api/wire.ts";
import type { Address, Effect, Millis } from "../kernel/process.ts";
import { get, remove, set, values } from "../kernel/sorted-map.ts";
import { shapeOf } from "./accept.ts";
import { type CachedEvent, type Collection, eventsAfter } from "./cache.ts";
import { answerStatus } from "./failure.ts";
import { itemsFor, leaving, send, typeFor } from "./fan-out.ts";
import { selectObjects } from "./objects.ts";
import { includeOf } from "./read.ts";
import { isTrue } from "./request-path.ts";
import { versionProblem } from "./resource-version.ts";
import { isStatus, selectionOf } from "./selection.ts";
import { placeOf } from "./served.ts";
import { shownEvent } from "./shown.ts";
import { type Call, collectionAt, respond, setCollection, type Turn } from "./state.ts";
import type { Watcher } from "./watcher.ts";
import { warningHeader } from "./warning-header.ts";

/** Opens a watch: an answer without a body, then what is there or was missed, then every change. */
export function openWatch(turn: Turn, call: Call): void {
  const watcher = watcherOf(call);
  if (isStatus(watcher)) return respond(turn, call.exchange, answerStatus(watcher));
  const query = call.exchange.request.query ?? {};
  const start = startOf(turn, query);
  if (isStatus(start)) return respond(turn, call.exchange, answerStatus(start));
  const warned = warningHeader(call.warnings);
  respond(turn, call.exchange, {
    code: 200,
    headers: { "content-type": "application/json", ...warned },
    body: undefined,
  });
  const first = firstEvents(turn, call, { watcher, start });
  const view = { watcher, served: call.served, moment: call.moment };
  const collection = collectionAt(turn.state, call.served.prefix);
  const events = first.events.map((event) =>
    event.type === "BOOKMARK" || event.type === "ERROR" ? event : shownEvent(event, view),
  );
  const isOver = events.some((event) => event.type === "ERROR");
  const items = first.isWhole ? itemsFor(watcher, collection, call.served) : undefined;
  if (events.length > 0) send(turn, watcher, { events, resourceVersion: turn.state.revision, items });
  if (isOver) turn.effects.push({ kind: "send", to: watcher.client, message: { kind: "closed", id: watcher.id } });
  else addWatcher(turn, call.served.prefix, watcher);
}

function watcherOf(call: Call): Watcher | Status {
  const { exchange, info, served, moment } = call;
  const { query = {}, headers } = exchange.request;
  const selection = selectionOf(query, info, served);
  if (isStatus(selection)) return selection;
  const shape = shapeOf(headers?.["accept"]);
  if (isStatus(shape)) return shape;
  const timeout = Number(query["timeoutSeconds"] ?? "0");
  const hasTimeout = Number.isSafeInteger(timeout) && timeout > 0;
  return {
    ...selection,
    client: exchange.client,
    id: exchange.id,
    place: placeOf(served.strategy.resource),
    ...(shape.kind === "table" ? { table: includeOf(query) } : {}),
    ...(shape.kind === "metadata" ? { metadataOnly: true } : {}),
    bookmarks: hasTimeout && isTrue(query["allowWatchBookmarks"] ?? "false"),
    ...(hasTimeout ? { endsAt: moment.now + timeout * 1000 } : {}),
  };
}

/** Where the watch begins: with the present state, or after a revision. */
type Start =
  | { readonly kind: "state"; readonly withBookmark: boolean }
  | { readonly kind: "after"; readonly revision: number };

function startOf(turn: Turn, query: Readonly<Record<string, string>>): Start | Status {
  const version = query["resourceVersion"] ?? "";
  if (isTrue(query["sendInitialEvents"] ?? "false")) return { kind: "state", withBookmark: true };
  if (version === "" || version === "0") return { kind: "state", withBookmark: false };
  const problem = versionProblem(version, turn.state.revision);
  if (problem !== undefined && problem.code !== 504) return problem;
  return { kind: "after", revision: Number(version) };
}

function firstEvents(
  turn: Turn,
  call: Call,
  opening: { readonly watcher: Watcher; readonly start: Start },
): { readonly events: readonly WatchEvent[]; readonly isWhole: boolean } {
  const { watcher, start } = opening;
  if (start.kind === "after")
    return { events: missedEvents(turn, call, { watcher, revision: start.revision }), isWhole: false };
  const added = selectObjects(turn.state, call.served, watcher).map((object): WatchEvent => ({
    type: "ADDED",
    object,
  }));
  const end = start.withBookmark ? [bookmark(call, turn.state.revision, true)] : [];
  return { events: [...added, ...end], isWhole: true };
}

/** A bookmark is an object of the kind with nothing but a resourceVersion. Source: KEP-956, KEP-3157 for the annotation. */
export function bookmark(call: Pick<Call, "served">, revision: number, isInitialEnd: boolean): WatchEvent {
  const { kind } = call.served.strategy.resource;
  const annotations = isInitialEnd ? { annotations: { "k8s.io/initial-events-end": "true" } } : {};
  const metadata = { resourceVersion: String(revision), creationTimestamp: null, ...annotations };
  return { type: "BOOKMARK", object: { kind, apiVersion: call.served.apiVersion, metadata } };
}

function missedEvents(
  turn: Turn,
  call: Call,
  from: { readonly watcher: Watcher; readonly revision: number },
): readonly WatchEvent[] {
  const collection = collectionAt(turn.state, call.served.prefix);
  const missed = eventsAfter(collection, from.revision);
  if (missed === undefined) return [tooOld(from.revision, collection.floor)];
  const told: WatchEvent[] = [];
  for (const event of missed) {
    const shown = seenBy(from.watcher, event, call);
    if (shown !== undefined) told.push(shown);
  }
  return told;
}

function seenBy(watcher: Watcher, event: CachedEvent, call: Call): WatchEvent | undefined {
  const type = typeFor(watcher, event, call.served);
  if (type === undefined) return undefined;
  return { type, object: type === "DELETED" && event.type !== "DELETED" ? leaving(event) : event.object };
}

/** Source: apiserver/pkg/storage/cacher/watch_cache.go getAllEventsSinceLocked. */
function tooOld(revision: number, floor: number): WatchEvent {
  const status: Status = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: `too old resource version: ${String(revision)} (${String(floor + 1)})`,
    reason: "Expired",
    code: 410,
  };
  return { type: "ERROR", object: status as unknown as KubernetesObject };
}

function addWatcher(turn: Turn, prefix: string, watcher: Watcher): void {
  const collection = collectionAt(turn.state, prefix);
  const node = watcher.fields === undefined ? undefined : requiredValue(watcher.fields, "spec.nodeName");
  const next: Collection =
    node === undefined
      ? { ...collection, watchers: [...collection.watchers, watcher] }
      : { ...collection, byNode: set(collection.byNode, node, [...(get(collection.byNode, node) ?? []), watcher]) };
  setCollection(turn, prefix, next);
  const key = streamKey(watcher.client, watcher.id);
  turn.state = { ...turn.state, streams: set(turn.state.streams, key, { kind: "watch", prefix }) };
  if (watcher.endsAt !== undefined) turn.effects.push({ kind: "wake", key: `watch-end ${key}`, at: watcher.endsAt });
  if (watcher.bookmarks) turn.effects.push(wakeForBookmark(key, turn.moment.now));
}

/** Source: cacher.go defaultBookmarkFrequency. */
const BOOKMARK_MILLIS: Millis = 60_000;

export const BOOKMARK_WAKE = "bookmark ";

/**
 * The wake for the next bookmark of a watch. Only clients that set a timeout get bookmarks: the informers inside the world learn the
 * revision from every batch, so a bookmark could not change anything for them.
 */
export function wakeForBookmark(key: string, now: Millis): Effect {
  return { kind: "wake", key: BOOKMARK_WAKE + key, at: now + BOOKMARK_MILLIS };
}

/** The name of a client's stream. */
export function streamKey(client: Address, id: number): string {
  return `${client} ${String(id)}`;
}

/** Ends a watch that the client or the time has ended. */
export function closeWatch(turn: Turn, key: string, prefix: string): void {
  const collection = collectionAt(turn.state, prefix);
  const isOther = (watcher: Watcher): boolean => streamKey(watcher.client, watcher.id) !== key;
  let { byNode } = collection;
  for (const watchers of values(collection.byNode)) {
    const gone = watchers.find((watcher) => !isOther(watcher));
    const node = gone?.fields === undefined ? undefined : requiredValue(gone.fields, "spec.nodeName");
    if (node === undefined) continue;
    const left = watchers.filter(isOther);
    byNode = left.length === 0 ? remove(byNode, node) : set(byNode, node, left);
  }
  setCollection(turn, prefix, { ...collection, watchers: collection.watchers.filter(isOther), byNode });
  turn.state = { ...turn.state, streams: remove(turn.state.streams, key) };
}
