// After kubernetes v1.36 pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go; not modelled: affinity added by configuration.
import type { Node, NodeSelectorTerm } from "../../../api/generated/types.ts";
import { normalizeByMax, type Plugin, type PreFiltered, unresolvable } from "../../framework.ts";
import {
  isEverywhere,
  matchesRequired,
  matchesTerm,
  nodeTermOf,
  type NodeTerm,
  type RequiredNodes,
  requiredNodesOf,
} from "../../node-selector.ts";
import type { PodInfo } from "../../pod-info.ts";

const MISMATCH = "node(s) didn't match Pod's node affinity/selector";

interface Preference {
  readonly weight: number;
  readonly term: NodeTerm;
}

/** Holds pods to the nodes that they select, and draws them to the ones that they prefer. */
export const nodeAffinity: Plugin<RequiredNodes, readonly Preference[]> = {
  name: "NodeAffinity",
  weight: 2,
  preFilter: (pod) => {
    const required = requiredNodesOf(pod.pod);
    return isEverywhere(required) ? { kind: "skip" } : preFilter(pod, required);
  },
  filter: (_, { node }, required) => (matchesRequired(required, node) ? undefined : unresolvable(MISMATCH)),
  preScore: (pod) => {
    const terms = pod.pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    const preferences = terms.flatMap(({ weight, preference }) => {
      const term = nodeTermOf(preference);
      return term === undefined || weight === 0 ? [] : [{ weight, term }];
    });
    return terms.length === 0 ? { kind: "skip" } : { kind: "prepared", prepared: preferences };
  },
  score: (_, { node }, preferences) =>
    preferences.reduce((sum, { weight, term }) => sum + (matchesTerm(term, node) ? weight : 0), 0),
  normalize: (scores) => normalizeByMax(scores, false),
  hints: [
    {
      resource: "Node",
      helps: (pod, { before, after }) => {
        const required = requiredNodesOf(pod.pod);
        if (after === undefined || !matchesRequired(required, after as Node)) return false;
        return before === undefined || !matchesRequired(required, before as Node);
      },
    },
    { resource: "UnscheduledPod" },
  ],
};

/** A pod of a DaemonSet names its node in a field: then no other node need be looked at. */
function preFilter(pod: PodInfo, required: RequiredNodes): PreFiltered<RequiredNodes> {
  const terms = pod.pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (terms === undefined || terms.length === 0) return { kind: "prepared", prepared: required };
  const nodes = new Set<string>();
  for (const term of terms) {
    const names = namesOf(term);
    if (names === undefined) return { kind: "prepared", prepared: required };
    if (names.length === 0) continue;
    for (const name of names) nodes.add(name);
  }
  if (nodes.size === 0) return unresolvable("pod affinity terms conflict");
  return { kind: "prepared", prepared: required, nodes: [...nodes] };
}

/** The nodes that the term names; undefined when it does not name them. */
function namesOf(term: NodeSelectorTerm): readonly string[] | undefined {
  let names: readonly string[] | undefined;
  for (const { key, operator, values = [] } of term.matchFields ?? []) {
    if (key !== "metadata.name" || operator !== "In") continue;
    names = names === undefined ? values : names.filter((name) => values.includes(name));
  }
  return names;
}
