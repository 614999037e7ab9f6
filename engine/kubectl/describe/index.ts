import type { Session, Talk } from "../talk.ts";
import type { Info } from "../info.ts";
import {
  describeConfigMap,
  describeLimitRange,
  describeNamespace,
  describePriorityClass,
  describeQuota,
  describeSecret,
  describeServiceAccount,
} from "./config.ts";
import { describeAnything } from "./generic.ts";
import {
  describeEndpoints,
  describeEndpointSlice,
  describeIngress,
  describeIngressClass,
  describeService,
} from "./network.ts";
import { describeNetworkPolicy } from "./network-policy.ts";
import { describeNode } from "./node.ts";
import { describePod } from "./pod.ts";
import { describeAutoscaler, describeDisruptionBudget, describeSigningRequest } from "./policy.ts";
import { describeRole, describeRoleBinding } from "./rbac.ts";
import { describeClaim, describePersistentVolume, describeStorageClass } from "./storage.ts";
import {
  describeCronJob,
  describeDaemonSet,
  describeDeployment,
  describeJob,
  describeReplicaSet,
  describeStatefulSet,
} from "./workloads.ts";

export type Describer = (session: Session, info: Info) => Talk<string>;

/** What `describe` knows, by `Kind.group`; other kinds are described from their content. */
const DESCRIBERS: Readonly<Record<string, Describer>> = {
  "Pod.": describePod,
  "ReplicationController.": describeReplicaSet,
  "Secret.": describeSecret,
  "Service.": describeService,
  "ServiceAccount.": describeServiceAccount,
  "Node.": describeNode,
  "LimitRange.": describeLimitRange,
  "ResourceQuota.": describeQuota,
  "PersistentVolume.": describePersistentVolume,
  "PersistentVolumeClaim.": describeClaim,
  "Namespace.": describeNamespace,
  "Endpoints.": describeEndpoints,
  "ConfigMap.": describeConfigMap,
  "PriorityClass.scheduling.k8s.io": describePriorityClass,
  "EndpointSlice.discovery.k8s.io": describeEndpointSlice,
  "HorizontalPodAutoscaler.autoscaling": describeAutoscaler,
  "Ingress.networking.k8s.io": describeIngress,
  "IngressClass.networking.k8s.io": describeIngressClass,
  "Job.batch": describeJob,
  "CronJob.batch": describeCronJob,
  "StatefulSet.apps": describeStatefulSet,
  "Deployment.apps": describeDeployment,
  "DaemonSet.apps": describeDaemonSet,
  "ReplicaSet.apps": describeReplicaSet,
  "CertificateSigningRequest.certificates.k8s.io": describeSigningRequest,
  "StorageClass.storage.k8s.io": describeStorageClass,
  "Role.rbac.authorization.k8s.io": describeRole,
  "ClusterRole.rbac.authorization.k8s.io": describeRole,
  "RoleBinding.rbac.authorization.k8s.io": describeRoleBinding,
  "ClusterRoleBinding.rbac.authorization.k8s.io": describeRoleBinding,
  "NetworkPolicy.networking.k8s.io": describeNetworkPolicy,
  "PodDisruptionBudget.policy": describeDisruptionBudget,
};

export function describerFor(info: Info): Describer {
  return DESCRIBERS[`${info.mapping.kind}.${info.mapping.group}`] ?? describeAnything;
}
