// After the Raft paper, section 5.3, and etcd-io/raft raft.go maybeSendAppend; the ideas, not the code.
import { forEach, get, set } from "../kernel/sorted-map.ts";
import { append, commitTo, entriesFrom, termAt } from "./log.ts";
import { matchOf, type Member, sending } from "./member.ts";
import type { Entry, MemberId } from "./message.ts";
import { mayBeSent, type Progress, sendingSnapshot, sent } from "./progress.ts";
import { committedIndex } from "./quorum.ts";

/** The leader with entries of its own appended, and sent to everybody. */
export function appendOwn(member: Member, entries: readonly Pick<Entry, "kind" | "data">[]): Member {
  const { term } = member;
  const numbered = entries.map((entry, index) => ({ ...entry, term, index: member.log.last + 1 + index }));
  return maybeCommit(withOwnMatch({ ...member, log: append(member.log, numbered) }));
}

function withOwnMatch(member: Member): Member {
  const own = get(member.progress, member.id);
  if (own === undefined) return member;
  const { last } = member.log;
  return { ...member, progress: set(member.progress, member.id, { ...own, match: last, next: last + 1 }) };
}

/** The leader after it sent to each member what that member does not have, as far as it may. */
export function broadcast(member: Member): Member {
  let next = member;
  forEach(member.progress, (_, id) => {
    if (id !== member.id) next = sendAppend(next, id, true);
  });
  return next;
}

/** Sends one append, or a snapshot when the log no longer has what the member needs. */
export function sendAppend(member: Member, to: MemberId, isEmptyAllowed: boolean): Member {
  const progress = get(member.progress, to);
  if (progress === undefined || !mayBeSent(progress)) return member;
  const previousIndex = progress.next - 1;
  const previousTerm = termAt(member.log, previousIndex);
  if (previousTerm === undefined) return sendSnapshot(member, to, progress);
  const entries = entriesFrom(member.log, progress.next, member.config.entriesMax);
  if (entries.length === 0 && !isEmptyAllowed) return member;
  const commit = member.log.committed;
  const told = sending(member, to, { kind: "append", previousIndex, previousTerm, entries, commit });
  const last = previousIndex + entries.length;
  return entries.length === 0 && progress.mode === "replicate" ? told : withProgress(told, to, sent(progress, last));
}

function sendSnapshot(member: Member, to: MemberId, progress: Progress): Member {
  if (!progress.isActive) return member;
  const { snapshot } = member.log;
  const told = sending(member, to, { kind: "snapshot", snapshot });
  return withProgress(told, to, sendingSnapshot(progress, snapshot.index));
}

export function withProgress(member: Member, id: MemberId, progress: Progress): Member {
  return { ...member, progress: set(member.progress, id, progress) };
}

/**
 * Commits what a majority has, but only up to an entry of the leader's own term: an older entry on a majority may still be
 * replaced, and is committed by the one that follows it (Raft paper, section 5.4.2 and figure 8).
 */
export function maybeCommit(member: Member): Member {
  const index = committedIndex(member.membership, (id) => matchOf(member, id));
  if (index <= member.log.committed || termAt(member.log, index) !== member.term) return member;
  return { ...member, log: commitTo(member.log, index) };
}

/** Heartbeats to everybody; `context` is the read that they confirm, or 0. A member is told no commit that it may not have. */
export function broadcastHeartbeat(member: Member, context: number): Member {
  let next = member;
  forEach(member.progress, (progress, id) => {
    if (id === member.id) return;
    const commit = progress.match < member.log.committed ? progress.match : member.log.committed;
    next = sending(next, id, { kind: "heartbeat", commit, context });
  });
  return next;
}
