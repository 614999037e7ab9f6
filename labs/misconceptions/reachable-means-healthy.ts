import { type Misconception, PROBE_TASK } from "./misconception.ts";

/** A program that accepts connections is healthy. */
export const reachableMeansHealthy: Misconception = {
  id: "probes/reachable-means-healthy",
  claims: ["002-52"],
  source: PROBE_TASK,
  counterexample: "tcp-on-a-hung-app",
};
