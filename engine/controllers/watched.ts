import type {
  ConfigMap,
  ControllerRevision,
  CronJob,
  CSIDriver,
  DaemonSet,
  Deployment,
  Endpoints,
  EndpointSlice,
  Job,
  Lease,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  ReplicaSet,
  ReplicationController,
  ResourceQuota,
  Service,
  ServiceAccount,
  StatefulSet,
  StorageClass,
  VolumeAttachment,
  CertificateSigningRequest,
} from "../api/generated/types.ts";
import { controllerOf, type KubernetesObject } from "../api/object.ts";
import { isActive, isReady, isTerminating } from "./pods.ts";
import { byController, type IndexFunction, type Watched } from "./cache.ts";

/** The collections that controllers watch, with the indexes that each wants. */
function collection<Kind extends KubernetesObject>(
  place: { readonly group: string; readonly version?: string; readonly plural: string; readonly kind: string },
  indexes: Readonly<Record<string, IndexFunction<Kind>>> = {},
): Watched<Kind> {
  const { group, version = "v1", plural, kind } = place;
  return { resource: { group, version, plural }, kind, indexes };
}

const CONTROLLER = { controller: byController };

export const pods: Watched<Pod> = collection({ group: "", plural: "pods", kind: "Pod" }, CONTROLLER);
/** Pods by the controlling owner, counted by it and by their labels. */
export const ownedPods: Watched<Pod> = {
  ...pods,
  tally: (pod) => {
    const owner = controllerOf(pod);
    if (owner === undefined) return undefined;
    const counts = {
      active: Number(isActive(pod)),
      ready: Number(isActive(pod) && isReady(pod)),
      terminating: Number(isTerminating(pod)),
    };
    return { key: owner.uid, group: JSON.stringify(pod.metadata.labels ?? {}), counts };
  },
};
export const podsByNode: Watched<Pod> = collection(
  { group: "", plural: "pods", kind: "Pod" },
  { node: (pod: Pod) => [pod.spec.nodeName ?? ""] },
);
export const plainPods: Watched<Pod> = collection({ group: "", plural: "pods", kind: "Pod" });
/** Pods by the claims that they mount, `namespace/claim`. */
export const podsByClaim: Watched<Pod> = collection(
  { group: "", plural: "pods", kind: "Pod" },
  {
    claim: (pod: Pod) =>
      (pod.spec.volumes ?? []).flatMap((volume) => {
        const name =
          volume.persistentVolumeClaim?.claimName ??
          (volume.ephemeral === undefined ? undefined : `${pod.metadata.name ?? ""}-${volume.name}`);
        return name === undefined ? [] : [`${pod.metadata.namespace ?? ""}/${name}`];
      }),
  },
);
export const replicaSets: Watched<ReplicaSet> = collection(
  { group: "apps", plural: "replicasets", kind: "ReplicaSet" },
  CONTROLLER,
);
export const deployments: Watched<Deployment> = collection({
  group: "apps",
  plural: "deployments",
  kind: "Deployment",
});
export const statefulSets: Watched<StatefulSet> = collection({
  group: "apps",
  plural: "statefulsets",
  kind: "StatefulSet",
});
export const daemonSets: Watched<DaemonSet> = collection({ group: "apps", plural: "daemonsets", kind: "DaemonSet" });
export const controllerRevisions: Watched<ControllerRevision> = collection(
  { group: "apps", plural: "controllerrevisions", kind: "ControllerRevision" },
  CONTROLLER,
);
export const replicationControllers: Watched<ReplicationController> = collection(
  { group: "", plural: "replicationcontrollers", kind: "ReplicationController" },
  CONTROLLER,
);
export const jobs: Watched<Job> = collection({ group: "batch", plural: "jobs", kind: "Job" }, CONTROLLER);
export const cronJobs: Watched<CronJob> = collection({ group: "batch", plural: "cronjobs", kind: "CronJob" });
export const nodes: Watched<Node> = collection({ group: "", plural: "nodes", kind: "Node" });
export const leases: Watched<Lease> = collection({ group: "coordination.k8s.io", plural: "leases", kind: "Lease" });
export const namespaces: Watched<Namespace> = collection({ group: "", plural: "namespaces", kind: "Namespace" });
export const services: Watched<Service> = collection({ group: "", plural: "services", kind: "Service" });
export const endpoints: Watched<Endpoints> = collection({ group: "", plural: "endpoints", kind: "Endpoints" });
export const endpointSlices: Watched<EndpointSlice> = collection(
  { group: "discovery.k8s.io", plural: "endpointslices", kind: "EndpointSlice" },
  {
    service: (slice: EndpointSlice) => {
      const name = slice.metadata.labels?.["kubernetes.io/service-name"];
      return name === undefined ? [] : [`${slice.metadata.namespace ?? ""}/${name}`];
    },
  },
);
export const configMaps: Watched<ConfigMap> = collection({ group: "", plural: "configmaps", kind: "ConfigMap" });
export const serviceAccounts: Watched<ServiceAccount> = collection({
  group: "",
  plural: "serviceaccounts",
  kind: "ServiceAccount",
});
export const resourceQuotas: Watched<ResourceQuota> = collection({
  group: "",
  plural: "resourcequotas",
  kind: "ResourceQuota",
});
export const persistentVolumes: Watched<PersistentVolume> = collection({
  group: "",
  plural: "persistentvolumes",
  kind: "PersistentVolume",
});
export const claims: Watched<PersistentVolumeClaim> = collection(
  { group: "", plural: "persistentvolumeclaims", kind: "PersistentVolumeClaim" },
  {
    volume: (claim: PersistentVolumeClaim) => (claim.spec.volumeName === undefined ? [] : [claim.spec.volumeName]),
  },
);
export const storageClasses: Watched<StorageClass> = collection({
  group: "storage.k8s.io",
  plural: "storageclasses",
  kind: "StorageClass",
});
export const volumeAttachments: Watched<VolumeAttachment> = collection({
  group: "storage.k8s.io",
  plural: "volumeattachments",
  kind: "VolumeAttachment",
});
export const csiDrivers: Watched<CSIDriver> = collection({
  group: "storage.k8s.io",
  plural: "csidrivers",
  kind: "CSIDriver",
});
export const disruptionBudgets: Watched<PodDisruptionBudget> = collection({
  group: "policy",
  plural: "poddisruptionbudgets",
  kind: "PodDisruptionBudget",
});
export const signingRequests: Watched<CertificateSigningRequest> = collection({
  group: "certificates.k8s.io",
  plural: "certificatesigningrequests",
  kind: "CertificateSigningRequest",
});
