import { type Misconception, PROBE_TASK } from "./misconception.ts";

/** A large failureThreshold on liveness costs nothing. */
export const patienceIsFree: Misconception = {
  id: "probes/patience-is-free",
  claims: ["002-51"],
  source: PROBE_TASK,
  counterexample: "detection",
};
