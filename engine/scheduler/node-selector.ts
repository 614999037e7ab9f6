// After kubernetes v1.36 component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go.
import type { Node, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, Pod } from "../api/generated/types.ts";
import { matchesLabels, type Operator, type Requirement, type Selector } from "../api/label-selector.ts";

/** Node selector terms, compiled: a node matches when one term matches. */
export interface NodeTerms {
  readonly terms: readonly NodeTerm[];
}

export interface NodeTerm {
  readonly labels: Selector;
  readonly fields: Selector;
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  In: "in",
  NotIn: "notin",
  Exists: "exists",
  DoesNotExist: "!",
  Gt: "gt",
  Lt: "lt",
};

function requirementsOf(list: readonly NodeSelectorRequirement[] | undefined): readonly Requirement[] {
  return (list ?? []).map(({ key, operator, values }) => ({
    key,
    operator: OPERATORS[operator] ?? "in",
    values: values ?? [],
  }));
}

export function nodeTermOf(term: NodeSelectorTerm): NodeTerm | undefined {
  const labels = requirementsOf(term.matchExpressions);
  const fields = requirementsOf(term.matchFields);
  // A term without requirements matches nothing.
  return labels.length + fields.length === 0
    ? undefined
    : { labels: { requirements: labels }, fields: { requirements: fields } };
}

export function nodeTermsOf(selector: NodeSelector): NodeTerms {
  return { terms: selector.nodeSelectorTerms.flatMap((term) => nodeTermOf(term) ?? []) };
}

export function matchesTerm(term: NodeTerm, node: Node): boolean {
  return (
    matchesLabels(term.labels, node.metadata.labels) &&
    matchesLabels(term.fields, { "metadata.name": node.metadata.name ?? "" })
  );
}

export function matchesTerms(terms: NodeTerms, node: Node): boolean {
  return terms.terms.some((term) => matchesTerm(term, node));
}

/** Where a pod may run: its nodeSelector and its required node affinity. */
export interface RequiredNodes {
  readonly labels: readonly (readonly [key: string, value: string])[];
  readonly terms: NodeTerms | undefined;
}

export function requiredNodesOf(pod: Pod): RequiredNodes {
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return {
    labels: Object.entries(pod.spec.nodeSelector ?? {}),
    terms: required === undefined ? undefined : nodeTermsOf(required),
  };
}

export function isEverywhere({ labels, terms }: RequiredNodes): boolean {
  return labels.length === 0 && terms === undefined;
}

export function matchesRequired({ labels, terms }: RequiredNodes, node: Node): boolean {
  for (const [key, value] of labels) if (node.metadata.labels?.[key] !== value) return false;
  return terms === undefined || matchesTerms(terms, node);
}
