import { type Misconception, VIRTUAL_IPS } from "./misconception.ts";

/** A Service sends requests to healthy Pods only. */
export const serviceKnowsHealth: Misconception = {
  id: "probes/service-knows-health",
  claims: ["003-75"],
  source: VIRTUAL_IPS,
  counterexample: "ready-is-not-healthy",
};
