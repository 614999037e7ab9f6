// After kubernetes v1.36 pkg/registry/core/componentstatus/rest.go.
import type { KubernetesObject } from "../api/object.ts";
import type { Strategy } from "./registry/strategy.ts";

/** The three components that were ever asked; all are well. Source: golden/a-discovery/method-not-allowed.json. */
export const componentStatuses: readonly KubernetesObject[] = ["scheduler", "controller-manager", "etcd-0"].map(
  (name) => {
    const conditions = [{ type: "Healthy", status: "True", message: "ok" }];
    return { kind: "ComponentStatus", apiVersion: "v1", metadata: { name }, conditions };
  },
);

interface ComponentStatus extends KubernetesObject {
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly message?: string;
    readonly error?: string;
  }[];
}

/** Source: kubernetes pkg/printers/internalversion/printers.go printComponentStatus. */
export function withComponentCells(strategy: Strategy): Strategy {
  return { ...strategy, cells: (object) => cellsOf(object) };
}

function cellsOf(object: ComponentStatus): readonly string[] {
  const healthy = object.conditions?.find((one) => one.type === "Healthy");
  const status = healthy === undefined ? "Unknown" : healthy.status === "True" ? "Healthy" : "Unhealthy";
  return [object.metadata.name ?? "", status, healthy?.message ?? "", healthy?.error ?? ""];
}
