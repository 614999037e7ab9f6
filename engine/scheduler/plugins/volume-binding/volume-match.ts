// After kubernetes v1.36 pkg/volume/util, component-helpers/storage/volume/pv_helpers.go FindMatchingVolume.
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from "../../../api/generated/types.ts";
import { matchesLabels, selectorOfObject } from "../../../api/label-selector.ts";
import { keyOf } from "../../../api/object.ts";
import { compareQuantities, quantityOf } from "../../../api/quantity.ts";
import { get, values } from "../../../kernel/sorted-map.ts";
import type { Collections } from "../../framework.ts";
import { matchesTerms, nodeTermsOf } from "../../node-selector.ts";
import type { NodeInfo } from "../../snapshot.ts";

/** What has to be done for the claims of a pod before it can be bound to the node. */
export interface VolumePlan {
  readonly bindings: readonly { readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume }[];
  readonly provisions: readonly PersistentVolumeClaim[];
}

const SELECTED_NODE = "volume.kubernetes.io/selected-node";
const NO_PROVISIONER = "kubernetes.io/no-provisioner";

/** The plan that gives every claim a volume that the node can reach, or undefined when there is none. */
export function planVolumes(
  claims: readonly PersistentVolumeClaim[],
  node: NodeInfo,
  collections: Collections,
): VolumePlan | undefined {
  const bindings: { claim: PersistentVolumeClaim; volume: PersistentVolume }[] = [];
  const provisions: PersistentVolumeClaim[] = [];
  const taken = new Set<string>();
  for (const claim of claims) {
    const selected = claim.metadata.annotations?.[SELECTED_NODE] ?? "";
    if (selected !== "" && selected !== node.name) return undefined;
    const volume = selected === "" ? findVolume(claim, node, { collections, taken }) : undefined;
    if (volume !== undefined) {
      taken.add(volume.metadata.name ?? "");
      bindings.push({ claim, volume });
    } else if (canProvision(claim, node, collections)) provisions.push(claim);
    else return undefined;
  }
  return { bindings, provisions };
}

export function classOf(claim: PersistentVolumeClaim, collections: Collections): StorageClass | undefined {
  return get(collections.storageClasses, claim.spec.storageClassName ?? "");
}

/** Whether the node can reach the volume. */
export function isReachable(volume: PersistentVolume, node: NodeInfo): boolean {
  const required = volume.spec.nodeAffinity?.required;
  return required === undefined || matchesTerms(nodeTermsOf(required), node.node);
}

/** The volume that was bound to the claim in advance, else the smallest that is large enough. */
function findVolume(
  claim: PersistentVolumeClaim,
  node: NodeInfo,
  { collections, taken }: { readonly collections: Collections; readonly taken: ReadonlySet<string> },
): PersistentVolume | undefined {
  let smallest: PersistentVolume | undefined;
  for (const volume of values(collections.volumes)) {
    if (taken.has(volume.metadata.name ?? "") || !suits(volume, claim) || !isReachable(volume, node)) continue;
    if (volume.spec.claimRef !== undefined) return volume;
    if (smallest === undefined || compareQuantities(capacityOf(volume), capacityOf(smallest)) < 0) smallest = volume;
  }
  return smallest;
}

function capacityOf(volume: PersistentVolume): ReturnType<typeof quantityOf> {
  return quantityOf(volume.spec.capacity?.["storage"] ?? "0");
}

function suits(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return isFree(volume, claim) && isOfKind(volume, claim) && isEnough(volume, claim);
}

/** Available to anyone, or kept for this very claim. */
function isFree({ metadata, spec, status }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  const reference = spec.claimRef;
  if (reference === undefined) return status.phase === "Available";
  return `${reference.namespace ?? ""}/${reference.name ?? ""}` === keyOf(claim);
}

function isOfKind({ metadata, spec }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { storageClassName = "", volumeMode = "Filesystem", selector } = claim.spec;
  if ((spec.storageClassName ?? "") !== storageClassName || (spec.volumeMode ?? "Filesystem") !== volumeMode)
    return false;
  return selector === undefined || matchesLabels(selectorOfObject(selector), metadata.labels);
}

function isEnough(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const wanted = quantityOf(claim.spec.resources?.requests?.["storage"] ?? "0");
  const modes = volume.spec.accessModes ?? [];
  return (
    compareQuantities(capacityOf(volume), wanted) >= 0 &&
    (claim.spec.accessModes ?? []).every((mode) => modes.includes(mode))
  );
}

function canProvision(claim: PersistentVolumeClaim, node: NodeInfo, collections: Collections): boolean {
  const storageClass = classOf(claim, collections);
  const provisioner = storageClass?.provisioner ?? "";
  if (provisioner === "" || provisioner === NO_PROVISIONER) return false;
  const terms = storageClass?.allowedTopologies ?? [];
  return (
    terms.length === 0 ||
    terms.some((term) =>
      (term.matchLabelExpressions ?? []).every(({ key, values: allowed }) => allowed.includes(node.labels[key] ?? "")),
    )
  );
}
