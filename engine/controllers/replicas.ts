// After kubernetes v1.36 pkg/controller/replicaset/replica_set.go; not modelled: --concurrent-replicaset-syncs other than 5.
import type { Pod, ReplicaSet } from "../api/generated/types.ts";
import { controllerOf, keyOf } from "../api/object.ts";

import { type Lister, orphansOf } from "./cache.ts";
import { claim } from "./claim.ts";
import { type Controller, ownKey, watch } from "./controller.ts";
import {
  areSatisfied,
  expectCreations,
  expectDeletions,
  type Expectations,
  forgetExpectations,
  sawCreation,
  sawDeletion,
} from "./expectations.ts";
import {
  controllerReference,
  createInBatches,
  deletePodRequest,
  podFromTemplate,
  recordDeletion,
} from "./pod-control.ts";
import { ownerReaction } from "./pod-owner.ts";
import {
  compareForDeletion,
  isActive,
  isDeleting,
  isTerminating,
  nextAvailabilityMillis,
  type RankedPod,
} from "./pods.ts";
import { selectsAll } from "./selector.ts";
import {
  again,
  DONE,
  isSuccess,
  retry,
  sendAll,
  type Situation,
  type Sync,
  remember,
  tell,
  whyRefused,
} from "./sync.ts";
import type { ReplicaKind } from "./replica-kind.ts";
import { ownedPods, pods } from "./watched.ts";
import { countAll, type PodCounts, statusOf, writeStatus } from "./replicas-status.ts";

/** A controller that keeps the number of pods of its objects. */
export function replicaController(kind: ReplicaKind): Controller<Expectations> {
  const { name, identity, watched, waitsForOwnWrites } = kind;
  return {
    name,
    identity,
    workers: 5,
    memory: null,
    waitsForOwnWrites,
    watches: [
      watch(watched, (change, { memory }) =>
        change.after === undefined
          ? { wishes: [change.key], memory: forgetExpectations(memory, change.key) }
          : ownKey(change),
      ),
      watch(ownedPods, (change, situation) =>
        ownerReaction(change, situation, {
          owner: (pod, lister) => ownerOf(kind, pod, lister),
          suitors: (pod, lister) =>
            lister.list(watched, pod.metadata.namespace).filter((set) => kind.matches(set, pod)),
          minReadySeconds: (set) => set.spec.minReadySeconds ?? 0,
          sawCreation,
          sawDeletion,
        }),
      ),
    ],
    sync: (key, situation) => syncReplicas(kind, key, situation),
  };
}

/** At most so many pods are created or deleted in one sync. Source: replica_set.go BurstReplicas. */
export const BURST_REPLICAS = 500;

function ownerOf(kind: ReplicaKind, pod: Pod, lister: Lister): ReplicaSet | undefined {
  const reference = controllerOf(pod);
  if (reference === undefined || reference.kind !== kind.ownKind.kind) return undefined;
  const found = lister.get(kind.watched, `${pod.metadata.namespace ?? ""}/${reference.name}`);
  return found?.metadata.uid === reference.uid ? found : undefined;
}

function* syncReplicas(kind: ReplicaKind, key: string, situation: Situation<Expectations>): Sync {
  const { lister, memory, now, epochMillis } = situation;
  const set = lister.get(kind.watched, key);
  if (set === undefined) {
    yield* remember<Expectations>((expectations) => forgetExpectations(expectations, key));
    return DONE;
  }
  const { namespace = "" } = set.metadata;
  const orphans = lister.by(pods, "controller", orphansOf(namespace));
  const crowd = orphans.length === 0 ? countOwned(kind, set, lister) : undefined;
  const people = crowd ?? (yield* gather(kind, set, { orphans, lister }));
  if (people.failure !== undefined) return retry(people.failure);
  let failure: string | undefined;
  if (areSatisfied(memory, key, now) && !isDeleting(set)) failure = yield* adjust(kind, set, { people, situation });
  const date = epochMillis + now;
  const minReadySeconds = set.spec.minReadySeconds ?? 0;
  const counts = people.counts ?? countAll(set, people.active(), people.terminating, date);
  const status = statusOf(set, { counts, failure, countsTerminating: kind.countsTerminating, date });
  const written = yield* writeStatus(set, status, kind);
  if (typeof written === "string") return retry(written);
  if (failure !== undefined) return retry(failure);
  if (minReadySeconds > 0 && isWaitingForAvailability(written)) {
    yield* again(key, nextAvailabilityMillis(people.active(), minReadySeconds, date) ?? minReadySeconds * 1000);
  }
  return DONE;
}

function isWaitingForAvailability({ status }: ReplicaSet): boolean {
  return (status?.readyReplicas ?? 0) !== (status?.availableReplicas ?? 0);
}

/** The pods of a set: their counts where these are known already, and the pods themselves for who needs them. */
interface People {
  readonly counts: PodCounts | undefined;
  readonly size: number;
  readonly terminating: number;
  readonly failure: string | undefined;
  readonly active: () => readonly Pod[];
}

/**
 * Counts a set's pods without going through them: possible where nobody is to be adopted, all of them match the selector, and
 * availability is the same as readiness.
 */
function countOwned(kind: ReplicaKind, set: ReplicaSet, lister: Lister): People | undefined {
  if ((set.spec.minReadySeconds ?? 0) > 0) return undefined;
  const { uid = "" } = set.metadata;
  const groups = lister.tally(ownedPods, uid);
  const labels = set.spec.template?.metadata?.labels;
  const sum = { active: 0, ready: 0, terminating: 0, fullyLabeled: 0 };
  for (const { sample, counts } of groups) {
    if (!kind.matches(set, sample as Pod)) return undefined;
    sum.active += counts["active"] ?? 0;
    sum.ready += counts["ready"] ?? 0;
    sum.terminating += counts["terminating"] ?? 0;
    if (selectsAll(labels, sample.metadata.labels)) sum.fullyLabeled += counts["active"] ?? 0;
  }
  return {
    counts: { ...sum, available: sum.ready },
    size: sum.active,
    terminating: sum.terminating,
    failure: undefined,
    active: () => lister.by(pods, "controller", uid).filter(isActive),
  };
}

