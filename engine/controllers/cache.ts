// After client-go tools/cache thread_safe_store.go.
import type { KubernetesObject } from "../api/object.ts";
import type { Change } from "../client/informer.ts";
import type { Resource } from "../client/requests.ts";
import { get, remove, set, type SortedMap, values, valuesWithPrefix } from "../kernel/sorted-map.ts";

/** A collection that a controller watches, and the indexes that it keeps of it. */
export interface Watched<Kind extends KubernetesObject> {
  readonly resource: Resource;
  /** `Pod`, and `apps/v1`: what the objects of a watch do not say of themselves. */
  readonly kind: string;
  readonly indexes: Readonly<Record<string, IndexFunction<Kind>>>;
  /** Counts that are kept as objects change, so that nobody has to go through all of them. */
  readonly tally?: TallyFunction<Kind>;
}

/** Where an object is counted: under which key, in which group of it, and with what. Undefined: nowhere. */
export type TallyFunction<Kind extends KubernetesObject> = (object: Kind) => Counted | undefined;

export interface Counted {
  readonly key: string;
  readonly group: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** The counts of one group of objects, and one object of it. */
export interface Tally {
  readonly sample: KubernetesObject;
  readonly size: number;
  readonly counts: Readonly<Record<string, number>>;
}

export type Tallies = SortedMap<string, SortedMap<string, Tally>>;

/** The values under which an object is found. */
export type IndexFunction<Kind extends KubernetesObject> = (object: Kind) => readonly string[];

/** For each value the objects that have it, by key. */
export type Index = SortedMap<string, SortedMap<string, KubernetesObject>>;

/** What a controller knows of one collection. */
export interface Store {
  readonly items: SortedMap<string, KubernetesObject>;
  readonly indexes: Readonly<Record<string, Index>>;
  readonly tallies: Tallies;
}

/** What a controller knows, collection by collection; an immutable snapshot. */
export type Stores = SortedMap<string, Store>;

export const emptyStore: Store = { items: null, indexes: {}, tallies: null };

/** The name under which a collection is kept. */
export function storeName(resource: Resource): string {
  return resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;
}

/** The lister of a snapshot. */
export interface Lister {
  get<Kind extends KubernetesObject>(watched: Watched<Kind>, key: string): Kind | undefined;
  list<Kind extends KubernetesObject>(watched: Watched<Kind>, namespace?: string): readonly Kind[];
  by<Kind extends KubernetesObject>(watched: Watched<Kind>, index: string, value: string): readonly Kind[];
  /** The groups counted under a key. */
  tally<Kind extends KubernetesObject>(watched: Watched<Kind>, key: string): readonly Tally[];
}

export function listerOf(stores: Stores): Lister {
  const storeOf = (watched: { readonly resource: Resource }): Store =>
    get(stores, storeName(watched.resource)) ?? emptyStore;
  return {
    get: <Kind extends KubernetesObject>(watched: Watched<Kind>, key: string) =>
      get(storeOf(watched).items, key) as Kind | undefined,
    list: <Kind extends KubernetesObject>(watched: Watched<Kind>, namespace?: string) => {
      const { items } = storeOf(watched);
      const found = namespace === undefined ? values(items) : valuesWithPrefix(items, `${namespace}/`);
      return found as unknown as readonly Kind[];
    },
    by: <Kind extends KubernetesObject>(watched: Watched<Kind>, index: string, value: string) =>
      values(get(storeOf(watched).indexes[index] ?? null, value) ?? null) as unknown as readonly Kind[],
    tally: <Kind extends KubernetesObject>(watched: Watched<Kind>, key: string) =>
      values(get(storeOf(watched).tallies, key) ?? null),
  };
}

/** The store after a change of its collection. */
export function withChanges<Kind extends KubernetesObject>(
  store: Store,
  watched: Watched<Kind>,
  told: { readonly items: SortedMap<string, Kind>; readonly changes: readonly Change<Kind>[] },
): Store {
  const indexes: Record<string, Index> = {};
  for (const [name, valuesOf] of Object.entries(watched.indexes)) {
    let index = store.indexes[name] ?? null;
    for (const change of told.changes) index = reindexed(index, change, valuesOf);
    indexes[name] = index;
  }
  let { tallies } = store;
  if (watched.tally !== undefined)
    for (const change of told.changes) tallies = retallied(tallies, change, watched.tally);
  return { items: told.items as SortedMap<string, KubernetesObject>, indexes, tallies };
}

function retallied<Kind extends KubernetesObject>(
  tallies: Tallies,
  change: Change<Kind>,
  tally: TallyFunction<Kind>,
): Tallies {
  const { before, after } = change;
  const from = before === undefined ? undefined : tally(before);
  const to = after === undefined ? undefined : tally(after);
  const less =
    before === undefined || from === undefined ? tallies : count(tallies, from, { object: before, sign: -1 });
  return after === undefined || to === undefined ? less : count(less, to, { object: after, sign: 1 });
}

function count(
  tallies: Tallies,
  { key, group, counts }: Counted,
  one: { readonly object: KubernetesObject; readonly sign: 1 | -1 },
): Tallies {
  const groups = get(tallies, key) ?? null;
  const former = get(groups, group) ?? { sample: one.object, size: 0, counts: {} };
  const size = former.size + one.sign;
  const sums: Record<string, number> = { ...former.counts };
  for (const [name, value] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + value * one.sign;
  const rest = size === 0 ? remove(groups, group) : set(groups, group, { sample: former.sample, size, counts: sums });
  return rest === null ? remove(tallies, key) : set(tallies, key, rest);
}

function reindexed<Kind extends KubernetesObject>(
  index: Index,
  change: Change<Kind>,
  valuesOf: IndexFunction<Kind>,
): Index {
  let next = index;
  const { before, after, key } = change;
  if (before !== undefined) {
    for (const value of valuesOf(before)) {
      const rest = remove(get(next, value) ?? null, key);
      next = rest === null ? remove(next, value) : set(next, value, rest);
    }
  }
  if (after !== undefined) {
    for (const value of valuesOf(after)) next = set(next, value, set(get(next, value) ?? null, key, after));
  }
  return next;
}

/** Index function: by the uid of the controlling owner; objects without one under `orphans of NAMESPACE`. */
export function byController(object: KubernetesObject): readonly string[] {
  for (const owner of object.metadata.ownerReferences ?? []) if (owner.controller === true) return [owner.uid];
  return [orphansOf(object.metadata.namespace ?? "")];
}

/** The index value of the objects of a namespace that nobody controls. */
export function orphansOf(namespace: string): string {
  return `orphans of ${namespace}`;
}
