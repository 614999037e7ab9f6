/** The number of a member of the group, 1 and up; 0 means none. */
export type MemberId = number;

/** One line of the log that all members will agree on. What it carries is opaque to raft. */
export interface Entry {
  readonly index: number;
  readonly term: number;
  readonly kind: "normal" | "membership";
  readonly data: unknown;
}

/** What must be on disk before a member speaks (Raft paper, figure 2, "persistent state"). */
export interface HardState {
  readonly term: number;
  readonly vote: MemberId;
  readonly commit: number;
}

/** All state up to `index`, in place of the entries (Raft paper, section 7). */
export interface Snapshot {
  readonly index: number;
  readonly term: number;
  readonly membership: Membership;
  readonly data: unknown;
}

/** Who belongs to the group. While a change with two majorities is under way, `outgoing` has the old voters. */
export interface Membership {
  readonly voters: readonly MemberId[];
  readonly outgoing: readonly MemberId[];
  readonly learners: readonly MemberId[];
}

/** What members say to each other; `term` is the sender's, except where the message says otherwise. */
export type Message = { readonly from: MemberId; readonly to: MemberId; readonly term: number } & (
  | { readonly kind: "vote"; readonly lastIndex: number; readonly lastTerm: number; readonly isTransfer: boolean }
  | { readonly kind: "vote-answer"; readonly isGranted: boolean }
  /** Asks whether an election could be won, without starting one; `term` is the term that it would have. */
  | { readonly kind: "pre-vote"; readonly lastIndex: number; readonly lastTerm: number }
  | { readonly kind: "pre-vote-answer"; readonly isGranted: boolean }
  | {
      readonly kind: "append";
      readonly previousIndex: number;
      readonly previousTerm: number;
      readonly entries: readonly Entry[];
      readonly commit: number;
    }
  /** `hintIndex` and `hintTerm` say where the follower's log could agree, when it refused. */
  | {
      readonly kind: "append-answer";
      readonly isAccepted: boolean;
      readonly index: number;
      readonly hintIndex: number;
      readonly hintTerm: number;
    }
  | { readonly kind: "heartbeat"; readonly commit: number; readonly context: number }
  | { readonly kind: "heartbeat-answer"; readonly context: number }
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot }
  /** Tells the receiver to stand for election at once (dissertation, section 3.10). */
  | { readonly kind: "timeout-now" }
  /** A client's proposal that a follower passes on to the leader. */
  | { readonly kind: "proposal"; readonly entries: readonly Pick<Entry, "kind" | "data">[] }
  | { readonly kind: "read-index"; readonly context: number }
  | { readonly kind: "read-index-answer"; readonly context: number; readonly index: number }
);
