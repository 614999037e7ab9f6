// After kubernetes v1.36 pkg/controller/daemon/daemon_controller.go NodeShouldRunDaemonPod, util/daemonset_util.go and
// component-helpers scheduling/corev1/nodeaffinity.
import type {
  DaemonSet,
  Node,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  Pod,
  PodSpec,
  Toleration,
} from "../../api/generated/types.ts";

/** Tolerations that every daemon pod gets. Source: daemonset_util.go AddOrUpdateDaemonPodTolerations. */
const TOLERATIONS: readonly Toleration[] = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
];
const NETWORK_TOLERATION: Toleration = {
  key: "node.kubernetes.io/network-unavailable",
  operator: "Exists",
  effect: "NoSchedule",
};

export function daemonTolerations(spec: PodSpec): readonly Toleration[] {
  const added = spec.hostNetwork === true ? [...TOLERATIONS, NETWORK_TOLERATION] : TOLERATIONS;
  let all = [...(spec.tolerations ?? [])];
  for (const toleration of added) {
    const isThere = all.some(
      (present) =>
        present.key === toleration.key &&
        present.effect === toleration.effect &&
        present.operator === toleration.operator,
    );
    if (!isThere) all = [...all, toleration];
  }
  return all;
}

/** Whether a node should get a daemon pod, and whether one that is there may stay. */
export interface Placement {
  readonly shouldRun: boolean;
  readonly mayStay: boolean;
}

export function placementOn(node: Node, set: DaemonSet): Placement {
  const spec = set.spec.template.spec;
  const { name = "" } = node.metadata;
  const never = { shouldRun: false, mayStay: false };
  if (spec === undefined || ((spec.nodeName ?? "") !== "" && spec.nodeName !== name)) return never;
  if (!fitsNode(spec, node)) return never;
  const tolerations = daemonTolerations(spec);
  const hurting = (node.spec?.taints ?? []).filter(
    (taint) => taint.effect !== "PreferNoSchedule" && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
  if (hurting.length === 0) return { shouldRun: true, mayStay: true };
  return { shouldRun: false, mayStay: hurting.every(({ effect }) => effect !== "NoExecute") };
}

function tolerates(
  toleration: Toleration,
  taint: { readonly key: string; readonly value?: string; readonly effect: string },
): boolean {
  const { effect = "", key = "", operator = "Equal", value = "" } = toleration;
  if (effect !== "" && effect !== taint.effect) return false;
  if (key !== "" && key !== taint.key) return false;
  return operator === "Exists" || (key !== "" && value === (taint.value ?? ""));
}

/** The pod's node selector and its required node affinity. */
function fitsNode(spec: PodSpec, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  for (const [key, value] of Object.entries(spec.nodeSelector ?? {})) if (labels[key] !== value) return false;
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms === undefined || terms.some((term) => meetsTerm(term, node));
}

function meetsTerm(term: NodeSelectorTerm, node: Node): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length + matchFields.length === 0) return false;
  const labels = node.metadata.labels ?? {};
  return (
    matchExpressions.every((requirement) => meets(requirement, labels[requirement.key])) &&
    matchFields.every((requirement) =>
      meets(requirement, requirement.key === "metadata.name" ? node.metadata.name : undefined),
    )
  );
}

function meets({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return value !== undefined && Number(value) > Number(values[0]);
    case "Lt":
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

/** The affinity that ties a daemon pod to its node. It replaces the required node affinity of the template. */
export function affinityTo(node: string, affinity: PodSpec["affinity"]): NonNullable<PodSpec["affinity"]> {
  const matchFields = [{ key: "metadata.name", operator: "In", values: [node] }] as const;
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
    },
  };
}

/** The node that a daemon pod is on or meant for. */
export function targetNode(pod: Pod): string {
  if ((pod.spec.nodeName ?? "") !== "") return pod.spec.nodeName ?? "";
  const terms =
    pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  for (const { matchFields = [] } of terms) {
    for (const { key, values = [] } of matchFields)
      if (key === "metadata.name" && values.length === 1) return values[0] ?? "";
  }
  return "";
}
