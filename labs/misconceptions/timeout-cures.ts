import { type Misconception, PROBE_TASK } from "./misconception.ts";

/** A longer timeout keeps a liveness probe from killing in an outage. */
export const timeoutCures: Misconception = {
  id: "probes/timeout-cures",
  claims: ["002-48"],
  source: PROBE_TASK,
  counterexample: "database-down",
};
