import { type Probes, probesOf } from "../../checks/probe-settings.ts";
import type { Diagnosis, Evidence, Failure } from "../../lab.ts";

type Fits = (probes: Probes, failure: Failure) => boolean;

function start(reason: string, misconception: string | undefined, fits: Fits): Diagnosis {
  return made(reason, "survives-start", misconception, (probes, failure) => fits(probes, failure));
}

function hang(reason: string, misconception: string | undefined, fits: Fits): Diagnosis {
  return made(
    reason,
    "hang-replaced",
    misconception,
    (probes, failure) => failure.reason === "hang-replaced" && fits(probes, failure),
  );
}

function made(reason: string, check: string, misconception: string | undefined, fits: Fits): Diagnosis {
  return {
    reason,
    checks: [check],
    ...(misconception === undefined ? {} : { misconception }),
    fits: (evidence: Evidence, failure: Failure) => fits(probesOf(evidence.before, "app"), failure),
  };
}

/** The first that fits chooses the words. */
export const diagnoses: readonly Diagnosis[] = [
  start("startup-once", "probes/startup-runs-once", ({ startup }) => startup?.failureThreshold === 1),
  start(
    "budget-too-small",
    undefined,
    ({ startup }, { facts }) => startup !== undefined && facts["probe"] === "startup",
  ),
  start(
    "delay-too-short",
    "probes/delay-instead-of-startup",
    ({ startup, liveness }) => startup === undefined && (liveness?.initialDelaySeconds ?? 0) > 0,
  ),
  hang("no-liveness", "probes/repairs-everything", ({ liveness }) => liveness === undefined),
  hang("port-only", "probes/reachable-means-healthy", ({ liveness }) => liveness?.mechanism === "tcpSocket"),
  hang(
    "delay-leaves-gap",
    "probes/delay-instead-of-startup",
    (_, { facts }) => Number(facts["delaySeconds"]) > Number(facts["hangSeconds"]),
  ),
  hang("too-patient", "probes/patience-is-free", ({ liveness }) => (liveness?.failureThreshold ?? 0) > 5),
  hang("one-second-late", undefined, (_, { facts }) => Number(facts["patienceSeconds"]) > 20),
];
