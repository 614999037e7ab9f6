// After kubernetes v1.36 pkg/util/pod/pod.go PatchPodStatus: a strategic merge patch between two statuses.
import type { PodCondition, PodStatus } from "../api/generated/types.ts";
import { isEqual } from "../api/semantic-equal.ts";

/** The patch that makes `after` of `before`, or undefined when there is nothing to change. */
export function statusPatch(before: PodStatus, after: PodStatus): Readonly<Record<string, unknown>> | undefined {
  const patch: Record<string, unknown> = {};
  const conditions = conditionPatch(before.conditions ?? [], after.conditions ?? []);
  if (conditions !== undefined) Object.assign(patch, conditions);
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const field of [...fields].toSorted()) {
    if (field === "conditions") continue;
    const [old, next] = [(before as Record<string, unknown>)[field], (after as Record<string, unknown>)[field]];
    if (next === undefined) {
      // What only the API knows (qosClass, resources…) is left alone; what the kubelet has taken back is removed.
      if (old !== undefined && (field === "reason" || field === "message")) patch[field] = null;
    } else if (!isEqual(old, next)) patch[field] = next;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** Conditions are merged by their type; the element order is always sent along. */
function conditionPatch(
  before: readonly PodCondition[],
  after: readonly PodCondition[],
): Record<string, unknown> | undefined {
  const changed: Record<string, unknown>[] = [];
  for (const condition of after) {
    const old = before.find((it) => it.type === condition.type);
    const difference = old === undefined ? { ...condition } : conditionDifference(old, condition);
    if (difference !== undefined) changed.push({ ...difference, type: condition.type });
  }
  const gone = before.filter((old) => !after.some((it) => it.type === old.type));
  for (const condition of gone) changed.push({ $patch: "delete", type: condition.type });
  if (changed.length === 0) return undefined;
  return { "$setElementOrder/conditions": after.map((condition) => ({ type: condition.type })), conditions: changed };
}

function conditionDifference(old: PodCondition, next: PodCondition): Record<string, unknown> | undefined {
  const difference: Record<string, unknown> = {};
  for (const field of ["lastTransitionTime", "message", "observedGeneration", "reason", "status"] as const) {
    if (old[field] === next[field]) continue;
    difference[field] = next[field] ?? null;
  }
  return Object.keys(difference).length === 0 ? undefined : difference;
}
