// After etcd v3.6 server/storage/mvcc/watchable_store.go; not modelled: progress requests, filters, fragments.
import type { Address, Effect } from "../kernel/process.ts";
import type { FromEtcd, KeyEvent, KeyRange, Origin } from "./messages.ts";

/** Who wants to hear of changes in a range. */
export interface Watcher extends KeyRange {
  readonly client: Address;
  readonly id: number;
}

/** The events of one revision. */
export interface RevisionChange {
  readonly revision: number;
  readonly events: readonly KeyEvent[];
  readonly origin?: Origin;
}

/** One message per watcher with the events of one revision that it asked for. */
export function announce(watchers: readonly Watcher[], change: RevisionChange): readonly Effect[] {
  const effects: Effect[] = [];
  for (const watcher of watchers) {
    const events = change.events.filter((event) => isIn(watcher, event.key));
    if (events.length > 0) effects.push(tell(watcher, { ...change, events }));
  }
  return effects;
}

export function tell(watcher: Watcher, change: RevisionChange): Effect {
  const message: FromEtcd = { kind: "watched", id: watcher.id, ...change };
  return { kind: "send", to: watcher.client, message };
}

/** Whether the key lies in the range. */
export function isIn(range: KeyRange, key: string): boolean {
  return range.rangeEnd === undefined ? key === range.key : range.key <= key && key < range.rangeEnd;
}
