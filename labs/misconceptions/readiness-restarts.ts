import { LIFECYCLE, type Misconception } from "./misconception.ts";

/** A failing readiness probe restarts the container. */
export const readinessRestarts: Misconception = {
  id: "probes/readiness-restarts",
  claims: ["002-48"],
  source: LIFECYCLE,
  counterexample: "readiness-for-an-hour",
};
