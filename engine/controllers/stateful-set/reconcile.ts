// After kubernetes v1.36 pkg/controller/statefulset/stateful_set.go, stateful_set_control.go; not modelled: changes of a pod's identity.
import type { ControllerRevision, Pod, StatefulSet, StatefulSetStatus } from "../../api/generated/types.ts";
import { controllerOf, keyOf } from "../../api/object.ts";
import { revisionData, revisionHash } from "../../api/hash.ts";
import { getRequest, updateRequest } from "../../client/requests.ts";
import { type Lister, orphansOf } from "../cache.ts";
import { claim } from "../claim.ts";
import { type Controller, listen, ownKey, type Wish, watch } from "../controller.ts";
import { dateOf } from "../dates.ts";
import { edit, isSame } from "../edit.ts";
import { controllerReference, deletePodRequest } from "../pod-control.ts";
import { isDeleting, isReady, isTerminal, phaseOf } from "../pods.ts";
import { byRevision, createRevision, hasSameData, renumber, truncate } from "../revisions.ts";
import { selects } from "../selector.ts";
import { again, DONE, isSuccess, objectOf, retry, send, type Situation, type Sync, tell, whyRefused } from "../sync.ts";
import { claims, controllerRevisions, pods, statefulSets } from "../watched.ts";
import { createClaims, createStatefulPod, hasStaleClaim, isRetainedAsWanted, retain, say } from "./claims.ts";
import {
  isCreated,
  isInRange,
  isMember,
  isRunningAndAvailable,
  isRunningAndReady,
  isUnavailable,
  ordinalOf,
  podAt,
  revisionOf,
  startOf,
  STATEFUL_SET,
} from "./pods.ts";
import { scaledValueUp } from "../../api/int-or-string.ts";

/** Keeps pods that have names and volumes of their own. */
export const statefulSet: Controller<null> = {
  name: "stateful-set",
  identity: "statefulset-controller",
  workers: 5,
  memory: null,
  waitsForOwnWrites: true,
  watches: [
    watch(statefulSets, ownKey),
    watch(pods, ({ before, after }, { lister }) => ({ wishes: wishesOf(before, after, lister) })),
    listen(claims),
    listen(controllerRevisions),
  ],
  sync: syncStatefulSet,
};

function wishesOf(before: Pod | undefined, after: Pod | undefined, lister: Lister): readonly Wish[] {
  const pod = after ?? before;
  if (pod === undefined) return [];
  const wishes: Wish[] = [];
  const owner = ownerOf(pod, lister);
  if (before !== undefined && !isSame(controllerOf(before), controllerOf(pod))) {
    const former = ownerOf(before, lister);
    if (former !== undefined) wishes.push(keyOf(former));
  }
  if (owner === undefined) {
    if (controllerOf(pod) !== undefined) return wishes;
    const suitors = lister
      .list(statefulSets, pod.metadata.namespace)
      .filter((set) => selects(set.spec.selector, pod.metadata.labels));
    return [...wishes, ...suitors.map(keyOf)];
  }
  wishes.push(keyOf(owner));
  const minReadySeconds = owner.spec.minReadySeconds ?? 0;
  const hasBecomeReady = before !== undefined && after !== undefined && !isReady(before) && isReady(after);
  if (minReadySeconds > 0 && hasBecomeReady)
    wishes.push({ key: keyOf(owner), afterMillis: (minReadySeconds + 1) * 1000 });
  return wishes;
}

function ownerOf(pod: Pod, lister: Lister): StatefulSet | undefined {
  const reference = controllerOf(pod);
  if (reference?.kind !== "StatefulSet") return undefined;
  const found = lister.get(statefulSets, `${pod.metadata.namespace ?? ""}/${reference.name}`);
  return found?.metadata.uid === reference.uid ? found : undefined;
}

