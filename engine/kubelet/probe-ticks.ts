// After kubernetes v1.36 pkg/kubelet/prober/worker.go: a ticker of its own for each probe.
import type { ContainerStatus, Probe } from "../api/generated/types.ts";
import { parseTime } from "../api/time.ts";
import type { Millis } from "../kernel/process.ts";
import type { ProbeWorker } from "./state.ts";

/** The first tick at or after `from`. */
export function tickFrom(probe: ProbeWorker, from: Millis, period: Millis): Millis {
  if (from <= probe.tickAt) return probe.tickAt;
  return probe.tickAt + Math.ceil((from - probe.tickAt) / period) * period;
}

/** The start of the container plus its initial delay, in whole seconds as worker.go counts them. */
export function delayEnd(spec: Probe, status: ContainerStatus, epochMillis: number): Millis {
  const started = parseStart(status.state?.running?.startedAt, epochMillis);
  return started + (spec.initialDelaySeconds ?? 0) * 1000;
}

/** How many ticks there were since the last look. */
export function ticksBetween(probe: ProbeWorker, period: Millis, until: Millis): number {
  const first = tickFrom(probe, probe.countedUntil, period);
  return first >= until ? 0 : Math.ceil((until - first) / period);
}

/** Starts are shown in whole seconds, and worker.go counts from them. */
function parseStart(date: string | undefined, epochMillis: number): Millis {
  return (parseTime(date ?? "") ?? epochMillis) - epochMillis;
}
