// After kubernetes v1.36 pkg/scheduler/framework/plugins/nodevolumelimits/csi.go; not modelled: migrated in-tree volumes, ephemeral CSI volumes.
import { get, values } from "../../../kernel/sorted-map.ts";
import { type Collections, type Plugin, unschedulable } from "../../framework.ts";
import type { PodInfo } from "../../pod-info.ts";
import type { NodeInfo } from "../../snapshot.ts";

interface Prepared {
  /** The volumes that the pod brings, as `driver/volume`. */
  readonly volumes: readonly string[];
  readonly collections: Collections;
}

/** Keeps a node from having more volumes of a CSI driver than the driver can attach there. */
export const nodeVolumeLimits: Plugin<Prepared> = {
  name: "NodeVolumeLimits",
  preFilter: (pod, { collections }) => {
    const volumes = volumesOf(pod, collections);
    return volumes.length === 0 ? { kind: "skip" } : { kind: "prepared", prepared: { volumes, collections } };
  },
  filter: (_, node, prepared) =>
    isOverLimit(node, prepared) ? unschedulable("node(s) exceed max volume count") : undefined,
  addPod: (prepared) => prepared,
  removePod: (prepared) => prepared,
  hints: [
    { resource: "Node", helps: (_, { after }) => after !== undefined },
    { resource: "AssignedPod", helps: (_, { after }) => after === undefined },
    { resource: "PersistentVolumeClaim" },
  ],
};

/** A claim that is not bound yet counts by the provisioner of its class. */
function volumesOf(pod: PodInfo, { claims, volumes, storageClasses }: Collections): readonly string[] {
  return pod.claims.flatMap((name) => {
    const claim = get(claims, `${pod.namespace}/${name}`);
    const csi = get(volumes, claim?.spec.volumeName ?? "")?.spec.csi;
    if (csi !== undefined) return [`${csi.driver}/${csi.volumeHandle}`];
    const provisioner = get(storageClasses, claim?.spec.storageClassName ?? "")?.provisioner;
    const isWaiting = claim !== undefined && (claim.spec.volumeName ?? "") === "" && provisioner !== undefined;
    return isWaiting ? [`${provisioner}/${pod.namespace}/${name}`] : [];
  });
}

function driverOf(volume: string): string {
  return volume.slice(0, volume.indexOf("/"));
}

function isOverLimit(node: NodeInfo, { volumes, collections }: Prepared): boolean {
  const limits = get(collections.csiNodes, node.name)?.spec.drivers ?? [];
  const limitOf = (driver: string): number | undefined =>
    limits.find(({ name }) => name === driver)?.allocatable?.count;
  const wanted = volumes.filter((volume) => limitOf(driverOf(volume)) !== undefined);
  if (wanted.length === 0) return false;
  const attached = new Set(values(node.pods).flatMap((other) => volumesOf(other, collections)));
  const brought = new Set([...attached, ...wanted]);
  return [...new Set(wanted.map(driverOf))].some((driver) => {
    const count = [...brought].filter((volume) => driverOf(volume) === driver).length;
    const isMore = [...attached].filter((volume) => driverOf(volume) === driver).length < count;
    return isMore && count > (limitOf(driver) ?? 0);
  });
}
