// After kubernetes v1.36 pkg/controller/volume/pvcprotection/pvc_protection_controller.go.
import type { PersistentVolumeClaim, Pod } from "../../api/generated/types.ts";
import { keyOf } from "../../api/object.ts";
import { pathOf, updateRequest } from "../../client/requests.ts";
import { type Controller, watch } from "../controller.ts";
import { editMeta } from "../edit.ts";
import { isDeleting, isTerminal } from "../pods.ts";
import { DONE, isSuccess, retry, send, type Situation, type Sync, whyRefused } from "../sync.ts";
import { claims, podsByClaim } from "../watched.ts";

const FINALIZER = "kubernetes.io/pvc-protection";

/** Keeps claims that pods use from being deleted. */
export const pvcProtection: Controller<null> = {
  name: "pvc-protection",
  identity: "pvc-protection-controller",
  workers: 1,
  memory: null,
  watches: [
    watch(claims, ({ after, key }) => {
      if (after === undefined) return { wishes: [] };
      const isMarked = (after.metadata.finalizers ?? []).includes(FINALIZER);
      return { wishes: isDeleting(after) === isMarked ? [key] : [] };
    }),
    watch(podsByClaim, ({ before, after }, { lister }) => {
      const pod = after ?? before;
      if (pod === undefined || (after !== undefined && !isTerminal(after) && before !== undefined))
        return { wishes: [] };
      const keys = podsByClaim.indexes["claim"]?.(pod) ?? [];
      return { wishes: keys.filter((key) => lister.get(claims, key)?.metadata.deletionTimestamp !== undefined) };
    }),
  ],
  sync: syncClaim,
};

function* syncClaim(key: string, { lister }: Situation<null>): Sync {
  const claim = lister.get(claims, key);
  if (claim === undefined) return DONE;
  const finalizers = claim.metadata.finalizers ?? [];
  const isMarked = finalizers.includes(FINALIZER);
  if (!isDeleting(claim))
    return isMarked ? DONE : yield* write(editMeta(claim, { finalizers: [...finalizers, FINALIZER] }));
  if (!isMarked) return DONE;
  if (lister.by(podsByClaim, "claim", key).some((pod) => isUsing(pod))) return DONE;
  // Seen from the server too, because a pod may just have come.
  const listed = yield* send({
    method: "GET",
    path: pathOf({ resource: podsByClaim.resource, namespace: claim.metadata.namespace ?? "" }),
  });
  if (!isSuccess(listed)) return retry(whyRefused(listed));
  const { items = [] } = listed.body as { readonly items?: readonly Pod[] };
  const users = items.filter(
    (pod) => isUsing(pod) && (podsByClaim.indexes["claim"]?.(pod) ?? []).includes(keyOf(claim)),
  );
  if (users.length > 0) return DONE;
  const left = finalizers.filter((finalizer) => finalizer !== FINALIZER);
  return yield* write(editMeta(claim, { finalizers: left.length === 0 ? undefined : left }));
}

/** Pods that were never scheduled do not hold a claim. */
function isUsing(pod: Pod): boolean {
  return !isTerminal(pod) && (pod.spec.nodeName ?? "") !== "";
}

function* write(claim: PersistentVolumeClaim): Sync {
  const { namespace = "", name = "" } = claim.metadata;
  const body = { ...claim, apiVersion: "v1", kind: "PersistentVolumeClaim" };
  const response = yield* send(updateRequest({ resource: claims.resource, namespace, name }, body));
  return isSuccess(response) || response.code === 404 ? DONE : retry(whyRefused(response));
}
