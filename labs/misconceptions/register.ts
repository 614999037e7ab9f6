import { backoffWithoutLimit } from "./backoff-without-limit.ts";
import { controlPlaneProbes } from "./control-plane-probes.ts";
import { delayAgainAfterReady } from "./delay-again-after-ready.ts";
import { delayInsteadOfStartup } from "./delay-instead-of-startup.ts";
import { livenessAlwaysRestarts } from "./liveness-always-restarts.ts";
import { livenessChecksDependencies } from "./liveness-checks-dependencies.ts";
import { livenessMovesThePod } from "./liveness-moves-the-pod.ts";
import type { Misconception } from "./misconception.ts";
import { neverSwitchesProbesOff } from "./never-switches-probes-off.ts";
import { noProbeMeansNotReady } from "./no-probe-means-not-ready.ts";
import { notReadyIsUnreachable } from "./not-ready-is-unreachable.ts";
import { oneFailureIsEnough } from "./one-failure-is-enough.ts";
import { onePodBreaksTheService } from "./one-pod-breaks-the-service.ts";
import { patienceIsFree } from "./patience-is-free.ts";
import { portIsWatched } from "./port-is-watched.ts";
import { reachableMeansHealthy } from "./reachable-means-healthy.ts";
import { readinessRestarts } from "./readiness-restarts.ts";
import { redirectFails } from "./redirect-fails.ts";
import { repairsEverything } from "./repairs-everything.ts";
import { restartWithoutWait } from "./restart-without-wait.ts";
import { restartsNeedACrash } from "./restarts-need-a-crash.ts";
import { serviceKnowsHealth } from "./service-knows-health.ts";
import { serviceOwnsThePodIp } from "./service-owns-the-pod-ip.ts";
import { startupNeverStops } from "./startup-never-stops.ts";
import { startupRunsOnce } from "./startup-runs-once.ts";
import { threeMechanisms } from "./three-mechanisms.ts";
import { timeoutCures } from "./timeout-cures.ts";

/** The register: one line for each belief. */
export const misconceptions: readonly Misconception[] = [
  startupRunsOnce,
  startupNeverStops,
  readinessRestarts,
  reachableMeansHealthy,
  threeMechanisms,
  repairsEverything,
  noProbeMeansNotReady,
  portIsWatched,
  livenessMovesThePod,
  livenessAlwaysRestarts,
  neverSwitchesProbesOff,
  oneFailureIsEnough,
  delayAgainAfterReady,
  redirectFails,
  delayInsteadOfStartup,
  timeoutCures,
  patienceIsFree,
  notReadyIsUnreachable,
  serviceOwnsThePodIp,
  restartsNeedACrash,
  serviceKnowsHealth,
  onePodBreaksTheService,
  livenessChecksDependencies,
  restartWithoutWait,
  backoffWithoutLimit,
  controlPlaneProbes,
];
