// After kubernetes v1.36 pkg/scheduler/framework/plugins/interpodaffinity/plugin.go, filtering.go.
import type { Pod } from "../../../api/generated/types.ts";
import { get, values } from "../../../kernel/sorted-map.ts";
import {
  type ClusterEvent,
  type Collections,
  type Plugin,
  type PodChange,
  type PreFiltered,
  type Rejection,
  type Sight,
  unresolvable,
  unschedulable,
} from "../../framework.ts";
import { type AffinityTerm, type PodInfo, podInfoOf, termMatches } from "../../pod-info.ts";
import { markedNodes, type NodeInfo, type Snapshot } from "../../snapshot.ts";
import { interPodScore, type Topology, weighTerms, normalizeBetween } from "./scoring.ts";

/** How often each pair of a topology key and a value was counted. */
type Pairs = ReadonlyMap<string, number>;

interface Prepared {
  /** Pairs where a pod that is there already refuses the new one. */
  readonly refused: Pairs;
  /** Pairs where pods are that the new one wants to be with, and wants to keep away from. */
  readonly wanted: Pairs;
  readonly shunned: Pairs;
  readonly isOwnFriend: boolean;
  readonly collections: Collections;
}

/** Brings pods together and keeps them apart, by what runs where already. */
export const interPodAffinity: Plugin<Prepared, Topology> = {
  name: "InterPodAffinity",
  weight: 2,
  preFilter: (pod, sight) => prepare(pod, sight),
  filter: (pod, node, prepared) => filter(pod, node, prepared),
  addPod: (prepared, change) => shift(prepared, change, 1),
  removePod: (prepared, change) => shift(prepared, change, -1),
  preScore: (pod, _, sight) => {
    const topology = weighTerms(pod, sight);
    return topology.size === 0 ? { kind: "skip" } : { kind: "prepared", prepared: topology };
  },
  score: (_, node, topology) => interPodScore(node, topology),
  normalize: (scores) => normalizeBetween(scores),
  hints: [
    { resource: "AssignedPod", helps: (pod, event) => mayHelp(pod, event) },
    { resource: "UnscheduledPod" },
    { resource: "Node", helps: (_, { after }) => after !== undefined },
  ],
};

function pairAt(term: AffinityTerm, node: NodeInfo): string | undefined {
  const value = node.labels[term.topologyKey];
  return value === undefined ? undefined : `${term.topologyKey}\n${value}`;
}

function tally(pairs: Map<string, number>, pair: string | undefined, count: number): void {
  if (pair === undefined) return;
  const sum = (pairs.get(pair) ?? 0) + count;
  if (sum === 0) pairs.delete(pair);
  else pairs.set(pair, sum);
}

function labelsOfNamespace(collections: Collections, name: string): Readonly<Record<string, string>> | undefined {
  return get(collections.namespaces, name)?.metadata.labels;
}

function prepare(pod: PodInfo, { snapshot, collections }: Sight): PreFiltered<Prepared> {
  const own = labelsOfNamespace(collections, pod.namespace);
  const refused = refusedPairs(pod, snapshot, own);
  const hasTerms = pod.requiredAffinity.length + pod.requiredAntiAffinity.length > 0;
  if (refused.size === 0 && !hasTerms) return { kind: "skip" };
  const wanted = new Map<string, number>();
  const shunned = new Map<string, number>();
  if (hasTerms) {
    for (const node of snapshot.nodes) {
      for (const { sample, count } of values(node.groups)) {
        tallyOwnTerms({ pod, other: sample, node }, { wanted, shunned, count, collections });
      }
    }
  }
  const isOwnFriend = pod.requiredAffinity.every((term) => termMatches(term, pod, own));
  return { kind: "prepared", prepared: { refused, wanted, shunned, isOwnFriend, collections } };
}

