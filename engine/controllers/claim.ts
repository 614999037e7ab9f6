// After kubernetes v1.36 pkg/controller/controller_ref_manager.go.
import type { KubernetesObject } from "../api/object.ts";
import { controllerOf } from "../api/object.ts";
import { getRequest, patchRequest } from "../client/requests.ts";
import type { Watched } from "./cache.ts";
import { type OwnerKind, controllerReference } from "./pod-control.ts";
import { isDeleting } from "./pods.ts";
import { isSuccess, objectOf, send, type Sync, tell, whyRefused } from "./sync.ts";

/** Who claims which kind of object. */
export interface Claimant {
  readonly owner: KubernetesObject;
  readonly ownerKind: OwnerKind;
  /** Where the owner lives, to see at the server whether it still does. */
  readonly ownerWatched: Watched<never> | Watched<KubernetesObject>;
  readonly claimed: Watched<never> | Watched<KubernetesObject>;
  readonly matches: (object: KubernetesObject) => boolean;
  readonly finalizers?: readonly string[];
}

export interface Claimed<Kind> {
  readonly objects: readonly Kind[];
  readonly failure: string | undefined;
}

/**
 * The objects that belong to an owner: its own that match, and orphans that match, which it adopts. Its own that no longer match are
 * released. Before the first adoption it asks the server whether the owner is still the same and not being deleted.
 */
export function* claim<Kind extends KubernetesObject>(
  claimant: Claimant,
  candidates: readonly Kind[],
): Sync<Claimed<Kind>> {
  const objects: Kind[] = [];
  let failure: string | undefined;
  let mayAdopt: boolean | undefined;
  for (const object of candidates) {
    const verdict = judge(claimant, object);
    if (verdict === "own") objects.push(object);
    if (verdict === "release") failure ??= yield* release(claimant, object);
    if (verdict !== "adopt") continue;
    mayAdopt ??= yield* isStillThere(claimant);
    const adopted: string | true = mayAdopt ? yield* adopt(claimant, object) : "the owner has gone or is being deleted";
    if (adopted === true) objects.push(object);
    else if (adopted !== "gone") failure ??= adopted;
  }
  return { objects, failure };
}

function judge(claimant: Claimant, object: KubernetesObject): "own" | "release" | "adopt" | "foreign" {
  const { owner, matches } = claimant;
  const reference = controllerOf(object);
  if (reference !== undefined) {
    if (reference.uid !== owner.metadata.uid) return "foreign";
    if (matches(object)) return "own";
    return isDeleting(owner) ? "foreign" : "release";
  }
  if (isDeleting(owner) || !matches(object) || isDeleting(object)) return "foreign";
  return owner.metadata.namespace === object.metadata.namespace ? "adopt" : "foreign";
}

function* isStillThere(claimant: Claimant): Sync<boolean> {
  const { namespace = "", name = "", uid } = claimant.owner.metadata;
  const response = yield* send(getRequest({ resource: claimant.ownerWatched.resource, namespace, name }));
  if (!isSuccess(response)) return false;
  const fresh = objectOf(response);
  return fresh.metadata.uid === uid && !isDeleting(fresh);
}

function* adopt(claimant: Claimant, object: KubernetesObject): Sync<true | string> {
  const { namespace = "", name = "", uid = "" } = object.metadata;
  const reference = controllerReference(claimant.owner, claimant.ownerKind);
  const metadata =
    claimant.finalizers === undefined
      ? { ownerReferences: [reference], uid }
      : { ownerReferences: [reference], uid, finalizers: claimant.finalizers };
  const target = { resource: claimant.claimed.resource, namespace, name };
  const response = yield* send(patchRequest(target, { dialect: "strategic", body: { metadata } }));
  if (response.code === 404) return "gone";
  if (!isSuccess(response)) return whyRefused(response);
  yield* tell({ reason: "ObjectAdopted", facts: { owner: reference.name, name } });
  return true;
}

function* release(claimant: Claimant, object: KubernetesObject): Sync<string | undefined> {
  const { namespace = "", name = "", uid = "" } = object.metadata;
  const { finalizers } = claimant;
  const metadata = {
    ownerReferences: [{ $patch: "delete", uid: claimant.owner.metadata.uid }],
    uid,
    ...(finalizers === undefined ? {} : { "$deleteFromPrimitiveList/finalizers": finalizers }),
  };
  const target = { resource: claimant.claimed.resource, namespace, name };
  const response = yield* send(patchRequest(target, { dialect: "strategic", body: { metadata } }));
  // Gone, or with another uid: nothing left to release.
  if (isSuccess(response) || response.code === 404 || response.code === 422) {
    yield* tell({ reason: "ObjectReleased", facts: { owner: claimant.owner.metadata.name ?? "", name } });
    return undefined;
  }
  return whyRefused(response);
}
