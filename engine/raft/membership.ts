// After the dissertation, chapter 4 (joint consensus in 4.3), and etcd-io/raft confchange; the ideas, not the code.
import { get, keys, remove, set } from "../kernel/sorted-map.ts";
import { becomeFollower } from "./election.ts";
import type { Member } from "./member.ts";
import type { MemberId, Membership } from "./message.ts";
import { newProgress } from "./progress.ts";
import { membersOf, votersOf } from "./quorum.ts";
import { broadcast, maybeCommit } from "./replication.ts";

/** One change of the group. */
export type MembershipChange =
  | { readonly kind: "add-voter" | "add-learner" | "remove"; readonly id: MemberId }
  /** Several at once, by way of two majorities. */
  | { readonly kind: "enter-joint"; readonly voters: readonly MemberId[]; readonly learners: readonly MemberId[] }
  | { readonly kind: "leave-joint" };

/** The group after a change. A change that changes nothing gives the same group. */
export function changed(membership: Membership, change: MembershipChange): Membership {
  const { voters, outgoing, learners } = membership;
  switch (change.kind) {
    case "add-voter":
      if (voters.includes(change.id)) return membership;
      return { voters: [...voters, change.id], outgoing, learners: without(learners, change.id) };
    case "add-learner":
      if (learners.includes(change.id)) return membership;
      return { voters: without(voters, change.id), outgoing, learners: [...learners, change.id] };
    case "remove":
      return { voters: without(voters, change.id), outgoing, learners: without(learners, change.id) };
    case "enter-joint":
      return { voters: change.voters, outgoing: voters, learners: change.learners };
    case "leave-joint":
      return { voters, outgoing: [], learners };
  }
}

function without(members: readonly MemberId[], id: MemberId): readonly MemberId[] {
  return members.filter((member) => member !== id);
}

/** Applies a committed change. A leader that is no longer a voter steps down; a smaller group may have more committed. */
export function applyMembership(member: Member, change: MembershipChange): Member {
  const membership = changed(member.membership, change);
  if (membership === member.membership) return member;
  const next = { ...member, membership };
  if (member.role !== "leader") return next;
  if (!votersOf(membership).includes(member.id)) return becomeFollower(next, member.term, 0);
  return broadcast(maybeCommit(withMembersTracked(next)));
}

function withMembersTracked(member: Member): Member {
  const members = membersOf(member.membership);
  let { progress } = member;
  for (const id of keys(progress)) if (!members.includes(id)) progress = remove(progress, id);
  for (const id of members) {
    if (get(progress, id) === undefined)
      progress = set(progress, id, { ...newProgress(member.log, false), isActive: true });
  }
  return { ...member, progress };
}
