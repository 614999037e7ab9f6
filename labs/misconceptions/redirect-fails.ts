import { type Misconception, PROBE_TASK } from "./misconception.ts";

/** An HTTP probe needs the status 200. */
export const redirectFails: Misconception = {
  id: "probes/redirect-fails",
  claims: ["002-52"],
  source: PROBE_TASK,
  counterexample: "redirect",
};
