import { LIFECYCLE, type Misconception } from "./misconception.ts";

/** A startup probe runs as long as the container lives. */
export const startupNeverStops: Misconception = {
  id: "probes/startup-never-stops",
  claims: ["002-56"],
  source: LIFECYCLE,
  counterexample: "startup-how-often",
};
