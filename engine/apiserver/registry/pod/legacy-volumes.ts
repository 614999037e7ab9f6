// After kubernetes v1.36 pkg/apis/core/validation/validation.go: the sources of removed in-tree drivers; not modelled: the forms of iSCSI names, WWNs and disk URIs.
import { required } from "../field-error.ts";
import type { Errors } from "../rules.ts";
import type { Volume } from "./scope.ts";

export type LegacySource =
  | "gcePersistentDisk"
  | "awsElasticBlockStore"
  | "iscsi"
  | "glusterfs"
  | "flocker"
  | "rbd"
  | "cinder"
  | "cephfs"
  | "quobyte"
  | "fc"
  | "flexVolume"
  | "azureFile"
  | "vsphereVolume"
  | "photonPersistentDisk"
  | "portworxVolume"
  | "azureDisk"
  | "storageos"
  | "scaleIO";

/** What must be said of each. */
const neededFields: Readonly<Record<LegacySource, readonly string[]>> = {
  gcePersistentDisk: ["pdName"],
  awsElasticBlockStore: ["volumeID"],
  iscsi: ["targetPortal", "iqn"],
  glusterfs: ["endpoints", "path"],
  flocker: [],
  rbd: ["monitors", "image"],
  cinder: ["volumeID"],
  cephfs: ["monitors"],
  quobyte: ["registry", "volume"],
  fc: [],
  flexVolume: ["driver"],
  azureFile: ["secretName", "shareName"],
  vsphereVolume: ["volumePath"],
  photonPersistentDisk: ["pdID"],
  portworxVolume: ["volumeID"],
  azureDisk: ["diskName", "diskURI"],
  storageos: [],
  scaleIO: ["gateway", "system", "volumeName"],
};

type Check = (volume: Volume, path: string, scope: { readonly errors: Errors }) => void;

export function legacySources(keys: readonly LegacySource[]): readonly (readonly [LegacySource, Check])[] {
  return keys.map((key) => [
    key,
    (volume, path, { errors }): void => validateLegacySource(key, volume[key] ?? {}, path, errors),
  ]);
}

export function validateLegacySource(key: LegacySource, source: object, path: string, errors: Errors): void {
  const fields = source as Readonly<Record<string, unknown>>;
  for (const name of neededFields[key]) {
    const value = fields[name];
    if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0))
      errors.push(required(`${path}.${name}`));
  }
  if (key === "flocker" && fields["datasetName"] === undefined && fields["datasetUUID"] === undefined) {
    errors.push(required(path, "one of datasetName and datasetUUID is required"));
  }
  if (key === "fc" && fields["targetWWNs"] === undefined && fields["wwids"] === undefined) {
    errors.push(required(`${path}.targetWWNs`, "must specify either targetWWNs or wwids, but not both"));
  }
}
