// After kubernetes v1.36 pkg/controller/deployment/deployment_controller.go, rolling.go, recreate.go, sync.go; not modelled: the
// rollback annotation of extensions/v1beta1.
import type { Deployment, Pod, ReplicaSet } from "../../api/generated/types.ts";
import { controllerOf, type KubernetesObject, keyOf } from "../../api/object.ts";
import type { Change } from "../../client/informer.ts";
import { deleteRequest } from "../../client/requests.ts";
import { type Lister, orphansOf } from "../cache.ts";
import { claim } from "../claim.ts";
import { type Controller, NOTHING, ownKey, type Reaction, watch } from "../controller.ts";
import { dateOf } from "../dates.ts";
import { isSame } from "../edit.ts";
import { isDeleting, phaseOf } from "../pods.ts";
import { isEmptySelector, selects } from "../selector.ts";
import { DONE, isSuccess, recordEvent, retry, send, type Situation, type Sync, whyRefused } from "../sync.ts";
import { deployments, pods, replicaSets } from "../watched.ts";
import {
  active,
  activeOrLatest,
  annotatedNumber,
  beyondHistory,
  byCreation,
  bySizeNewer,
  bySizeOlder,
  DESIRED_ANNOTATION,
  desiredOf,
  isRollingUpdate,
  isSaturated,
  maxSurge,
  maxUnavailable,
  newSize,
  proportionOf,
  sizeOf,
  totalSize,
  totalStatus,
} from "./arithmetic.ts";
import {
  conditionOf,
  DEPLOYMENT,
  type Failure,
  findSets,
  hasDeadline,
  isFailure,
  type Rollout,
  scaleSet,
  type Sets,
  setCondition,
  writeDeploymentStatus,
} from "./sets.ts";
import { allOf, isComplete, syncRolloutStatus, syncStatus } from "./status.ts";

/** Rolls Deployments out. */
export const deployment: Controller<null> = {
  name: "deployment",
  identity: "deployment-controller",
  workers: 5,
  // Source: deployment_controller.go maxRetries.
  retriesMax: 15,
  memory: null,
  watches: [
    watch(deployments, ownKey),
    watch(replicaSets, (change, { lister }) => ({ wishes: ownersOfChange(change, lister) })),
    watch(pods, (change, { lister }) => whenLastPodGoes(change, lister)),
  ],
  sync: syncDeployment,
};

function ownersOfChange({ before, after }: Change<ReplicaSet>, lister: Lister): readonly string[] {
  const keys: string[] = [];
  const former = before === undefined ? undefined : ownerOf(before, lister);
  if (after === undefined) return former === undefined ? [] : [keyOf(former)];
  const present = controllerOf(after);
  const hasOtherOwner = before !== undefined && !isSame(controllerOf(before), present);
  if (hasOtherOwner && former !== undefined) keys.push(keyOf(former));
  if (present !== undefined) {
    const owner = ownerOf(after, lister);
    return owner === undefined ? keys : [...keys, keyOf(owner)];
  }
  const isNews = before === undefined || hasOtherOwner || !isSame(before.metadata.labels, after.metadata.labels);
  if (!isNews || isDeleting(after)) return keys;
  const suitors = lister
    .list(deployments, after.metadata.namespace)
    .filter((candidate) => selects(candidate.spec.selector, after.metadata.labels));
  return [...keys, ...suitors.map(keyOf)];
}

function ownerOf(set: KubernetesObject, lister: Lister): Deployment | undefined {
  const reference = controllerOf(set);
  if (reference?.kind !== "Deployment") return undefined;
  const found = lister.get(deployments, `${set.metadata.namespace ?? ""}/${reference.name}`);
  return found?.metadata.uid === reference.uid ? found : undefined;
}

