import { type Misconception, PROBE_TASK } from "./misconception.ts";

/** A long initialDelaySeconds is as good as a startup probe. */
export const delayInsteadOfStartup: Misconception = {
  id: "probes/delay-instead-of-startup",
  claims: ["002-57"],
  source: PROBE_TASK,
  counterexample: "slow-start-with-delay",
};
