// After client-go util/flowcontrol throttle.go (a token bucket of golang.org/x/time/rate).
import type { Millis } from "../kernel/process.ts";

/**
 * The limit that a client puts on itself: `qps` requests a second, and `burst` at once. A reservation never fails; it
 * says how long to wait. Tokens are counted in thousandths, so that all arithmetic is in integers.
 */
export interface FlowControl {
  readonly qps: number;
  readonly burst: number;
  readonly milliTokens: number;
  readonly at: Millis;
}

/** A full bucket. */
export function openFlowControl(limits: { readonly qps: number; readonly burst: number }, now: Millis): FlowControl {
  return { qps: limits.qps, burst: limits.burst, milliTokens: limits.burst * 1000, at: now };
}

/** Takes one token, if need be one of the future, and says how long to wait for it. */
export function reserve(flow: FlowControl, now: Millis): { readonly flow: FlowControl; readonly waitMillis: Millis } {
  const filled = Math.min(flow.burst * 1000, flow.milliTokens + (now - flow.at) * flow.qps);
  const milliTokens = filled - 1000;
  const waitMillis = milliTokens >= 0 ? 0 : Math.ceil(-milliTokens / flow.qps);
  return { flow: { ...flow, milliTokens, at: now }, waitMillis };
}
