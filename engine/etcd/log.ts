import { get, remove, set, type SortedMap } from "../kernel/sorted-map.ts";
import type { Address, Effect, Millis } from "../kernel/process.ts";
import type { ToEtcd } from "./messages.ts";

/**
 * The write-ahead log: what is proposed becomes committed once it is on disk. With one member that is one fsync;
 * consensus between several members takes the place of this file and keeps its two sentences: `propose`, and later `committed` with
 * the same index, in the order of the indices.
 */
export interface Log {
  /** The index of the last proposal. */
  readonly last: number;
  /** What is not yet on disk, by index. */
  readonly pending: SortedMap<number, Proposal>;
}

/** A request that changes something, and who waits for its answer. */
export interface Proposal {
  readonly from: Address;
  readonly request: ToEtcd;
}

/** Sent by the log to its own process when the entry of that index is durable. */
export interface Committed {
  readonly kind: "committed";
  readonly index: number;
}

/**
 * How long an fsync of the log takes: the least that a clock of whole milliseconds can show. Solid-state disks take about as long;
 * the documentation asks for less than 10 ms at the 99th percentile (https://etcd.io/docs/v3.6/faq/, "slow disk").
 */
export const FSYNC_MILLIS: Millis = 1;

export const emptyLog: Log = { last: 0, pending: null };

/** Adds an entry; the effect tells the process when it is committed. */
export function propose(
  log: Log,
  proposal: Proposal,
  disk: { readonly self: Address; readonly fsyncMillis: Millis },
): { readonly log: Log; readonly effect: Effect } {
  const index = log.last + 1;
  const message: Committed = { kind: "committed", index };
  return {
    log: { last: index, pending: set(log.pending, index, proposal) },
    effect: { kind: "send", to: disk.self, message, delayMillis: disk.fsyncMillis },
  };
}

/** Takes a committed entry out; undefined when a crash lost it before it was durable. */
export function take(log: Log, index: number): { readonly log: Log; readonly proposal: Proposal | undefined } {
  const proposal = get(log.pending, index);
  return { log: { ...log, pending: remove(log.pending, index) }, proposal };
}

/** What a crash leaves: entries that were not yet durable are lost, their indices stay used. */
export function afterCrash(log: Log): Log {
  return { ...log, pending: null };
}
