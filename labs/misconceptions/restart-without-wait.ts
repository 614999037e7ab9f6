import { LIFECYCLE, type Misconception } from "./misconception.ts";

/** A failing container is restarted at once, every time. */
export const restartWithoutWait: Misconception = {
  id: "probes/restart-without-wait",
  claims: ["002-16"],
  source: LIFECYCLE,
  counterexample: "crash-loop",
};
