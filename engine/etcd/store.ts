// After etcd v3.6 server/storage/mvcc (kvstore.go, kvstore_txn.go, index.go); not modelled: the boltdb pages, hashing, defragmentation.
import { forRange, get, remove, set, size, type SortedMap } from "../kernel/sorted-map.ts";
import type { Compare, KeyEvent, KeyRange, KeyValue, Operation, Transaction } from "./messages.ts";

/**
 * The keys as they are at `revision`, and what happened since the last compaction. The store of an earlier revision is found by
 * taking back the events after it, newest first; that is rare, so the present pays nothing for it.
 */
export interface Store {
  readonly revision: number;
  readonly compactRevision: number;
  readonly keys: SortedMap<string, KeyValue>;
  /** The events of each revision after `compactRevision`. */
  readonly history: SortedMap<number, readonly KeyEvent[]>;
}

/** An empty store stands at revision 1: etcd server/storage/mvcc/kvstore.go NewStore. */
export const emptyStore: Store = { revision: 1, compactRevision: 0, keys: null, history: null };

export interface Transacted {
  readonly store: Store;
  readonly succeeded: boolean;
  readonly events: readonly KeyEvent[];
  readonly ranges: readonly (readonly KeyValue[])[];
}

/** Carries out a transaction. It raises the revision by one when it changes anything, and not at all when it does not. */
export function transact(store: Store, transaction: Transaction): Transacted {
  const succeeded = transaction.compare.every((condition) => holds(store, condition));
  const operations = succeeded ? transaction.success : transaction.failure;
  const revision = store.revision + 1;
  const events: KeyEvent[] = [];
  const ranges: (readonly KeyValue[])[] = [];
  let { keys } = store;
  for (const operation of operations) {
    if (operation.kind === "range") ranges.push(entriesIn(keys, operation));
    else
      keys =
        operation.kind === "put"
          ? put(keys, operation, { revision, events })
          : del(keys, operation, { revision, events });
  }
  if (events.length === 0) return { store, succeeded, events, ranges };
  const next = { ...store, revision, keys, history: set(store.history, revision, events) };
  return { store: next, succeeded, events, ranges };
}

interface Write {
  readonly revision: number;
  readonly events: KeyEvent[];
}

function put(
  keys: SortedMap<string, KeyValue>,
  operation: Extract<Operation, { readonly kind: "put" }>,
  write: Write,
): SortedMap<string, KeyValue> {
  const { key, value, lease } = operation;
  const { revision, events } = write;
  const previous = get(keys, key);
  const entry: KeyValue = {
    key,
    value,
    createRevision: previous?.createRevision ?? revision,
    modRevision: revision,
    version: (previous?.version ?? 0) + 1,
    ...(lease === undefined ? {} : { lease }),
  };
  events.push({ key, revision, entry, previous });
  return set(keys, key, entry);
}

function del(keys: SortedMap<string, KeyValue>, range: KeyRange, write: Write): SortedMap<string, KeyValue> {
  let left = keys;
  for (const previous of entriesIn(keys, range)) {
    write.events.push({ key: previous.key, revision: write.revision, entry: undefined, previous });
    left = remove(left, previous.key);
  }
  return left;
}

function holds(store: Store, condition: Compare): boolean {
  const entry = get(store.keys, condition.key);
  return (entry?.[condition.target] ?? 0) === condition.equals;
}

/** The entries of a range in the order of their keys. */
export function entriesIn(keys: SortedMap<string, KeyValue>, range: KeyRange): readonly KeyValue[] {
  if (range.rangeEnd === undefined) {
    const entry = get(keys, range.key);
    return entry === undefined ? [] : [entry];
  }
  const found: KeyValue[] = [];
  forRange(keys, { from: range.key, to: range.rangeEnd }, (entry) => found.push(entry));
  return found;
}

/** Why a revision cannot be read, in etcd's words (server/storage/mvcc/kvstore.go), or undefined when it can. */
export function refusalOf(store: Store, revision: number): string | undefined {
  if (revision > store.revision) return "etcdserver: mvcc: required revision is a future revision";
  if (revision < store.compactRevision) return "etcdserver: mvcc: required revision has been compacted";
  return undefined;
}

/** The keys as they were at a revision that can be read. */
export function keysAt(store: Store, revision: number): SortedMap<string, KeyValue> {
  let { keys } = store;
  const later = eventsFrom(store, revision + 1);
  for (let index = later.length - 1; index >= 0; index--) {
    const event = later[index];
    if (event === undefined) break;
    keys = event.previous === undefined ? remove(keys, event.key) : set(keys, event.key, event.previous);
  }
  return keys;
}

/** What happened at `revision` and after it, oldest first. */
export function eventsFrom(store: Store, revision: number): readonly KeyEvent[] {
  const found: KeyEvent[] = [];
  forRange(store.history, { from: revision, to: store.revision + 1 }, (events) => found.push(...events));
  return found;
}

/** Forgets what happened up to `revision`; earlier states can no longer be read. */
export function compact(store: Store, revision: number): Store {
  let history: SortedMap<number, readonly KeyEvent[]> = null;
  forRange(store.history, { from: revision + 1, to: store.revision + 1 }, (events, at) => {
    history = set(history, at, events);
  });
  return { ...store, history, compactRevision: revision };
}

export function keyCount(store: Store): number {
  return size(store.keys);
}
