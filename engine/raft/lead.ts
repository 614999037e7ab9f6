import { invariant } from "../kernel/invariant.ts";
import { forEach, get } from "../kernel/sorted-map.ts";
import { agreementBelow, termAt } from "./log.ts";
import { type Member, type ReadState, sending } from "./member.ts";
import type { MemberId, Message } from "./message.ts";
import { accepted, probing, refused } from "./progress.ts";
import { majorityOf, votersOf } from "./quorum.ts";
import { appendOwn, broadcast, broadcastHeartbeat, maybeCommit, sendAppend, withProgress } from "./replication.ts";

export function hearAppendAnswer(
  member: Member,
  message: Extract<Message, { readonly kind: "append-answer" }>,
): Member {
  const progress = get(member.progress, message.from);
  if (progress === undefined) return member;
  const active = { ...progress, isActive: true };
  if (!message.isAccepted) {
    const agreement = agreementBelow(
      member.log,
      message.hintIndex,
      message.hintTerm === 0 ? member.term : message.hintTerm,
    );
    const lowered = refused(active, message.index, agreement.index);
    if (lowered === undefined) return withProgress(member, message.from, active);
    return sendAppend(withProgress(member, message.from, lowered), message.from, true);
  }
  const wasBehind = progress.match < message.index;
  const moved = withProgress(member, message.from, accepted(active, message.index));
  if (!wasBehind && progress.mode === "replicate") return moved;
  const committed = maybeCommit(moved);
  const told = committed.log.committed > member.log.committed ? releaseReads(broadcast(committed)) : committed;
  return handOver(sendAppend(told, message.from, false), message.from);
}

/** The one who was to take over is up to date: it may stand at once. */
function handOver(member: Member, from: MemberId): Member {
  const isReady = member.transferee === from && get(member.progress, from)?.match === member.log.last;
  return isReady ? sending(member, from, { kind: "timeout-now" }) : member;
}

export function hearHeartbeatAnswer(
  member: Member,
  message: Extract<Message, { readonly kind: "heartbeat-answer" }>,
): Member {
  const progress = get(member.progress, message.from);
  if (progress === undefined) return member;
  const active = { ...progress, isActive: true, isWaiting: false };
  const isStuck = active.mode === "replicate" && active.inFlight.length > 0;
  const resumed = withProgress(member, message.from, isStuck ? { ...probing(active), match: active.match } : active);
  const isBehind = active.match < member.log.last;
  const sentOn = isBehind ? sendAppend(resumed, message.from, true) : resumed;
  return message.context === 0 ? sentOn : confirmRead(sentOn, message.from, message.context);
}

export function hearProposal(member: Member, message: Extract<Message, { readonly kind: "proposal" }>): Member {
  if (member.role === "leader") return propose(member, message.entries) ?? member;
  if (member.leader === 0) return member;
  return sending(member, member.leader, { kind: "proposal", entries: message.entries });
}

/** The leader with new entries on their way; undefined where it refuses: it is handing over, or a change of membership is pending. */
export function propose(
  member: Member,
  entries: readonly { readonly kind: "normal" | "membership"; readonly data: unknown }[],
): Member | undefined {
  if (member.role !== "leader" || member.transferee !== 0) return undefined;
  const hasChange = entries.some((entry) => entry.kind === "membership");
  if (hasChange && member.pendingMembershipIndex > member.log.applied) return undefined;
  const appended = appendOwn(member, entries);
  const pendingMembershipIndex = hasChange ? appended.log.last : member.pendingMembershipIndex;
  return broadcast({ ...appended, pendingMembershipIndex });
}

/** A read that is as recent as any: the leader notes its commit index and lets a majority confirm that it still leads. */
export function hearReadIndex(member: Member, message: Extract<Message, { readonly kind: "read-index" }>): Member {
  if (member.role !== "leader") {
    return member.leader === 0
      ? member
      : sending(member, member.leader, { kind: "read-index", context: message.context });
  }
  return readIndex(member, { context: message.context, asker: message.from });
}

interface Question {
  readonly context: number;
  readonly asker: MemberId;
}

export function readIndex(member: Member, question: Question): Member {
  // A new leader does not know what is committed until it has committed something itself (dissertation, section 6.4, step 1).
  if (termAt(member.log, member.log.committed) !== member.term) {
    return { ...member, postponedReads: [...member.postponedReads, question] };
  }
  const read = { ...question, index: member.log.committed, confirmedBy: [member.id] };
  if (majorityOf(votersOf(member.membership).length) === 1) return answerRead(member, read);
  return broadcastHeartbeat({ ...member, reads: [...member.reads, read] }, question.context);
}

function releaseReads(member: Member): Member {
  if (member.postponedReads.length === 0 || termAt(member.log, member.log.committed) !== member.term) return member;
  return member.postponedReads.reduce(readIndex, { ...member, postponedReads: [] });
}

/** A confirmation of one read confirms all that were asked before it. */
function confirmRead(member: Member, from: MemberId, context: number): Member {
  const at = member.reads.findIndex((read) => read.context === context);
  if (at < 0) return member;
  const reads = member.reads.map((read, index) =>
    index > at || read.confirmedBy.includes(from) ? read : { ...read, confirmedBy: [...read.confirmedBy, from] },
  );
  const isConfirmed = hasMajority(member, reads[at]?.confirmedBy ?? []);
  if (!isConfirmed) return { ...member, reads };
  return reads.slice(0, at + 1).reduce(answerRead, { ...member, reads: reads.slice(at + 1) });
}

function hasMajority(member: Member, confirmed: readonly MemberId[]): boolean {
  const { voters, outgoing } = member.membership;
  const isIn = (group: readonly MemberId[]): boolean =>
    group.length === 0 || group.filter((id) => confirmed.includes(id)).length >= majorityOf(group.length);
  return isIn(voters) && isIn(outgoing);
}

function answerRead(member: Member, read: Question & { readonly index: number }): Member {
  const state: ReadState = { context: read.context, index: read.index };
  if (read.asker === member.id) return { ...member, readStates: [...member.readStates, state] };
  return sending(member, read.asker, { kind: "read-index-answer", ...state });
}

/** Whether the leader has heard a majority since the last check; asking clears the account. */
export function checkQuorum(member: Member): { readonly member: Member; readonly isHeard: boolean } {
  const heard: MemberId[] = [];
  let next = member;
  forEach(member.progress, (progress, id) => {
    if (progress.isActive || id === member.id) heard.push(id);
    if (id !== member.id) next = withProgress(next, id, { ...progress, isActive: false });
  });
  return { member: next, isHeard: hasMajority(member, heard) };
}

/** Begins to hand leadership over; it is dropped after an election timeout. */
export function transfer(member: Member, to: MemberId): Member {
  invariant(member.role === "leader", "only a leader hands over leadership");
  const progress = get(member.progress, to);
  if (progress === undefined || to === member.id || !votersOf(member.membership).includes(to)) return member;
  const leaving = { ...member, transferee: to, electionElapsed: 0 };
  return progress.match === member.log.last
    ? sending(leaving, to, { kind: "timeout-now" })
    : sendAppend(leaving, to, true);
}
