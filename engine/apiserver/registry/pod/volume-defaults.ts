// After kubernetes v1.36 pkg/apis/core/v1/defaults.go: volumes.
import type * as api from "../../../api/generated/types.ts";
import type { Decoded } from "../decoded.ts";
import { defaultClaimSpec } from "../persistent-volume/claim-defaults.ts";
import { mapShared, withDefaults, withField, withParts } from "../shared-change.ts";
import { pullPolicyOf } from "./pull-policy.ts";
import type { Volume } from "./scope.ts";

/** Source: 0644. */
const FILE_MODE = 420;

/** Source: SetDefaults_ServiceAccountTokenProjection: one hour. */
const TOKEN_SECONDS = 3600;

/** Source: SetDefaults_PodCertificateProjection: one day. */
const CERTIFICATE_SECONDS = 86_400;

/** A volume of which nothing but the name was said is an emptyDir. */
export function defaultVolume(volume: Volume): Volume {
  const sourced = Object.keys(volume).every((key) => key === "name") ? { ...volume, emptyDir: {} } : volume;
  return withParts(sourced, {
    secret: (source) => withDefaults(source, { defaultMode: FILE_MODE }),
    configMap: (source) => withDefaults(source, { defaultMode: FILE_MODE }),
    downwardAPI: defaultDownwardApi,
    projected: defaultProjected,
    hostPath: (source) => withField(source, "type", source.type ?? ""),
    iscsi: (source) => withDefaults(source, { iscsiInterface: "default" }),
    rbd: (source) => withDefaults(source, { pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" }),
    azureDisk: (source) =>
      withDefaults(source, { cachingMode: "ReadWrite", fsType: "ext4", kind: "Shared", readOnly: false }),
    scaleIO: (source) => withDefaults(source, { storageMode: "ThinProvisioned", fsType: "xfs" }),
    ephemeral: (source) =>
      withParts(source, {
        volumeClaimTemplate: (template) => withParts(template, { spec: defaultClaimSpec }),
      }),
    image: (source) => withDefaults(source, { pullPolicy: pullPolicyOf(source.reference ?? "") }),
  });
}

function defaultDownwardApi(source: Decoded<api.DownwardAPIVolumeSource>): Decoded<api.DownwardAPIVolumeSource> {
  return withParts(withDefaults(source, { defaultMode: FILE_MODE }), { items: (list) => mapShared(list, defaultFile) });
}

function defaultFile(file: Decoded<api.DownwardAPIVolumeFile>): Decoded<api.DownwardAPIVolumeFile> {
  return withParts(file, { fieldRef: (ref) => withDefaults(ref, { apiVersion: "v1" }) });
}

function defaultProjected(source: Decoded<api.ProjectedVolumeSource>): Decoded<api.ProjectedVolumeSource> {
  return withParts(withDefaults(source, { defaultMode: FILE_MODE }), {
    sources: (list) => mapShared(list ?? [], defaultProjection),
  });
}

function defaultProjection(projection: Decoded<api.VolumeProjection>): Decoded<api.VolumeProjection> {
  return withParts(projection, {
    serviceAccountToken: (token) => withDefaults(token, { expirationSeconds: TOKEN_SECONDS }),
    downwardAPI: (source) => withParts(source, { items: (list) => mapShared(list, defaultFile) }),
    podCertificate: (source) => withDefaults(source, { maxExpirationSeconds: CERTIFICATE_SECONDS }),
  });
}
