// After the Raft paper, section 5.2 and 5.4, and the dissertation, sections 3.10, 6.2 and 9.6.
import { get, set } from "../kernel/sorted-map.ts";
import { entriesFrom, lastTerm } from "./log.ts";
import { freshProgress, type Member, sending, withNewTimeout } from "./member.ts";
import type { MemberId } from "./message.ts";
import { voteResult, votersOf, type VoteResult } from "./quorum.ts";
import { appendOwn, broadcast } from "./replication.ts";

/** A follower of `leader` (0: of nobody yet) in `term`. A vote is kept for the whole of its term. */
export function becomeFollower(member: Member, term: number, leader: MemberId): Member {
  return {
    ...reset(member),
    term,
    vote: term === member.term ? member.vote : 0,
    role: "follower",
    leader,
  };
}

/** Everything that belongs to a role and not to a member. */
function reset(member: Member): Member {
  return withNewTimeout({
    ...member,
    leader: 0,
    progress: null,
    votes: null,
    electionElapsed: 0,
    heartbeatElapsed: 0,
    transferee: 0,
    pendingMembershipIndex: 0,
    reads: [],
    postponedReads: [],
  });
}

/** Whether the member may stand: it has a vote, and no change of membership waits to be applied. */
export function mayStand(member: Member): boolean {
  if (!votersOf(member.membership).includes(member.id)) return false;
  const { log } = member;
  const waiting = entriesFrom(log, log.applied + 1, log.committed - log.applied);
  return !waiting.some((entry) => entry.kind === "membership");
}

/** Stands for election, after asking first where that is the rule. */
export function campaign(member: Member, how: "ask-first" | "stand" | "transfer"): Member {
  if (!mayStand(member)) return member;
  return how === "ask-first" ? askFirst(member) : stand(member, how === "transfer");
}

function askFirst(member: Member): Member {
  const asking: Member = { ...reset(member), role: "pre-candidate", votes: set(null, member.id, true) };
  if (resultOf(asking) === "won") return stand(asking, false);
  const ends = { lastIndex: member.log.last, lastTerm: lastTerm(member.log) };
  return othersOf(member).reduce(
    (next, id) => sending(next, id, { kind: "pre-vote", ...ends }, member.term + 1),
    asking,
  );
}

function stand(member: Member, isTransfer: boolean): Member {
  const standing: Member = {
    ...reset(member),
    term: member.term + 1,
    vote: member.id,
    role: "candidate",
    votes: set(null, member.id, true),
  };
  if (resultOf(standing) === "won") return becomeLeader(standing);
  const ends = { lastIndex: member.log.last, lastTerm: lastTerm(member.log) };
  return othersOf(member).reduce((next, id) => sending(next, id, { kind: "vote", ...ends, isTransfer }), standing);
}

function othersOf(member: Member): readonly MemberId[] {
  return votersOf(member.membership).filter((id) => id !== member.id);
}

/** The member after one more vote came in. */
export function countVote(member: Member, from: MemberId, isGranted: boolean): Member {
  if (get(member.votes, from) !== undefined) return member;
  const counted = { ...member, votes: set(member.votes, from, isGranted) };
  switch (resultOf(counted)) {
    case "won":
      return counted.role === "pre-candidate" ? stand(counted, false) : becomeLeader(counted);
    case "lost":
      return becomeFollower(counted, counted.term, 0);
    case "pending":
      return counted;
  }
}

function resultOf(member: Member): VoteResult {
  return voteResult(member.membership, (id) => get(member.votes, id));
}

/** A leader begins its term with an empty entry: committing it commits all before it (Raft paper, section 8). */
export function becomeLeader(member: Member): Member {
  const fresh = { ...reset(member), role: "leader" as const, leader: member.id };
  const leading: Member = {
    ...fresh,
    progress: freshProgress(fresh),
    pendingMembershipIndex: member.log.last,
  };
  return broadcast(appendOwn(leading, [{ kind: "normal", data: null }]));
}
