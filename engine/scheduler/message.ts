// After kubernetes v1.36 pkg/scheduler/framework/types.go FitError.
import type { Rejection } from "./framework.ts";

/** `0/5 nodes are available: 1 node(s) were unschedulable, 4 Insufficient cpu.`: the reasons with how often each was given. */
export function fitMessage(nodes: number, rejections: readonly Rejection[]): string {
  const counts = new Map<string, number>();
  for (const { reasons } of rejections) {
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const histogram = [...counts].map(([reason, count]) => `${count} ${reason}`).toSorted();
  return histogram.length === 0 ? unavailable(nodes) : `${unavailable(nodes)} ${histogram.join(", ")}.`;
}

/** The message when a plugin refused the pod before any node was looked at. */
export function refusalMessage(nodes: number, reason: string): string {
  return `${unavailable(nodes)} ${reason}.`;
}

function unavailable(nodes: number): string {
  return `0/${nodes} nodes are available:`;
}

/** Source: schedule_one.go ErrNoNodesAvailable. */
export const NO_NODES = "no nodes available to schedule pods";

/**
 * What dynamic resource allocation says when it has nothing to give back: its postFilter comes before preemption, so this
 * stands in every message. Source: dynamicresources.go PostFilter.
 */
export const NO_CLAIMS = "no new claims to deallocate";

/**
 * After a refusal by a preFilter, the postFilter of dynamic resource allocation finds that its own preFilter never ran, and
 * that is an error, which ends the matter: preemption is not tried. Source: recorded with v1.36.2, `… not found. not found`.
 */
export const NOT_FOUND = "not found";
