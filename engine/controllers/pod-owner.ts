// After the pod event handlers of kubernetes v1.36 pkg/controller/replicaset/replica_set.go, which job and replication share.
import type { Pod } from "../api/generated/types.ts";
import { controllerOf, type KubernetesObject, keyOf } from "../api/object.ts";
import type { Change } from "../client/informer.ts";
import type { Lister } from "./cache.ts";
import type { Reaction, Wish } from "./controller.ts";
import { isSame } from "./edit.ts";
import type { Expectations } from "./expectations.ts";
import { isDeleting, isReady } from "./pods.ts";
import type { Situation } from "./sync.ts";

/** How a controller finds whom a pod concerns. */
export interface PodOwners<Owner extends KubernetesObject> {
  /** The owner that the pod names, where it is there and of this controller's kind. */
  readonly owner: (pod: Pod, lister: Lister) => Owner | undefined;
  /** Those who might adopt an orphan. */
  readonly suitors: (pod: Pod, lister: Lister) => readonly Owner[];
  readonly minReadySeconds: (owner: Owner) => number;
  readonly sawCreation: (expectations: Expectations, key: string) => Expectations;
  readonly sawDeletion: (expectations: Expectations, key: string, uid: string) => Expectations;
}

/** Whom a change of a pod wakes, and which expectation it fulfils. */
export function ownerReaction<Owner extends KubernetesObject>(
  change: Change<Pod>,
  situation: Situation<Expectations>,
  owners: PodOwners<Owner>,
): Reaction<Expectations> {
  const { before, after } = change;
  if (after === undefined) return before === undefined ? { wishes: [] } : deleted(before, situation, owners);
  if (before === undefined)
    return isDeleting(after) ? deleted(after, situation, owners) : added(after, situation, owners);
  if (isDeleting(after)) return deleted(after, situation, owners);
  return updated(before, after, { situation, owners });
}

function added<Owner extends KubernetesObject>(
  pod: Pod,
  { lister, memory }: Situation<Expectations>,
  owners: PodOwners<Owner>,
): Reaction<Expectations> {
  if (controllerOf(pod) === undefined) return { wishes: owners.suitors(pod, lister).map(keyOf) };
  const owner = owners.owner(pod, lister);
  if (owner === undefined) return { wishes: [] };
  const key = keyOf(owner);
  return { wishes: [key], memory: owners.sawCreation(memory, key) };
}

function deleted<Owner extends KubernetesObject>(
  pod: Pod,
  { lister, memory }: Situation<Expectations>,
  owners: PodOwners<Owner>,
): Reaction<Expectations> {
  const owner = owners.owner(pod, lister);
  if (owner === undefined) return { wishes: [] };
  const key = keyOf(owner);
  return { wishes: [key], memory: owners.sawDeletion(memory, key, pod.metadata.uid ?? "") };
}

function updated<Owner extends KubernetesObject>(
  before: Pod,
  after: Pod,
  scene: { readonly situation: Situation<Expectations>; readonly owners: PodOwners<Owner> },
): Reaction<Expectations> {
  const { owners } = scene;
  const { lister } = scene.situation;
  const former = controllerOf(before);
  const present = controllerOf(after);
  const hasOtherOwner = !isSame(former, present);
  const wishes: Wish[] = [];
  if (hasOtherOwner && former !== undefined) {
    const loser = owners.owner(before, lister);
    if (loser !== undefined) wishes.push(keyOf(loser));
  }
  if (present === undefined) {
    if (hasOtherOwner || !isSame(before.metadata.labels, after.metadata.labels)) {
      wishes.push(...owners.suitors(after, lister).map(keyOf));
    }
    return { wishes };
  }
  const owner = owners.owner(after, lister);
  if (owner === undefined) return { wishes };
  wishes.push(keyOf(owner));
  const minReadySeconds = owners.minReadySeconds(owner);
  if (minReadySeconds > 0 && !isReady(before) && isReady(after)) {
    // One second more, because an object's times have whole seconds only.
    wishes.push({ key: keyOf(owner), afterMillis: (minReadySeconds + 1) * 1000 });
  }
  return { wishes };
}
