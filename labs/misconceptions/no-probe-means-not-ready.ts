import { LIFECYCLE, type Misconception } from "./misconception.ts";

/** Without a probe a Pod is never ready. */
export const noProbeMeansNotReady: Misconception = {
  id: "probes/no-probe-means-not-ready",
  claims: ["002-53"],
  source: LIFECYCLE,
  counterexample: "no-probes",
};
