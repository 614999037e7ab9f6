// After kubernetes v1.36 pkg/controller/nodelifecycle/node_lifecycle_controller.go handleDisruption, ComputeZoneState, and
// scheduler/rate_limited_queue.go.
import type { Millis } from "../../kernel/process.ts";

export type ZoneState = "Initial" | "Normal" | "PartialDisruption" | "FullDisruption";

/** Source: --node-eviction-rate 0.1, --secondary-node-eviction-rate 0.01, in nodes per 100 s. */
export const RATE = 10;
export const SECONDARY_RATE = 1;
/** Source: --unhealthy-zone-threshold 0.55 and --large-cluster-size-threshold 50. */
export const UNHEALTHY_PERCENT = 55;
export const LARGE_ZONE = 50;

/** A zone: how it is, how fast nodes may be tainted in it, and which nodes wait for that. */
export interface Zone {
  readonly state: ZoneState;
  /** Nodes per 100 s; 0: none. */
  readonly rate: number;
  /** In 1/100 000 of a node. */
  readonly tokens: number;
  readonly at: Millis;
  readonly waiting: readonly string[];
}

const FULL = 100_000;

export function newZone(now: Millis): Zone {
  return { state: "Initial", rate: RATE, tokens: FULL, at: now, waiting: [] };
}

export function stateOf(counts: { readonly ready: number; readonly notReady: number }): ZoneState {
  const { ready, notReady } = counts;
  if (ready === 0 && notReady > 0) return "FullDisruption";
  if (notReady > 2 && notReady * 100 >= UNHEALTHY_PERCENT * (notReady + ready)) return "PartialDisruption";
  return "Normal";
}

export function rateIn(state: ZoneState, nodeCount: number): number {
  if (state !== "PartialDisruption") return RATE;
  return nodeCount > LARGE_ZONE ? SECONDARY_RATE : 0;
}

/** A zone whose rate changes starts with a full bucket, as a new limiter does. */
export function withRate(zone: Zone, rate: number, now: Millis): Zone {
  return zone.rate === rate ? zone : { ...zone, rate, tokens: rate === 0 ? 0 : FULL, at: now };
}

/** Takes a token where there is one; says otherwise when there will be, or undefined for never. */
export function tryAccept(zone: Zone, now: Millis): { readonly zone: Zone; readonly waitMillis: number | undefined } {
  if (zone.rate === 0) return { zone, waitMillis: undefined };
  const tokens = Math.min(FULL, zone.tokens + (now - zone.at) * zone.rate);
  if (tokens >= FULL) return { zone: { ...zone, tokens: 0, at: now }, waitMillis: 0 };
  return { zone: { ...zone, tokens, at: now }, waitMillis: Math.ceil((FULL - tokens) / zone.rate) };
}
