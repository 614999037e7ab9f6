// After client-go util/flowcontrol backoff.go; not modelled: garbage collection of old entries.
import type { Millis } from "../kernel/process.ts";
import { BACK_OFF_FIRST_MILLIS, BACK_OFF_MILLIS_MAX } from "./constants.ts";
import type { BackOffEntry } from "./state.ts";

/** An entry is forgotten when what it is asked about happened twice the longest back-off after its last change: ten minutes. */
function hasExpired(entry: BackOffEntry, eventAt: Millis): boolean {
  return eventAt - entry.updatedAt > 2 * BACK_OFF_MILLIS_MAX;
}

/** Whether what happened at `eventAt` still holds a restart back at `now`. */
export function isBackingOff(entry: BackOffEntry | undefined, eventAt: Millis, now: Millis): entry is BackOffEntry {
  return entry !== undefined && !hasExpired(entry, eventAt) && now - eventAt < entry.millis;
}

/** The entry after one more start: 10 s at first, then twice as long each time, at most 300 s. */
export function nextBackOff(entry: BackOffEntry | undefined, eventAt: Millis, now: Millis): BackOffEntry {
  if (entry === undefined || hasExpired(entry, eventAt)) return { millis: BACK_OFF_FIRST_MILLIS, updatedAt: now };
  return { millis: Math.min(entry.millis * 2, BACK_OFF_MILLIS_MAX), updatedAt: now };
}

/** A duration as Go prints it: `10s`, `1m20s`, `5m0s`. */
export function printDuration(millis: Millis): string {
  const seconds = Math.floor(millis / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = seconds % 60;
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}
