import { invariant } from "../kernel/invariant.ts";
import { get, remove, set, type SortedMap } from "../kernel/sorted-map.ts";
import type { Entry, Snapshot } from "./message.ts";

/**
 * The log of one member. Entries before `first` are gone; what they did is in `snapshot`. The log never has a gap, and what is
 * committed is never changed: the two things that everything else rests on.
 */
export interface Log {
  readonly entries: SortedMap<number, Entry>;
  readonly first: number;
  readonly last: number;
  readonly snapshot: Snapshot;
  /** The highest index known to be on a majority. */
  readonly committed: number;
  /** The highest index handed to the state machine. */
  readonly applied: number;
}

export function logAfter(snapshot: Snapshot): Log {
  const { index } = snapshot;
  return { entries: null, first: index + 1, last: index, snapshot, committed: index, applied: index };
}

/** The term of the entry at `index`; 0 for index 0; undefined where the log does not reach. */
export function termAt(log: Log, index: number): number | undefined {
  if (index === log.snapshot.index) return log.snapshot.term;
  return get(log.entries, index)?.term;
}

export function lastTerm(log: Log): number {
  return termAt(log, log.last) ?? 0;
}

/** Whether a log that ends in that entry is at least as up to date as this one (Raft paper, section 5.4.1). */
export function isUpToDate(log: Log, ends: { readonly lastIndex: number; readonly lastTerm: number }): boolean {
  const mine = lastTerm(log);
  return ends.lastTerm > mine || (ends.lastTerm === mine && ends.lastIndex >= log.last);
}

/** The entries from `from` on, at most `count` of them. */
export function entriesFrom(log: Log, from: number, count: number): readonly Entry[] {
  const found: Entry[] = [];
  for (let index = from; index <= log.last && found.length < count; index++) {
    const entry = get(log.entries, index);
    if (entry !== undefined) found.push(entry);
  }
  return found;
}

/** Appends entries of the member's own, right after the last one. */
export function append(log: Log, entries: readonly Entry[]): Log {
  let map = log.entries;
  let { last } = log;
  for (const entry of entries) {
    invariant(entry.index === last + 1, "the log has no gap");
    map = set(map, entry.index, entry);
    last = entry.index;
  }
  return { ...log, entries: map, last };
}

/**
 * Takes in what a leader sent (Raft paper, figure 2, AppendEntries, steps 3 and 4): what conflicts goes, with all that follows; what
 * is there already stays, so a delayed message never shortens the log.
 */
export function merge(log: Log, entries: readonly Entry[]): Log {
  const at = entries.findIndex((entry) => termAt(log, entry.index) !== entry.term);
  const fresh = at < 0 ? [] : entries.slice(at);
  const firstFresh = fresh[0];
  if (firstFresh === undefined) return log;
  invariant(firstFresh.index > log.committed, "a committed entry is never replaced");
  return append(truncated(log, firstFresh.index), fresh);
}

function truncated(log: Log, from: number): Log {
  let { entries } = log;
  for (let index = from; index <= log.last; index++) entries = remove(entries, index);
  return { ...log, entries, last: from - 1 < log.last ? from - 1 : log.last };
}

/** The log with entries up to `index` known to be committed. */
export function commitTo(log: Log, index: number): Log {
  if (index <= log.committed) return log;
  invariant(index <= log.last, "only an entry that is in the log can be committed");
  return { ...log, committed: index };
}

/** Throws away the entries up to the snapshot's index; they must have been applied. */
export function compactTo(log: Log, snapshot: Snapshot): Log {
  invariant(snapshot.index <= log.applied, "only what was applied can be compacted");
  if (snapshot.index < log.first) return log;
  let { entries } = log;
  for (let index = log.first; index <= snapshot.index; index++) entries = remove(entries, index);
  return { ...log, entries, first: snapshot.index + 1, snapshot };
}

/**
 * The highest index at or below `from` whose term is at or below `term`: where two logs may agree. It lets a leader skip a
 * whole term of conflicts at once (Raft paper, end of section 5.3).
 */
export function agreementBelow(
  log: Log,
  from: number,
  term: number,
): { readonly index: number; readonly term: number } {
  let index = from < log.last ? from : log.last;
  while (index > log.snapshot.index) {
    const found = termAt(log, index);
    if (found !== undefined && found <= term) return { index, term: found };
    index -= 1;
  }
  return { index: log.snapshot.index, term: log.snapshot.term };
}
