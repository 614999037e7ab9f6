import { type Misconception, VIRTUAL_IPS } from "./misconception.ts";

/** One hung Pod makes the whole Service fail. */
export const onePodBreaksTheService: Misconception = {
  id: "probes/one-pod-breaks-the-service",
  claims: ["003-75"],
  source: VIRTUAL_IPS,
  counterexample: "ready-is-not-healthy",
};
