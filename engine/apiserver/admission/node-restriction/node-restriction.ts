// After kubernetes v1.36 plugin/pkg/admission/noderestriction/admission.go; not modelled: service account tokens, CSI nodes, resource slices.
import type { KubernetesObject } from "../../../api/object.ts";
import type { Status } from "../../../api/status.ts";
import type { User } from "../../registry/strategy.ts";
import type { Admission, AdmissionPlugin } from "../plugin.ts";
import { refuse } from "../refuse.ts";

/** A kubelet changes its own node and the pods bound to it, and nothing else. */
export const nodeRestriction: AdmissionPlugin = {
  name: "NodeRestriction",
  mutate: (_turn, admission) => refusalOf(admission) ?? admission.object,
  validate: (_turn, admission) => (admission.operation === "DELETE" ? refusalOf(admission) : undefined),
};

function refusalOf(admission: Admission): Status | undefined {
  const node = nodeNameOf(admission.call.user);
  if (node === undefined) return undefined;
  switch (admission.call.served.prefix) {
    case "pods":
      return podRefusal(admission, node);
    case "minions":
      return nodeRefusal(admission, node);
    case "leases":
      return leaseRefusal(admission, node);
    default:
      return undefined;
  }
}

const PREFIX = "system:node:";

/** The node that a user of the group system:nodes speaks for. */
export function nodeNameOf(user: User): string | undefined {
  return user.groups.includes("system:nodes") && user.name.startsWith(PREFIX)
    ? user.name.slice(PREFIX.length)
    : undefined;
}

function podNode(pod: KubernetesObject): string {
  return (pod.spec as { readonly nodeName?: string } | undefined)?.nodeName ?? "";
}

function podRefusal(admission: Admission, node: string): Status | undefined {
  const { call, operation, object, old } = admission;
  const { subresource } = call.info;
  if (subresource === "" && operation === "CREATE") return mirrorRefusal(admission, node);
  const bound = podNode(old ?? object);
  const isWrite = subresource === "" || subresource === "status" || subresource === "eviction";
  if (!isWrite || bound === node) return undefined;
  if (operation === "DELETE")
    return refuse(admission, `node ${JSON.stringify(node)} can only delete pods with spec.nodeName set to itself`);
  if (subresource !== "status") return undefined;
  return refuse(
    admission,
    `node ${JSON.stringify(node)} can only update pod status for pods with spec.nodeName set to itself`,
  );
}

function mirrorRefusal(admission: Admission, node: string): Status | undefined {
  const { object } = admission;
  if (object.metadata.annotations?.["kubernetes.io/config.mirror"] === undefined) {
    return refuse(
      admission,
      'pod does not have "kubernetes.io/config.mirror" annotation, node ' +
        JSON.stringify(node) +
        " can only create mirror pods",
    );
  }
  if (podNode(object) === node) return undefined;
  return refuse(admission, `node ${JSON.stringify(node)} can only create pods with spec.nodeName set to itself`);
}

function nodeRefusal(admission: Admission, node: string): Status | undefined {
  const { object, operation } = admission;
  const name = object.metadata.name ?? "";
  if (name === node || operation === "CREATE")
    return name === node
      ? undefined
      : refuse(admission, `node ${JSON.stringify(node)} is not allowed to modify node ${JSON.stringify(name)}`);
  return refuse(admission, `node ${JSON.stringify(node)} is not allowed to modify node ${JSON.stringify(name)}`);
}

function leaseRefusal(admission: Admission, node: string): Status | undefined {
  const { call, object } = admission;
  if (call.info.namespace !== "kube-node-lease") {
    return refuse(admission, 'can only access leases in the "kube-node-lease" system namespace');
  }
  return (object.metadata.name ?? node) === node
    ? undefined
    : refuse(admission, `can only access node lease with the same name as the requesting node`);
}
