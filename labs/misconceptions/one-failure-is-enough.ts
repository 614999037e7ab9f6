import { type Misconception, PROBE_TASK } from "./misconception.ts";

/** The first failed probe makes the kubelet act. */
export const oneFailureIsEnough: Misconception = {
  id: "probes/one-failure-is-enough",
  claims: ["002-51"],
  source: PROBE_TASK,
  counterexample: "detection",
  model: ({ periodSeconds, timeoutSeconds }) => periodSeconds + timeoutSeconds,
};
