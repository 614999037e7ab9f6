// After kubernetes v1.36 pkg/scheduler/framework/plugins/podtopologyspread/filtering.go, scoring.go.
import type { Node } from "../../../api/generated/types.ts";
import { matchesLabels } from "../../../api/label-selector.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import {
  type ClusterEvent,
  NODE_SCORE_MAX,
  type Plugin,
  type PodChange,
  type PreFiltered,
  type Rejection,
  type Sight,
  unresolvable,
  unschedulable,
} from "../../framework.ts";
import { naturalLogarithm } from "../../natural-logarithm.ts";
import { matchesRequired, type RequiredNodes, requiredNodesOf } from "../../node-selector.ts";
import type { PodInfo } from "../../pod-info.ts";
import type { NodeInfo } from "../../snapshot.ts";
import {
  type Constraint,
  constraintsOf,
  counts,
  countsForSpread,
  hasAllKeys,
  HOSTNAME,
  matchingPods,
} from "./constraint.ts";

const MISMATCH = "node(s) didn't match pod topology spread constraints";

interface Prepared {
  readonly constraints: readonly Constraint[];
  readonly required: RequiredNodes;
  /** For each constraint: how many matching pods each domain has. */
  readonly domains: readonly ReadonlyMap<string, number>[];
  /** For each constraint: the number of the emptiest domain. */
  readonly lowest: readonly number[];
}

interface Weighed {
  readonly constraints: readonly Constraint[];
  readonly ignored: ReadonlySet<string>;
  readonly domains: readonly ReadonlyMap<string, number>[];
  readonly weights: readonly number[];
  readonly known: readonly Map<string, boolean>[];
  readonly namespace: string;
}

/** Spreads equal pods over zones, nodes, or whatever a label tells apart. */
export const podTopologySpread: Plugin<Prepared, Weighed> = {
  name: "PodTopologySpread",
  weight: 2,
  preFilter: (pod, sight) => prepare(pod, sight),
  filter: (pod, node, prepared) => filter(pod, node, prepared),
  addPod: (prepared, change) => shift(prepared, change, 1),
  removePod: (prepared, change) => shift(prepared, change, -1),
  preScore: (pod, nodes, sight) => {
    const constraints = constraintsOf(pod, "ScheduleAnyway", sight);
    return constraints.length === 0
      ? { kind: "skip" }
      : { kind: "prepared", prepared: weigh(pod, nodes, { constraints, sight }) };
  },
  score: (_, node, weighed) => score(node, weighed),
  normalize: (scores, nodes, weighed) => normalize(scores, nodes, weighed),
  hints: [
    { resource: "AssignedPod", helps: (pod, event) => changesCounts(pod, event) },
    { resource: "UnscheduledPod" },
    {
      resource: "Node",
      helps: (_, { before, after }) => changesDomains(before as Node | undefined, after as Node | undefined),
    },
  ],
};

function prepare(pod: PodInfo, sight: Sight): PreFiltered<Prepared> {
  const constraints = constraintsOf(pod, "DoNotSchedule", sight);
  if (constraints.length === 0) return { kind: "skip" };
  const required = requiredNodesOf(pod.pod);
  const domains = constraints.map((): Map<string, number> => new Map());
  const known = constraints.map((): Map<string, boolean> => new Map());
  for (const node of sight.snapshot.nodes) {
    if (!hasAllKeys(node, constraints)) continue;
    for (const [index, constraint] of constraints.entries()) {
      if (!counts(constraint, pod.pod, node, required)) continue;
      const { selector, topologyKey } = constraint;
      const query = { namespace: pod.namespace, selector, known: known[index] ?? new Map<string, boolean>() };
      const value = node.labels[topologyKey] ?? "";
      domains[index]?.set(value, (domains[index].get(value) ?? 0) + matchingPods(node, query));
    }
  }
  return { kind: "prepared", prepared: { constraints, required, domains, lowest: domains.map(lowestOf) } };
}

function lowestOf(domain: ReadonlyMap<string, number>): number {
  let lowest = Number.MAX_SAFE_INTEGER;
  for (const count of domain.values()) if (count < lowest) lowest = count;
  return lowest;
}

function filter(pod: PodInfo, node: NodeInfo, { constraints, domains, lowest }: Prepared): Rejection | undefined {
  for (const [index, { topologyKey, selector, maxSkew, minDomains }] of constraints.entries()) {
    const value = node.labels[topologyKey];
    if (value === undefined) return unresolvable(`${MISMATCH} (missing required label)`);
    const domain = domains[index];
    const floor = (domain?.size ?? 0) < minDomains ? 0 : (lowest[index] ?? 0);
    const own = matchesLabels(selector, pod.labels) ? 1 : 0;
    if ((domain?.get(value) ?? 0) + own - floor > maxSkew) return unschedulable(MISMATCH);
  }
  return undefined;
}