/** A Recreate rollout waits for its last old pod to be gone. */
function whenLastPodGoes({ before, after }: Change<Pod>, lister: Lister): Reaction<null> {
  if (after !== undefined || before === undefined) return NOTHING;
  const reference = controllerOf(before);
  if (reference?.kind !== "ReplicaSet") return NOTHING;
  const set = lister.get(replicaSets, `${before.metadata.namespace ?? ""}/${reference.name}`);
  const owner = set?.metadata.uid === reference.uid ? ownerOf(set, lister) : undefined;
  if (owner?.spec.strategy?.type !== "Recreate") return NOTHING;
  const sets = lister.by(replicaSets, "controller", owner.metadata.uid ?? "");
  const left = sets.some((sibling) => lister.by(pods, "controller", sibling.metadata.uid ?? "").length > 0);
  return { wishes: left ? [] : [keyOf(owner)] };
}

function* syncDeployment(key: string, situation: Situation<null>): Sync {
  const { lister } = situation;
  const found = lister.get(deployments, key);
  if (found === undefined) return DONE;
  if (isEmptySelector(found.spec.selector)) return yield* refuseEverything(found, situation);
  const { uid = "", namespace = "" } = found.metadata;
  const candidates = [
    ...lister.by(replicaSets, "controller", uid),
    ...lister.by(replicaSets, "controller", orphansOf(namespace)),
  ];
  const claimed = yield* claim<ReplicaSet>(
    {
      owner: found,
      ownerKind: DEPLOYMENT,
      ownerWatched: deployments as never,
      claimed: replicaSets as never,
      matches: (set) => selects(found.spec.selector, set.metadata.labels),
    },
    candidates,
  );
  if (claimed.failure !== undefined) return retry(claimed.failure);
  const rollout: Rollout = { deployment: found, sets: claimed.objects, lister, date: dateOf(situation) };
  const outcome = yield* workOn(rollout);
  return outcome === undefined ? DONE : retry(outcome.failure);
}

function* refuseEverything(found: Deployment, situation: Situation<null>): Sync {
  const message = "This deployment is selecting all pods. A non-empty selector is required.";
  yield* recordEvent({ object: found, type: "Warning", reason: "SelectingAll", message });
  const { generation = 0 } = found.metadata;
  if ((found.status?.observedGeneration ?? 0) >= generation) return DONE;
  const status = { ...found.status, observedGeneration: generation };
  const rollout = { deployment: { ...found, status }, sets: [], lister: situation.lister, date: dateOf(situation) };
  yield* writeDeploymentStatus(rollout);
  return DONE;
}

function* workOn(rollout: Rollout): Sync<Failure | undefined> {
  const { deployment } = rollout;
  if (isDeleting(deployment)) {
    const sets = yield* findSets(rollout, false);
    return isFailure(sets) ? sets : yield* syncStatus(rollout, sets);
  }
  const refused = yield* notePause(rollout);
  if (refused !== undefined) return refused;
  if (deployment.spec.paused === true) return yield* syncScale(rollout);
  const sets = yield* findSets(rollout, false);
  if (isFailure(sets)) return sets;
  const isScaled = active(allOf(sets)).some((set) => {
    const desired = annotatedNumber(set, DESIRED_ANNOTATION);
    return desired !== undefined && desired !== desiredOf(deployment);
  });
  if (isScaled) return yield* syncScale(rollout);
  return deployment.spec.strategy?.type === "Recreate" ? yield* recreate(rollout) : yield* roll(rollout);
}

/** Says in a condition that a rollout is paused or goes on, so that the pause does not count as lack of progress. */
function* notePause(rollout: Rollout): Sync<Failure | undefined> {
  const { deployment } = rollout;
  if (!hasDeadline(deployment)) return undefined;
  const reason = conditionOf(deployment, "Progressing")?.reason;
  if (reason === "ProgressDeadlineExceeded") return undefined;
  const isPaused = deployment.spec.paused === true;
  if (isPaused === (reason === "DeploymentPaused")) return undefined;
  setCondition(rollout, {
    type: "Progressing",
    status: "Unknown",
    reason: isPaused ? "DeploymentPaused" : "DeploymentResumed",
    message: isPaused ? "Deployment is paused" : "Deployment is resumed",
  });
  return yield* writeDeploymentStatus(rollout);
}

