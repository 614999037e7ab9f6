// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/storage/cacher (cacher.go, watch_cache.go); not modelled: one cache per version, flow control of slow watchers.
import type { KubernetesObject } from "../api/object.ts";
import { remove, set, type SortedMap } from "../kernel/sorted-map.ts";
import type { Watcher } from "./watcher.ts";

/** One collection as the API server knows it from etcd's watch. */
export interface Collection {
  /** By `namespace/name`, or by name; each with the resourceVersion of its last change. */
  readonly objects: SortedMap<string, KubernetesObject>;
  /** The last changes, newest last, in chunks so that adding one copies little. */
  readonly recent: readonly CachedEvent[];
  readonly older: readonly (readonly CachedEvent[])[];
  /** Everything after this revision is in the window. */
  readonly floor: number;
  readonly watchers: readonly Watcher[];
  /** Watchers that want the objects of one node: kubelets. */
  readonly byNode: SortedMap<string, readonly Watcher[]>;
}

/** A change as the cache keeps it. A deletion's `object` carries the revision of the deletion. */
export interface CachedEvent {
  readonly revision: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubernetesObject;
  readonly previous: KubernetesObject | undefined;
}

const CHUNK = 64;

/** How many chunks of 64 events are kept, as the window of watch_cache.go starts at 100 and grows on demand. A limit of this model. */
const CHUNKS_MAX = 64;

export function emptyCollection(floor: number): Collection {
  return { objects: null, recent: [], older: [], floor, watchers: [], byNode: null };
}

/** The collection after a change. */
export function withEvent(collection: Collection, key: string, event: CachedEvent): Collection {
  const { objects } = collection;
  const kept = event.type === "DELETED" ? remove(objects, key) : set(objects, key, event.object);
  const recent = [...collection.recent, event];
  const { watchers, byNode, older, floor } = collection;
  if (recent.length < CHUNK) return { objects: kept, recent, older, floor, watchers, byNode };
  const chunks = [...older, recent];
  if (chunks.length <= CHUNKS_MAX) return { objects: kept, recent: [], older: chunks, floor, watchers, byNode };
  const dropped = chunks[0]?.at(-1)?.revision ?? floor;
  return { objects: kept, recent: [], older: chunks.slice(1), floor: dropped, watchers, byNode };
}

/** The changes after a revision, oldest first; undefined when the window no longer reaches so far back. */
export function eventsAfter(collection: Collection, revision: number): readonly CachedEvent[] | undefined {
  if (revision < collection.floor) return undefined;
  const found: CachedEvent[] = [];
  for (const chunk of [...collection.older, collection.recent]) {
    if ((chunk.at(-1)?.revision ?? 0) <= revision) continue;
    for (const event of chunk) if (event.revision > revision) found.push(event);
  }
  return found;
}

/** The object as it shows itself: with the resourceVersion that etcd gave it. */
export function withResourceVersion(object: KubernetesObject, revision: number): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}
