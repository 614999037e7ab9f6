import type { Prng } from "../kernel/prng.ts";
import { drawBelow } from "../kernel/prng.ts";
import { fromEntries, get, type SortedMap } from "../kernel/sorted-map.ts";
import { type Log, logAfter } from "./log.ts";
import type { Entry, HardState, MemberId, Membership, Message, Snapshot } from "./message.ts";
import { newProgress, type Progress } from "./progress.ts";
import { membersOf } from "./quorum.ts";

/** How a member is set up. Times are in ticks: how long a tick is, is the caller's business. */
export interface Config {
  readonly electionTicks: number;
  readonly heartbeatTicks: number;
  /** Ask before standing for election, so that a member that was cut off does not disturb the rest (dissertation, section 9.6). */
  readonly isPreVoting: boolean;
  /** A leader that no longer hears a majority steps down (dissertation, section 6.2). */
  readonly isCheckingQuorum: boolean;
  /** How many entries one message carries at most. */
  readonly entriesMax: number;
}

export type Role = "follower" | "pre-candidate" | "candidate" | "leader";

/** A question "how far must I have read?", waiting for a majority to confirm the leader (dissertation, section 6.4). */
export interface PendingRead {
  readonly context: number;
  readonly index: number;
  readonly asker: MemberId;
  readonly confirmedBy: readonly MemberId[];
}

/** One member of a raft group: an immutable value. `step` and `tick` give the next one; `ready` says what must now be done. */
export interface Member {
  readonly id: MemberId;
  readonly config: Config;
  readonly prng: Prng;
  readonly term: number;
  readonly vote: MemberId;
  readonly role: Role;
  readonly leader: MemberId;
  readonly log: Log;
  readonly membership: Membership;
  readonly progress: SortedMap<MemberId, Progress>;
  readonly votes: SortedMap<MemberId, boolean>;
  readonly electionElapsed: number;
  readonly heartbeatElapsed: number;
  /** Drawn anew at each change of role, between one and two election timeouts (Raft paper, section 5.2). */
  readonly electionTimeout: number;
  /** To whom leadership is being handed over; 0: to nobody. */
  readonly transferee: MemberId;
  /** No further change of membership may be proposed before this index is applied. */
  readonly pendingMembershipIndex: number;
  readonly reads: readonly PendingRead[];
  /** Reads that came before this term had a committed entry. */
  readonly postponedReads: readonly { readonly context: number; readonly asker: MemberId }[];
  /** What is to be sent, once what must be on disk is there. */
  readonly outbox: readonly Message[];
  readonly readStates: readonly ReadState[];
  /** What the disk has. */
  readonly persisted: { readonly hardState: HardState; readonly lastIndex: number; readonly snapshotIndex: number };
  /** Entries from this index on are not on the disk yet. */
  readonly unstableFrom: number;
}

/** The answer to a read: once `index` is applied, the state is recent enough. */
export interface ReadState {
  readonly context: number;
  readonly index: number;
}

/** What a member starts from: nothing, or what its disk has. */
export interface Disk {
  readonly hardState: HardState;
  readonly snapshot: Snapshot;
  readonly entries: readonly Entry[];
}

export const emptyMembership: Membership = { voters: [], outgoing: [], learners: [] };

/** The disk of a new member of a group with those voters. */
export function freshDisk(voters: readonly MemberId[]): Disk {
  const membership = { ...emptyMembership, voters };
  return {
    hardState: { term: 0, vote: 0, commit: 0 },
    snapshot: { index: 0, term: 0, membership, data: null },
    entries: [],
  };
}

/** A member as it starts, as a follower, with what its disk has. */
export function startMember(
  id: MemberId,
  disk: Disk,
  settings: { readonly config: Config; readonly prng: Prng },
): Member {
  const { hardState, snapshot, entries } = disk;
  const base = logAfter(snapshot);
  const last = entries.at(-1)?.index ?? snapshot.index;
  const committed = hardState.commit > snapshot.index ? hardState.commit : snapshot.index;
  const log: Log = {
    ...base,
    entries: fromEntries(entries.map((entry) => [entry.index, entry] as const)),
    last,
    committed,
  };
  const member: Member = {
    id,
    config: settings.config,
    prng: settings.prng,
    term: hardState.term,
    vote: hardState.vote,
    role: "follower",
    leader: 0,
    log,
    membership: snapshot.membership,
    progress: null,
    votes: null,
    electionElapsed: 0,
    heartbeatElapsed: 0,
    electionTimeout: settings.config.electionTicks,
    transferee: 0,
    pendingMembershipIndex: 0,
    reads: [],
    postponedReads: [],
    outbox: [],
    readStates: [],
    persisted: { hardState, lastIndex: last, snapshotIndex: snapshot.index },
    unstableFrom: last + 1,
  };
  return withNewTimeout(member);
}

/** A new timeout from the member's own stream of chance. */
export function withNewTimeout(member: Member): Member {
  const { electionTicks } = member.config;
  const draw = drawBelow(member.prng, electionTicks);
  return { ...member, prng: draw.prng, electionTimeout: electionTicks + draw.value };
}

/** What a leader starts to know of the others. */
export function freshProgress(member: Member): SortedMap<MemberId, Progress> {
  return fromEntries(
    membersOf(member.membership).map((id) => [id, newProgress(member.log, id === member.id)] as const),
  );
}

export function matchOf(member: Member, id: MemberId): number {
  return get(member.progress, id)?.match ?? 0;
}

/** A message as its sender writes it: who sends it, and in which term, is added. */
export type Draft = Message extends infer Kind
  ? Kind extends Message
    ? Omit<Kind, "from" | "to" | "term">
    : never
  : never;

/** The member with one more message to send, in its own term unless another is named. */
export function sending(member: Member, to: MemberId, draft: Draft, term: number = member.term): Member {
  const message = { ...draft, from: member.id, to, term } as Message;
  return { ...member, outbox: [...member.outbox, message] };
}