/** The pods that are its own or become so. */
function* gather(
  kind: ReplicaKind,
  set: ReplicaSet,
  { orphans, lister }: { readonly orphans: readonly Pod[]; readonly lister: Lister },
): Sync<People> {
  const own = lister.by(pods, "controller", set.metadata.uid ?? "");
  const claimed = yield* claimPods(kind, set, [...own, ...orphans].filter(isActive));
  const { objects, failure } = claimed;
  const terminating = own.filter((pod) => isTerminating(pod) && kind.matches(set, pod)).length;
  return { counts: undefined, size: objects.length, terminating, failure, active: () => objects };
}

function claimPods(kind: ReplicaKind, set: ReplicaSet, candidates: readonly Pod[]): ReturnType<typeof claim<Pod>> {
  return claim<Pod>(
    {
      owner: set,
      ownerKind: kind.ownKind,
      ownerWatched: kind.watched as never,
      claimed: pods as never,
      matches: (pod) => kind.matches(set, pod as Pod),
    },
    candidates,
  );
}

/** Creates or deletes pods; answers with the first refusal. */
function* adjust(
  kind: ReplicaKind,
  set: ReplicaSet,
  scene: { readonly people: People; readonly situation: Situation<Expectations> },
): Sync<string | undefined> {
  const { people, situation } = scene;
  const missing = (set.spec.replicas ?? 1) - people.size;
  if (missing > 0)
    return yield* createPods(kind, set, { count: Math.min(missing, BURST_REPLICAS), now: situation.now });
  if (missing === 0) return undefined;
  const count = Math.min(-missing, BURST_REPLICAS);
  const victims = choose(kind, set, { active: people.active(), situation, count });
  return yield* deletePods(kind, set, { victims, now: situation.now });
}

function* createPods(
  kind: ReplicaKind,
  set: ReplicaSet,
  wanted: { readonly count: number; readonly now: number },
): Sync<string | undefined> {
  const { count, now } = wanted;
  const key = keyOf(set);
  yield* tell({ reason: "TooFewPods", object: referenceOf(kind, set), facts: { missing: count } });
  yield* remember<Expectations>((expectations) => expectCreations(expectations, key, { count, now }));
  const pod = podFromTemplate(set.spec.template, set, controllerReference(set, kind.ownKind));
  const { created, failure } = yield* createInBatches(
    set,
    Array.from({ length: count }, () => pod),
  );
  if (created < count) yield* remember<Expectations>((expectations) => sawCreation(expectations, key, count - created));
  return failure;
}

function referenceOf(kind: ReplicaKind, set: ReplicaSet): { kind: string; namespace: string; name: string } {
  return { kind: kind.ownKind.kind, namespace: set.metadata.namespace ?? "", name: set.metadata.name ?? "" };
}

function* deletePods(
  kind: ReplicaKind,
  set: ReplicaSet,
  wanted: { readonly victims: readonly Pod[]; readonly now: number },
): Sync<string | undefined> {
  const { victims, now } = wanted;
  const key = keyOf(set);
  yield* tell({ reason: "TooManyPods", object: referenceOf(kind, set), facts: { extra: victims.length } });
  const objects = victims.map((pod) => pod.metadata.uid ?? "");
  yield* remember<Expectations>((expectations) => expectDeletions(expectations, key, { objects, now }));
  const responses = yield* sendAll(victims.map(deletePodRequest));
  let failure: string | undefined;
  for (const [index, response] of responses.entries()) {
    const pod = victims[index];
    if (pod === undefined) continue;
    yield* recordDeletion(set, pod, response);
    if (isSuccess(response)) continue;
    yield* remember<Expectations>((expectations) => sawDeletion(expectations, key, pod.metadata.uid ?? ""));
    if (response.code !== 404) failure ??= whyRefused(response);
  }
  return failure;
}

/** The pods that go first; pods that stand beside others of the same Deployment on a node go before those that stand alone. */
function choose(
  kind: ReplicaKind,
  set: ReplicaSet,
  scene: { readonly active: readonly Pod[]; readonly situation: Situation<Expectations>; readonly count: number },
): readonly Pod[] {
  const { active, situation, count } = scene;
  if (count >= active.length) return active;
  const onNode = new Map<string, number>();
  for (const pod of relatedPods(kind, set, situation.lister)) {
    const node = pod.spec.nodeName ?? "";
    if (isActive(pod)) onNode.set(node, (onNode.get(node) ?? 0) + 1);
  }
  const ranked = active.map((pod): RankedPod => ({ pod, rank: onNode.get(pod.spec.nodeName ?? "") ?? 0 }));
  const date = situation.epochMillis + situation.now;
  return ranked
    .toSorted((one, other) => compareForDeletion(one, other, date))
    .slice(0, count)
    .map(({ pod }) => pod);
}

/** The pods of all ReplicaSets with the same controller. */
function relatedPods(kind: ReplicaKind, set: ReplicaSet, lister: Lister): readonly Pod[] {
  const reference = controllerOf(set);
  const siblings = reference === undefined ? [set] : lister.by(kind.watched, "controller", reference.uid);
  return siblings.flatMap((sibling) => lister.by(pods, "controller", sibling.metadata.uid ?? ""));
}
