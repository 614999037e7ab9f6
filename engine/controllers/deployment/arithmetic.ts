// After kubernetes v1.36 pkg/controller/deployment/util/deployment_util.go.
import type { Deployment, ReplicaSet } from "../../api/generated/types.ts";
import { parseDate } from "../dates.ts";
import { compareStrings, edit, isSame } from "../edit.ts";
import { isDeleting } from "../pods.ts";

export const DESIRED_ANNOTATION = "deployment.kubernetes.io/desired-replicas";
export const MAX_ANNOTATION = "deployment.kubernetes.io/max-replicas";
export const REVISION_ANNOTATION = "deployment.kubernetes.io/revision";
export const HISTORY_ANNOTATION = "deployment.kubernetes.io/revision-history";
export const HASH_LABEL = "pod-template-hash";

export function sizeOf(set: ReplicaSet | undefined): number {
  return set === undefined ? 0 : (set.spec.replicas ?? 1);
}

export function desiredOf(deployment: Deployment): number {
  return deployment.spec.replicas ?? 1;
}

export function totalSize(sets: readonly ReplicaSet[]): number {
  return sets.reduce((total, set) => total + sizeOf(set), 0);
}

/** The sum of a field of the sets' statuses. */
export function totalStatus(
  sets: readonly ReplicaSet[],
  field: "replicas" | "readyReplicas" | "availableReplicas",
): number {
  return sets.reduce((total, set) => total + (set.status?.[field] ?? 0), 0);
}

/** Undefined while a set that has been looked at does not count its terminating pods. */
export function totalTerminating(sets: readonly ReplicaSet[]): number | undefined {
  let total = 0;
  for (const { status } of sets) {
    const terminating = status?.terminatingReplicas;
    if (terminating !== undefined) total += terminating;
    else if ((status?.observedGeneration ?? 0) !== 0) return undefined;
  }
  return total;
}

export function active(sets: readonly ReplicaSet[]): readonly ReplicaSet[] {
  return sets.filter((set) => sizeOf(set) > 0);
}

export function isRollingUpdate(deployment: Deployment): boolean {
  return deployment.spec.strategy?.type === "RollingUpdate";
}

/** A number, or a percentage of `total`. */
export function scaled(value: number | string | undefined, total: number, rounding: "up" | "down"): number {
  if (value === undefined) return 0;
  if (typeof value === "number") return value;
  const share = (Number(value.replace("%", "")) * total) / 100;
  return rounding === "up" ? Math.ceil(share) : Math.floor(share);
}

