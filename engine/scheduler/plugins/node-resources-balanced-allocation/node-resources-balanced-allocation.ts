// After kubernetes v1.36 pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go; CPU and memory only.
import { NODE_SCORE_MAX, type Plugin } from "../../framework.ts";
import type { Resources } from "../../resources.ts";

/**
 * Prefers nodes whose use of CPU and of memory the pod brings closer together. 75 means that it makes no difference. A pod
 * that asks for nothing makes none, so the plugin leaves it out.
 */
export const nodeResourcesBalancedAllocation: Plugin<unknown, Resources> = {
  name: "NodeResourcesBalancedAllocation",
  preScore: ({ requests }) =>
    requests.cpuMilli === 0 && requests.memoryBytes === 0 ? { kind: "skip" } : { kind: "prepared", prepared: requests },
  score: (_, { allocatable, requested }, requests) => {
    const without = balance(requested.cpuMilli, requested.memoryBytes, allocatable);
    const withPod = balance(
      requested.cpuMilli + requests.cpuMilli,
      requested.memoryBytes + requests.memoryBytes,
      allocatable,
    );
    return NEUTRAL + Math.floor((withPod - without) / 2);
  },
};

const NEUTRAL = 75;

/** 100 when both are used alike; less by the standard deviation of the two fractions, which is half of their distance. */
function balance(cpuMilli: number, memoryBytes: number, has: Resources): number {
  if (has.cpuMilli === 0 || has.memoryBytes === 0) return NODE_SCORE_MAX;
  const distance = Math.min(cpuMilli / has.cpuMilli, 1) - Math.min(memoryBytes / has.memoryBytes, 1);
  return Math.trunc((1 - Math.abs(distance / 2)) * NODE_SCORE_MAX);
}
