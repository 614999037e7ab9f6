// After kubernetes v1.36 pkg/scheduler/framework/plugins/volumerestrictions/volume_restrictions.go;
// not modelled: the exclusive disks of GCE, AWS, ISCSI and RBD.
import { get, values } from "../../../kernel/sorted-map.ts";
import { type Plugin, unschedulable } from "../../framework.ts";
import type { PodInfo } from "../../pod-info.ts";
import type { Snapshot } from "../../snapshot.ts";

interface Prepared {
  /** The pods that use one of the claims that only one pod may use. */
  readonly users: ReadonlySet<string>;
}

/** Keeps a claim with the access mode ReadWriteOncePod to one pod. */
export const volumeRestrictions: Plugin<Prepared> = {
  name: "VolumeRestrictions",
  preFilter: (pod, { snapshot, collections }) => {
    const exclusive = pod.claims.filter((name) =>
      get(collections.claims, `${pod.namespace}/${name}`)?.spec.accessModes?.includes("ReadWriteOncePod"),
    );
    return exclusive.length === 0
      ? { kind: "skip" }
      : { kind: "prepared", prepared: { users: usersOf(pod, exclusive, snapshot) } };
  },
  filter: (_, _node, { users }) =>
    users.size > 0
      ? unschedulable("node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode")
      : undefined,
  addPod: (prepared) => prepared,
  removePod: ({ users }, { other }) => ({ users: new Set([...users].filter((key) => key !== other.key)) }),
  hints: [
    { resource: "AssignedPod", helps: (pod, { after }) => after === undefined && pod.claims.length > 0 },
    { resource: "PersistentVolumeClaim" },
  ],
};

function usersOf(pod: PodInfo, claims: readonly string[], snapshot: Snapshot): ReadonlySet<string> {
  const users = new Set<string>();
  for (const node of snapshot.nodes) {
    for (const other of values(node.pods)) {
      if (other.namespace === pod.namespace && other.claims.some((name) => claims.includes(name))) users.add(other.key);
    }
  }
  return users;
}
