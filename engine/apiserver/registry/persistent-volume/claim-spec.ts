// After kubernetes v1.36 pkg/apis/core/validation/validation.go ValidatePersistentVolumeClaimSpec.
import type * as api from "../../../api/generated/types.ts";
import { dnsSubdomainProblems } from "../../../api/names.ts";
import type { Decoded } from "../decoded.ts";
import { forbidden, invalid, printed, required } from "../field-error.ts";
import { validateLabelSelector } from "../label-selector.ts";
import { validateResourceValue } from "../resource-names.ts";
import { type Errors, isSet, optionalOneOf, positiveQuantity, sayInvalid } from "../rules.ts";

export type ClaimSpec = Decoded<api.PersistentVolumeClaimSpec>;

/** Printed sorted. Source: supportedAccessModes, supportedVolumeModes. */
export const accessModes: readonly string[] = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
export const volumeModes: readonly string[] = ["Block", "Filesystem"];

export function validateClaimSpec(spec: ClaimSpec, path: string, errors: Errors): void {
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) errors.push(required(`${path}.accessModes`, "at least 1 access mode is required"));
  validateLabelSelector(spec.selector, `${path}.selector`, errors);
  validateAccessModes(modes, `${path}.accessModes`, errors);
  validateStorage(spec.resources?.requests?.["storage"], `${path}.resources[storage]`, errors);
  validateClassName(spec.storageClassName, `${path}.storageClassName`, errors);
  optionalOneOf(spec.volumeMode, volumeModes, `${path}.volumeMode`, errors);
  validateDataSources(spec, path, errors);
  validateClassName(spec.volumeAttributesClassName, `${path}.volumeAttributesClassName`, errors);
}

export function validateAccessModes(modes: readonly string[], path: string, errors: Errors): void {
  for (const mode of modes) optionalOneOf(mode, accessModes, path, errors);
  if (!modes.includes("ReadWriteOncePod")) return;
  if (modes.some((mode) => mode !== "ReadWriteOncePod" && accessModes.includes(mode))) {
    errors.push(forbidden(path, "may not use ReadWriteOncePod with other access modes"));
  }
}

function validateStorage(amount: string | undefined, path: string, errors: Errors): void {
  if (amount === undefined) return void errors.push(required(path));
  const found: Errors = [];
  positiveQuantity(amount, path, found);
  if (found.length === 0) validateResourceValue("storage", amount, path, found);
  errors.push(...found);
}

export function validateClassName(name: string | undefined, path: string, errors: Errors): void {
  if (isSet(name)) sayInvalid(dnsSubdomainProblems(name), name, path, errors);
}

function validateDataSources(spec: ClaimSpec, path: string, errors: Errors): void {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource !== undefined) validateDataSource(dataSource, `${path}.dataSource`, errors);
  if (dataSourceRef !== undefined) validateDataSource(dataSourceRef, `${path}.dataSourceRef`, errors);
  if (dataSource === undefined || dataSourceRef === undefined) return;
  if (isSet(dataSourceRef.namespace)) {
    errors.push(
      invalid(path, printed(`${path}.dataSource`), "may not be specified when dataSourceRef.namespace is specified"),
    );
  } else if (!isSameSource(dataSource, dataSourceRef)) {
    errors.push(invalid(path, printed(`${path}.dataSource`), "must match dataSourceRef"));
  }
}

type DataSource = Decoded<api.TypedObjectReference>;

function isSameSource(one: DataSource, other: DataSource): boolean {
  return one.apiGroup === other.apiGroup && one.kind === other.kind && one.name === other.name;
}

function validateDataSource(source: DataSource, path: string, errors: Errors): void {
  const { apiGroup = "", kind = "", name = "" } = source;
  if (name === "") errors.push(required(`${path}.name`));
  if (kind === "") errors.push(required(`${path}.kind`));
  if (apiGroup === "" && kind !== "PersistentVolumeClaim") {
    const detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
    errors.push(invalid(path, kind, detail));
  }
  if (apiGroup !== "") sayInvalid(dnsSubdomainProblems(apiGroup), apiGroup, path, errors);
}
