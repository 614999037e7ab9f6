// After kubernetes v1.36 pkg/apis/core/validation/validation.go ValidateVolumes, validateVolumeSource; not modelled: ClusterTrustBundle names.
import type * as api from "../../../api/generated/types.ts";
import { dnsLabelProblems, dnsSubdomainProblems } from "../../../api/names.ts";
import type { Decoded } from "../decoded.ts";
import { duplicate, forbidden, invalid, required } from "../field-error.ts";
import { validateAnnotations, validateLabels } from "../metadata.ts";
import { validateClaimSpec } from "../persistent-volume/claim-spec.ts";
import { type Errors, isNegative, isSet, needed, sayInvalid } from "../rules.ts";
import { validatePullPolicy } from "./containers.ts";
import { validateLocalDescendingPath } from "./paths.ts";
import { validateProjected } from "./projected-volume.ts";
import { legacySources } from "./legacy-volumes.ts";
import type { PodSpec, Volume } from "./scope.ts";
import {
  validateConfigMap,
  validateCsi,
  validateDownwardApi,
  validateHostPath,
  validateNfs,
  validateSecret,
} from "./volume-sources.ts";

/** The pod that the volumes are for, as far as it is known. */
export interface VolumeScope {
  readonly errors: Errors;
  readonly path: string;
  readonly isPod: boolean;
  readonly podName: string;
}

/** Checks the volumes and returns the right ones by name. */
export function validateVolumes(spec: PodSpec, scope: VolumeScope): ReadonlyMap<string, Volume> {
  const right = new Map<string, Volume>();
  const volumes = spec.volumes ?? [];
  const claims = new Set(
    volumes.filter((volume) => volume.ephemeral !== undefined).map((volume) => `${scope.podName}-${volume.name}`),
  );
  for (const [index, volume] of volumes.entries()) {
    const at = `${scope.path}.volumes[${index}]`;
    const errors: Errors = [];
    const name = volume.name ?? "";
    validateSource(volume, at, { ...scope, errors });
    if (name === "") errors.push(required(`${at}.name`));
    else sayInvalid(dnsLabelProblems(name), name, `${at}.name`, errors);
    if (right.has(name)) errors.push(duplicate(`${at}.name`, name));
    if (errors.length === 0) right.set(name, volume);
    else scope.errors.push(...errors);
    const claim = volume.persistentVolumeClaim?.claimName;
    if (claim === undefined || scope.podName === "" || !claims.has(claim)) continue;
    const detail = "must not reference a PVC that gets created for an ephemeral volume";
    scope.errors.push(invalid(`${at}.persistentVolumeClaim.claimName`, claim, detail));
  }
  return right;
}

type CheckSource = (volume: Volume, path: string, scope: VolumeScope) => void;

/** The sources in upstream's order: the second one that is found is refused. */
const sources: readonly (readonly [keyof Volume, CheckSource])[] = [
  ["emptyDir", (volume, path, { errors }): void => validateEmptyDir(volume, path, errors)],
  ["hostPath", (volume, path, { errors }): void => validateHostPath(volume.hostPath ?? {}, path, errors)],
  ["gitRepo", (volume, path, { errors }): void => validateGitRepo(volume, path, errors)],
  ...legacySources(["gcePersistentDisk", "awsElasticBlockStore"]),
  ["secret", (volume, path, { errors }): void => validateSecret(volume.secret ?? {}, path, errors)],
  ["nfs", (volume, path, { errors }): void => validateNfs(volume.nfs ?? {}, path, errors)],
  ...legacySources(["iscsi", "glusterfs", "flocker"]),
  [
    "persistentVolumeClaim",
    (volume, path, { errors }): void => needed(volume.persistentVolumeClaim?.claimName, `${path}.claimName`, errors),
  ],
  ...legacySources(["rbd", "cinder", "cephfs", "quobyte"]),
  ["downwardAPI", (volume, path, { errors }): void => validateDownwardApi(volume.downwardAPI ?? {}, path, errors)],
  ...legacySources(["fc", "flexVolume"]),
  ["configMap", (volume, path, { errors }): void => validateConfigMap(volume.configMap ?? {}, path, errors)],
  ...legacySources(["azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "storageos"]),
  ["projected", (volume, path, { errors }): void => validateProjected(volume.projected ?? {}, path, errors)],
  ...legacySources(["scaleIO"]),
  ["csi", (volume, path, { errors }): void => validateCsi(volume.csi ?? {}, path, errors)],
  ["ephemeral", (volume, path, scope): void => validateEphemeral(volume, path, scope)],
  ["image", (volume, path, scope): void => validateImage(volume, path, scope)],
];

function validateSource(volume: Volume, path: string, scope: VolumeScope): void {
  let count = 0;
  for (const [key, check] of sources) {
    if (volume[key] === undefined) continue;
    count++;
    const at = `${path}.${key}`;
    if (count > 1) scope.errors.push(forbidden(at, "may not specify more than 1 volume type"));
    else check(volume, at, scope);
  }
  if (count === 0) scope.errors.push(required(path, "must specify a volume type"));
}

function validateEmptyDir({ emptyDir }: Volume, path: string, errors: Errors): void {
  if (emptyDir?.sizeLimit === undefined || !isNegative(emptyDir.sizeLimit)) return;
  errors.push(forbidden(`${path}.sizeLimit`, "SizeLimit field must be a valid resource quantity"));
}

function validateGitRepo({ gitRepo }: Volume, path: string, errors: Errors): void {
  needed(gitRepo?.repository, `${path}.repository`, errors);
  validateLocalDescendingPath(gitRepo?.directory ?? "", `${path}.directory`, errors);
}

function validateImage({ image }: Volume, path: string, { isPod, errors }: VolumeScope): void {
  if (isPod && !isSet(image?.reference)) errors.push(required(`${path}.reference`));
  validatePullPolicy(image?.pullPolicy, `${path}.pullPolicy`, errors);
}

function validateEphemeral(volume: Volume, path: string, { podName, errors }: VolumeScope): void {
  const template: Decoded<api.PersistentVolumeClaimTemplate> | undefined = volume.ephemeral?.volumeClaimTemplate;
  if (template === undefined) errors.push(required(`${path}.volumeClaimTemplate`));
  else {
    const at = `${path}.volumeClaimTemplate`;
    validateAnnotations(template.metadata?.annotations, `${at}.metadata.annotations`, errors);
    validateLabels(template.metadata?.labels, `${at}.metadata.labels`, errors);
    validateClaimSpec(template.spec ?? {}, `${at}.spec`, errors);
  }
  if (podName === "" || !isSet(volume.name)) return;
  const claim = `${podName}-${volume.name}`;
  for (const problem of dnsSubdomainProblems(claim)) {
    errors.push(
      invalid(
        `${path.slice(0, path.lastIndexOf("."))}.name`,
        volume.name,
        `PVC name ${JSON.stringify(claim)}: ${problem}`,
      ),
    );
  }
}
