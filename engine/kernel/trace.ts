import type { Note } from "./note.ts";
import type { Address, Millis } from "./process.ts";

/** A note in its place in the trace. */
export interface TraceLine extends Note {
  /** 1, 2, 3, … in the order in which things happened. */
  readonly id: number;
  readonly at: Millis;
  readonly actor: Address;
  /** The id of the line that led to this one; 0 for what came from outside. */
  readonly cause: number;
}

/** The trace: a list that shares its past with every other trace that has the same past. */
export interface Trace {
  readonly line: TraceLine;
  readonly before: Trace | null;
}

/** The lines after `sinceId`, oldest first. */
export function linesSince(trace: Trace | null, sinceId: number): TraceLine[] {
  const found: TraceLine[] = [];
  for (let link = trace; link !== null && link.line.id > sinceId; link = link.before) found.push(link.line);
  return found.toReversed();
}

/** Why a line happened: the line, its cause, the cause of that, back to what came from outside. */
export function causesOf(trace: Trace | null, id: number): TraceLine[] {
  const chain: TraceLine[] = [];
  let link = trace;
  let wanted = id;
  while (wanted > 0) {
    while (link !== null && link.line.id > wanted) link = link.before;
    if (link === null || link.line.id !== wanted) break;
    chain.push(link.line);
    wanted = link.line.cause;
  }
  return chain;
}
