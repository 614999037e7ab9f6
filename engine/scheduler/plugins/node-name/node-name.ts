// After kubernetes v1.36 pkg/scheduler/framework/plugins/nodename/node_name.go.
import { type Plugin, unresolvable } from "../../framework.ts";

/** Holds a pod to the node that it names. */
export const nodeName: Plugin = {
  name: "NodeName",
  filter: (pod, node) => {
    const wanted = pod.pod.spec.nodeName ?? "";
    return wanted === "" || wanted === node.name
      ? undefined
      : unresolvable("node(s) didn't match the requested node name");
  },
  hints: [{ resource: "Node", helps: (_, { before }) => before === undefined }],
};
