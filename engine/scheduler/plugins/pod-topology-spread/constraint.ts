// After kubernetes v1.36 pkg/scheduler/framework/plugins/podtopologyspread/common.go, plugins/helper/spread.go.
import type { LabelSelector, Pod, Service, TopologySpreadConstraint } from "../../../api/generated/types.ts";
import {
  matchesLabels,
  type Requirement,
  type Selector,
  selectorOfLabels,
  selectorOfObject,
} from "../../../api/label-selector.ts";
import { controllerOf } from "../../../api/object.ts";
import { get, valuesWithPrefix } from "../../../kernel/sorted-map.ts";
import type { Sight } from "../../framework.ts";
import { matchesRequired, type RequiredNodes } from "../../node-selector.ts";
import { type PodInfo, withRequirements } from "../../pod-info.ts";
import type { NodeInfo } from "../../snapshot.ts";
import { untolerated } from "../../tolerations.ts";

/** A topology spread constraint with its selector compiled. */
export interface Constraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly selector: Selector;
  readonly minDomains: number;
  readonly honorsAffinity: boolean;
  readonly honorsTaints: boolean;
}

export type Action = "DoNotSchedule" | "ScheduleAnyway";

export const HOSTNAME = "kubernetes.io/hostname";

/** Source: podtopologyspread/plugin.go systemDefaultConstraints. */
const DEFAULTS: readonly TopologySpreadConstraint[] = [
  { maxSkew: 3, topologyKey: HOSTNAME, whenUnsatisfiable: "ScheduleAnyway" },
  { maxSkew: 5, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway" },
];

/** The constraints of the pod for that action; pods without any get the cluster's when a service or an owner groups them. */
export function constraintsOf(pod: PodInfo, action: Action, sight: Sight): readonly Constraint[] {
  const own = pod.pod.spec.topologySpreadConstraints ?? [];
  if (own.length > 0) return own.filter((one) => one.whenUnsatisfiable === action).map((one) => constraintOf(one, pod));
  const defaults = DEFAULTS.filter((one) => one.whenUnsatisfiable === action);
  if (defaults.length === 0) return [];
  const selector = defaultSelector(pod, sight);
  if (selector.requirements.length === 0) return [];
  return defaults.map((one) => ({ ...constraintOf(one, pod), selector }));
}

function constraintOf(constraint: TopologySpreadConstraint, pod: PodInfo): Constraint {
  const keys = (constraint.matchLabelKeys ?? []).flatMap((key): readonly Requirement[] => {
    const value = pod.labels[key];
    return value === undefined ? [] : [{ key, operator: "in", values: [value] }];
  });
  return {
    maxSkew: constraint.maxSkew,
    topologyKey: constraint.topologyKey,
    selector: withRequirements(selectorOfObject(constraint.labelSelector), keys),
    minDomains: constraint.minDomains ?? 1,
    honorsAffinity: constraint.nodeAffinityPolicy !== "Ignore",
    honorsTaints: constraint.nodeTaintsPolicy === "Honor",
  };
}

/** The selectors of the services that select the pod, together with its owner's. */
function defaultSelector(pod: PodInfo, { collections }: Sight): Selector {
  let labels: Record<string, string> = {};
  for (const service of valuesWithPrefix<Service>(collections.services, `${pod.namespace}/`)) {
    const { selector } = service.spec;
    if (selector !== undefined && matchesLabels(selectorOfLabels(selector), pod.labels))
      labels = { ...labels, ...selector };
  }
  const owner = controllerOf(pod.pod);
  const key = `${pod.namespace}/${owner?.name ?? ""}`;
  const isCore = owner?.kind === "ReplicationController" && owner.apiVersion === "v1";
  if (isCore) labels = { ...labels, ...get(collections.replicationControllers, key)?.spec.selector };
  const workload = owner?.apiVersion === "apps/v1" ? workloadAt(owner.kind, key, collections) : undefined;
  const selector = selectorOfLabels(labels);
  return workload === undefined ? selector : withRequirements(selector, selectorOfObject(workload).requirements);
}

function workloadAt(kind: string, key: string, collections: Sight["collections"]): LabelSelector | undefined {
  if (kind === "ReplicaSet") return get(collections.replicaSets, key)?.spec.selector;
  return kind === "StatefulSet" ? get(collections.statefulSets, key)?.spec.selector : undefined;
}

export function hasAllKeys(node: NodeInfo, constraints: readonly Constraint[]): boolean {
  return constraints.every(({ topologyKey }) => node.labels[topologyKey] !== undefined);
}

/** Whether the pods of a node count for the constraint. */
export function counts(constraint: Constraint, pod: Pod, node: NodeInfo, required: RequiredNodes): boolean {
  if (constraint.honorsAffinity && !matchesRequired(required, node.node)) return false;
  return !constraint.honorsTaints || untolerated(node.taints, pod.spec.tolerations) === undefined;
}

/**
 * How many pods of the node, in the pod's namespace and not being deleted, the selector selects. `known` remembers the answer
 * for each group of equal pods; it lives for one cycle and one constraint.
 */
export function matchingPods(node: NodeInfo, query: GroupQuery): number {
  return countGroups(node.groups, query);
}

export interface GroupQuery {
  readonly namespace: string;
  readonly selector: Selector;
  readonly known: Map<string, boolean>;
}

function countGroups(groups: NodeInfo["groups"], query: GroupQuery): number {
  if (groups === null) return 0;
  const { key, value } = groups;
  let isMatch = query.known.get(key);
  if (isMatch === undefined) {
    isMatch = countsForSpread(value.sample, query);
    query.known.set(key, isMatch);
  }
  return countGroups(groups.left, query) + (isMatch ? value.count : 0) + countGroups(groups.right, query);
}

export function countsForSpread(
  other: PodInfo,
  { namespace, selector }: Pick<GroupQuery, "namespace" | "selector">,
): boolean {
  const isDeleted = other.pod.metadata.deletionTimestamp !== undefined;
  return !isDeleted && other.namespace === namespace && matchesLabels(selector, other.labels);
}
