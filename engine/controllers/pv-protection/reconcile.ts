// After kubernetes v1.36 pkg/controller/volume/pvprotection/pv_protection_controller.go.
import type { PersistentVolume } from "../../api/generated/types.ts";
import { updateRequest } from "../../client/requests.ts";
import { type Controller, watch } from "../controller.ts";
import { editMeta } from "../edit.ts";
import { isDeleting } from "../pods.ts";
import { DONE, isSuccess, retry, send, type Situation, type Sync, whyRefused } from "../sync.ts";
import { persistentVolumes } from "../watched.ts";

const FINALIZER = "kubernetes.io/pv-protection";

/** Keeps volumes that are bound from being deleted. */
export const pvProtection: Controller<null> = {
  name: "pv-protection",
  identity: "pv-protection-controller",
  workers: 1,
  memory: null,
  watches: [
    watch(persistentVolumes, ({ after, key }) => {
      if (after === undefined) return { wishes: [] };
      const isMarked = (after.metadata.finalizers ?? []).includes(FINALIZER);
      return { wishes: isDeleting(after) === isMarked ? [key] : [] };
    }),
  ],
  sync: syncVolume,
};

function* syncVolume(name: string, { lister }: Situation<null>): Sync {
  const volume = lister.get(persistentVolumes, name);
  if (volume === undefined) return DONE;
  const finalizers = volume.metadata.finalizers ?? [];
  const isMarked = finalizers.includes(FINALIZER);
  if (isDeleting(volume)) {
    if (!isMarked || volume.status?.phase === "Bound") return DONE;
    const left = finalizers.filter((finalizer) => finalizer !== FINALIZER);
    return yield* write(editMeta(volume, { finalizers: left.length === 0 ? undefined : left }));
  }
  return isMarked ? DONE : yield* write(editMeta(volume, { finalizers: [...finalizers, FINALIZER] }));
}

function* write(volume: PersistentVolume): Sync {
  const target = { resource: persistentVolumes.resource, name: volume.metadata.name ?? "" };
  const response = yield* send(updateRequest(target, { ...volume, apiVersion: "v1", kind: "PersistentVolume" }));
  return isSuccess(response) || response.code === 404 ? DONE : retry(whyRefused(response));
}
