import type { Address, Millis } from "./process.ts";

/**
 * What happened, as data. The words are made elsewhere from `reason` and `facts`, so that they can be translated; the log
 * and the picture are both drawn from notes and so can never disagree.
 */
export interface Note {
  /** CamelCase, unique in the engine: `PodBound`, `ProbeFailed`. Each has a template in its room's `notes.en.ts`. */
  readonly reason: string;
  /** The API object that it is about. */
  readonly object?: ObjectReference;
  /** What the template may name; also what graders read. */
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
  /** An explicit cause, where it is not the message being handled: the id of an earlier line. */
  readonly cause?: number;
}

export interface ObjectReference {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid?: string;
}

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

/** The line with that id, or undefined. */
export function lineOf(trace: Trace | null, id: number): TraceLine | undefined {
  let link = trace;
  while (link !== null && link.line.id > id) link = link.before;
  return link !== null && link.line.id === id ? link.line : undefined;
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
