// After kubernetes v1.36 pkg/controller/volume/expand/expand_controller.go: volumes of CSI drivers are expanded by the driver's resizer.
import type { PersistentVolumeClaim } from "../../api/generated/types.ts";
import { compareQuantities, quantityOf } from "../../api/quantity.ts";
import { patchRequest } from "../../client/requests.ts";
import { type Controller, listen, watch } from "../controller.ts";
import { DONE, isSuccess, recordEvent, retry, send, type Situation, type Sync, whyRefused } from "../sync.ts";
import { claims, persistentVolumes, storageClasses } from "../watched.ts";

const RESIZER_ANNOTATION = "volume.kubernetes.io/storage-resizer";

/** Sees claims that ask for more than they have, and says who shall make them larger. */
export const expansion: Controller<null> = {
  name: "expansion",
  identity: "expand-controller",
  component: "volume_expand",
  workers: 10,
  memory: null,
  watches: [
    watch(claims, ({ before, after, key }) => {
      const hasGrown =
        before !== undefined && after !== undefined && compareQuantities(requestOf(after), requestOf(before)) > 0;
      return { wishes: hasGrown ? [key] : [] };
    }),
    listen(persistentVolumes),
    listen(storageClasses),
  ],
  sync: syncClaim,
};

function requestOf(claim: PersistentVolumeClaim): ReturnType<typeof quantityOf> {
  return quantityOf(claim.spec.resources?.requests?.["storage"] ?? "0");
}

function* syncClaim(key: string, { lister }: Situation<null>): Sync {
  const claim = lister.get(claims, key);
  const volume = lister.get(persistentVolumes, claim?.spec.volumeName ?? "");
  if (claim === undefined || volume === undefined || claim.status?.phase !== "Bound") return DONE;
  const driver = volume.spec.csi?.driver;
  if (driver === undefined) {
    const message = `didn't find a plugin capable of expanding the volume; waiting for an external controller to process this PVC`;
    yield* recordEvent({ object: claim, type: "Warning", reason: "ExternalExpanding", message });
    return DONE;
  }
  if (claim.metadata.annotations?.[RESIZER_ANNOTATION] === driver) return DONE;
  const { namespace = "", name = "" } = claim.metadata;
  const body = { metadata: { annotations: { [RESIZER_ANNOTATION]: driver } } };
  const response = yield* send(
    patchRequest({ resource: claims.resource, namespace, name }, { dialect: "strategic", body }),
  );
  if (!isSuccess(response)) return retry(whyRefused(response));
  const message = `waiting for an external controller to expand this PVC`;
  yield* recordEvent({ object: claim, type: "Normal", reason: "ExternalExpanding", message });
  return DONE;
}