/** Scaling, and all that happens while paused. */
function* syncScale(rollout: Rollout): Sync<Failure | undefined> {
  const sets = yield* findSets(rollout, false);
  if (isFailure(sets)) return sets;
  const failed = yield* scale(rollout, sets);
  if (failed !== undefined) return failed;
  if (rollout.deployment.spec.paused === true) {
    const refused = yield* cleanUp(rollout, sets.oldSets);
    if (refused !== undefined) return refused;
  }
  return yield* syncStatus(rollout, sets);
}

function* scale(rollout: Rollout, sets: Sets): Sync<Failure | undefined> {
  const { deployment } = rollout;
  const only = activeOrLatest(sets.newSet, sets.oldSets);
  if (only !== undefined) {
    if (sizeOf(only) === desiredOf(deployment)) return undefined;
    return failureOf(yield* scaleSet(rollout, only, desiredOf(deployment)));
  }
  if (isSaturated(deployment, sets.newSet)) {
    for (const old of active(sets.oldSets)) {
      const scaled = yield* scaleSet(rollout, old, 0);
      if (isFailure(scaled)) return scaled;
    }
    return undefined;
  }
  return isRollingUpdate(deployment) ? yield* scaleProportionally(rollout, active(allOf(sets))) : undefined;
}

function failureOf(value: ReplicaSet | Failure): Failure | undefined {
  return isFailure(value) ? value : undefined;
}

/** Spreads new replicas, or the loss of some, over the sets by their size; what rounding leaves goes to the largest. */
function* scaleProportionally(rollout: Rollout, sets: readonly ReplicaSet[]): Sync<Failure | undefined> {
  const { deployment } = rollout;
  const desired = desiredOf(deployment);
  const toAdd = (desired > 0 ? desired + maxSurge(deployment) : 0) - totalSize(sets);
  const ordered = [...sets].toSorted(toAdd < 0 ? bySizeOlder : bySizeNewer);
  let added = 0;
  const sizes: number[] = [];
  for (const set of toAdd === 0 ? sets : ordered) {
    const share = proportionOf(set, deployment, { toAdd, added });
    added += share;
    sizes.push(sizeOf(set) + share);
  }
  for (const [index, set] of (toAdd === 0 ? sets : ordered).entries()) {
    const leftover = index === 0 ? toAdd - added : 0;
    const scaled = yield* scaleSet(rollout, set, Math.max(0, (sizes[index] ?? 0) + leftover));
    if (isFailure(scaled)) return scaled;
  }
  return undefined;
}

/** Deletes empty old sets beyond the history limit. */
function* cleanUp(rollout: Rollout, oldSets: readonly ReplicaSet[]): Sync<Failure | undefined> {
  for (const set of beyondHistory(rollout.deployment, oldSets)) {
    const { namespace = "", name = "" } = set.metadata;
    const response = yield* send(deleteRequest({ resource: replicaSets.resource, namespace, name }));
    if (!isSuccess(response) && response.code !== 404) return { failure: whyRefused(response) };
  }
  return undefined;
}

/** RollingUpdate: up as far as the surge allows, else down as far as availability allows. */
function* roll(rollout: Rollout): Sync<Failure | undefined> {
  const sets = yield* findSets(rollout, true);
  if (isFailure(sets)) return sets;
  const hasMoved = (yield* growNewSet(rollout, sets)) || (yield* shrinkOldSets(rollout, sets));
  if (isFailed(hasMoved)) return hasMoved;
  if (!hasMoved && isComplete(rollout.deployment, rollout.deployment.status ?? {})) {
    const refused = yield* cleanUp(rollout, sets.oldSets);
    if (refused !== undefined) return refused;
  }
  return yield* syncRolloutStatus(rollout, sets);
}

function isFailed(outcome: boolean | Failure): outcome is Failure {
  return typeof outcome !== "boolean";
}

function* growNewSet(rollout: Rollout, sets: Sets): Sync<boolean | Failure> {
  const { deployment } = rollout;
  const { newSet } = sets;
  if (newSet === undefined || sizeOf(newSet) === desiredOf(deployment)) return false;
  const to =
    sizeOf(newSet) > desiredOf(deployment) ? desiredOf(deployment) : newSize(deployment, allOf(sets), sizeOf(newSet));
  if (to === sizeOf(newSet)) return false;
  const scaled = yield* scaleSet(rollout, newSet, to);
  return isFailure(scaled) ? scaled : true;
}

