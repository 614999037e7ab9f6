import { LIFECYCLE, type Misconception } from "./misconception.ts";

/** Kubernetes waits until the container's port is open. */
export const portIsWatched: Misconception = {
  id: "probes/port-is-watched",
  claims: ["002-53"],
  source: LIFECYCLE,
  counterexample: "no-probes",
};
