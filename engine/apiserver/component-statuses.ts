// After kubernetes v1.36 pkg/registry/core/componentstatus/rest.go.
import type { KubernetesObject } from "../api/object.ts";

/** The three components that were ever asked; all are well. Source: golden/a-discovery/method-not-allowed.json. */
export const componentStatuses: readonly KubernetesObject[] = ["scheduler", "controller-manager", "etcd-0"].map((name) => {
  const conditions = [{ type: "Healthy", status: "True", message: "ok" }];
  return { kind: "ComponentStatus", apiVersion: "v1", metadata: { name }, conditions };
});
