// After kubernetes v1.36 pkg/controlplane/apiserver/aggregator.go (DefaultGenericAPIServicePriorities) and kube-aggregator/pkg/controllers/autoregister; not modelled: APIServices of custom groups, aggregation.
import { builtInKinds } from "../../api/resource-kind.ts";
import type { KubernetesObject } from "../../api/object.ts";

/** The priorities of the groups; the versions of one group are told apart by their own. */
const groupPriorities: Readonly<Record<string, number>> = {
  "": 18_000,
  apps: 17_800,
  "events.k8s.io": 17_750,
  "authentication.k8s.io": 17_700,
  "authorization.k8s.io": 17_600,
  autoscaling: 17_500,
  batch: 17_400,
  "certificates.k8s.io": 17_300,
  "networking.k8s.io": 17_200,
  policy: 17_100,
  "rbac.authorization.k8s.io": 17_000,
  "storage.k8s.io": 16_800,
  "apiextensions.k8s.io": 16_700,
  "admissionregistration.k8s.io": 16_700,
  "scheduling.k8s.io": 16_600,
  "coordination.k8s.io": 16_500,
  "node.k8s.io": 16_300,
  "discovery.k8s.io": 16_200,
  "flowcontrol.apiserver.k8s.io": 16_100,
  "resource.k8s.io": 15_900,
};

/** Every built-in group and version as an APIService that the server answers itself. */
export function apiServices(time: string): readonly KubernetesObject[] {
  const places = new Map(
    builtInKinds.map(({ group, version }) => [`${version}.${group}`, { group, version }] as const),
  );
  return [...places]
    .filter(([, { group }]) => groupPriorities[group] !== undefined)
    .map(([name, place]) => apiService(name, place, time));
}

function apiService(
  name: string,
  { group, version }: { readonly group: string; readonly version: string },
  time: string,
): KubernetesObject {
  const versionPriority = group === "" ? 1 : version === "v2" ? 30 : 15;
  const available = {
    lastTransitionTime: time,
    message: "Local APIServices are always available",
    reason: "Local",
    status: "True",
    type: "Available",
  };
  return {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name, labels: { "kube-aggregator.kubernetes.io/automanaged": "onstart" } },
    spec: {
      ...(group === "" ? {} : { group }),
      groupPriorityMinimum: groupPriorities[group] ?? 0,
      version,
      versionPriority,
    },
    status: { conditions: [available] },
  };
}
