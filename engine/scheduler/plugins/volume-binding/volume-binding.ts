// After kubernetes v1.36 pkg/scheduler/framework/plugins/volumebinding/volume_binding.go, binder.go;
// not modelled: storage capacity objects, scores by capacity, CSI migration.
import type { PersistentVolumeClaim } from "../../../api/generated/types.ts";
import { get } from "../../../kernel/sorted-map.ts";
import {
  type Collections,
  type Plugin,
  type PreFiltered,
  type Rejection,
  type Sight,
  unresolvable,
} from "../../framework.ts";
import type { PodInfo } from "../../pod-info.ts";
import type { NodeInfo } from "../../snapshot.ts";
import { classOf, isReachable, planVolumes, type VolumePlan } from "./volume-match.ts";

interface Prepared {
  readonly bound: readonly PersistentVolumeClaim[];
  /** Claims that wait for their first pod. */
  readonly waiting: readonly PersistentVolumeClaim[];
  readonly collections: Collections;
}

/** Holds pods to nodes that can reach their volumes, and chooses volumes for claims that waited for a pod. */
export const volumeBinding: Plugin<Prepared> = {
  name: "VolumeBinding",
  preFilter: (pod, sight) => prepare(pod, sight),
  filter: (_, node, prepared) => filter(node, prepared),
  addPod: (prepared) => prepared,
  removePod: (prepared) => prepared,
  hints: [
    {
      resource: "PersistentVolumeClaim",
      helps: (pod, { after }) =>
        pod.namespace === after?.metadata.namespace && pod.claims.includes(after.metadata.name ?? ""),
    },
    { resource: "PersistentVolume", helps: (_, { after }) => after !== undefined },
    { resource: "StorageClass", helps: (_, { after }) => after !== undefined },
    { resource: "Node", helps: (_, { after }) => after !== undefined },
  ],
};

/** The volumes that the pod would get on the node. */
export function volumePlanOf(pod: PodInfo, node: NodeInfo, sight: Sight): VolumePlan {
  const none: VolumePlan = { bindings: [], provisions: [] };
  const prepared = prepare(pod, sight);
  return prepared.kind === "prepared"
    ? (planVolumes(prepared.prepared.waiting, node, sight.collections) ?? none)
    : none;
}

function prepare(pod: PodInfo, { collections }: Sight): PreFiltered<Prepared> {
  if (pod.claims.length === 0) return { kind: "skip" };
  const bound: PersistentVolumeClaim[] = [];
  const waiting: PersistentVolumeClaim[] = [];
  let isUnbound = false;
  for (const name of pod.claims) {
    const claim = get(collections.claims, `${pod.namespace}/${name}`);
    const trouble = troubleOf(pod, name, claim);
    if (trouble !== undefined || claim === undefined)
      return trouble ?? unresolvable(`persistentvolumeclaim "${name}" not found`);
    if (isBound(claim)) bound.push(claim);
    else if (waitsForPod(claim, collections)) waiting.push(claim);
    else isUnbound = true;
  }
  if (isUnbound) return unresolvable("pod has unbound immediate PersistentVolumeClaims");
  return { kind: "prepared", prepared: { bound, waiting, collections } };
}

function troubleOf(pod: PodInfo, name: string, claim: PersistentVolumeClaim | undefined): Rejection | undefined {
  if (claim === undefined) {
    const isEphemeral = pod.pod.spec.volumes?.some(
      ({ ephemeral, name: volume }) => ephemeral !== undefined && `${pod.pod.metadata.name}-${volume}` === name,
    );
    return unresolvable(
      isEphemeral === true
        ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
        : `persistentvolumeclaim "${name}" not found`,
    );
  }
  if (claim.status.phase === "Lost") {
    return unresolvable(
      `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName ?? ""}"`,
    );
  }
  return claim.metadata.deletionTimestamp === undefined
    ? undefined
    : unresolvable(`persistentvolumeclaim "${name}" is being deleted`);
}

export function isBound(claim: PersistentVolumeClaim): boolean {
  return (
    (claim.spec.volumeName ?? "") !== "" &&
    claim.metadata.annotations?.["pv.kubernetes.io/bind-completed"] !== undefined
  );
}

function waitsForPod(claim: PersistentVolumeClaim, collections: Collections): boolean {
  return (
    (claim.spec.volumeName ?? "") === "" && classOf(claim, collections)?.volumeBindingMode === "WaitForFirstConsumer"
  );
}

function filter(node: NodeInfo, { bound, waiting, collections }: Prepared): Rejection | undefined {
  const reasons: string[] = [];
  for (const claim of bound) {
    const volume = get(collections.volumes, claim.spec.volumeName ?? "");
    if (volume === undefined)
      return unresolvable("node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
    if (!isReachable(volume, node)) {
      reasons.push("node(s) didn't match PersistentVolume's node affinity");
      break;
    }
  }
  if (waiting.length > 0 && planVolumes(waiting, node, collections) === undefined) {
    reasons.push("node(s) didn't find available persistent volumes to bind");
  }
  return reasons.length === 0 ? undefined : unresolvable(...reasons);
}
