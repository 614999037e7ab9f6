// After k8s.io/apimachinery v0.36 pkg/apis/meta/v1/helpers.go, LabelSelectorAsSelector.
import type { LabelSelector, LabelSelectorRequirement } from "../api/generated/types.ts";

export type Labels = Readonly<Record<string, string>>;

/** Whether the selector selects the labels: an absent selector nothing, an empty one everything. */
export function selects(selector: LabelSelector | undefined | null, labels: Labels | undefined): boolean {
  if (selector === undefined || selector === null) return false;
  const present = labels ?? {};
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (present[key] !== value) return false;
  return (selector.matchExpressions ?? []).every((requirement) => meets(requirement, present));
}

/** Whether every label of a simple selector (of a Service, a ReplicationController) is there. */
export function selectsAll(selector: Labels | undefined, labels: Labels | undefined): boolean {
  const present = labels ?? {};
  return Object.entries(selector ?? {}).every(([key, value]) => present[key] === value);
}

export function isEmptySelector(selector: LabelSelector | undefined): boolean {
  return Object.keys(selector?.matchLabels ?? {}).length === 0 && (selector?.matchExpressions ?? []).length === 0;
}

function meets(requirement: LabelSelectorRequirement, labels: Labels): boolean {
  const { key, operator, values = [] } = requirement;
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