function* syncStatefulSet(key: string, situation: Situation<null>): Sync {
  const { lister } = situation;
  const set = lister.get(statefulSets, key);
  if (set === undefined) return DONE;
  const { uid = "", namespace = "" } = set.metadata;
  const claimed = yield* claim<Pod>(
    {
      owner: set,
      ownerKind: STATEFUL_SET,
      ownerWatched: statefulSets as never,
      claimed: pods as never,
      matches: (pod) => isMember(set, pod as Pod) && selects(set.spec.selector, pod.metadata.labels),
    },
    [...lister.by(pods, "controller", uid), ...lister.by(pods, "controller", orphansOf(namespace))],
  );
  if (claimed.failure !== undefined) return retry(claimed.failure);
  const revisions = [...lister.by(controllerRevisions, "controller", uid)].toSorted(byRevision);
  const update = yield* findRevisions(set, revisions);
  if ("failure" in update) return retry(update.failure);
  const scene: Scene = { set, lister, date: dateOf(situation), ...update };
  const outcome = yield* bringAbout(scene, claimed.objects);
  const refused = yield* writeStatus(set, outcome.status);
  if (outcome.failure !== undefined) return retry(outcome.failure);
  if (refused !== undefined) return retry(refused);
  const live = new Set([scene.current, scene.update].map(({ metadata }) => metadata.name ?? ""));
  for (const pod of claimed.objects) live.add(revisionOf(pod));
  const failure = yield* truncate(revisions, live, set.spec.revisionHistoryLimit ?? 10);
  if (failure !== undefined) return retry(failure);
  const minReadySeconds = set.spec.minReadySeconds ?? 0;
  if (minReadySeconds > 0 && outcome.status.availableReplicas !== (set.spec.replicas ?? 1)) {
    yield* again(key, minReadySeconds * 1000);
  }
  return DONE;
}

interface Revisions {
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
  readonly collisions: number;
}

interface Scene extends Revisions {
  readonly set: StatefulSet;
  readonly lister: Lister;
  readonly date: number;
}

/** Source: history.go: a name is tried again with a higher collision count. */
const COLLISIONS_MAX = 10;

/** The revision of the present template, and the one that the set comes from. */
function* findRevisions(
  set: StatefulSet,
  revisions: readonly ControllerRevision[],
): Sync<Revisions | { readonly failure: string }> {
  let collisions = set.status?.collisionCount ?? 0;
  const number = (revisions.at(-1)?.revision ?? 0) + 1;
  const wanted = revisionFor(set, number, collisions);
  const equal = revisions.filter((revision) => hasSameData(revision, wanted));
  const latest = equal.at(-1);
  let update: ControllerRevision | { readonly failure: string } | "collides";
  if (latest !== undefined) update = latest === revisions.at(-1) ? latest : yield* renumber(latest, number);
  else {
    update = yield* createRevision(set.metadata.namespace ?? "", wanted);
    for (; update === "collides" && collisions < COLLISIONS_MAX;) {
      collisions += 1;
      update = yield* createRevision(set.metadata.namespace ?? "", revisionFor(set, number, collisions));
    }
  }
  if (update === "collides") return { failure: "every name of a revision is taken" };
  if ("failure" in update) return update;
  const current = revisions.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
  return { current, update, collisions };
}

function revisionFor(set: StatefulSet, revision: number, collisions: number): ControllerRevision {
  const data = revisionData(set.spec.template);
  const hash = revisionHash(data, collisions);
  const { name = "", annotations } = set.metadata;
  return {
    metadata: {
      name: `${name.slice(0, 223)}-${hash}`,
      namespace: set.metadata.namespace ?? "",
      labels: { ...set.spec.template.metadata?.labels, "controller.kubernetes.io/hash": hash },
      annotations: { ...annotations },
      ownerReferences: [controllerReference(set, STATEFUL_SET)],
    },
    data,
    revision,
  } as ControllerRevision;
}

interface Outcome {
  readonly status: StatefulSetStatus;
  readonly failure: string | undefined;
}

