import { type Misconception, PROBE_TASK } from "./misconception.ts";

/** Liveness should ask whether everything that the app needs is well. */
export const livenessChecksDependencies: Misconception = {
  id: "probes/liveness-checks-dependencies",
  claims: ["002-50"],
  source: PROBE_TASK,
  counterexample: "database-down",
};
