// After kubernetes v1.36 pkg/scheduler/schedule_one.go handleSchedulingFailure, framework/types.go FitError.
import type { Search } from "./cycle.ts";
import { fitMessage, NO_CLAIMS, NO_NODES, NOT_FOUND, refusalMessage } from "./message.ts";
import type { Preemption } from "./preemption.ts";

/** The message of a pod that could not be scheduled: why each node refused it, and why preemption does not help. */
export function unschedulableMessage(found: Search, preemption: Preemption | undefined, nodes: number): string {
  if (nodes === 0) return NO_NODES;
  if (found.refusal !== undefined) {
    return `${refusalMessage(nodes, found.refusal.rejection.reasons.join(", "))} ${NOT_FOUND}`;
  }
  const reasons = fitMessage(
    nodes,
    found.rejections.map(({ rejection }) => rejection),
  );
  if (preemption?.kind !== "hopeless") return reasons;
  return `${reasons} ${NO_CLAIMS}, preemption: ${preemption.message}`;
}
