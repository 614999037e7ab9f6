import { becomeFollower, campaign } from "./election.ts";
import { checkQuorum } from "./lead.ts";
import type { Member } from "./member.ts";
import { broadcastHeartbeat } from "./replication.ts";

/** The member one tick later. */
export function tick(member: Member): Member {
  return member.role === "leader" ? tickLeader(member) : tickFollower(member);
}

/** Whoever hears no leader for its timeout stands for election. */
function tickFollower(member: Member): Member {
  const electionElapsed = member.electionElapsed + 1;
  if (electionElapsed < member.electionTimeout) return { ...member, electionElapsed };
  return campaign({ ...member, electionElapsed: 0 }, member.config.isPreVoting ? "ask-first" : "stand");
}

function tickLeader(member: Member): Member {
  const { electionTicks, heartbeatTicks } = member.config;
  const electionElapsed = member.electionElapsed + 1;
  const heartbeatElapsed = member.heartbeatElapsed + 1;
  let next: Member = { ...member, electionElapsed, heartbeatElapsed };
  if (electionElapsed >= electionTicks) next = atElectionTimeout({ ...next, electionElapsed: 0 });
  if (next.role !== "leader" || heartbeatElapsed < heartbeatTicks) return next;
  return broadcastHeartbeat({ ...next, heartbeatElapsed: 0 }, next.reads.at(-1)?.context ?? 0);
}

/** A leader without a majority steps down; a handing-over that did not succeed is given up. */
function atElectionTimeout(member: Member): Member {
  const kept = { ...member, transferee: 0 };
  if (!member.config.isCheckingQuorum) return kept;
  const checked = checkQuorum(kept);
  return checked.isHeard ? checked.member : becomeFollower(checked.member, member.term, 0);
}
