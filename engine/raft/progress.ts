import type { Log } from "./log.ts";

/**
 * What a leader knows of one member's log, and how it sends to it: `probe` sends one message and waits, `replicate` sends ahead
 * up to a limit, `snapshot` waits for a snapshot to be taken in. After etcd-io/raft tracker/progress.go.
 */
export interface Progress {
  readonly mode: "probe" | "replicate" | "snapshot";
  /** The highest index known to be in the member's log. */
  readonly match: number;
  /** The next index to send. */
  readonly next: number;
  /** The last indexes of the messages on their way. */
  readonly inFlight: readonly number[];
  /** In `probe`: a message is on its way, and no other is sent until it is answered or a heartbeat is. */
  readonly isWaiting: boolean;
  /** Whether the member has spoken since the last quorum check. */
  readonly isActive: boolean;
  /** In `snapshot`: the index of the snapshot on its way. */
  readonly pendingSnapshot: number;
}

/** How many append messages may be on their way to one member. Source: etcd server, maxInflightMsgs = 512; the model's tests lower it. */
export const IN_FLIGHT_MAX = 512;

export function newProgress(log: Log, isSelf: boolean): Progress {
  return {
    mode: isSelf ? "replicate" : "probe",
    match: isSelf ? log.last : 0,
    next: log.last + 1,
    inFlight: [],
    isWaiting: false,
    isActive: isSelf,
    pendingSnapshot: 0,
  };
}

export function mayBeSent(progress: Progress): boolean {
  if (progress.mode === "snapshot") return false;
  return progress.mode === "probe" ? !progress.isWaiting : progress.inFlight.length < IN_FLIGHT_MAX;
}

/** The progress after entries up to `last` went out. */
export function sent(progress: Progress, last: number): Progress {
  if (progress.mode === "probe") return { ...progress, isWaiting: true };
  if (last < progress.next) return progress;
  return { ...progress, next: last + 1, inFlight: [...progress.inFlight, last] };
}

/** The progress after the member said that it has everything up to `index`. */
export function accepted(progress: Progress, index: number): Progress {
  const match = index > progress.match ? index : progress.match;
  const next = match + 1 > progress.next ? match + 1 : progress.next;
  const inFlight = progress.inFlight.filter((last) => last > index);
  const isCaughtUp = progress.mode === "snapshot" && match < progress.pendingSnapshot;
  if (isCaughtUp) return { ...progress, match, isActive: true };
  if (progress.mode === "replicate") return { ...progress, match, next, inFlight, isActive: true };
  return { ...progress, mode: "replicate", match, next: match + 1, inFlight: [], isWaiting: false, isActive: true };
}

/** The progress after the member refused an append that followed `index`; undefined when the refusal is out of date. */
export function refused(progress: Progress, index: number, agreedIndex: number): Progress | undefined {
  if (progress.mode === "replicate") {
    if (index <= progress.match) return undefined;
    return { ...probing(progress), next: progress.match + 1 };
  }
  if (progress.next - 1 !== index) return undefined;
  const next = agreedIndex + 1 < index ? agreedIndex + 1 : index;
  return { ...progress, next: next > progress.match + 1 ? next : progress.match + 1, isWaiting: false, isActive: true };
}

export function probing(progress: Progress): Progress {
  return { ...progress, mode: "probe", next: progress.match + 1, inFlight: [], isWaiting: false, isActive: true };
}

export function sendingSnapshot(progress: Progress, index: number): Progress {
  return { ...progress, mode: "snapshot", pendingSnapshot: index, inFlight: [], isWaiting: false };
}
