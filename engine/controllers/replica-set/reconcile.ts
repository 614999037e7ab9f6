// After kubernetes v1.36 pkg/controller/replicaset/replica_set.go; not modelled: --concurrent-replicaset-syncs other than 5.
import type { Pod, ReplicaSet } from "../../api/generated/types.ts";
import { controllerOf } from "../../api/object.ts";

import { type Lister, orphansOf } from "../cache.ts";
import { claim } from "../claim.ts";
import { type Controller, ownKey, watch } from "../controller.ts";
import {
  areSatisfied,
  expectCreations,
  expectDeletions,
  type Expectations,
  forgetExpectations,
  sawCreation,
  sawDeletion,
} from "../expectations.ts";
import {
  controllerReference,
  createInBatches,
  deletePodRequest,
  type OwnerKind,
  podFromTemplate,
  recordDeletion,
} from "../pod-control.ts";
import { ownerReaction } from "../pod-owner.ts";
import {
  compareForDeletion,
  isActive,
  isDeleting,
  isTerminating,
  nextAvailabilityMillis,
  type RankedPod,
} from "../pods.ts";
import { selects } from "../selector.ts";
import { again, DONE, isSuccess, retry, sendAll, type Situation, type Sync, remember, tell, whyRefused } from "../sync.ts";
import { pods, replicaSets } from "../watched.ts";
import { statusOf, writeStatus } from "./status.ts";

/** Keeps the number of pods of a ReplicaSet. */
export const replicaSet: Controller<Expectations> = {
  name: "replica-set",
  identity: "replicaset-controller",
  workers: 5,
  memory: null,
  waitsForOwnWrites: true,
  watches: [
    watch(replicaSets, (change, { memory }) =>
      change.after === undefined ? { wishes: [change.key], memory: forgetExpectations(memory, change.key) } : ownKey(change),
    ),
    watch(pods, (change, situation) =>
      ownerReaction(change, situation, {
        owner: (pod, lister) => ownerOf(pod, lister),
        suitors: (pod, lister) =>
          lister
            .list(replicaSets, pod.metadata.namespace)
            .filter((set) => controllerMatches(set, pod)),
        minReadySeconds: (set) => set.spec.minReadySeconds ?? 0,
        sawCreation,
        sawDeletion,
      }),
    ),
  ],
  sync: syncReplicaSet,
};

const OWN_KIND: OwnerKind = { apiVersion: "apps/v1", kind: "ReplicaSet" };

/** At most so many pods are created or deleted in one sync. Source: replica_set.go BurstReplicas. */
export const BURST_REPLICAS = 500;

function ownerOf(pod: Pod, lister: Lister): ReplicaSet | undefined {
  const reference = controllerOf(pod);
  if (reference === undefined || reference.kind !== OWN_KIND.kind) return undefined;
  const found = lister.get(replicaSets, `${pod.metadata.namespace ?? ""}/${reference.name}`);
  return found?.metadata.uid === reference.uid ? found : undefined;
}

function controllerMatches(set: ReplicaSet, pod: Pod): boolean {
  return selects(set.spec.selector, pod.metadata.labels);
}

function* syncReplicaSet(key: string, situation: Situation<Expectations>): Sync {
  const { lister, memory, now, epochMillis } = situation;
  const set = lister.get(replicaSets, key);
  if (set === undefined) {
    yield* remember<Expectations>((expectations) => forgetExpectations(expectations, key));
    return DONE;
  }
  const { uid = "", namespace = "" } = set.metadata;
  const own = lister.by(pods, "controller", uid);
  const orphans = lister.by(pods, "controller", orphansOf(namespace));
  const candidates = orphans.length === 0 ? own : [...own, ...orphans];
  const claimed = yield* claimPods(set, candidates.filter(isActive));
  if (claimed.failure !== undefined) return retry(claimed.failure);
  const active = claimed.objects;
  const terminating = own.filter((pod) => isTerminating(pod) && selects(set.spec.selector, pod.metadata.labels));
  let failure: string | undefined;
  if (areSatisfied(memory, key, now) && !isDeleting(set)) failure = yield* adjust(key, set, { active, situation });
  const date = epochMillis + now;
  const status = statusOf(set, { active, terminating, failure, date });
  const written = yield* writeStatus(set, status, OWN_KIND);
  if (typeof written === "string") return retry(written);
  if (failure !== undefined) return retry(failure);
  const minReadySeconds = set.spec.minReadySeconds ?? 0;
  if (minReadySeconds > 0 && (written.status?.readyReplicas ?? 0) !== (written.status?.availableReplicas ?? 0)) {
    yield* again(key, nextAvailabilityMillis(active, minReadySeconds, date) ?? minReadySeconds * 1000);
  }
  return DONE;
}

