// After kubernetes v1.36 pkg/scheduler/framework/plugins/interpodaffinity/scoring.go.
import { get, values } from "../../../kernel/sorted-map.ts";
import { type Collections, NODE_SCORE_MAX, type Sight } from "../../framework.ts";
import { type AffinityTerm, type PodInfo, termMatches } from "../../pod-info.ts";
import { markedNodes, type NodeInfo } from "../../snapshot.ts";

/** For each topology key, what each of its values is worth to the pod. */
export type Topology = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** What a required affinity of an existing pod counts for the new one. Source: config/v1/defaults.go HardPodAffinityWeight. */
const HARD_AFFINITY_WEIGHT = 1;

type Sums = Map<string, Map<string, number>>;

function credit(sums: Sums, term: AffinityTerm, node: NodeInfo, weight: number): void {
  const value = node.labels[term.topologyKey];
  if (value === undefined || weight === 0) return;
  const found = sums.get(term.topologyKey) ?? new Map<string, number>();
  found.set(value, (found.get(value) ?? 0) + weight);
  sums.set(term.topologyKey, found);
}

/** What the preferences of the pod, and those of the pods that are there, say about each domain. */
export function weighTerms(pod: PodInfo, { snapshot, collections }: Sight): Topology {
  const sums: Sums = new Map();
  if (pod.preferredAffinity.length + pod.preferredAntiAffinity.length > 0) {
    for (const node of snapshot.nodes) weighOwnTerms(sums, pod, { node, collections });
  }
  const labels = get(collections.namespaces, pod.namespace)?.metadata.labels;
  for (const node of markedNodes(snapshot, snapshot.affinityNodes)) {
    for (const other of values(node.pods)) {
      const weigh = (term: AffinityTerm, weight: number): void => {
        if (termMatches(term, pod, labels)) credit(sums, term, node, weight);
      };
      for (const term of other.requiredAffinity) weigh(term, HARD_AFFINITY_WEIGHT);
      for (const { term, weight } of other.preferredAffinity) weigh(term, weight);
      for (const { term, weight } of other.preferredAntiAffinity) weigh(term, -weight);
    }
  }
  return sums;
}

function weighOwnTerms(
  sums: Sums,
  pod: PodInfo,
  { node, collections }: { readonly node: NodeInfo; readonly collections: Collections },
): void {
  for (const { sample, count } of values(node.groups)) {
    const labels = get(collections.namespaces, sample.namespace)?.metadata.labels;
    const weigh = (term: AffinityTerm, weight: number): void => {
      if (termMatches(term, sample, labels)) credit(sums, term, node, weight * count);
    };
    for (const { term, weight } of pod.preferredAffinity) weigh(term, weight);
    for (const { term, weight } of pod.preferredAntiAffinity) weigh(term, -weight);
  }
}

export function interPodScore(node: NodeInfo, topology: Topology): number {
  let sum = 0;
  for (const [key, worth] of topology) {
    const value = node.labels[key];
    if (value !== undefined) sum += worth.get(value) ?? 0;
  }
  return sum;
}

/** The lowest score becomes 0, the highest 100. */
export function normalizeBetween(scores: readonly number[]): readonly number[] {
  const lowest = scores.reduce((one, other) => Math.min(one, other), Number.MAX_SAFE_INTEGER);
  const highest = scores.reduce((one, other) => Math.max(one, other), Number.MIN_SAFE_INTEGER);
  const range = highest - lowest;
  return scores.map((score) => (range > 0 ? Math.trunc(NODE_SCORE_MAX * ((score - lowest) / range)) : 0));
}