/** One round: create what is missing, wait where order demands it, take away what is too much, then update from the top. */
function* bringAbout(scene: Scene, all: readonly Pod[]): Sync<Outcome> {
  const { set, date } = scene;
  const start = startOf(set);
  const condemned = all
    .filter((pod) => !isInRange(set, pod) && ordinalOf(pod) >= 0)
    .toSorted((one, other) => ordinalOf(other) - ordinalOf(one));
  const byOrdinal = new Map(all.map((pod) => [ordinalOf(pod), pod] as const));
  const replicas = Array.from(
    { length: set.spec.replicas ?? 1 },
    (_, index) => byOrdinal.get(start + index) ?? blankPod(scene, start + index),
  );
  const before = statusOf(scene, all);
  if (isDeleting(set)) return { status: before, failure: undefined };
  const after = (): StatefulSetStatus => statusOf(scene, [...replicas, ...condemned]);
  for (const [index, pod] of replicas.entries()) {
    const step = yield* processReplica(scene, pod);
    if (step.pod !== undefined) replicas[index] = step.pod;
    if (step.isBlocked) return { status: after(), failure: step.failure };
  }
  for (const pod of condemned) {
    if (!isRetainedAsWanted(set, pod, scene.lister)) yield* retain(set, pod);
  }
  const firstUnhealthy = [...replicas, ...condemned.toReversed()].find((pod) => isUnavailable(pod, set, date));
  for (const pod of condemned) {
    const step = yield* processCondemned(scene, pod, firstUnhealthy);
    if (step.isBlocked) return { status: after(), failure: step.failure };
  }
  return yield* updateFromTop(scene, replicas, after());
}

function blankPod(scene: Scene, ordinal: number): Pod {
  const { set, current, update } = scene;
  const { updateStrategy } = set.spec;
  const partition = updateStrategy?.rollingUpdate?.partition;
  const place = ordinal - startOf(set);
  const isOld =
    updateStrategy?.type === "RollingUpdate" &&
    place < (updateStrategy.rollingUpdate === undefined ? (set.status?.currentReplicas ?? 0) : (partition ?? 0));
  return podAt(set, ordinal, isOld ? current : update);
}

interface ReplicaStep {
  readonly isBlocked: boolean;
  readonly failure?: string | undefined;
  readonly pod?: Pod;
}

const GO_ON: ReplicaStep = { isBlocked: false };
const BLOCKED: ReplicaStep = { isBlocked: true };

function isMonotonic({ set }: Scene): boolean {
  return set.spec.podManagementPolicy !== "Parallel";
}

function* processReplica(scene: Scene, pod: Pod): Sync<ReplicaStep> {
  const { set, lister, date } = scene;
  if (isTerminal(pod)) {
    if (isDeleting(pod)) return isMonotonic(scene) ? BLOCKED : GO_ON;
    return { isBlocked: true, failure: yield* deleteStatefulPod(set, pod) };
  }
  if (!isCreated(pod)) {
    if (hasStaleClaim(set, pod, lister)) return BLOCKED;
    const created = yield* createStatefulPod(set, pod);
    if ("failure" in created) return { isBlocked: true, failure: created.failure };
    return isMonotonic(scene) ? BLOCKED : GO_ON;
  }
  if (phaseOf(pod) === "Pending") {
    const failure = yield* createClaims(set, pod);
    if (failure !== undefined) return { isBlocked: true, failure };
  }
  const isSettled = !isDeleting(pod) && isRunningAndAvailable(pod, set, date);
  if (!isSettled && isMonotonic(scene)) return BLOCKED;
  if (isRetainedAsWanted(set, pod, lister)) return GO_ON;
  const failure = yield* retain(set, pod);
  return failure === undefined ? GO_ON : { isBlocked: true, failure };
}

function* processCondemned(scene: Scene, pod: Pod, firstUnhealthy: Pod | undefined): Sync<ReplicaStep> {
  const { set, date } = scene;
  if (isDeleting(pod)) return isMonotonic(scene) ? BLOCKED : GO_ON;
  const mustWait = !isRunningAndReady(pod) || !isRunningAndAvailable(pod, set, date);
  if (mustWait && isMonotonic(scene) && pod !== firstUnhealthy) return BLOCKED;
  const failure = yield* deleteStatefulPod(set, pod);
  if (failure !== undefined) return { isBlocked: true, failure };
  return isMonotonic(scene) ? BLOCKED : GO_ON;
}

function* deleteStatefulPod(set: StatefulSet, pod: Pod): Sync<string | undefined> {
  const response = yield* send(deletePodRequest(pod));
  if (response.code === 404) return undefined;
  const failure = isSuccess(response) ? undefined : whyRefused(response);
  yield* say(set, "delete", { name: pod.metadata.name ?? "", failure });
  return failure;
}

