import { type Address, hostOf, type Millis } from "./process.ts";

/**
 * How long a message takes between two hosts where no rule says otherwise. A choice of this model: a round trip of 1 ms
 * or less is usual inside a data centre, and the clock counts whole milliseconds. On one host a message takes no time.
 */
export const LINK_LATENCY_MILLIS: Millis = 1;

/** What the fabric does with messages from one place to another. `*` matches every host. */
export interface Rule {
  /** A name, so that the rule can be taken away again. */
  readonly id: string;
  /** A host, an address `host/process`, or `*`. */
  readonly from: string;
  readonly to: string;
  readonly verdict: Verdict;
}

export type Verdict = { readonly kind: "drop" } | { readonly kind: "deliver"; readonly delayMillis: Millis };

const AT_ONCE: Verdict = { kind: "deliver", delayMillis: 0 };
const OVER_THE_WIRE: Verdict = { kind: "deliver", delayMillis: LINK_LATENCY_MILLIS };

/** The verdict of the first rule that matches, else the latency of the link. */
export function verdictOf(rules: readonly Rule[], from: Address, to: Address): Verdict {
  for (const rule of rules) {
    if (matches(rule.from, from) && matches(rule.to, to)) return rule.verdict;
  }
  return hostOf(from) === hostOf(to) ? AT_ONCE : OVER_THE_WIRE;
}

function matches(pattern: string, address: Address): boolean {
  return pattern === "*" || pattern === address || pattern === hostOf(address);
}
