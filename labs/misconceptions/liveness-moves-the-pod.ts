import { LIFECYCLE, type Misconception } from "./misconception.ts";

/** A liveness failure replaces the Pod or moves it to another node. */
export const livenessMovesThePod: Misconception = {
  id: "probes/liveness-moves-the-pod",
  claims: ["002-51"],
  source: LIFECYCLE,
  counterexample: "same-pod",
};
