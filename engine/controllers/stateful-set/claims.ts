// After kubernetes v1.36 pkg/controller/statefulset/stateful_pod_control.go and the claim part of stateful_set_utils.go.
import type { PersistentVolumeClaim, Pod, StatefulSet } from "../../api/generated/types.ts";
import type { OwnerReference } from "../../api/object.ts";
import { createRequest, updateRequest } from "../../client/requests.ts";
import type { Lister } from "../cache.ts";
import { editMeta, isSame } from "../edit.ts";
import { controllerReference, createPodRequest } from "../pod-control.ts";
import { isSuccess, objectOf, recordEvent, relist, send, type Sync, whyRefused } from "../sync.ts";
import { claims } from "../watched.ts";
import { claimsAt, isInRange, ordinalOf, STATEFUL_SET } from "./pods.ts";

const POD = { apiVersion: "v1", kind: "Pod" };

/** Creates the claims of a pod, then the pod, with an Event for each. */
export function* createStatefulPod(set: StatefulSet, pod: Pod): Sync<Pod | { readonly failure: string }> {
  const missing = yield* createClaims(set, pod);
  if (missing !== undefined) return { failure: missing };
  const response = yield* send(createPodRequest(set.metadata.namespace ?? "", pod));
  const name = pod.metadata.name ?? "";
  if (!isSuccess(response)) {
    const failure = whyRefused(response);
    if (response.code !== 409) yield* say(set, "create", { name, failure });
    return { failure };
  }
  const created = objectOf<Pod>(response);
  const refused = yield* retain(set, created);
  yield* say(set, "create", { name, failure: refused });
  return refused === undefined ? created : { failure: refused };
}

/** `Create Pod db-0 in StatefulSet db successful`. */
export function* say(
  set: StatefulSet,
  verb: "create" | "delete" | "update",
  about: { readonly name: string; readonly failure: string | undefined },
): Sync<void> {
  const title = `${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}`;
  const subject = `Pod ${about.name} in StatefulSet ${set.metadata.name ?? ""}`;
  if (about.failure === undefined) {
    const message = `${title} ${subject} successful`;
    yield* recordEvent({ object: set, type: "Normal", reason: `Successful${title}`, message });
    return;
  }
  const message = `${verb} ${subject} failed error: ${about.failure}`;
  yield* recordEvent({ object: set, type: "Warning", reason: `Failed${title}`, message });
}

/** Creates the claims that are not there. */
export function* createClaims(set: StatefulSet, pod: Pod): Sync<string | undefined> {
  const lister = yield* relist();
  for (const claim of claimsAt(set, ordinalOf(pod))) {
    const { namespace = "", name = "" } = claim.metadata;
    const found = lister.get(claims, `${namespace}/${name}`);
    if (found?.metadata.deletionTimestamp !== undefined) return `pvc ${name} is being deleted`;
    if (found !== undefined) continue;
    const response = yield* send(createRequest({ resource: claims.resource, namespace }, claim));
    if (response.code === 409) continue;
    const subject = `Claim ${name} Pod ${pod.metadata.name ?? ""} in StatefulSet ${set.metadata.name ?? ""}`;
    if (!isSuccess(response)) {
      const message = `create ${subject} failed error: ${whyRefused(response)}`;
      yield* recordEvent({ object: set, type: "Warning", reason: "FailedCreate", message });
      return whyRefused(response);
    }
    yield* recordEvent({
      object: set,
      type: "Normal",
      reason: "SuccessfulCreate",
      message: `Create ${subject} success`,
    });
  }
  return undefined;
}

/** Makes the claims of a pod belong to whom the retention policy says: nobody, the set, or the pod that goes. */
export function* retain(set: StatefulSet, pod: Pod): Sync<string | undefined> {
  const lister = yield* relist();
  for (const claim of claimsOf(set, pod, lister)) {
    const wanted = ownersFor(set, pod, claim);
    if (isSame(wanted, claim.metadata.ownerReferences ?? [])) continue;
    const { namespace = "", name = "" } = claim.metadata;
    const ownerReferences = wanted.length === 0 ? undefined : wanted;
    const body = { ...editMeta(claim, { ownerReferences }), kind: "PersistentVolumeClaim", apiVersion: "v1" };
    const response = yield* send(updateRequest({ resource: claims.resource, namespace, name }, body));
    if (!isSuccess(response)) return whyRefused(response);
  }
  return undefined;
}

export function isRetainedAsWanted(set: StatefulSet, pod: Pod, lister: Lister): boolean {
  return claimsOf(set, pod, lister).every((claim) =>
    isSame(ownersFor(set, pod, claim), claim.metadata.ownerReferences ?? []),
  );
}

function claimsOf(set: StatefulSet, pod: Pod, lister: Lister): readonly PersistentVolumeClaim[] {
  return claimsAt(set, ordinalOf(pod)).flatMap(({ metadata }) => {
    const found = lister.get(claims, `${metadata.namespace ?? ""}/${metadata.name ?? ""}`);
    return found === undefined ? [] : [found];
  });
}

function ownersFor(set: StatefulSet, pod: Pod, claim: PersistentVolumeClaim): readonly OwnerReference[] {
  const present = claim.metadata.ownerReferences ?? [];
  const isOurs = (owner: OwnerReference): boolean =>
    (owner.kind === "StatefulSet" && owner.name === set.metadata.name) ||
    (owner.kind === "Pod" && owner.name === pod.metadata.name);
  // A claim that another controller manages is left alone.
  if (present.some((owner) => owner.controller === true && !isOurs(owner))) return present;
  const others = present.filter((owner) => !isOurs(owner));
  const { whenDeleted = "Retain", whenScaled = "Retain" } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
  if (whenScaled === "Delete" && !isInRange(set, pod)) return [...others, controllerReference(pod, POD)];
  return whenDeleted === "Delete" ? [...others, controllerReference(set, STATEFUL_SET)] : others;
}

/** Whether a claim still belongs to a pod of this name that has gone, so that it is about to be collected. */
export function hasStaleClaim(set: StatefulSet, pod: Pod, lister: Lister): boolean {
  return claimsOf(set, pod, lister).some((claim) =>
    (claim.metadata.ownerReferences ?? []).some(
      (owner) => owner.kind === "Pod" && owner.name === pod.metadata.name && owner.uid !== pod.metadata.uid,
    ),
  );
}