/** Unhealthy old replicas go first, because they keep nothing available; then healthy ones as long as enough stay. */
function* shrinkOldSets(rollout: Rollout, sets: Sets): Sync<boolean | Failure> {
  const { deployment } = rollout;
  const { newSet } = sets;
  let old = [...active(sets.oldSets)].toSorted(byCreation);
  if (newSet === undefined || totalSize(old) === 0) return false;
  const minAvailable = desiredOf(deployment) - maxUnavailable(deployment);
  const notYet = sizeOf(newSet) - (newSet.status?.availableReplicas ?? 0);
  const most = totalSize(allOf(sets)) - minAvailable - notYet;
  if (most <= 0) return false;
  const cleaned = yield* removeUnhealthy(rollout, old, most);
  if ("failure" in cleaned) return cleaned;
  const { removed } = cleaned;
  old = [...cleaned.old];
  const more = totalStatus([...old, newSet], "availableReplicas") - minAvailable;
  let shrunk = 0;
  for (const set of old) {
    if (shrunk >= more || sizeOf(set) === 0) continue;
    const count = Math.min(sizeOf(set), more - shrunk);
    const scaled = yield* scaleSet(rollout, set, sizeOf(set) - count);
    if (isFailure(scaled)) return scaled;
    shrunk += count;
  }
  return removed + shrunk > 0;
}

/** Takes away old replicas that are not available; what they leave is counted. */
function* removeUnhealthy(
  rollout: Rollout,
  sets: readonly ReplicaSet[],
  most: number,
): Sync<{ readonly old: readonly ReplicaSet[]; readonly removed: number } | Failure> {
  let old = sets;
  let removed = 0;
  for (const [index, set] of sets.entries()) {
    const unhealthy = sizeOf(set) - (set.status?.availableReplicas ?? 0);
    if (removed >= most || sizeOf(set) === 0 || unhealthy === 0) continue;
    const count = Math.min(most - removed, unhealthy);
    const scaled = yield* scaleSet(rollout, set, sizeOf(set) - count);
    if (isFailure(scaled)) return scaled;
    removed += count;
    old = old.with(index, scaled);
  }
  return { old, removed };
}

/** Recreate: the new set begins when the last old pod has gone. */
function* recreate(rollout: Rollout): Sync<Failure | undefined> {
  const before = yield* findSets(rollout, false);
  if (isFailure(before)) return before;
  let hasShrunk = false;
  for (const set of active(before.oldSets)) {
    const scaled = yield* scaleSet(rollout, set, 0);
    if (isFailure(scaled)) return scaled;
    hasShrunk = true;
  }
  if (hasShrunk || hasOldPods(rollout, before)) return yield* syncRolloutStatus(rollout, before);
  const sets = before.newSet === undefined ? yield* findSets(rollout, true) : before;
  if (isFailure(sets)) return sets;
  if (sets.newSet !== undefined) {
    const scaled = yield* scaleIfOther(rollout, sets.newSet);
    if (isFailure(scaled)) return scaled;
  }
  if (isComplete(rollout.deployment, rollout.deployment.status ?? {})) {
    const refused = yield* cleanUp(rollout, sets.oldSets);
    if (refused !== undefined) return refused;
  }
  return yield* syncRolloutStatus(rollout, sets);
}

function* scaleIfOther(rollout: Rollout, set: ReplicaSet): Sync<ReplicaSet | Failure> {
  const to = desiredOf(rollout.deployment);
  return sizeOf(set) === to ? set : yield* scaleSet(rollout, set, to);
}

function hasOldPods({ lister }: Rollout, { oldSets }: Sets): boolean {
  if (totalStatus(oldSets, "replicas") > 0) return true;
  return oldSets.some((set) =>
    lister.by(pods, "controller", set.metadata.uid ?? "").some((pod) => {
      const phase = phaseOf(pod);
      return phase !== "Failed" && phase !== "Succeeded";
    }),
  );
}