/** The counts with one pod more or less on a node. */
function shift(prepared: Prepared, { pod, other, node }: PodChange, step: 1 | -1): Prepared {
  const { constraints, required } = prepared;
  if (!hasAllKeys(node, constraints) || !matchesRequired(required, node.node)) return prepared;
  const domains = prepared.domains.map((domain, index) => {
    const constraint = constraints[index];
    if (
      constraint === undefined ||
      !countsForSpread(other, { namespace: pod.namespace, selector: constraint.selector })
    )
      return domain;
    if (!counts(constraint, pod.pod, node, required)) return domain;
    const value = node.labels[constraint.topologyKey] ?? "";
    return new Map(domain).set(value, (domain.get(value) ?? 0) + step);
  });
  return { ...prepared, domains, lowest: domains.map(lowestOf) };
}

/** Counts the pods of each domain that has a feasible node. Nodes that lack a key are left out, unless the constraints are the cluster's. */
function weigh(
  pod: PodInfo,
  nodes: readonly NodeInfo[],
  { constraints, sight }: { readonly constraints: readonly Constraint[]; readonly sight: Sight },
): Weighed {
  const isStrict = (pod.pod.spec.topologySpreadConstraints ?? []).length > 0;
  const ignored = new Set(nodes.filter((node) => isStrict && !hasAllKeys(node, constraints)).map((node) => node.name));
  const domains = constraints.map((): Map<string, number> => new Map());
  for (const node of nodes) {
    if (ignored.has(node.name)) continue;
    for (const [index, { topologyKey }] of constraints.entries()) {
      if (topologyKey !== HOSTNAME) domains[index]?.set(node.labels[topologyKey] ?? "", 0);
    }
  }
  const weights = constraints.map(({ topologyKey }, index) => {
    const size = topologyKey === HOSTNAME ? nodes.length - ignored.size : (domains[index]?.size ?? 0);
    return naturalLogarithm(size + 2);
  });
  const known = constraints.map((): Map<string, boolean> => new Map());
  const weighed = { constraints, ignored, domains, weights, known, namespace: pod.namespace };
  countDomains(pod, sight, { weighed, domains, isStrict });
  return weighed;
}

function countDomains(
  pod: PodInfo,
  { snapshot }: Sight,
  {
    weighed,
    domains,
    isStrict,
  }: { readonly weighed: Weighed; readonly domains: readonly Map<string, number>[]; readonly isStrict: boolean },
): void {
  const required = requiredNodesOf(pod.pod);
  for (const [index, constraint] of weighed.constraints.entries()) {
    const domain = domains[index];
    if (domain === undefined || domain.size === 0) continue;
    for (const node of snapshot.nodes) {
      const value = node.labels[constraint.topologyKey] ?? "";
      const before = domain.get(value);
      if (before === undefined || (isStrict && !hasAllKeys(node, weighed.constraints))) continue;
      if (counts(constraint, pod.pod, node, required)) domain.set(value, before + countAt(node, index, weighed));
    }
  }
}

function countAt(node: NodeInfo, index: number, { constraints, known, namespace }: Weighed): number {
  const selector = constraints[index]?.selector ?? { requirements: [] };
  return matchingPods(node, { namespace, selector, known: known[index] ?? new Map<string, boolean>() });
}

function score(node: NodeInfo, weighed: Weighed): number {
  if (weighed.ignored.has(node.name)) return 0;
  let sum = 0;
  for (const [index, { topologyKey, maxSkew }] of weighed.constraints.entries()) {
    const value = node.labels[topologyKey];
    if (value === undefined) continue;
    const count = topologyKey === HOSTNAME ? countAt(node, index, weighed) : (weighed.domains[index]?.get(value) ?? 0);
    sum += count * (weighed.weights[index] ?? 0) + (maxSkew - 1);
  }
  return Math.floor(sum + 0.5);
}

function normalize(scores: readonly number[], nodes: readonly NodeInfo[], { ignored }: Weighed): readonly number[] {
  let lowest = Number.MAX_SAFE_INTEGER;
  let highest = 0;
  for (const [index, one] of scores.entries()) {
    if (ignored.has(nodes[index]?.name ?? "")) continue;
    lowest = Math.min(lowest, one);
    highest = Math.max(highest, one);
  }
  return scores.map((one, index) => {
    if (ignored.has(nodes[index]?.name ?? "")) return 0;
    return highest === 0 ? NODE_SCORE_MAX : Math.trunc((NODE_SCORE_MAX * (highest + lowest - one)) / highest);
  });
}

/** A pod that counts for one of the constraints came, went, or changed its labels. */
function changesCounts(pod: PodInfo, { before, after }: ClusterEvent): boolean {
  const namespace = (after ?? before)?.metadata.namespace ?? "";
  if (namespace !== pod.namespace) return false;
  return (
    before === undefined || after === undefined || !isSemanticallyEqual(before.metadata.labels, after.metadata.labels)
  );
}

function changesDomains(before: Node | undefined, after: Node | undefined): boolean {
  if (before === undefined || after === undefined) return true;
  return (
    !isSemanticallyEqual(before.metadata.labels, after.metadata.labels) ||
    !isSemanticallyEqual(before.spec.taints, after.spec.taints)
  );
}
