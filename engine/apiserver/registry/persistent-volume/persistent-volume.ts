// After kubernetes v1.36 pkg/registry/core/persistentvolume/strategy.go, pkg/apis/core/v1/defaults.go, pkg/apis/core/validation ValidatePersistentVolume; not modelled: node affinity label upgrades.
import type * as api from "../../../api/generated/types.ts";
import { dnsSubdomainProblems } from "../../../api/names.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import { age, nameOf } from "../cells.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { type FieldError, forbidden, invalid, notSupported, printed, required } from "../field-error.ts";
import { goStruct, sorted } from "../go-struct.ts";
import { goJson } from "../../../api/go-quote.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { validateImmutable } from "../metadata.ts";
import { validateNodeSelector } from "../pod/affinity.ts";
import { type LegacySource, validateLegacySource } from "../pod/legacy-volumes.ts";
import { validateDriverName, validateHostPath, validateNfs } from "../pod/volume-sources.ts";
import { validatePathNoBacksteps } from "../pod/paths.ts";
import { roundAmounts } from "../resource-amounts.ts";
import { type Errors, isNegative, isSet, needed, optionalOneOf, positiveQuantity, sayInvalid } from "../rules.ts";
import { withDefaults, withField, withParts } from "../shared-change.ts";
import type { Cell, Strategy } from "../strategy.ts";
import { accessModesCell } from "./access-modes.ts";
import { validateAccessModes, validateClassName, volumeModes } from "./claim-spec.ts";

type Volume = DecodedObject<api.PersistentVolume>;
type Spec = Decoded<api.PersistentVolumeSpec>;

export const persistentVolumes: Strategy<Volume> = kindStrategy<Volume>({
  place: ["", "v1", "persistentvolumes"],
  defaults: (volume) => withField(volume, "spec", defaultSpec(volume.spec ?? {})),
  prepareForCreate: (volume, context) =>
    withField(volume, "status", { phase: "Pending", lastPhaseTransitionTime: context.time }),
  validate: (volume) => validateSpec(volume),
  validateUpdate: (volume, old) => (volume.spec === old.spec ? [] : validateUpdate(volume, old)),
  cells,
  fields: { name: nameOf },
});

