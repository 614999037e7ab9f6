// After kubernetes v1.36 pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go.
import type { Node, Toleration } from "../../../api/generated/types.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import { normalizeByMax, type Plugin, unresolvable } from "../../framework.ts";
import { isTolerated, untolerated } from "../../tolerations.ts";

/** Keeps pods off nodes whose taints they do not tolerate, and away from those with the softer taints. */
export const taintToleration: Plugin<unknown, readonly Toleration[]> = {
  name: "TaintToleration",
  weight: 3,
  filter: (pod, node) =>
    untolerated(node.taints, pod.pod.spec.tolerations) === undefined
      ? undefined
      : unresolvable("node(s) had untolerated taint(s)"),
  preScore: (pod) => ({
    kind: "prepared",
    prepared: (pod.pod.spec.tolerations ?? []).filter(
      ({ effect }) => (effect ?? "") === "" || effect === "PreferNoSchedule",
    ),
  }),
  score: (_, node, tolerations) =>
    node.taints.filter((taint) => taint.effect === "PreferNoSchedule" && !isTolerated(tolerations, taint)).length,
  normalize: (scores) => normalizeByMax(scores, true),
  hints: [
    {
      resource: "Node",
      helps: (pod, { before, after }) => {
        const taintsOf = (node: unknown): Node["spec"]["taints"] => (node as Node | undefined)?.spec.taints ?? [];
        if (after === undefined) return false;
        if (before !== undefined && isSemanticallyEqual(taintsOf(before), taintsOf(after))) return false;
        return untolerated(taintsOf(after) ?? [], pod.pod.spec.tolerations) === undefined;
      },
    },
    { resource: "UnscheduledPod" },
  ],
};