/** Deletes pods of an old revision, the highest ordinal first, as many as may be unavailable. */
function* updateFromTop(scene: Scene, replicas: readonly Pod[], status: StatefulSetStatus): Sync<Outcome> {
  const { set, update, date } = scene;
  const { type, rollingUpdate } = set.spec.updateStrategy ?? {};
  if (type === "OnDelete") return { status, failure: undefined };
  let budget = maxUnavailableOf(set) - replicas.filter((pod) => isUnavailable(pod, set, date)).length;
  let { currentReplicas = 0 } = status;
  for (let index = replicas.length - 1; index >= (rollingUpdate?.partition ?? 0) && budget > 0; index--) {
    const pod = replicas[index];
    if (pod === undefined || revisionOf(pod) === update.metadata.name || isDeleting(pod)) continue;
    yield* tell({ reason: "PodOutdated", object: { kind: "Pod", name: pod.metadata.name ?? "" } });
    const failure = yield* deleteStatefulPod(set, pod);
    currentReplicas -= 1;
    budget -= 1;
    if (failure !== undefined) return { status, failure };
  }
  return {
    status: edit(status, { currentReplicas: currentReplicas > 0 ? currentReplicas : undefined }),
    failure: undefined,
  };
}

function maxUnavailableOf({ spec }: StatefulSet): number {
  const most = scaledValueUp(spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, spec.replicas ?? 1);
  return Math.max(1, typeof most === "number" ? most : 1);
}

function statusOf(scene: Scene, all: readonly Pod[]): StatefulSetStatus {
  const { set, current, update, collisions, date } = scene;
  const present = all.filter((pod) => isCreated(pod));
  const staying = present.filter((pod) => !isDeleting(pod));
  const count = (test: (pod: Pod) => boolean, among = all): number | undefined =>
    among.filter(test).length || undefined;
  return edit<StatefulSetStatus>({ replicas: present.length } as StatefulSetStatus, {
    observedGeneration: set.metadata.generation,
    readyReplicas: count(isRunningAndReady),
    currentReplicas: count((pod) => revisionOf(pod) === current.metadata.name, staying),
    updatedReplicas: count((pod) => revisionOf(pod) === update.metadata.name, staying),
    currentRevision: current.metadata.name,
    updateRevision: update.metadata.name,
    collisionCount: collisions,
    availableReplicas: count((pod) => isRunningAndAvailable(pod, set, date)) ?? 0,
  });
}

/** Source: stateful_set_status_updater.go: retry on conflict, five times. */
const STATUS_TRIES = 5;

function* writeStatus(set: StatefulSet, computed: StatefulSetStatus): Sync<string | undefined> {
  const status = completed(set, computed);
  const isOther =
    (status.observedGeneration ?? 0) > (set.status?.observedGeneration ?? 0) ||
    !isSame(
      { ...set.status, observedGeneration: 0, conditions: 0 },
      { ...status, observedGeneration: 0, conditions: 0 },
    );
  if (!isOther) return undefined;
  const { namespace = "", name = "" } = set.metadata;
  const target = { resource: statefulSets.resource, namespace, name };
  let current = set;
  for (let attempt = 0; ; attempt++) {
    const body = { ...STATEFUL_SET, ...current, status };
    const response = yield* send(updateRequest({ ...target, subresource: "status" }, body));
    if (isSuccess(response)) return undefined;
    if (response.code !== 409 || attempt >= STATUS_TRIES) return whyRefused(response);
    const fresh = yield* send(getRequest(target));
    if (!isSuccess(fresh)) return whyRefused(fresh);
    current = objectOf<StatefulSet>(fresh);
  }
}

/** A rollout is over when all replicas are new and ready: the new revision becomes the current one. */
function completed(set: StatefulSet, status: StatefulSetStatus): StatefulSetStatus {
  const replicas = set.spec.replicas ?? 1;
  const isOver =
    set.spec.updateStrategy?.type === "RollingUpdate" &&
    (status.updatedReplicas ?? 0) === replicas &&
    (status.readyReplicas ?? 0) === replicas &&
    status.replicas === replicas;
  if (!isOver) return status;
  return edit(status, { currentReplicas: status.updatedReplicas, currentRevision: status.updateRevision });
}
