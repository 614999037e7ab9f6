import { type Probes, probesOf } from "../../checks/probe-settings.ts";
import { killsIn } from "../../checks/pod-lines.ts";
import type { Diagnosis, Evidence } from "../../lab.ts";

/** The belief that a message answers, where there is one. */
const BELIEFS: Readonly<Record<string, string>> = {
  "timeout-only": "probes/timeout-cures",
  "liveness-on-database": "probes/liveness-checks-dependencies",
  "no-probes": "probes/service-knows-health",
  "no-readiness": "probes/service-knows-health",
  "too-patient": "probes/patience-is-free",
  "no-liveness": "probes/repairs-everything",
};

function when(reason: string, check: string, fits: (probes: Probes, evidence: Evidence) => boolean): Diagnosis {
  const misconception = BELIEFS[reason];
  return {
    reason,
    checks: [check],
    ...(misconception === undefined ? {} : { misconception }),
    fits: (evidence) => fits(probesOf(evidence.before, "api"), evidence),
  };
}

/** The first that fits chooses the words. */
export const diagnoses: readonly Diagnosis[] = [
  when("timeout-only", "no-restarts", ({ liveness }) => (liveness?.timeoutSeconds ?? 1) > 1),
  when("liveness-on-database", "no-restarts", ({ readiness }) => readiness !== undefined),
  when("no-probes", "withheld", ({ liveness, readiness }) => liveness === undefined && readiness === undefined),
  when("no-readiness", "withheld", ({ readiness }) => readiness === undefined),
  when("restart-delays-return", "errors-end", (_, { lines }) => killsIn(lines, "api-").length > 0),
  when(
    "slow-return",
    "errors-end",
    ({ readiness }) => readiness !== undefined && readiness.successThreshold * readiness.periodSeconds >= 10,
  ),
  when("no-liveness", "deadlock-seen", ({ liveness }) => liveness === undefined),
  when("too-patient", "deadlock-seen", ({ liveness }) => (liveness?.failureThreshold ?? 0) > 5),
];