function claimPods(set: ReplicaSet, candidates: readonly Pod[]): ReturnType<typeof claim<Pod>> {
  return claim<Pod>(
    {
      owner: set,
      ownerKind: OWN_KIND,
      ownerWatched: replicaSets as never,
      claimed: pods as never,
      matches: (pod) => selects(set.spec.selector, pod.metadata.labels),
    },
    candidates,
  );
}

/** Creates or deletes pods; answers with the first refusal. */
function* adjust(
  key: string,
  set: ReplicaSet,
  scene: { readonly active: readonly Pod[]; readonly situation: Situation<Expectations> },
): Sync<string | undefined> {
  const { active, situation } = scene;
  const missing = (set.spec.replicas ?? 1) - active.length;
  if (missing > 0) return yield* createPods(key, set, { count: Math.min(missing, BURST_REPLICAS), now: situation.now });
  if (missing === 0) return undefined;
  const count = Math.min(-missing, BURST_REPLICAS);
  const victims = choose(set, scene, count);
  return yield* deletePods(key, set, { victims, now: situation.now });
}

function* createPods(
  key: string,
  set: ReplicaSet,
  wanted: { readonly count: number; readonly now: number },
): Sync<string | undefined> {
  const { count, now } = wanted;
  yield* tell({ reason: "TooFewPods", object: referenceOf(set), facts: { missing: count } });
  yield* remember<Expectations>((expectations) => expectCreations(expectations, key, { count, now }));
  const pod = podFromTemplate(set.spec.template, set, controllerReference(set, OWN_KIND));
  const { created, failure } = yield* createInBatches(set, Array.from({ length: count }, () => pod));
  if (created < count) yield* remember<Expectations>((expectations) => sawCreation(expectations, key, count - created));
  return failure;
}

function referenceOf(set: ReplicaSet): { kind: string; namespace: string; name: string } {
  return { kind: "ReplicaSet", namespace: set.metadata.namespace ?? "", name: set.metadata.name ?? "" };
}

function* deletePods(
  key: string,
  set: ReplicaSet,
  wanted: { readonly victims: readonly Pod[]; readonly now: number },
): Sync<string | undefined> {
  const { victims, now } = wanted;
  yield* tell({ reason: "TooManyPods", object: referenceOf(set), facts: { extra: victims.length } });
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
  set: ReplicaSet,
  scene: { readonly active: readonly Pod[]; readonly situation: Situation<Expectations> },
  count: number,
): readonly Pod[] {
  const { active, situation } = scene;
  if (count >= active.length) return active;
  const onNode = new Map<string, number>();
  for (const pod of relatedPods(set, situation.lister)) {
    const node = pod.spec.nodeName ?? "";
    if (isActive(pod)) onNode.set(node, (onNode.get(node) ?? 0) + 1);
  }
  const ranked = active.map((pod): RankedPod => ({ pod, rank: onNode.get(pod.spec.nodeName ?? "") ?? 0 }));
  const date = situation.epochMillis + situation.now;
  return ranked
    .sort((one, other) => compareForDeletion(one, other, date))
    .slice(0, count)
    .map(({ pod }) => pod);
}

/** The pods of all ReplicaSets with the same controller. */
function relatedPods(set: ReplicaSet, lister: Lister): readonly Pod[] {
  const reference = controllerOf(set);
  const siblings = reference === undefined ? [set] : lister.by(replicaSets, "controller", reference.uid);
  return siblings.flatMap((sibling) => lister.by(pods, "controller", sibling.metadata.uid ?? ""));
}

