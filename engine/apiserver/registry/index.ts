import type { ResourceKind } from "../../api/resource-kind.ts";
import {
  mutatingPolicies,
  mutatingPolicyBindings,
  validatingPolicies,
  validatingPolicyBindings,
} from "./admission/policies.ts";
import { mutatingWebhooks, validatingWebhooks } from "./admission/webhooks.ts";
import { autoscalers, autoscalersV1 } from "./autoscaling/autoscaler.ts";
import { cronJobs } from "./batch/cron-job.ts";
import { jobs } from "./batch/job.ts";
import { signingRequests } from "./certificates/signing-request.ts";
import { ipAddresses, serviceCidrs } from "./cluster/addresses.ts";
import { apiServices } from "./cluster/api-service.ts";
import { flowSchemas, priorityLevels } from "./cluster/flow-control.ts";
import { priorityClasses, runtimeClasses } from "./cluster/priority-class.ts";
import { leases } from "./coordination/lease.ts";
import { componentStatuses } from "./core/component-status.ts";
import { configMaps } from "./core/config-map.ts";
import { endpoints } from "./core/endpoints.ts";
import { events, newEvents } from "./core/event.ts";
import { limitRanges } from "./core/limit-range.ts";
import { namespaces } from "./core/namespace.ts";
import { nodes } from "./core/node.ts";
import { resourceQuotas } from "./core/resource-quota.ts";
import { secrets } from "./core/secret.ts";
import { serviceAccounts } from "./core/service-account.ts";
import { endpointSlices } from "./discovery/endpoint-slice.ts";
import { plainStrategy } from "./kind-strategy.ts";
import { customResourceDefinitions } from "./extensions/definition.ts";
import { ingressClasses, ingresses } from "./networking/ingress.ts";
import { networkPolicies } from "./networking/network-policy.ts";
import { persistentVolumeClaims } from "./persistent-volume/claim.ts";
import { persistentVolumes } from "./persistent-volume/persistent-volume.ts";
import { pods } from "./pod/pod.ts";
import { podDisruptionBudgets } from "./policy/disruption-budget.ts";
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from "./rbac/rbac.ts";
import { resourceClaims, resourceClaimTemplates, resourceSlices } from "./resource/claims.ts";
import { services } from "./service/service.ts";
import {
  csiDrivers,
  csiNodes,
  csiStorageCapacities,
  storageClasses,
  volumeAttachments,
  volumeAttributesClasses,
} from "./storage/storage-class.ts";
import type { Strategy } from "./strategy.ts";
import { daemonSets } from "./workload/daemon-set.ts";
import { deployments } from "./workload/deployment.ts";
import { controllerRevisions, podTemplates } from "./workload/pod-template.ts";
import { replicaSets } from "./workload/replica-set.ts";
import { replicationControllers } from "./workload/replication-controller.ts";
import { statefulSets } from "./workload/stateful-set.ts";

/** The register: one strategy per kind that has rules of its own. A strategy's functions take the decoded view of its own kind only. */
export const strategies: readonly Strategy[] = [
  componentStatuses,
  configMaps,
  endpoints,
  events,
  limitRanges,
  namespaces,
  nodes,
  pods,
  podTemplates,
  replicationControllers,
  resourceQuotas,
  secrets,
  serviceAccounts,
  services,
  controllerRevisions,
  daemonSets,
  deployments,
  replicaSets,
  statefulSets,
  newEvents,
  leases,
  endpointSlices,
  customResourceDefinitions,
  resourceClaims,
  resourceClaimTemplates,
  resourceSlices,
  mutatingPolicies,
  mutatingPolicyBindings,
  validatingPolicies,
  validatingPolicyBindings,
  mutatingWebhooks,
  validatingWebhooks,
  autoscalers,
  autoscalersV1,
  cronJobs,
  jobs,
  signingRequests,
  ipAddresses,
  serviceCidrs,
  apiServices,
  flowSchemas,
  priorityLevels,
  priorityClasses,
  runtimeClasses,
  ingressClasses,
  ingresses,
  networkPolicies,
  persistentVolumeClaims,
  persistentVolumes,
  podDisruptionBudgets,
  clusterRoleBindings,
  clusterRoles,
  roleBindings,
  roles,
  csiDrivers,
  csiNodes,
  csiStorageCapacities,
  storageClasses,
  volumeAttachments,
  volumeAttributesClasses,
] as readonly unknown[] as readonly Strategy[];

const byPlace: ReadonlyMap<string, Strategy> = new Map(
  strategies.map((strategy) => [placeOf(strategy.resource), strategy]),
);

/** The strategy of a built-in kind. */
export function strategyOf(resource: ResourceKind): Strategy {
  return byPlace.get(placeOf(resource)) ?? plainStrategy(resource);
}

function placeOf({ group, version, plural }: ResourceKind): string {
  return `${group}/${version}/${plural}`;
}
