import type { KubernetesObject } from "../api/object.ts";
import type { FromServer, WatchEvent } from "../api/wire.ts";
import type { KeyEvent } from "../etcd/messages.ts";
import type { Note } from "../kernel/note.ts";
import { get } from "../kernel/sorted-map.ts";
import { type CachedEvent, type Collection, withEvent, withResourceVersion } from "./cache.ts";
import { tendDefinition, tendObjects } from "./custom/controller.ts";
import { DEFINITIONS } from "./custom/served.ts";
import { prefixOfKey, type Served } from "./served.ts";
import { servedAtPlace } from "./served-places.ts";
import { collectionAt, type Pending, setCollection, type Turn } from "./state.ts";
import { nodeOf } from "./registry-fields.ts";
import { shownEvent } from "./shown.ts";
import { isWhole, selects, type Watcher } from "./watcher.ts";

/** Takes changes that etcd tells into the cache, notes them, and tells the watchers, in this order. */
export function takeIn(
  turn: Turn,
  change: { readonly revision: number; readonly events: readonly KeyEvent[] },
  pending: Pending | undefined,
): void {
  for (const event of change.events) takeInOne(turn, event, pending);
  turn.state = { ...turn.state, revision: change.revision };
}

function takeInOne(turn: Turn, event: KeyEvent, pending: Pending | undefined): void {
  const prefix = prefixOfKey(event.key);
  const collection = collectionAt(turn.state, prefix);
  const name = event.key.slice("/registry/".length + prefix.length + 1);
  const cached = cachedEvent(event, get(collection.objects, name));
  const next = withEvent(collection, name, cached);
  setCollection(turn, prefix, next);
  turn.effects.push({ kind: "note", note: noteOf(cached, prefix, pending) });
  tellWatchers(turn, next, cached);
  if (prefix === DEFINITIONS) tendDefinition(turn, cached);
  else if (prefix.includes(".")) tendObjects(turn, prefix, cached);
}

function cachedEvent(event: KeyEvent, known: KubernetesObject | undefined): CachedEvent {
  const { revision, entry } = event;
  const value = (entry ?? event.previous)?.value as KubernetesObject;
  const object = withResourceVersion(value, revision);
  if (entry === undefined) return { revision, type: "DELETED", object, previous: known };
  return { revision, type: event.previous === undefined ? "ADDED" : "MODIFIED", object, previous: known };
}

const reasons = { ADDED: "ObjectCreated", MODIFIED: "ObjectUpdated", DELETED: "ObjectDeleted" } as const;

function noteOf(event: CachedEvent, prefix: string, pending: Pending | undefined): Note {
  const { kind = "", metadata } = event.object;
  const { name = "", namespace, uid } = metadata;
  return {
    reason: reasons[event.type],
    object: {
      kind,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
    },
    facts: {
      resource: prefix,
      resourceVersion: event.revision,
      user: pending?.user ?? "",
      verb: pending?.verb ?? "",
    },
  };
}

/** A change on its way to the watchers, with what those who see all of it as it is stored have in common. */
interface Telling {
  readonly event: CachedEvent;
  readonly common: readonly WatchEvent[];
}

function tellWatchers(turn: Turn, collection: Collection, event: CachedEvent): void {
  const telling: Telling = { event, common: [{ type: event.type, object: event.object }] };
  for (const watcher of collection.watchers) tell(turn, collection, watcher, telling);
  if (collection.byNode === null) return;
  const node = nodeOf(event.object);
  const before = event.previous === undefined ? "" : nodeOf(event.previous);
  for (const watcher of get(collection.byNode, node) ?? []) tell(turn, collection, watcher, telling);
  if (before === node) return;
  for (const watcher of get(collection.byNode, before) ?? []) tell(turn, collection, watcher, telling);
}

function tell(turn: Turn, collection: Collection, watcher: Watcher, { event, common }: Telling): void {
  const served = servedAtPlace(turn.state, watcher.place);
  if (served === undefined) return;
  const type = typeFor(watcher, event, served);
  if (type === undefined) return;
  const items = itemsFor(watcher, collection, served);
  const resourceVersion = event.revision;
  if (isAsStored(watcher, served) && type === event.type)
    return send(turn, watcher, { events: common, resourceVersion, items });
  const object = type === "DELETED" && event.type !== "DELETED" ? leaving(event) : event.object;
  const shown = shownEvent({ type, object }, { watcher, served, moment: turn.moment });
  send(turn, watcher, { events: [shown], resourceVersion, items });
}

/** Whether the watcher sees objects in the very form in which they are kept. */
function isAsStored(watcher: Watcher, served: Served): boolean {
  return served.strategy.stored === undefined && watcher.table === undefined && watcher.metadataOnly !== true;
}

/** What the change means for one that sees only a selection: what enters it is added, what leaves it is deleted. */
export function typeFor(watcher: Watcher, event: CachedEvent, served: Served): WatchEvent["type"] | undefined {
  if (isWhole(watcher)) return event.type;
  const isNow = event.type !== "DELETED" && selects(watcher, event.object, served);
  const was = event.previous !== undefined && selects(watcher, event.previous, served);
  if (isNow) return was ? "MODIFIED" : "ADDED";
  return was ? "DELETED" : undefined;
}

/** An object that leaves a selection is shown as it was, with the revision of the change. Source: cacher.go newCacheWatcher convertToWatchEvent. */
export function leaving(event: CachedEvent): KubernetesObject {
  return event.previous === undefined ? event.object : withResourceVersion(event.previous, event.revision);
}

/** The whole collection, shared, for those who watch all of it as it is stored. */
export function itemsFor(watcher: Watcher, collection: Collection, served: Served): Collection["objects"] | undefined {
  return isAsStored(watcher, served) && isWhole(watcher) ? collection.objects : undefined;
}

export function send(
  turn: Turn,
  watcher: Pick<Watcher, "client" | "id">,
  batch: {
    readonly events: readonly WatchEvent[];
    readonly resourceVersion: number;
    readonly items: Collection["objects"] | undefined;
  },
): void {
  const { events, resourceVersion, items } = batch;
  const message: FromServer = {
    kind: "events",
    id: watcher.id,
    events,
    resourceVersion,
    ...(items === undefined ? {} : { items }),
  };
  turn.effects.push({ kind: "send", to: watcher.client, message });
}
