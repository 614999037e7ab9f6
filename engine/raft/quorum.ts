import type { MemberId, Membership } from "./message.ts";

/** More than half. */
export function majorityOf(count: number): number {
  return Math.floor(count / 2) + 1;
}

/** Everybody whose voice counts, each once. */
export function votersOf(membership: Membership): readonly MemberId[] {
  const { voters, outgoing } = membership;
  return [...voters, ...outgoing.filter((member) => !voters.includes(member))];
}

/** Everybody who is sent entries. */
export function membersOf(membership: Membership): readonly MemberId[] {
  const voters = votersOf(membership);
  return [...voters, ...membership.learners.filter((member) => !voters.includes(member))];
}

/** The highest index that a majority has; of both majorities while a change is under way. */
export function committedIndex(membership: Membership, matchOf: (member: MemberId) => number): number {
  const incoming = majorityIndex(membership.voters, matchOf);
  if (membership.outgoing.length === 0) return incoming;
  const outgoing = majorityIndex(membership.outgoing, matchOf);
  return incoming < outgoing ? incoming : outgoing;
}

function majorityIndex(voters: readonly MemberId[], matchOf: (member: MemberId) => number): number {
  const matches = voters.map(matchOf).toSorted((one, other) => other - one);
  return matches[majorityOf(voters.length) - 1] ?? 0;
}

export type VoteResult = "won" | "lost" | "pending";

/** How an election stands; it is won only with both majorities while a change is under way. */
export function voteResult(membership: Membership, voteOf: (member: MemberId) => boolean | undefined): VoteResult {
  const incoming = resultAmong(membership.voters, voteOf);
  if (membership.outgoing.length === 0) return incoming;
  const outgoing = resultAmong(membership.outgoing, voteOf);
  if (incoming === "lost" || outgoing === "lost") return "lost";
  return incoming === "won" && outgoing === "won" ? "won" : "pending";
}

function resultAmong(voters: readonly MemberId[], voteOf: (member: MemberId) => boolean | undefined): VoteResult {
  const granted = voters.filter((member) => voteOf(member) === true).length;
  const refused = voters.filter((member) => voteOf(member) === false).length;
  const needed = majorityOf(voters.length);
  if (granted >= needed) return "won";
  return voters.length - refused < needed ? "lost" : "pending";
}
