// After kubernetes v1.36 pkg/scheduler/framework/plugins/noderesources/fit.go, least_allocated.go;
// not modelled: resources ignored by configuration, extended resources that dynamic resource allocation provides.
import type { Node } from "../../../api/generated/types.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import type { Plugin, Rejection } from "../../framework.ts";
import type { PodInfo } from "../../pod-info.ts";
import { type NodeInfo, podCount } from "../../snapshot.ts";
import { leastAllocated, type ScoringStrategy, strategyScore } from "./scoring-strategy.ts";

/** Keeps pods off nodes that have too little left, and prefers nodes by how much is left. */
export function nodeResourcesFitWith(strategy: ScoringStrategy): Plugin<PodInfo, PodInfo> {
  return {
    name: "NodeResourcesFit",
    preFilter: (pod) => ({ kind: "prepared", prepared: pod }),
    filter: (pod, node) => shortage(pod, node),
    addPod: (prepared) => prepared,
    removePod: (prepared) => prepared,
    score: (pod, node) => strategyScore(strategy, pod, node),
    hints: [
      { resource: "AssignedPod", helps: (_, { before, after }) => freesSomething(before, after) },
      { resource: "UnscheduledPod" },
      {
        resource: "Node",
        helps: (_, { before, after }) => nodeMayFit(before as Node | undefined, after as Node | undefined),
      },
    ],
  };
}

/** The default: the emptier of two nodes is preferred. */
export const nodeResourcesFit: Plugin<PodInfo, PodInfo> = nodeResourcesFitWith(leastAllocated);

/** The resources of which the node has too little left; undefined when the pod fits. */
function shortage(pod: PodInfo, node: NodeInfo): Rejection | undefined {
  const { requests } = pod;
  const { allocatable, requested } = node;
  const reasons: string[] = [];
  let isHopeless = false;
  if (podCount(node) + 1 > node.podsMax) reasons.push("Too many pods");
  const check = (name: string, wanted: number, has: number, used: number): void => {
    if (wanted === 0 || wanted <= has - used) return;
    reasons.push(`Insufficient ${name}`);
    if (wanted > has) isHopeless = true;
  };
  check("cpu", requests.cpuMilli, allocatable.cpuMilli, requested.cpuMilli);
  check("memory", requests.memoryBytes, allocatable.memoryBytes, requested.memoryBytes);
  check("ephemeral-storage", requests.ephemeralBytes, allocatable.ephemeralBytes, requested.ephemeralBytes);
  for (const name in requests.scalars) {
    check(name, requests.scalars[name] ?? 0, allocatable.scalars[name] ?? 0, requested.scalars[name] ?? 0);
  }
  if (reasons.length === 0) return undefined;
  return { kind: isHopeless ? "unresolvable" : "unschedulable", reasons };
}

/** A pod that went, or that was resized, helps when it had something that the waiting pod wants. */
function freesSomething(before: unknown, after: unknown): boolean {
  if (before === undefined) return false;
  if (after === undefined) return true;
  const specOf = (pod: unknown): unknown =>
    (pod as { readonly spec?: { readonly containers?: unknown } }).spec?.containers;
  return !isSemanticallyEqual(specOf(before), specOf(after));
}

function nodeMayFit(before: Node | undefined, after: Node | undefined): boolean {
  if (after === undefined) return false;
  return before === undefined || !isSemanticallyEqual(before.status.allocatable, after.status.allocatable);
}
