// After kubernetes v1.36 pkg/controller/deployment/progress.go and sync.go.
import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from "../../api/generated/types.ts";
import { parseDate, printDate } from "../dates.ts";
import { edit, isSame } from "../edit.ts";
import { again, type Sync } from "../sync.ts";
import { desiredOf, maxUnavailable, totalSize, totalStatus, totalTerminating } from "./arithmetic.ts";
import {
  conditionOf,
  type Failure,
  hasDeadline,
  type Rollout,
  type Sets,
  withCondition,
  writeDeploymentStatus,
} from "./sets.ts";

/** The status that the sets give. */
export function statusOf(rollout: Rollout, sets: Sets): DeploymentStatus {
  const { deployment, date } = rollout;
  const all = allOf(sets);
  const available = totalStatus(all, "availableReplicas");
  const isEnough = available >= desiredOf(deployment) - maxUnavailable(deployment);
  const now = printDate(date);
  const condition: DeploymentCondition = {
    type: "Available",
    status: isEnough ? "True" : "False",
    lastUpdateTime: now,
    lastTransitionTime: now,
    reason: isEnough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
    message: `Deployment ${isEnough ? "has" : "does not have"} minimum availability.`,
  };
  const updated = sets.newSet?.status?.replicas ?? 0;
  return edit<DeploymentStatus>(
    {},
    {
      observedGeneration: deployment.metadata.generation,
      replicas: orNone(totalStatus(all, "replicas")),
      updatedReplicas: orNone(updated),
      readyReplicas: orNone(totalStatus(all, "readyReplicas")),
      availableReplicas: orNone(available),
      unavailableReplicas: orNone(Math.max(0, totalSize(all) - available)),
      terminatingReplicas: totalTerminating(all),
      conditions: withCondition(deployment.status?.conditions, condition),
      collisionCount: deployment.status?.collisionCount,
    },
  );
}

/** Zero counts are left out of the JSON. */
function orNone(count: number): number | undefined {
  return count === 0 ? undefined : count;
}

export function allOf(sets: Sets): readonly ReplicaSet[] {
  return sets.newSet === undefined ? sets.oldSets : [...sets.oldSets, sets.newSet];
}

/** Writes the status of a Deployment that is only scaled or paused. */
export function* syncStatus(rollout: Rollout, sets: Sets): Sync<Failure | undefined> {
  return yield* writeIfOther(rollout, statusOf(rollout, sets));
}

function* writeIfOther(rollout: Rollout, status: DeploymentStatus): Sync<Failure | undefined> {
  if (isSame(rollout.deployment.status, status)) return undefined;
  rollout.deployment = { ...rollout.deployment, status };
  return yield* writeDeploymentStatus(rollout);
}

/** Whether all replicas are of the new template, available, and no others are left. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const desired = desiredOf(deployment);
  return (
    (status.updatedReplicas ?? 0) === desired &&
    (status.replicas ?? 0) === desired &&
    (status.availableReplicas ?? 0) === desired &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

/** Writes the status of a rollout: how far it is, whether it gets on, and whether it has taken too long. */
export function* syncRolloutStatus(rollout: Rollout, sets: Sets): Sync<Failure | undefined> {
  const { deployment } = rollout;
  const computed = statusOf(rollout, sets);
  const current = conditionOf(deployment, "Progressing");
  let conditions = computed.conditions ?? [];
  if (!hasDeadline(deployment)) conditions = without(conditions, "Progressing");
  const isOver =
    (computed.replicas ?? 0) === (computed.updatedReplicas ?? 0) && current?.reason === "NewReplicaSetAvailable";
  if (hasDeadline(deployment) && !isOver) {
    conditions = progressed(rollout, { ...computed, conditions }, nameOf(deployment, sets.newSet));
  }
  const failed = failureOf(sets);
  conditions = failed === undefined ? without(conditions, "ReplicaFailure") : withCondition(conditions, failed);
  const status = edit(computed, { conditions: conditions.length === 0 ? undefined : conditions });
  if (isSame(deployment.status, status)) {
    yield* comeBackBeforeDeadline(rollout, status);
    return undefined;
  }
  return yield* writeIfOther(rollout, status);
}

