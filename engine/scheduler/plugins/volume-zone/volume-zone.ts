// After kubernetes v1.36 pkg/scheduler/framework/plugins/volumezone/volume_zone.go.
import { get } from "../../../kernel/sorted-map.ts";
import { type Plugin, unresolvable } from "../../framework.ts";

interface Zone {
  readonly key: string;
  readonly values: readonly string[];
}

const ZONE_LABELS = [
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
] as const;

/** Holds pods to the zones of volumes whose labels name one. */
export const volumeZone: Plugin<readonly Zone[]> = {
  name: "VolumeZone",
  preFilter: (pod, { collections }) => {
    const zones = pod.claims.flatMap((name): readonly Zone[] => {
      const claim = get(collections.claims, `${pod.namespace}/${name}`);
      const labels = get(collections.volumes, claim?.spec.volumeName ?? "")?.metadata.labels ?? {};
      return ZONE_LABELS.flatMap((key) =>
        labels[key] === undefined ? [] : [{ key, values: labels[key].split("__") }],
      );
    });
    return zones.length === 0 ? { kind: "skip" } : { kind: "prepared", prepared: zones };
  },
  filter: (_, { labels }, zones) => {
    const hasZones = ZONE_LABELS.some((key) => labels[key] !== undefined);
    if (!hasZones) return undefined;
    const isElsewhere = zones.some(({ key, values }) => !values.includes(labels[key] ?? ""));
    return isElsewhere ? unresolvable("node(s) had no available volume zone") : undefined;
  },
  hints: [
    { resource: "PersistentVolumeClaim" },
    { resource: "PersistentVolume" },
    { resource: "StorageClass" },
    { resource: "Node" },
  ],
};
