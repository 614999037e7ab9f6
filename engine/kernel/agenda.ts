import type { Address, Millis } from "./process.ts";

/** A message on its way. `order` breaks ties: what was sent first arrives first. */
export interface Envelope {
  readonly at: Millis;
  readonly order: number;
  readonly from: Address;
  readonly to: Address;
  readonly message: unknown;
  /** The id of the trace line that led to it. */
  readonly cause: number;
  /** Set on wakes: which life of the process asked for it, and under which key. */
  readonly wake?: { readonly key: string; readonly life: number };
}

/**
 * What is still to come: a persistent leftist heap (Crane 1972), ordered by time and then by order of sending. Adding
 * and taking out cost O(log n) and share all the rest with the agenda that was there before.
 */
export type Agenda = AgendaNode | null;

export interface AgendaNode {
  readonly envelope: Envelope;
  readonly rank: number;
  readonly left: Agenda;
  readonly right: Agenda;
}

/** The agenda with one more envelope. */
export function add(agenda: Agenda, envelope: Envelope): AgendaNode {
  const single: AgendaNode = { envelope, rank: 1, left: null, right: null };
  return agenda === null ? single : meld(agenda, single);
}

/** The agenda without its next envelope. */
export function rest(agenda: AgendaNode): Agenda {
  if (agenda.left === null) return agenda.right;
  return agenda.right === null ? agenda.left : meld(agenda.left, agenda.right);
}

function isBefore(one: Envelope, other: Envelope): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

function meld(one: AgendaNode, other: AgendaNode): AgendaNode {
  const top = isBefore(one.envelope, other.envelope) ? one : other;
  const below = top === one ? other : one;
  const right = top.right === null ? below : meld(top.right, below);
  const left = top.left;
  if (left === null) return { envelope: top.envelope, rank: 1, left: right, right: null };
  return left.rank >= right.rank
    ? { envelope: top.envelope, rank: right.rank + 1, left, right }
    : { envelope: top.envelope, rank: left.rank + 1, left: right, right: left };
}
