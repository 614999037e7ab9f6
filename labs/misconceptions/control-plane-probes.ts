import { LIFECYCLE, type Misconception } from "./misconception.ts";

/** The control plane runs the probes. */
export const controlPlaneProbes: Misconception = {
  id: "probes/control-plane-probes",
  claims: ["004-72"],
  source: LIFECYCLE,
  counterexample: "who-asks",
};
