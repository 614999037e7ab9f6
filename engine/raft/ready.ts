// After etcd-io/raft node.go (type Ready) and rawnode.go; the contract, not the code.
import { entriesFrom } from "./log.ts";
import type { Member, ReadState } from "./member.ts";
import type { Entry, HardState, Message, Snapshot } from "./message.ts";

/**
 * What must now be done, in this order: put `hardState`, `entries` and `snapshot` on the disk; only then send `messages`; apply
 * `committed` to the state machine; answer `reads`. Then say so with `done`. A member that spoke before its disk had what it
 * says could break its word after a crash: vote twice, or lose what it confirmed.
 */
export interface Ready {
  readonly hardState: HardState | undefined;
  readonly entries: readonly Entry[];
  readonly snapshot: Snapshot | undefined;
  readonly messages: readonly Message[];
  readonly committed: readonly Entry[];
  readonly reads: readonly ReadState[];
}

/** What is to be done now; undefined when nothing is. */
export function ready(member: Member): Ready | undefined {
  const { log, persisted } = member;
  const hardState = hardStateOf(member);
  const isChanged =
    hardState.term !== persisted.hardState.term ||
    hardState.vote !== persisted.hardState.vote ||
    hardState.commit !== persisted.hardState.commit;
  const from = member.unstableFrom < log.first ? log.first : member.unstableFrom;
  const entries = entriesFrom(log, from, log.last - from + 1);
  const snapshot =
    log.snapshot.index > persisted.snapshotIndex && log.snapshot.index > log.applied ? log.snapshot : undefined;
  const applied = snapshot === undefined ? log.applied : snapshot.index;
  const committed = entriesFrom(log, applied + 1, log.committed - applied);
  const { outbox: messages, readStates: reads } = member;
  const isIdle = !isChanged && entries.length === 0 && snapshot === undefined && committed.length === 0;
  if (isIdle && messages.length === 0 && reads.length === 0) return undefined;
  return { hardState: isChanged ? hardState : undefined, entries, snapshot, messages, committed, reads };
}

function hardStateOf(member: Member): HardState {
  return { term: member.term, vote: member.vote, commit: member.log.committed };
}

/** The member after everything in `ready` was done. */
export function done(member: Member): Member {
  const { log } = member;
  return {
    ...member,
    log: { ...log, applied: log.committed },
    outbox: [],
    readStates: [],
    unstableFrom: log.last + 1,
    persisted: {
      hardState: hardStateOf(member),
      lastIndex: log.last,
      snapshotIndex:
        log.snapshot.index > member.persisted.snapshotIndex ? log.snapshot.index : member.persisted.snapshotIndex,
    },
  };
}