/** Surge and unavailability in pods; both nothing would never move, so one may be unavailable then. */
function fenceposts(deployment: Deployment): { readonly surge: number; readonly unavailable: number } {
  const { maxSurge, maxUnavailable } = deployment.spec.strategy?.rollingUpdate ?? {};
  const surge = scaled(maxSurge, desiredOf(deployment), "up");
  const unavailable = scaled(maxUnavailable, desiredOf(deployment), "down");
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

export function maxSurge(deployment: Deployment): number {
  return isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0;
}

export function maxUnavailable(deployment: Deployment): number {
  if (!isRollingUpdate(deployment) || desiredOf(deployment) === 0) return 0;
  return Math.min(fenceposts(deployment).unavailable, desiredOf(deployment));
}

/** The size that the new set may have now. */
export function newSize(deployment: Deployment, all: readonly ReplicaSet[], current: number): number {
  if (!isRollingUpdate(deployment)) return desiredOf(deployment);
  const room = desiredOf(deployment) + maxSurge(deployment) - totalSize(all);
  if (room <= 0) return current;
  return current + Math.min(room, desiredOf(deployment) - current);
}

export function byCreation(one: ReplicaSet, other: ReplicaSet): number {
  const first = parseDate(one.metadata.creationTimestamp) ?? 0;
  const second = parseDate(other.metadata.creationTimestamp) ?? 0;
  return first - second || compareStrings(one.metadata.name ?? "", other.metadata.name ?? "");
}

export function bySizeOlder(one: ReplicaSet, other: ReplicaSet): number {
  return sizeOf(other) - sizeOf(one) || byCreation(one, other);
}

export function bySizeNewer(one: ReplicaSet, other: ReplicaSet): number {
  return sizeOf(other) - sizeOf(one) || byCreation(other, one);
}

export function revisionOf(set: ReplicaSet): number {
  return Number.parseInt(set.metadata.annotations?.[REVISION_ANNOTATION] ?? "0", 10) || 0;
}

export function annotatedNumber(set: ReplicaSet, annotation: string): number | undefined {
  const text = set.metadata.annotations?.[annotation];
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}

/** The set whose template is the Deployment's, and all others. */
export function sortOut(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
): { readonly newSet: ReplicaSet | undefined; readonly oldSets: readonly ReplicaSet[] } {
  const newSet = [...sets].toSorted(byCreation).find((set) => hasTemplateOf(set, deployment));
  return { newSet, oldSets: sets.filter((set) => set !== newSet) };
}

/** Whether the templates are equal, the hash label apart. */
export function hasTemplateOf(set: ReplicaSet, deployment: Deployment): boolean {
  const { template } = set.spec;
  const wanted = deployment.spec.template;
  if (template === undefined || !isSame(template.spec, wanted.spec)) return false;
  return isSame(withoutHash(template.metadata), withoutHash(wanted.metadata));
}

function withoutHash(metadata: ReplicaSet["metadata"] | undefined): unknown {
  if (metadata === undefined) return {};
  const labels = edit({ ...metadata.labels } as Record<string, string>, { [HASH_LABEL]: undefined });
  return edit(metadata, { labels, creationTimestamp: undefined });
}

/** The only set with pods, else the newest one; undefined while several have pods. */
export function activeOrLatest(newSet: ReplicaSet | undefined, oldSets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const latestFirst = [...oldSets].toSorted((one, other) => byCreation(other, one));
  const withPods = active(newSet === undefined ? latestFirst : [...latestFirst, newSet]);
  if (withPods.length > 1) return undefined;
  return withPods[0] ?? newSet ?? latestFirst[0];
}

/** Whether the new set has all replicas, they are available, and it knows the present goal. */
export function isSaturated(deployment: Deployment, set: ReplicaSet | undefined): boolean {
  if (set === undefined) return false;
  const desired = desiredOf(deployment);
  return (
    sizeOf(set) === desired &&
    annotatedNumber(set, DESIRED_ANNOTATION) === desired &&
    (set.status?.availableReplicas ?? 0) === desired
  );
}

/** The share of a set when `toAdd` replicas (negative: to take away) are spread over all sets. */
export function proportionOf(
  set: ReplicaSet,
  deployment: Deployment,
  { toAdd, added }: { readonly toAdd: number; readonly added: number },
): number {
  if (sizeOf(set) === 0 || toAdd === 0 || toAdd === added) return 0;
  const fraction = fractionOf(set, deployment);
  const allowed = toAdd - added;
  return toAdd > 0 ? Math.min(fraction, allowed) : Math.max(fraction, allowed);
}

function fractionOf(set: ReplicaSet, deployment: Deployment): number {
  if (desiredOf(deployment) === 0) return -sizeOf(set);
  const max = desiredOf(deployment) + maxSurge(deployment);
  const before = annotatedNumber(set, MAX_ANNOTATION) || (deployment.status?.replicas ?? 0);
  if (before === 0) return 0;
  return Math.floor((sizeOf(set) * max) / before + 0.5) - sizeOf(set);
}

/** Old sets that may be deleted to keep the history short, oldest revision first. */
export function beyondHistory(deployment: Deployment, oldSets: readonly ReplicaSet[]): readonly ReplicaSet[] {
  const limit = deployment.spec.revisionHistoryLimit;
  if (limit === undefined || limit === 2_147_483_647) return [];
  const alive = oldSets.filter((set) => !isDeleting(set));
  const surplus = alive.length - limit;
  if (surplus <= 0) return [];
  return [...alive]
    .toSorted((one, other) => revisionOf(one) - revisionOf(other) || byCreation(one, other))
    .slice(0, surplus)
    .filter(isEmptyAndSettled);
}

function isEmptyAndSettled(set: ReplicaSet): boolean {
  const { status, metadata } = set;
  return (
    (status?.replicas ?? 0) === 0 &&
    sizeOf(set) === 0 &&
    (metadata.generation ?? 0) <= (status?.observedGeneration ?? 0)
  );
}
