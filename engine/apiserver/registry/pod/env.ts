// After kubernetes v1.36 pkg/apis/core/validation/validation.go ValidateEnv, ValidateEnvFrom.
import type * as api from "../../../api/generated/types.ts";
import {
  configKeyProblems,
  dnsSubdomainProblems,
  environmentNameProblems,
  labelKeyProblems,
} from "../../../api/names.ts";
import { canonicalQuantity } from "../../../api/quantity.ts";
import type { Decoded } from "../decoded.ts";
import { invalid, notSupported, required } from "../field-error.ts";
import { allowPrefix } from "../metadata.ts";
import { type Errors, isSet, needed, sayInvalid } from "../rules.ts";

export function validateEnv(variables: readonly Decoded<api.EnvVar>[] | undefined, path: string, errors: Errors): void {
  for (const [index, variable] of (variables ?? []).entries()) {
    const at = `${path}[${index}]`;
    const name = variable.name ?? "";
    if (name === "") errors.push(required(`${at}.name`));
    else sayInvalid(environmentNameProblems(name), name, `${at}.name`, errors);
    if (variable.valueFrom !== undefined) validateSource(variable, variable.valueFrom, `${at}.valueFrom`, errors);
  }
}

type Source = Decoded<api.EnvVarSource>;

function validateSource(variable: Decoded<api.EnvVar>, source: Source, path: string, errors: Errors): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source;
  if (fieldRef !== undefined) validateFieldRef(fieldRef, environmentFields, `${path}.fieldRef`, errors);
  if (resourceFieldRef !== undefined)
    validateResourceFieldRef(resourceFieldRef, false, `${path}.resourceFieldRef`, errors);
  if (configMapKeyRef !== undefined) validateKeyRef(configMapKeyRef, `${path}.configMapKeyRef`, errors);
  if (secretKeyRef !== undefined) validateKeyRef(secretKeyRef, `${path}.secretKeyRef`, errors);
  if (fileKeyRef !== undefined) validateFileKeyRef(fileKeyRef, `${path}.fileKeyRef`, errors);
  const count = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef].filter(
    (one) => one !== undefined,
  ).length;
  if (count === 0) {
    const detail =
      "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
    errors.push(invalid(path, "", detail));
  } else if (isSet(variable.value)) errors.push(invalid(path, "", "may not be specified when `value` is not empty"));
  else if (count > 1) errors.push(invalid(path, "", "may not have more than one field specified at a time"));
}

function validateKeyRef(ref: Decoded<api.ConfigMapKeySelector>, path: string, errors: Errors): void {
  sayInvalid(dnsSubdomainProblems(ref.name ?? ""), ref.name ?? "", `${path}.name`, errors);
  if (!isSet(ref.key)) errors.push(required(`${path}.key`));
  else sayInvalid(configKeyProblems(ref.key), ref.key, `${path}.key`, errors);
}

function validateFileKeyRef(ref: Decoded<api.FileKeySelector>, path: string, errors: Errors): void {
  if (!isSet(ref.key)) errors.push(required(`${path}.key`));
  else sayInvalid(environmentNameProblems(ref.key), ref.key, `${path}.key`, errors);
  needed(ref.volumeName, `${path}.volumeName`, errors);
  needed(ref.path, `${path}.path`, errors);
}

/** Source: validEnvDownwardAPIFieldPathExpressions; printed sorted. */
const environmentFields: readonly string[] = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];

/** Source: validVolumeDownwardAPIFieldPathExpressions. */
export const volumeFields: readonly string[] = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
];

/** Source: pkg/apis/core/pods ConvertDownwardAPIFieldLabel. */
const convertibleFields: ReadonlySet<string> = new Set([
  ...environmentFields,
  ...volumeFields,
  "spec.restartPolicy",
  "spec.schedulerName",
  "status.phase",
]);

const subscripted = /^(.*)\['(.*)'\]$/;

export function validateFieldRef(
  ref: Decoded<api.ObjectFieldSelector>,
  allowed: readonly string[],
  path: string,
  errors: Errors,
): void {
  if (!isSet(ref.apiVersion)) return void errors.push(required(`${path}.apiVersion`));
  if (!isSet(ref.fieldPath)) return void errors.push(required(`${path}.fieldPath`));
  const match = subscripted.exec(ref.fieldPath);
  const problem = conversionProblem(ref.apiVersion, ref.fieldPath, match);
  if (problem !== undefined) {
    return void errors.push(invalid(`${path}.fieldPath`, ref.fieldPath, `error converting fieldPath: ${problem}`));
  }
  const [, field = ref.fieldPath, subscript] = match ?? [];
  const known = field === "spec.host" ? "spec.nodeName" : field;
  if (subscript !== undefined) validateSubscript(known, subscript, path, errors);
  else if (!allowed.includes(known)) errors.push(notSupported(`${path}.fieldPath`, known, allowed));
}

