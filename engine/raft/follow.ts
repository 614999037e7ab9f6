import { becomeFollower } from "./election.ts";
import { agreementBelow, commitTo, logAfter, merge, termAt } from "./log.ts";
import { type Member, sending } from "./member.ts";
import type { Message } from "./message.ts";

/** AppendEntries at the receiver (Raft paper, figure 2). A candidate that hears a leader of its own term follows it. */
export function hearAppend(member: Member, message: Extract<Message, { readonly kind: "append" }>): Member {
  const following = follow(member, message.from);
  const { log } = following;
  if (message.previousIndex < log.committed) return accept(following, message.from, log.committed);
  if (termAt(log, message.previousIndex) !== message.previousTerm) return refuse(following, message);
  const merged = merge(log, message.entries);
  const last = message.previousIndex + message.entries.length;
  const committed = commitTo(merged, message.commit < last ? message.commit : last);
  const firstNew = message.entries.find((entry) => termAt(log, entry.index) !== entry.term)?.index;
  const unstableFrom = firstNew === undefined || following.unstableFrom < firstNew ? following.unstableFrom : firstNew;
  return accept({ ...following, log: committed, unstableFrom }, message.from, last);
}

function follow(member: Member, leader: number): Member {
  if (member.role === "follower" && member.leader === leader) return { ...member, electionElapsed: 0 };
  return becomeFollower(member, member.term, leader);
}

function accept(member: Member, to: number, index: number): Member {
  return sending(member, to, { kind: "append-answer", isAccepted: true, index, hintIndex: 0, hintTerm: 0 });
}

function refuse(member: Member, message: Extract<Message, { readonly kind: "append" }>): Member {
  const agreement = agreementBelow(member.log, message.previousIndex, message.previousTerm);
  return sending(member, message.from, {
    kind: "append-answer",
    isAccepted: false,
    index: message.previousIndex,
    hintIndex: agreement.index,
    hintTerm: agreement.term,
  });
}

export function hearHeartbeat(member: Member, message: Extract<Message, { readonly kind: "heartbeat" }>): Member {
  const following = follow(member, message.from);
  const log = commitTo(following.log, message.commit < following.log.last ? message.commit : following.log.last);
  return sending({ ...following, log }, message.from, { kind: "heartbeat-answer", context: message.context });
}

/** A snapshot takes the place of a log that lacks it; one that brings nothing new is answered like an append. */
export function hearSnapshot(member: Member, message: Extract<Message, { readonly kind: "snapshot" }>): Member {
  const following = follow(member, message.from);
  const { snapshot } = message;
  if (snapshot.index <= following.log.committed) return accept(following, message.from, following.log.committed);
  if (termAt(following.log, snapshot.index) === snapshot.term) {
    return accept({ ...following, log: commitTo(following.log, snapshot.index) }, message.from, following.log.last);
  }
  const restored: Member = {
    ...following,
    log: { ...logAfter(snapshot), applied: following.log.applied },
    membership: snapshot.membership,
    unstableFrom: snapshot.index + 1,
  };
  return accept(restored, message.from, snapshot.index);
}
