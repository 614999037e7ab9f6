// After kubernetes v1.36 pkg/scheduler/framework/plugins/nodeunschedulable/node_unschedulable.go.
import type { Node } from "../../../api/generated/types.ts";
import { type Plugin, unresolvable } from "../../framework.ts";
import { isTolerated } from "../../tolerations.ts";

const UNSCHEDULABLE = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" } as const;

/** Keeps pods off cordoned nodes. */
export const nodeUnschedulable: Plugin = {
  name: "NodeUnschedulable",
  filter: (pod, { node }) => {
    if (node.spec.unschedulable !== true) return undefined;
    return isTolerated(pod.pod.spec.tolerations, UNSCHEDULABLE)
      ? undefined
      : unresolvable("node(s) were unschedulable");
  },
  hints: [
    {
      resource: "Node",
      helps: (_, { before, after }) => {
        const is = (node: unknown): boolean => (node as Node | undefined)?.spec.unschedulable === true;
        return after !== undefined && !is(after) && (before === undefined || is(before));
      },
    },
    { resource: "UnscheduledPod" },
  ],
};
