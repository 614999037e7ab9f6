// After kubernetes v1.36 pkg/scheduler/framework/plugins/nodeports/node_ports.go, framework/types.go HostPortInfo.
import { values } from "../../../kernel/sorted-map.ts";
import { type Plugin, unschedulable } from "../../framework.ts";
import type { HostPort, PodInfo } from "../../pod-info.ts";
import type { NodeInfo } from "../../snapshot.ts";

/** Keeps pods apart that want the same port of the node. */
export const nodePorts: Plugin<readonly HostPort[]> = {
  name: "NodePorts",
  preFilter: (pod) => (pod.hostPorts.length === 0 ? { kind: "skip" } : { kind: "prepared", prepared: pod.hostPorts }),
  filter: (_, node, ports) =>
    isTaken(node, ports) ? unschedulable("node(s) didn't have free ports for the requested pod ports") : undefined,
  addPod: (prepared) => prepared,
  removePod: (prepared) => prepared,
  hints: [
    {
      resource: "AssignedPod",
      helps: (pod, { before, after }) => after === undefined && before !== undefined && pod.hostPorts.length > 0,
    },
    { resource: "Node", helps: (_, { before, after }) => before === undefined && after !== undefined },
  ],
};

function isTaken(node: NodeInfo, ports: readonly HostPort[]): boolean {
  if (node.withPorts === 0) return false;
  return values(node.pods).some((other: PodInfo) =>
    other.hostPorts.some((used) => ports.some((port) => collides(used, port))),
  );
}

/** 0.0.0.0 stands for every address. */
function collides(one: HostPort, other: HostPort): boolean {
  if (one.port !== other.port || one.protocol !== other.protocol) return false;
  return one.ip === other.ip || one.ip === "0.0.0.0" || other.ip === "0.0.0.0";
}
