import type { Belief } from "../../checks/predictions.ts";
import { delayAgainAfterReady } from "../../misconceptions/delay-again-after-ready.ts";
import type { Misconception, ProbeSetting } from "../../misconceptions/misconception.ts";
import { oneFailureIsEnough } from "../../misconceptions/one-failure-is-enough.ts";

/** What a belief works out for a setting. */
function by(id: string, belief: Misconception, setting: ProbeSetting): Belief {
  return { id, value: belief.model?.(setting) ?? Number.NaN, misconception: belief.id };
}

const HANG: ProbeSetting = { initialDelaySeconds: 0, periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 };
const UNREADY: ProbeSetting = { initialDelaySeconds: 0, periodSeconds: 5, timeoutSeconds: 0, failureThreshold: 3 };
const DELAY: ProbeSetting = { initialDelaySeconds: 30, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 3 };

/** Wrong numbers and where they come from. */
export const detectionBeliefs: Readonly<Record<string, readonly Belief[]>> = {
  hang: [by("one-failure", oneFailureIsEnough, HANG)],
  unready: [by("one-failure", oneFailureIsEnough, UNREADY)],
  delay: [by("one-failure", oneFailureIsEnough, DELAY), by("delay-again", delayAgainAfterReady, DELAY)],
  "slow-start": [
    { id: "whole-budget", value: 300, misconception: "probes/delay-instead-of-startup" },
    { id: "once", value: 0, misconception: "probes/startup-runs-once" },
  ],
  "delayed-ready": [{ id: "no-delay", value: 3, misconception: "probes/no-probe-means-not-ready" }],
  budget: [
    { id: "once", value: 5, misconception: "probes/startup-runs-once" },
    { id: "once", value: 0, misconception: "probes/startup-runs-once" },
    { id: "waits", value: 300, misconception: "probes/repairs-everything" },
  ],
};
