import { LIFECYCLE, type Misconception } from "./misconception.ts";

/** A startup probe runs only once, when the container starts. */
export const startupRunsOnce: Misconception = {
  id: "probes/startup-runs-once",
  claims: ["002-58"],
  source: LIFECYCLE,
  counterexample: "startup-how-often",
};
