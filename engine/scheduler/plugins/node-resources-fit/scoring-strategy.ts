// After kubernetes v1.36 pkg/scheduler/framework/plugins/noderesources/resource_allocation.go, least_allocated.go,
// most_allocated.go, requested_to_capacity_ratio.go.
import { NODE_SCORE_MAX } from "../../framework.ts";
import type { PodInfo } from "../../pod-info.ts";
import type { NodeInfo } from "../../snapshot.ts";

/** How nodes are compared by their resources. */
export interface ScoringStrategy {
  readonly type: "LeastAllocated" | "MostAllocated" | "RequestedToCapacityRatio";
  readonly resources: readonly { readonly name: string; readonly weight: number }[];
  /** The points of RequestedToCapacityRatio: utilisation from 0 to 100, score from 0 to 10. */
  readonly shape?: readonly { readonly utilization: number; readonly score: number }[];
}

const CPU_AND_MEMORY = [
  { name: "cpu", weight: 1 },
  { name: "memory", weight: 1 },
] as const;

export const leastAllocated: ScoringStrategy = { type: "LeastAllocated", resources: CPU_AND_MEMORY };

/** The pod's requests on top of what the node has given away, against what it has. CPU and memory never count as zero. */
export function strategyScore(strategy: ScoringStrategy, pod: PodInfo, node: NodeInfo): number {
  let sum = 0;
  let weights = 0;
  for (const { name, weight } of strategy.resources) {
    const has = amountOf(node.allocatable, name);
    if (has === 0) continue;
    const wanted = amountOf(node.scoreRequested, name) + amountOf(pod.scoreRequests, name);
    if (amountOf(pod.scoreRequests, name) === 0 && name !== "cpu" && name !== "memory") continue;
    const score = scoreOf(strategy, wanted, has);
    // A ratio of 0 says nothing; upstream leaves its weight out. The other strategies count it.
    if (strategy.type === "RequestedToCapacityRatio" && score === 0) continue;
    sum += score * weight;
    weights += weight;
  }
  if (weights === 0) return 0;
  return strategy.type === "RequestedToCapacityRatio" ? Math.floor(sum / weights + 0.5) : Math.trunc(sum / weights);
}

function amountOf(resources: PodInfo["requests"], name: string): number {
  if (name === "cpu") return resources.cpuMilli;
  if (name === "memory") return resources.memoryBytes;
  return name === "ephemeral-storage" ? resources.ephemeralBytes : (resources.scalars[name] ?? 0);
}

function scoreOf(strategy: ScoringStrategy, wanted: number, has: number): number {
  if (strategy.type === "LeastAllocated") return wanted > has ? 0 : Math.trunc(((has - wanted) * NODE_SCORE_MAX) / has);
  if (strategy.type === "MostAllocated") return Math.trunc((Math.min(wanted, has) * NODE_SCORE_MAX) / has);
  return ratioScore(strategy.shape ?? [], wanted > has ? 100 : Math.trunc((wanted * 100) / has));
}

/** Linear between the points of the shape; a score of 10 there is 100 here. */
function ratioScore(shape: NonNullable<ScoringStrategy["shape"]>, utilization: number): number {
  const points = shape.map((point) => ({ utilization: point.utilization, score: point.score * 10 }));
  const next = points.findIndex((point) => utilization <= point.utilization);
  if (next < 0) return points.at(-1)?.score ?? 0;
  const to = points[next];
  const from = points[next - 1];
  if (to === undefined || from === undefined) return to?.score ?? 0;
  const run = to.utilization - from.utilization;
  return from.score + Math.trunc(((to.score - from.score) * (utilization - from.utilization)) / run);
}
