import { LIFECYCLE, type Misconception } from "./misconception.ts";

/** The wait between restarts doubles for ever. */
export const backoffWithoutLimit: Misconception = {
  id: "probes/backoff-without-limit",
  claims: ["002-16"],
  source: LIFECYCLE,
  counterexample: "crash-loop",
};