/** Where the anti-affinity of a pod that is there already keeps the new one away. */
function refusedPairs(
  pod: PodInfo,
  snapshot: Snapshot,
  own: Readonly<Record<string, string>> | undefined,
): Map<string, number> {
  const refused = new Map<string, number>();
  for (const node of markedNodes(snapshot, snapshot.antiAffinityNodes)) {
    const terms = values(node.pods).flatMap((other) => other.requiredAntiAffinity);
    for (const term of terms) if (termMatches(term, pod, own)) tally(refused, pairAt(term, node), 1);
  }
  return refused;
}

interface Tally {
  readonly wanted: Map<string, number>;
  readonly shunned: Map<string, number>;
  readonly count: number;
  readonly collections: Collections;
}

/** An existing pod is a friend only when it matches all affinity terms; each anti-affinity term stands for itself. */
function tallyOwnTerms({ pod, other, node }: PodChange, { wanted, shunned, count, collections }: Tally): void {
  const labels = labelsOfNamespace(collections, other.namespace);
  const { requiredAffinity, requiredAntiAffinity } = pod;
  if (requiredAffinity.length > 0 && requiredAffinity.every((term) => termMatches(term, other, labels))) {
    for (const term of requiredAffinity) tally(wanted, pairAt(term, node), count);
  }
  for (const term of requiredAntiAffinity)
    if (termMatches(term, other, labels)) tally(shunned, pairAt(term, node), count);
}

function filter(pod: PodInfo, node: NodeInfo, prepared: Prepared): Rejection | undefined {
  if (!satisfiesAffinity(pod, node, prepared)) return unresolvable("node(s) didn't match pod affinity rules");
  const isShunned = pod.requiredAntiAffinity.some((term) => prepared.shunned.has(pairAt(term, node) ?? ""));
  if (isShunned) return unschedulable("node(s) didn't match pod anti-affinity rules");
  if (prepared.refused.size === 0) return undefined;
  for (const key in node.labels) {
    if (prepared.refused.has(`${key}\n${node.labels[key]}`)) {
      return unschedulable("node(s) didn't satisfy existing pods anti-affinity rules");
    }
  }
  return undefined;
}

function satisfiesAffinity(pod: PodInfo, node: NodeInfo, { wanted, isOwnFriend }: Prepared): boolean {
  if (pod.requiredAffinity.length === 0) return true;
  let hasAllFriends = true;
  for (const term of pod.requiredAffinity) {
    const pair = pairAt(term, node);
    if (pair === undefined) return false;
    if (!wanted.has(pair)) hasAllFriends = false;
  }
  // The first of a group of pods that want to be together may go anywhere.
  return hasAllFriends || (wanted.size === 0 && isOwnFriend);
}

function shift(prepared: Prepared, change: PodChange, step: 1 | -1): Prepared {
  const { pod, other, node } = change;
  const refused = new Map(prepared.refused);
  const own = labelsOfNamespace(prepared.collections, pod.namespace);
  for (const term of other.requiredAntiAffinity)
    if (termMatches(term, pod, own)) tally(refused, pairAt(term, node), step);
  const wanted = new Map(prepared.wanted);
  const shunned = new Map(prepared.shunned);
  tallyOwnTerms(change, { wanted, shunned, count: step, collections: prepared.collections });
  return { ...prepared, refused, wanted, shunned };
}

/** A friend came, somebody to keep away from went, or somebody who kept the pod away. */
function mayHelp(pod: PodInfo, { before, after }: ClusterEvent): boolean {
  const changed = after ?? before;
  if (changed === undefined) return false;
  const other = podInfoOf(changed as Pod);
  if (after === undefined || (before !== undefined && before.metadata.labels !== after.metadata.labels)) {
    return (
      pod.requiredAntiAffinity.length > 0 || other.requiredAntiAffinity.length > 0 || pod.requiredAffinity.length > 0
    );
  }
  return pod.requiredAffinity.some(
    (term) => termMatches(term, other, undefined) || term.namespaceSelector.isNothing !== true,
  );
}