function nameOf(deployment: Deployment, newSet: ReplicaSet | undefined): string {
  return newSet === undefined
    ? `Deployment "${deployment.metadata.name ?? ""}"`
    : `ReplicaSet "${newSet.metadata.name ?? ""}"`;
}

function without(conditions: readonly DeploymentCondition[], type: string): readonly DeploymentCondition[] {
  const kept = conditions.filter((condition) => condition.type !== type);
  return kept.length === conditions.length ? conditions : kept;
}

function progressed(rollout: Rollout, status: DeploymentStatus, name: string): readonly DeploymentCondition[] {
  const { deployment, date } = rollout;
  const conditions = status.conditions ?? [];
  const now = printDate(date);
  const condition = { type: "Progressing", status: "True", lastUpdateTime: now, lastTransitionTime: now };
  if (isComplete(deployment, status)) {
    const message = `${name} has successfully progressed.`;
    return withCondition(conditions, { ...condition, reason: "NewReplicaSetAvailable", message });
  }
  if (isProgressing(deployment, status)) {
    const former = conditionOf(deployment, "Progressing");
    const lastTransitionTime = former?.status === "True" ? (former.lastTransitionTime ?? now) : now;
    const message = `${name} is progressing.`;
    return [
      ...without(conditions, "Progressing"),
      { ...condition, lastTransitionTime, reason: "ReplicaSetUpdated", message },
    ];
  }
  if (!isTimedOut(deployment, conditions, date)) return conditions;
  const message = `${name} has timed out progressing.`;
  return withCondition(conditions, { ...condition, status: "False", reason: "ProgressDeadlineExceeded", message });
}

function isProgressing({ status: before }: Deployment, after: DeploymentStatus): boolean {
  const then = countsOf(before);
  const now = countsOf(after);
  return now.updated > then.updated || now.old < then.old || now.ready > then.ready || now.available > then.available;
}

function countsOf(
  status: DeploymentStatus | undefined,
): Readonly<Record<"updated" | "old" | "ready" | "available", number>> {
  const {
    replicas = 0,
    updatedReplicas: updated = 0,
    readyReplicas: ready = 0,
    availableReplicas: available = 0,
  } = status ?? {};
  return { updated, old: replicas - updated, ready, available };
}

function isTimedOut(deployment: Deployment, conditions: readonly DeploymentCondition[], date: number): boolean {
  const condition = conditions.find((candidate) => candidate.type === "Progressing");
  if (condition === undefined || condition.reason === "NewReplicaSetAvailable") return false;
  if (condition.reason === "ProgressDeadlineExceeded") return true;
  return deadlineOf(deployment, condition) < date;
}

function deadlineOf(deployment: Deployment, condition: DeploymentCondition): number {
  return (parseDate(condition.lastUpdateTime) ?? 0) + (deployment.spec.progressDeadlineSeconds ?? 0) * 1000;
}

/** Looks again when the deadline has passed, because nothing else may happen until then. */
function* comeBackBeforeDeadline(rollout: Rollout, status: DeploymentStatus): Sync<void> {
  const { deployment, date } = rollout;
  const condition = conditionOf(deployment, "Progressing");
  if (!hasDeadline(deployment) || condition === undefined) return;
  if (isComplete(deployment, status) || condition.reason === "ProgressDeadlineExceeded") return;
  const left = deadlineOf(deployment, condition) - date;
  const { namespace = "", name = "" } = deployment.metadata;
  yield* again(`${namespace}/${name}`, left < 1000 ? 0 : left + 1000);
}

/** The failure of the new set, else of any. */
function failureOf(sets: Sets): DeploymentCondition | undefined {
  const candidates = sets.newSet === undefined ? sets.oldSets : [sets.newSet, ...sets.oldSets];
  for (const set of candidates) {
    const found = set.status?.conditions?.find((condition) => condition.type === "ReplicaFailure");
    if (found === undefined) continue;
    return edit({ type: "ReplicaFailure", status: found.status } as DeploymentCondition, {
      lastUpdateTime: found.lastTransitionTime,
      lastTransitionTime: found.lastTransitionTime,
      reason: found.reason,
      message: found.message,
    });
  }
  return undefined;
}
