// After kubernetes v1.36 pkg/apis/core/validation/validation.go: the sources that both pods and persistent volumes know, and the keyed ones.
import type * as api from "../../../api/generated/types.ts";
import type { Decoded } from "../decoded.ts";
import { invalid, notSupported, required } from "../field-error.ts";
import { type Errors, isSet, needed, sayInvalid } from "../rules.ts";
import { validateFieldRef, validateResourceFieldRef, volumeFields } from "./env.ts";
import { validateLocalNonReservedPath, validatePathNoBacksteps } from "./paths.ts";

/** Printed sorted. Source: supportedHostPathTypes. */
const hostPathTypes = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];

export function validateHostPath(source: Decoded<api.HostPathVolumeSource>, path: string, errors: Errors): void {
  if (!isSet(source.path)) return void errors.push(required(`${path}.path`));
  validatePathNoBacksteps(source.path, `${path}.path`, errors);
  if (source.type !== undefined && !hostPathTypes.includes(source.type)) {
    errors.push(notSupported(`${path}.type`, source.type, hostPathTypes));
  }
}

export function validateNfs(source: Decoded<api.NFSVolumeSource>, path: string, errors: Errors): void {
  needed(source.server, `${path}.server`, errors);
  needed(source.path, `${path}.path`, errors);
  if (source.path?.startsWith("/") !== true)
    errors.push(invalid(`${path}.path`, source.path ?? "", "must be an absolute path"));
}

/** Source: 0777. */
const MODE_MAX = 511;

export function validateMode(mode: number | undefined, path: string, errors: Errors): void {
  if (mode === undefined || (mode >= 0 && mode <= MODE_MAX)) return;
  errors.push(invalid(path, mode, "must be a number between 0 and 0777 (octal), both inclusive"));
}

export function validateSecret(source: Decoded<api.SecretVolumeSource>, path: string, errors: Errors): void {
  needed(source.secretName, `${path}.secretName`, errors);
  validateMode(source.defaultMode, `${path}.defaultMode`, errors);
  validateItems(source.items, `${path}.items`, errors);
}

export function validateConfigMap(source: Decoded<api.ConfigMapVolumeSource>, path: string, errors: Errors): void {
  needed(source.name, `${path}.name`, errors);
  validateMode(source.defaultMode, `${path}.defaultMode`, errors);
  validateItems(source.items, `${path}.items`, errors);
}

function validateItems(items: readonly Decoded<api.KeyToPath>[] | undefined, path: string, errors: Errors): void {
  for (const [index, item] of (items ?? []).entries()) validateKeyToPath(item, `${path}[${index}]`, errors);
}

export function validateKeyToPath(item: Decoded<api.KeyToPath>, path: string, errors: Errors): void {
  needed(item.key, `${path}.key`, errors);
  needed(item.path, `${path}.path`, errors);
  validateLocalNonReservedPath(item.path ?? "", `${path}.path`, errors);
  validateMode(item.mode, `${path}.mode`, errors);
}

export function validateDownwardApi(source: Decoded<api.DownwardAPIVolumeSource>, path: string, errors: Errors): void {
  validateMode(source.defaultMode, `${path}.defaultMode`, errors);
  for (const file of source.items ?? []) validateDownwardFile(file, path, errors);
}

export function validateDownwardFile(file: Decoded<api.DownwardAPIVolumeFile>, path: string, errors: Errors): void {
  needed(file.path, `${path}.path`, errors);
  validateLocalNonReservedPath(file.path ?? "", `${path}.path`, errors);
  if (file.fieldRef !== undefined) {
    validateFieldRef(file.fieldRef, volumeFields, `${path}.fieldRef`, errors);
    if (file.resourceFieldRef !== undefined) {
      errors.push(invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously"));
    }
  } else if (file.resourceFieldRef !== undefined) {
    validateResourceFieldRef(file.resourceFieldRef, true, `${path}.resourceFieldRef`, errors);
  } else errors.push(required(path, "one of fieldRef and resourceFieldRef is required"));
  validateMode(file.mode, `${path}.mode`, errors);
}

const DRIVER_MAX = 63;
const driverName = /^[a-zA-Z0-9]([-a-zA-Z0-9_.]*[a-zA-Z0-9])?$/;
const driverSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const SUBDOMAIN_PROBLEM =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** Source: ValidateCSIDriverName. */
export function validateDriverName(name: string | undefined, path: string, errors: Errors): void {
  if (!isSet(name)) return void errors.push(required(path));
  if (name.length > DRIVER_MAX)
    errors.push({ type: "FieldValueTooLong", field: path, detail: `may not be more than ${DRIVER_MAX} bytes` });
  const lower = name.toLowerCase();
  if (!driverName.test(name) || !driverSubdomain.test(lower)) sayInvalid([SUBDOMAIN_PROBLEM], lower, path, errors);
}

export function validateCsi(source: Decoded<api.CSIVolumeSource>, path: string, errors: Errors): void {
  validateDriverName(source.driver, `${path}.driver`, errors);
  if (source.nodePublishSecretRef === undefined) return;
  needed(source.nodePublishSecretRef.name, `${path}.nodePublishSecretRef.name`, errors);
}
