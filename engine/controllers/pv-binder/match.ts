// After kubernetes v1.36 pkg/controller/volume/persistentvolume/index.go and component-helpers storage/volume/pv_helpers.go.
import type { PersistentVolume, PersistentVolumeClaim } from "../../api/generated/types.ts";
import { compareQuantities, quantityOf } from "../../api/quantity.ts";
import { isDeleting } from "../pods.ts";
import { selects } from "../selector.ts";

const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

export function classOfClaim(claim: PersistentVolumeClaim): string {
  return claim.metadata.annotations?.[CLASS_ANNOTATION] ?? claim.spec.storageClassName ?? "";
}

export function classOfVolume(volume: PersistentVolume): string {
  return volume.metadata.annotations?.[CLASS_ANNOTATION] ?? volume.spec.storageClassName ?? "";
}

/** Whether the volume names this claim; one without a uid names whoever comes under that name. */
export function isBoundTo(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { claimRef } = volume.spec;
  if (claimRef === undefined) return false;
  if (claimRef.name !== claim.metadata.name || claimRef.namespace !== claim.metadata.namespace) return false;
  return claimRef.uid === undefined || claimRef.uid === claim.metadata.uid;
}

/** The smallest volume that fits; one that was kept for the claim goes before all others. */
export function bestVolume(
  volumes: readonly PersistentVolume[],
  claim: PersistentVolumeClaim,
  isDelayed: boolean,
): PersistentVolume | undefined {
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    if (!hasModes(volume, claim) || isDeleting(volume) || !isLargeEnough(volume, claim)) continue;
    if (isBoundTo(volume, claim)) return volume;
    // With WaitForFirstConsumer the scheduler chooses.
    if (isDelayed || !isFree(volume, claim)) continue;
    if (best === undefined || compareQuantities(sizeOf(volume), sizeOf(best)) < 0) best = volume;
  }
  return best;
}

function isFree(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  if (volume.status?.phase !== "Available" || volume.spec.claimRef !== undefined) return false;
  if (claim.spec.selector !== undefined && !selects(claim.spec.selector, volume.metadata.labels)) return false;
  return classOfVolume(volume) === classOfClaim(claim);
}

function hasModes(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  if ((volume.spec.volumeMode ?? "Filesystem") !== (claim.spec.volumeMode ?? "Filesystem")) return false;
  const offered = volume.spec.accessModes ?? [];
  return (claim.spec.accessModes ?? []).every((mode) => offered.includes(mode));
}

function sizeOf(volume: PersistentVolume): ReturnType<typeof quantityOf> {
  return quantityOf(volume.spec.capacity?.["storage"] ?? "0");
}

function isLargeEnough(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return compareQuantities(sizeOf(volume), quantityOf(claim.spec.resources?.requests?.["storage"] ?? "0")) >= 0;
}
