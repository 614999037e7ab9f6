// After the Raft paper, figure 2, and etcd-io/raft raft.go Step; the ideas, not the code.
import { becomeFollower, campaign, countVote } from "./election.ts";
import { isUpToDate } from "./log.ts";
import { hearAppend, hearHeartbeat, hearSnapshot } from "./follow.ts";
import { hearAppendAnswer, hearHeartbeatAnswer, hearProposal, hearReadIndex } from "./lead.ts";
import { type Member, sending } from "./member.ts";
import type { Message } from "./message.ts";

/** The member after a message. */
export function step(member: Member, message: Message): Member {
  if (message.term > member.term) return fromLaterTerm(member, message);
  if (message.term < member.term && isTermed(message)) return fromEarlierTerm(member, message);
  return hear(member, message);
}

/** Proposals and questions of clients have no term of their own. */
function isTermed(message: Message): boolean {
  return message.kind !== "proposal" && message.kind !== "read-index" && message.kind !== "read-index-answer";
}

function fromLaterTerm(member: Member, message: Message): Member {
  const isElection = message.kind === "vote" || message.kind === "pre-vote";
  const isForced = message.kind === "vote" && message.isTransfer;
  if (isElection && !isForced && isUnderLease(member)) return member;
  if (message.kind === "pre-vote") return hear(member, message);
  if (message.kind === "pre-vote-answer" && message.isGranted) return hear(member, message);
  const isFromLeader = message.kind === "append" || message.kind === "heartbeat" || message.kind === "snapshot";
  return hear(becomeFollower(member, message.term, isFromLeader ? message.from : 0), message);
}

/** While a member hears its leader, it helps nobody to depose it (dissertation, section 4.2.3). */
function isUnderLease(member: Member): boolean {
  const { config, leader, electionElapsed } = member;
  return config.isCheckingQuorum && leader !== 0 && electionElapsed < config.electionTicks;
}

/** An old leader learns of the new term from the answer; the rest of what is late is of no use. */
function fromEarlierTerm(member: Member, message: Message): Member {
  const isFromLeader = message.kind === "append" || message.kind === "heartbeat";
  if (isFromLeader) {
    const { last } = member.log;
    return sending(member, message.from, {
      kind: "append-answer",
      isAccepted: false,
      index: 0,
      hintIndex: last,
      hintTerm: 0,
    });
  }
  if (message.kind === "pre-vote") return sending(member, message.from, { kind: "pre-vote-answer", isGranted: false });
  return member;
}

function hear(member: Member, message: Message): Member {
  switch (message.kind) {
    case "vote":
      return hearVote(member, message);
    case "pre-vote":
      return hearPreVote(member, message);
    case "vote-answer":
      return member.role === "candidate" ? countVote(member, message.from, message.isGranted) : member;
    case "pre-vote-answer":
      return member.role === "pre-candidate" ? countVote(member, message.from, message.isGranted) : member;
    case "append":
      return hearAppend(member, message);
    case "heartbeat":
      return hearHeartbeat(member, message);
    case "snapshot":
      return hearSnapshot(member, message);
    case "timeout-now":
      return member.role === "follower" ? campaign(member, "transfer") : member;
    case "append-answer":
      return member.role === "leader" ? hearAppendAnswer(member, message) : member;
    case "heartbeat-answer":
      return member.role === "leader" ? hearHeartbeatAnswer(member, message) : member;
    case "proposal":
      return hearProposal(member, message);
    case "read-index":
      return hearReadIndex(member, message);
    case "read-index-answer": {
      const { context, index } = message;
      return { ...member, readStates: [...member.readStates, { context, index }] };
    }
  }
}

/** One vote a term, for a candidate whose log is at least as up to date (Raft paper, figure 2, RequestVote). */
function hearVote(member: Member, message: Extract<Message, { readonly kind: "vote" }>): Member {
  const isFree = member.vote === message.from || (member.vote === 0 && member.leader === 0);
  const isGranted = isFree && isUpToDate(member.log, message);
  const voted = isGranted ? { ...member, vote: message.from, electionElapsed: 0 } : member;
  return sending(voted, message.from, { kind: "vote-answer", isGranted });
}

/** Would a vote be given? Nothing is promised, so nothing changes. */
function hearPreVote(member: Member, message: Extract<Message, { readonly kind: "pre-vote" }>): Member {
  const isGranted = message.term > member.term && isUpToDate(member.log, message);
  return sending(member, message.from, { kind: "pre-vote-answer", isGranted }, isGranted ? message.term : member.term);
}
