import { LIFECYCLE, type Misconception } from "./misconception.ts";

/** With restartPolicy Never a liveness probe has no effect. */
export const neverSwitchesProbesOff: Misconception = {
  id: "probes/never-switches-probes-off",
  claims: ["002-51"],
  source: LIFECYCLE,
  counterexample: "never-policy",
};
