import { LIFECYCLE, type Misconception } from "./misconception.ts";

/** Probes repair any problem by themselves. */
export const repairsEverything: Misconception = {
  id: "probes/repairs-everything",
  claims: ["002-48"],
  source: LIFECYCLE,
  counterexample: "database-down",
};
