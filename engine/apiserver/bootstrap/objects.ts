import type { KubernetesObject } from "../../api/object.ts";
import type { ServerSettings } from "../state.ts";

/** What a cluster starts with, in the order of its creation. */
export function bootstrapObjects(_settings: ServerSettings): readonly KubernetesObject[] {
  return namespaces.map(namespace);
}

/** Source: kubernetes pkg/controlplane/controller/systemnamespaces, pkg/controlplane/instance.go. */
const namespaces = ["kube-system", "kube-public", "default", "kube-node-lease"] as const;

function namespace(name: string): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  };
}
