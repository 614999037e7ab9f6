import { LIFECYCLE, type Misconception } from "./misconception.ts";

/** A liveness failure always restarts the container. */
export const livenessAlwaysRestarts: Misconception = {
  id: "probes/liveness-always-restarts",
  claims: ["002-51", "002-57"],
  source: LIFECYCLE,
  counterexample: "never-policy",
};
