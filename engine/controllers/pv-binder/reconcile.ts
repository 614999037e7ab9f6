// After kubernetes v1.36 pkg/controller/volume/persistentvolume/pv_controller.go; not modelled: Recycle, in-tree provisioners, CSI migration.
import type { PersistentVolume, PersistentVolumeClaim } from "../../api/generated/types.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { get, set, type SortedMap } from "../../kernel/sorted-map.ts";
import { getRequest, deleteRequest, updateRequest } from "../../client/requests.ts";
import { type Controller, watch, listen } from "../controller.ts";
import { dateOf, printDate } from "../dates.ts";
import { edit, editMeta, isSame } from "../edit.ts";
import { isDeleting } from "../pods.ts";
import {
  again,
  DONE,
  isSuccess,
  objectOf,
  recordEvent,
  relist,
  remember,
  retry,
  send,
  type Situation,
  type Sync,
  tell,
  whyRefused,
} from "../sync.ts";
import { claims, persistentVolumes, podsByClaim, storageClasses } from "../watched.ts";
import { bestVolume, classOfClaim, isBoundTo } from "./match.ts";

/** Source: kube-controller-manager --pvclaimbinder-sync-period. */
export const SYNC_PERIOD_MILLIS = 15_000;

const BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
const BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
const SELECTED_NODE = "volume.kubernetes.io/selected-node";
const PROVISIONER = "volume.kubernetes.io/storage-provisioner";
const BETA_PROVISIONER = "volume.beta.kubernetes.io/storage-provisioner";

/** Binds claims to volumes, and looks after volumes whose claim has gone. */
export const pvBinder: Controller<Written> = {
  name: "pv-binder",
  identity: "persistent-volume-binder",
  component: "persistentvolume-controller",
  workers: 2,
  memory: null,
  ticks: [{ key: "resync", everyMillis: SYNC_PERIOD_MILLIS, firstMillis: SYNC_PERIOD_MILLIS }],
  watches: [
    watch(claims, ({ before, after, key }, { memory }) => {
      if (after !== undefined && isKnown(memory, `claim ${key}`, after)) return { wishes: [] };
      // A volume learns at once that its claim has gone.
      const { volumeName = "" } = before?.spec ?? {};
      return {
        wishes: after === undefined ? (volumeName === "" ? [] : [`volume ${volumeName} resync`]) : [`claim ${key}`],
      };
    }),
    watch(persistentVolumes, ({ before, after, key }, { memory }) => {
      if (after !== undefined && isKnown(memory, `volume ${key}`, after)) return { wishes: [] };
      const { claimRef } = before?.spec ?? {};
      if (after !== undefined) return { wishes: [`volume ${key}`] };
      return {
        wishes: claimRef === undefined ? [] : [`claim ${claimRef.namespace ?? ""}/${claimRef.name ?? ""} resync`],
      };
    }),
    listen(storageClasses),
    listen(podsByClaim),
  ],
  sync: function* syncKey(key, situation) {
    if (key === "resync") return yield* resync(situation);
    const [task = "", name = "", isResync] = key.split(" ");
    const watched = task === "claim" ? claims : persistentVolumes;
    const object: KubernetesObject | undefined = situation.lister.get<PersistentVolume | PersistentVolumeClaim>(
      watched as never,
      name,
    );
    // Its own writes are no news to it; the watch may tell them before the answer does.
    if (isResync === undefined && object !== undefined && isKnown(situation.memory, `${task} ${name}`, object))
      return DONE;
    const failure = task === "claim" ? yield* syncClaim(name, situation) : yield* syncVolume(name, situation);
    return failure === undefined ? DONE : retry(failure);
  },
};

type Failure = string | undefined;

/** The newest versions that it wrote itself: what it hears of them is no news. Source: pv_controller_base.go storeObjectUpdate. */
type Written = SortedMap<string, number>;

function isKnown(written: Written, id: string, { metadata }: KubernetesObject): boolean {
  return Number(metadata.resourceVersion ?? 0) <= (get(written, id) ?? -1);
}

function* noteWritten(id: string, { metadata }: KubernetesObject): Sync<void> {
  const version = Number(metadata.resourceVersion ?? 0);
  yield* remember<Written>((written) => set(written, id, version));
}

function* resync({ lister }: Situation<Written>): Sync {
  for (const { metadata } of lister.list(persistentVolumes)) yield* again(`volume ${metadata.name ?? ""} resync`, 0);
  for (const { metadata } of lister.list(claims))
    yield* again(`claim ${metadata.namespace ?? ""}/${metadata.name ?? ""} resync`, 0);
  return DONE;
}

