import { type Misconception, PROBE_TASK } from "./misconception.ts";

/** initialDelaySeconds counts again before every detection. */
export const delayAgainAfterReady: Misconception = {
  id: "probes/delay-again-after-ready",
  claims: ["002-51"],
  source: PROBE_TASK,
  counterexample: "detection",
  model: (setting) =>
    setting.initialDelaySeconds + setting.periodSeconds * setting.failureThreshold + setting.timeoutSeconds,
};
