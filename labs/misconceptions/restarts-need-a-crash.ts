import { LIFECYCLE, type Misconception } from "./misconception.ts";

/** A container is restarted only when its program crashes. */
export const restartsNeedACrash: Misconception = {
  id: "probes/restarts-need-a-crash",
  claims: ["002-51"],
  source: LIFECYCLE,
  counterexample: "database-down",
};