function defaultSpec(spec: Spec): Spec {
  const filled = withDefaults(spec, { persistentVolumeReclaimPolicy: "Retain", volumeMode: "Filesystem" });
  return withParts(filled, {
    capacity: roundAmounts,
    hostPath: (source) => withField(source, "type", source.type ?? ""),
    iscsi: (source) => withDefaults(source, { iscsiInterface: "default" }),
    rbd: (source) => withDefaults(source, { pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" }),
    azureDisk: (source) =>
      withDefaults(source, { cachingMode: "ReadWrite", fsType: "ext4", kind: "Shared", readOnly: false }),
    scaleIO: (source) => withDefaults(source, { storageMode: "ThinProvisioned", fsType: "xfs" }),
  });
}

function validateSpec(volume: Volume): readonly FieldError[] {
  const errors: Errors = [];
  const { spec = {} } = volume;
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) errors.push(required("spec.accessModes"));
  validateAccessModes(modes, "spec.accessModes", errors);
  validateCapacity(spec, errors);
  optionalOneOf(
    spec.persistentVolumeReclaimPolicy,
    ["Delete", "Recycle", "Retain"],
    "spec.persistentVolumeReclaimPolicy",
    errors,
  );
  validateNodeAffinity(spec, errors);
  validateSources(spec, errors);
  const root = spec.hostPath?.path?.replace(slashes, "/");
  if (root === "/" && spec.persistentVolumeReclaimPolicy === "Recycle") {
    errors.push(forbidden("spec.persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'"));
  }
  validateClassName(spec.storageClassName, "spec.storageClassName", errors);
  optionalOneOf(spec.volumeMode, volumeModes, "spec.volumeMode", errors);
  if (spec.volumeAttributesClassName !== undefined) validateAttributesClass(spec, errors);
  return errors;
}

const slashes = /\/+/g;

function validateCapacity({ capacity }: Spec, errors: Errors): void {
  const path = "spec.capacity";
  const names = Object.keys(capacity ?? {});
  if (names.length === 0) errors.push(required(path));
  if (capacity?.["storage"] === undefined || names.length > 1) {
    errors.push(notSupported(path, capacity === undefined ? null : printed(goJson(sorted(capacity))), ["storage"]));
  }
  for (const name of names) {
    const amount = capacity?.[name] ?? "0";
    if (isNegative(amount)) errors.push(invalid(`${path}[${name}]`, amount, "must be a valid resource quantity"));
    positiveQuantity(amount, `${path}[${name}]`, errors);
  }
}

function validateNodeAffinity({ nodeAffinity }: Spec, errors: Errors): void {
  if (nodeAffinity === undefined) return;
  const path = "spec.nodeAffinity.required";
  if (nodeAffinity.required === undefined) errors.push(required(path, "must specify required node constraints"));
  else validateNodeSelector(nodeAffinity.required, path, errors);
}

type SourceKey = LegacySource | "hostPath" | "nfs" | "local" | "csi";

/** In upstream's order: the second one that is found is refused. */
const sourceKeys: readonly SourceKey[] = [
  "hostPath",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "glusterfs",
  "flocker",
  "nfs",
  "rbd",
  "quobyte",
  "cephfs",
  "iscsi",
  "cinder",
  "fc",
  "flexVolume",
  "azureFile",
  "vsphereVolume",
  "photonPersistentDisk",
  "portworxVolume",
  "azureDisk",
  "scaleIO",
  "local",
  "storageos",
  "csi",
];

function validateSources(spec: Spec, errors: Errors): void {
  let count = 0;
  for (const key of sourceKeys) {
    if (spec[key] === undefined) continue;
    count++;
    if (count > 1) errors.push(forbidden(`spec.${key}`, "may not specify more than 1 volume type"));
    else validateSource(spec, key, errors);
  }
  if (count === 0) errors.push(required("spec", "must specify a volume type"));
}

function validateSource(spec: Spec, key: SourceKey, errors: Errors): void {
  const path = `spec.${key}`;
  switch (key) {
    case "hostPath":
      return validateHostPath(spec.hostPath ?? {}, path, errors);
    case "nfs":
      return validateNfs(spec.nfs ?? {}, path, errors);
    case "local":
      return validateLocal(spec, errors);
    case "csi":
      validateDriverName(spec.csi?.driver, `${path}.driver`, errors);
      return needed(spec.csi?.volumeHandle, `${path}.volumeHandle`, errors);
    default:
      return validateLegacySource(key, spec[key] ?? {}, path, errors);
  }
}

function validateLocal({ local, nodeAffinity }: Spec, errors: Errors): void {
  if (!isSet(local?.path)) errors.push(required("spec.local.path"));
  else validatePathNoBacksteps(local.path, "spec.local.path", errors);
  if (nodeAffinity === undefined) errors.push(required("spec.nodeAffinity", "Local volume requires node affinity"));
}

function validateAttributesClass({ volumeAttributesClassName: name = "", csi }: Spec, errors: Errors): void {
  const path = "spec.volumeAttributesClassName";
  if (name === "") errors.push(required(path, "an empty string is disallowed"));
  else sayInvalid(dnsSubdomainProblems(name), name, path, errors);
  if (csi === undefined) errors.push(required("spec.csi", "has to be specified when using volumeAttributesClassName"));
}

function validateUpdate(volume: Volume, old: Volume): readonly FieldError[] {
  const errors: Errors = [...validateSpec(volume)];
  const { spec = {} } = volume;
  const before = old.spec ?? {};
  if (sourceKeys.some((key) => !isSemanticallyEqual(spec[key], before[key]))) {
    errors.push(forbidden("spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation"));
  }
  validateImmutable(spec.volumeMode, before.volumeMode, "volumeMode", errors);
  if (before.nodeAffinity !== undefined && !isSemanticallyEqual(spec.nodeAffinity, before.nodeAffinity)) {
    const found = goStruct("VolumeNodeAffinity", spec.nodeAffinity);
    errors.push(invalid("nodeAffinity", found, "field is immutable, except for updating from beta label to GA"));
  }
  return errors;
}

function classOf({ metadata, spec }: Volume): string {
  return metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec?.storageClassName ?? "";
}

function cells(volume: Volume, now: number): readonly Cell[] {
  const { spec = {}, status = {} } = volume;
  const { claimRef } = spec;
  const claim = claimRef === undefined ? "" : `${claimRef.namespace ?? ""}/${claimRef.name ?? ""}`;
  return [
    nameOf(volume),
    spec.capacity?.["storage"] ?? "0",
    accessModesCell(spec.accessModes),
    spec.persistentVolumeReclaimPolicy ?? "",
    volume.metadata.deletionTimestamp === undefined ? (status.phase ?? "") : "Terminating",
    claim,
    classOf(volume),
    spec.volumeAttributesClassName ?? "<unset>",
    status.reason ?? "",
    age(volume, now),
    spec.volumeMode ?? "<unset>",
  ];
}
