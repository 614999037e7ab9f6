import { ENDPOINT_SLICES, type Misconception } from "./misconception.ts";

/** A Pod that is not ready can no longer be reached. */
export const notReadyIsUnreachable: Misconception = {
  id: "probes/not-ready-is-unreachable",
  claims: ["002-54"],
  source: ENDPOINT_SLICES,
  counterexample: "pod-ip",
};
