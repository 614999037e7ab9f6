// After kubernetes v1.36 plugin/pkg/admission/podtopologylabels/admission.go.
import type { KubernetesObject } from "../../../api/object.ts";
import { get } from "../../../kernel/sorted-map.ts";
import { nodeOf } from "../../registry-fields.ts";
import { collectionAt, type Turn } from "../../state.ts";
import type { AdmissionPlugin } from "../plugin.ts";
import { isAboutPod } from "../refuse.ts";

const copied = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"] as const;

/** A pod that is made for a node carries its labels from the start; one that is bound later gets them with the binding. */
export const podTopologyLabels: AdmissionPlugin = {
  name: "PodTopologyLabels",
  mutate: (turn, admission) => {
    const { object, operation } = admission;
    if (operation !== "CREATE" || !isAboutPod(admission)) return object;
    const node = nodeOf(object);
    return node === "" ? object : withTopologyLabels(turn, object, node);
  },
};

/** A pod that is bound to a node carries the zone and the region of it. */
export function withTopologyLabels(turn: Turn, pod: KubernetesObject, node: string): KubernetesObject {
  const labels = get(collectionAt(turn.state, "minions").objects, node)?.metadata.labels ?? {};
  const found = copied.filter((key) => labels[key] !== undefined && pod.metadata.labels?.[key] !== labels[key]);
  if (found.length === 0) return pod;
  const added = Object.fromEntries(found.map((key) => [key, labels[key] ?? ""]));
  return { ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...added } } };
}
