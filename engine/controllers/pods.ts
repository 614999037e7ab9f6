// After kubernetes v1.36 pkg/api/v1/pod/util.go and pkg/controller/controller_utils.go.
import type { Pod, PodCondition } from "../api/generated/types.ts";
import { parseDate } from "./dates.ts";
import { compareStrings } from "./edit.ts";

/** Milliseconds since 1970. */
export type DateMillis = number;

export function phaseOf(pod: Pod): string {
  return pod.status?.phase ?? "";
}

export function isTerminal(pod: Pod): boolean {
  const phase = phaseOf(pod);
  return phase === "Succeeded" || phase === "Failed";
}

export function isDeleting(object: { readonly metadata: { readonly deletionTimestamp?: string } }): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

/** Neither over nor on its way out. */
export function isActive(pod: Pod): boolean {
  return !isTerminal(pod) && !isDeleting(pod);
}

export function isTerminating(pod: Pod): boolean {
  return !isTerminal(pod) && isDeleting(pod);
}

export function podCondition(pod: Pod, type: string): PodCondition | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type);
}

export function isReady(pod: Pod): boolean {
  return podCondition(pod, "Ready")?.status === "True";
}

/** Ready for at least that long. */
export function isAvailable(pod: Pod, minReadySeconds: number, date: DateMillis): boolean {
  const condition = podCondition(pod, "Ready");
  if (condition?.status !== "True") return false;
  if (minReadySeconds === 0) return true;
  const since = parseDate(condition.lastTransitionTime);
  return since !== undefined && since + minReadySeconds * 1000 <= date;
}

/** How long until the first of the pods that are ready but not yet available becomes so. */
export function nextAvailabilityMillis(
  pods: readonly Pod[],
  minReadySeconds: number,
  date: DateMillis,
): number | undefined {
  let next: number | undefined;
  for (const pod of pods) {
    const condition = podCondition(pod, "Ready");
    const since = condition?.status === "True" ? parseDate(condition.lastTransitionTime) : undefined;
    if (minReadySeconds === 0 || since === undefined) continue;
    const left = since + minReadySeconds * 1000 - date;
    if (left > 0 && (next === undefined || left < next)) next = left;
  }
  return next;
}

/** A pod and how many related pods stand on its node. */
export interface RankedPod {
  readonly pod: Pod;
  readonly rank: number;
}

const PHASE_ORDER: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** Which of two pods goes first when some must go: negative when the first one does. `date` enables the logarithmic age of KEP 2185. */
export function compareForDeletion(one: RankedPod, other: RankedPod, date: DateMillis): number {
  return (
    compareAssigned(one.pod, other.pod) ||
    (PHASE_ORDER[phaseOf(one.pod)] ?? 0) - (PHASE_ORDER[phaseOf(other.pod)] ?? 0) ||
    Number(isReady(one.pod)) - Number(isReady(other.pod)) ||
    deletionCost(one.pod) - deletionCost(other.pod) ||
    other.rank - one.rank ||
    compareReadyTime(one.pod, other.pod, date) ||
    compareRestarts(one.pod, other.pod) ||
    compareAges(one.pod, other.pod, [one.pod.metadata.creationTimestamp, other.pod.metadata.creationTimestamp, date])
  );
}

function compareAssigned(one: Pod, other: Pod): number {
  const first = (one.spec.nodeName ?? "") !== "";
  const second = (other.spec.nodeName ?? "") !== "";
  return Number(first) - Number(second);
}

/** The annotation `controller.kubernetes.io/pod-deletion-cost`; an invalid one counts as 0. */
export function deletionCost(pod: Pod): number {
  const text = pod.metadata.annotations?.["controller.kubernetes.io/pod-deletion-cost"];
  return text !== undefined && /^(0|-?[1-9][0-9]*)$/.test(text) ? Number(text) : 0;
}

function compareReadyTime(one: Pod, other: Pod, date: DateMillis): number {
  if (!isReady(one) || !isReady(other)) return 0;
  const first = podCondition(one, "Ready")?.lastTransitionTime;
  const second = podCondition(other, "Ready")?.lastTransitionTime;
  return compareAges(one, other, [first, second, date]);
}

type Ages = readonly [string | null | undefined, string | null | undefined, DateMillis];

/** The younger first; ages of the same power of two are a tie that the uid decides. */
function compareAges(one: Pod, other: Pod, [first, second, date]: Ages): number {
  const since = parseDate(first);
  const sinceOther = parseDate(second);
  if (since === sinceOther) return 0;
  if (since === undefined || sinceOther === undefined) return since === undefined ? -1 : 1;
  const difference = magnitude(date - since) - magnitude(date - sinceOther);
  return difference === 0 ? compareStrings(one.metadata.uid ?? "", other.metadata.uid ?? "") : difference;
}

/** The whole part of the binary logarithm of a duration in nanoseconds; -1 for none. */
function magnitude(millis: number): number {
  if (millis <= 0) return -1;
  let power = 0;
  for (let rest = millis * 1_000_000; rest >= 2; rest /= 2) power += 1;
  return power;
}

function compareRestarts(one: Pod, other: Pod): number {
  return maxRestarts(other) - maxRestarts(one);
}

function maxRestarts(pod: Pod): number {
  let max = 0;
  for (const status of pod.status?.containerStatuses ?? []) if (status.restartCount > max) max = status.restartCount;
  return max;
}