function* syncClaim(key: string, situation: Situation<Written>): Sync<Failure> {
  const lister = yield* relist();
  const claim = lister.get(claims, key);
  if (claim === undefined) return undefined;
  const { volumeName = "" } = claim.spec;
  const isCompleted = claim.metadata.annotations?.[BIND_COMPLETED] !== undefined;
  const volume = volumeName === "" ? undefined : lister.get(persistentVolumes, volumeName);
  if (isCompleted) return yield* syncBound(claim, volume, situation);
  if (volumeName === "") return yield* findVolume(claim, situation);
  if (volume === undefined) return yield* setClaimPhase(claim, "Pending");
  if (volume.spec.claimRef === undefined || isBoundTo(volume, claim)) return yield* bind(volume, claim, situation);
  return yield* setClaimPhase(claim, "Pending");
}

function* syncBound(
  claim: PersistentVolumeClaim,
  volume: PersistentVolume | undefined,
  situation: Situation<Written>,
): Sync<Failure> {
  if ((claim.spec.volumeName ?? "") === "") {
    return yield* lose(
      claim,
      "ClaimLost",
      "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!",
    );
  }
  if (volume === undefined) {
    return yield* lose(claim, "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
  }
  const { claimRef } = volume.spec;
  if (claimRef === undefined || claimRef.uid === claim.metadata.uid) return yield* bind(volume, claim, situation);
  const message = "Two claims are bound to the same volume, this one is bound incorrectly";
  return yield* lose(claim, "ClaimMisbound", message);
}

function* lose(claim: PersistentVolumeClaim, reason: string, message: string): Sync<Failure> {
  if (claim.status?.phase === "Lost") return undefined;
  const failure = yield* setClaimPhase(claim, "Lost");
  if (failure === undefined) yield* recordEvent({ object: claim, type: "Warning", reason, message });
  return failure;
}

function* findVolume(claim: PersistentVolumeClaim, situation: Situation<Written>): Sync<Failure> {
  const { lister } = situation;
  const className = classOfClaim(claim);
  const isWaiting = lister.get(storageClasses, className)?.volumeBindingMode === "WaitForFirstConsumer";
  const isDelayed = isWaiting && claim.metadata.annotations?.[SELECTED_NODE] === undefined;
  const volume = bestVolume((yield* relist()).list(persistentVolumes), claim, isWaiting);
  if (volume !== undefined) return yield* bind(volume, claim, situation);
  if (isDelayed) yield* sayWaiting(claim, situation);
  else if (className !== "") return yield* provision(claim, className, situation);
  else {
    const message = "no persistent volumes available for this claim and no storage class is set";
    yield* recordEvent({ object: claim, type: "Normal", reason: "FailedBinding", message });
  }
  return yield* setClaimPhase(claim, "Pending");
}

function* sayWaiting(claim: PersistentVolumeClaim, { lister }: Situation<Written>): Sync<void> {
  const key = `${claim.metadata.namespace ?? ""}/${claim.metadata.name ?? ""}`;
  const names = lister
    .by(podsByClaim, "claim", key)
    .filter((pod) => !isDeleting(pod) && (pod.spec.nodeName ?? "") === "")
    .map(({ metadata }) => metadata.name ?? "");
  const [reason, message] =
    names.length === 0
      ? ["WaitForFirstConsumer", "waiting for first consumer to be created before binding"]
      : ["WaitForPodScheduled", `waiting for pod ${names.join(",")} to be scheduled`];
  yield* recordEvent({ object: claim, type: "Normal", reason: reason ?? "", message: message ?? "" });
}

/** What must be made is made by others; here it is only said who shall do it. */
function* provision(claim: PersistentVolumeClaim, className: string, { lister }: Situation<Written>): Sync<Failure> {
  const found = lister.get(storageClasses, className);
  if (found === undefined) {
    const message = `storageclass.storage.k8s.io "${className}" not found`;
    yield* recordEvent({ object: claim, type: "Warning", reason: "ProvisioningFailed", message });
    return undefined;
  }
  const { provisioner } = found;
  if (provisioner.startsWith("kubernetes.io/")) {
    const message = "no volume plugin matched";
    yield* recordEvent({ object: claim, type: "Warning", reason: "ProvisioningFailed", message });
    return undefined;
  }
  let current = claim;
  const { annotations } = claim.metadata;
  if (annotations?.[PROVISIONER] !== provisioner) {
    const named = { ...annotations, [BETA_PROVISIONER]: provisioner, [PROVISIONER]: provisioner };
    const written = yield* writeClaim(editMeta(claim, { annotations: named }));
    if (typeof written === "string") return written;
    current = written;
  }
  const message =
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. ` +
    "If volume creation is delayed, please verify that the provisioner is running and correctly registered.";
  yield* recordEvent({ object: current, type: "Normal", reason: "ExternalProvisioning", message });
  return undefined;
}

/** Four writes, each only where it changes something: the volume, its phase, the claim, its phase. */
function* bind(volume: PersistentVolume, claim: PersistentVolumeClaim, situation: Situation<Written>): Sync<Failure> {
  const reserved = yield* reserve(volume, claim);
  if (typeof reserved === "string") return reserved;
  const bound = yield* setVolumePhase(reserved, { phase: "Bound" }, situation);
  if (typeof bound === "string") return bound;
  const attached = yield* attach(claim, bound);
  if (typeof attached === "string") return attached;
  return yield* setClaimPhase(attached, "Bound", bound);
}

function* reserve(volume: PersistentVolume, claim: PersistentVolumeClaim): Sync<PersistentVolume | string> {
  const { name = "", namespace = "", uid = "", resourceVersion = "" } = claim.metadata;
  const former = volume.spec.claimRef;
  const hasWrongRef =
    former === undefined || former.uid !== uid || former.name !== name || former.namespace !== namespace;
  if (!hasWrongRef) return volume;
  const claimRef = { kind: "PersistentVolumeClaim", namespace, name, uid, apiVersion: "v1", resourceVersion };
  const annotations =
    former === undefined
      ? { ...volume.metadata.annotations, [BOUND_BY_CONTROLLER]: "yes" }
      : volume.metadata.annotations;
  return yield* writeVolume({ ...editMeta(volume, { annotations }), spec: { ...volume.spec, claimRef } });
}

function* attach(claim: PersistentVolumeClaim, volume: PersistentVolume): Sync<PersistentVolumeClaim | string> {
  const { name = "" } = volume.metadata;
  const { annotations = {} } = claim.metadata;
  const isOurs = claim.spec.volumeName !== name;
  const next = {
    ...annotations,
    ...(isOurs ? { [BOUND_BY_CONTROLLER]: "yes" } : {}),
    [BIND_COMPLETED]: annotations[BIND_COMPLETED] ?? "yes",
  };
  if (!isOurs && isSame(next, annotations)) return claim;
  return yield* writeClaim({ ...editMeta(claim, { annotations: next }), spec: { ...claim.spec, volumeName: name } });
}

function* writeClaim(claim: PersistentVolumeClaim, subresource?: string): Sync<PersistentVolumeClaim | string> {
  const { namespace = "", name = "" } = claim.metadata;
  const target = { resource: claims.resource, namespace, name, ...(subresource === undefined ? {} : { subresource }) };
  const response = yield* send(updateRequest(target, { ...claim, apiVersion: "v1", kind: "PersistentVolumeClaim" }));
  if (!isSuccess(response)) return whyRefused(response);
  const written = objectOf<PersistentVolumeClaim>(response);
  yield* noteWritten(`claim ${namespace}/${name}`, written);
  return written;
}

function* writeVolume(volume: PersistentVolume, subresource?: string): Sync<PersistentVolume | string> {
  const { name = "" } = volume.metadata;
  const target = { resource: persistentVolumes.resource, name, ...(subresource === undefined ? {} : { subresource }) };
  const response = yield* send(updateRequest(target, { ...volume, apiVersion: "v1", kind: "PersistentVolume" }));
  if (!isSuccess(response)) return whyRefused(response);
  const written = objectOf<PersistentVolume>(response);
  yield* noteWritten(`volume ${name}`, written);
  return written;
}

function* setClaimPhase(claim: PersistentVolumeClaim, phase: string, volume?: PersistentVolume): Sync<Failure> {
  const status = edit(claim.status ?? {}, {
    phase: phase as NonNullable<PersistentVolumeClaim["status"]>["phase"],
    accessModes: volume?.spec.accessModes,
    capacity: volume === undefined ? undefined : capacityOf(claim, volume),
  });
  if (isSame(claim.status, status)) return undefined;
  const written = yield* writeClaim({ ...claim, status }, "status");
  return typeof written === "string" ? written : undefined;
}

/** A claim that is being expanded keeps the size that it has until the expansion is done. */
function capacityOf(claim: PersistentVolumeClaim, volume: PersistentVolume): Readonly<Record<string, string>> {
  const present = claim.status?.phase === "Bound" ? claim.status.capacity : undefined;
  return (present ?? { storage: volume.spec.capacity?.["storage"] ?? "0" }) as Readonly<Record<string, string>>;
}

function* setVolumePhase(
  volume: PersistentVolume,
  said: { readonly phase: string; readonly message?: string },
  situation: Situation<Written>,
): Sync<PersistentVolume | string> {
  if (volume.status?.phase === said.phase) return volume;
  const status = edit(volume.status ?? {}, {
    phase: said.phase as NonNullable<PersistentVolume["status"]>["phase"],
    message: said.message,
    lastPhaseTransitionTime: printDate(dateOf(situation)),
  });
  const object = { kind: "PersistentVolume", name: volume.metadata.name ?? "" };
  yield* tell({ reason: "VolumePhase", object, facts: { phase: said.phase } });
  return yield* writeVolume({ ...volume, status }, "status");
}

function* syncVolume(name: string, situation: Situation<Written>): Sync<Failure> {
  const lister = yield* relist();
  const volume = lister.get(persistentVolumes, name);
  if (volume === undefined) return undefined;
  const { claimRef } = volume.spec;
  if (claimRef === undefined || (claimRef.uid ?? "") === "") {
    return failureOf(yield* setVolumePhase(volume, { phase: "Available" }, situation));
  }
  const key = `${claimRef.namespace ?? ""}/${claimRef.name ?? ""}`;
  const found = lister.get(claims, key) ?? (yield* claimAtServer(claimRef.namespace ?? "", claimRef.name ?? ""));
  const claim = found?.metadata.uid === claimRef.uid ? found : undefined;
  if (claim === undefined) return yield* releaseVolume(volume, situation);
  if ((claim.spec.volumeName ?? "") === "") {
    yield* again(`claim ${key} resync`, 0);
    return undefined;
  }
  if (claim.spec.volumeName === name) return failureOf(yield* setVolumePhase(volume, { phase: "Bound" }, situation));
  return yield* unbind(volume, situation);
}

function failureOf(written: PersistentVolume | string): Failure {
  return typeof written === "string" ? written : undefined;
}

function* claimAtServer(namespace: string, name: string): Sync<PersistentVolumeClaim | undefined> {
  const response = yield* send(getRequest({ resource: claims.resource, namespace, name }));
  return isSuccess(response) ? objectOf<PersistentVolumeClaim>(response) : undefined;
}

/** The claim is bound elsewhere: the volume is free again where the controller had bound it. */
function* unbind(volume: PersistentVolume, situation: Situation<Written>): Sync<Failure> {
  const isOurs = volume.metadata.annotations?.[BOUND_BY_CONTROLLER] !== undefined;
  const annotations = edit({ ...volume.metadata.annotations } as Record<string, string>, {
    [BOUND_BY_CONTROLLER]: undefined,
  });
  const claimRef =
    isOurs || volume.spec.claimRef === undefined ? undefined : edit(volume.spec.claimRef, { uid: undefined });
  const freed = yield* writeVolume({ ...editMeta(volume, { annotations }), spec: edit(volume.spec, { claimRef }) });
  return typeof freed === "string" ? freed : failureOf(yield* setVolumePhase(freed, { phase: "Available" }, situation));
}

function* releaseVolume(volume: PersistentVolume, situation: Situation<Written>): Sync<Failure> {
  const { phase } = volume.status ?? {};
  let current = volume;
  if (phase !== "Released" && phase !== "Failed") {
    const released = yield* setVolumePhase(volume, { phase: "Released" }, situation);
    if (typeof released === "string") return released;
    current = released;
  }
  if (current.spec.persistentVolumeReclaimPolicy !== "Delete" || phase === "Failed") return undefined;
  return yield* deleteVolume(current, situation);
}

/** Source: pkg/volume/hostpath/host_path.go: only what lies below /tmp may be deleted. */
function* deleteVolume(volume: PersistentVolume, situation: Situation<Written>): Sync<Failure> {
  const { hostPath, csi } = volume.spec;
  const { name = "" } = volume.metadata;
  // A CSI driver deletes its volumes itself.
  if (csi !== undefined) return undefined;
  if (hostPath?.path.startsWith("/tmp/") === true) {
    const response = yield* send(deleteRequest({ resource: persistentVolumes.resource, name }));
    return isSuccess(response) || response.code === 404 ? undefined : whyRefused(response);
  }
  const message =
    hostPath === undefined
      ? `error getting deleter volume plugin for volume "${name}": no deletable volume plugin matched`
      : `host_path deleter only supports /tmp/.+ but received provided ${hostPath.path}`;
  const written = yield* setVolumePhase(volume, { phase: "Failed", message }, situation);
  if (typeof written === "string") return written;
  yield* recordEvent({ object: written, type: "Warning", reason: "VolumeFailedDelete", message });
  return undefined;
}