function conversionProblem(version: string, field: string, match: RegExpExecArray | null): string | undefined {
  if (version !== "v1") return `unsupported pod version: ${version}`;
  if (match !== null) {
    const [, name = ""] = match;
    return name === "metadata.annotations" || name === "metadata.labels"
      ? undefined
      : `field label does not support subscript: ${field}`;
  }
  return convertibleFields.has(field) || field === "spec.host" ? undefined : `field label not supported: ${field}`;
}

function validateSubscript(field: string, subscript: string, path: string, errors: Errors): void {
  const key = field === "metadata.annotations" ? subscript.toLowerCase() : subscript;
  sayInvalid(labelKeyProblems(key), key, path, errors);
}

/** Source: validContainerResourceFieldPathExpressions; printed sorted. */
const resourceFields: readonly string[] = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
];

const divisors: ReadonlySet<string> = new Set("1 1k 1M 1G 1T 1P 1E 1Ki 1Mi 1Gi 1Ti 1Pi 1Ei".split(" "));

export function validateResourceFieldRef(
  ref: Decoded<api.ResourceFieldSelector>,
  isVolume: boolean,
  path: string,
  errors: Errors,
): void {
  const resource = ref.resource ?? "";
  if (isVolume && !isSet(ref.containerName)) errors.push(required(`${path}.containerName`));
  else if (resource === "") errors.push(required(`${path}.resource`));
  else if (!resourceFields.includes(resource) && !isHugePages(resource)) {
    errors.push(notSupported(`${path}.resource`, resource, resourceFields));
  }
  validateDivisor(resource, ref.divisor ?? "0", path, errors);
}

function isHugePages(resource: string): boolean {
  return resource.startsWith("requests.hugepages-") || resource.startsWith("limits.hugepages-");
}

function validateDivisor(resource: string, divisor: string, path: string, errors: Errors): void {
  const value = canonicalQuantity(divisor);
  if (value === "0") return;
  const at = `${path}.divisor`;
  if (resource.endsWith(".cpu")) {
    if (value === "1m" || value === "1") return;
    return void errors.push(
      invalid(at, resource, "only divisor's values 1m and 1 are supported with the cpu resource"),
    );
  }
  const name = divisorName(resource);
  if (name === undefined || divisors.has(value)) return;
  const list = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei";
  errors.push(invalid(at, resource, `only divisor's values ${list} are supported with the ${name} resource`));
}

function divisorName(resource: string): string | undefined {
  if (resource.endsWith(".memory")) return "memory";
  if (resource.endsWith(".ephemeral-storage")) return "local ephemeral storage";
  return isHugePages(resource) ? "hugepages" : undefined;
}

const prefixedSubdomain = allowPrefix(dnsSubdomainProblems);

export function validateEnvFrom(
  sources: readonly Decoded<api.EnvFromSource>[] | undefined,
  path: string,
  errors: Errors,
): void {
  for (const [index, source] of (sources ?? []).entries()) {
    const at = `${path}[${index}]`;
    if (isSet(source.prefix)) sayInvalid(environmentNameProblems(source.prefix), source.prefix, `${at}.prefix`, errors);
    const { configMapRef, secretRef } = source;
    if (configMapRef !== undefined) validateEnvSource(configMapRef.name, `${at}.configMapRef.name`, errors);
    if (secretRef !== undefined) validateEnvSource(secretRef.name, `${at}.secretRef.name`, errors);
    if (configMapRef === undefined && secretRef === undefined) {
      errors.push(invalid(path, "", "must specify one of: `configMapRef` or `secretRef`"));
    } else if (configMapRef !== undefined && secretRef !== undefined) {
      errors.push(invalid(path, "", "may not have more than one field specified at a time"));
    }
  }
}

function validateEnvSource(name: string | undefined, path: string, errors: Errors): void {
  if (!isSet(name)) errors.push(required(path));
  else sayInvalid(prefixedSubdomain(name, true), name, path, errors);
}
