// After etcd v3.6 server/storage/mvcc/watchable_store.go; not modelled: progress requests, filters, fragments.
import type { Address, Effect } from "../kernel/process.ts";
import type { FromEtcd, KeyEvent, KeyRange } from "./messages.ts";

/** Who wants to hear of changes in a range. */
export interface Watcher extends KeyRange {
  readonly client: Address;
  readonly id: number;
}

/** One message per watcher with the events of one revision that it asked for. */
export function announce(
  watchers: readonly Watcher[],
  change: { readonly revision: number; readonly events: readonly KeyEvent[] },
): readonly Effect[] {
  const effects: Effect[] = [];
  for (const watcher of watchers) {
    const events = change.events.filter((event) => isIn(watcher, event.key));
    if (events.length > 0) effects.push(tell(watcher, { revision: change.revision, events }));
  }
  return effects;
}

export function tell(
  watcher: Watcher,
  change: { readonly revision: number; readonly events: readonly KeyEvent[] },
): Effect {
  const message: FromEtcd = { kind: "watched", id: watcher.id, revision: change.revision, events: change.events };
  return { kind: "send", to: watcher.client, message };
}

/** Whether the key lies in the range. */
export function isIn(range: KeyRange, key: string): boolean {
  return range.rangeEnd === undefined ? key === range.key : range.key <= key && key < range.rangeEnd;
}
