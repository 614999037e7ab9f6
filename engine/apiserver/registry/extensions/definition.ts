// After kubernetes v1.36 apiextensions-apiserver/pkg/apis/apiextensions/{v1/defaults.go,validation/validation.go} and pkg/registry/customresourcedefinition/strategy.go; not modelled: conversion webhooks' client settings, selectable fields' rules.
import type * as api from "../../../api/generated/types.ts";
import { dns1035LabelProblems, dnsSubdomainProblems } from "../../../api/names.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import { nameOf } from "../cells.ts";
import type { DecodedObject } from "../decoded.ts";
import { type FieldError, invalid, printed, required } from "../field-error.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { validateImmutable } from "../metadata.ts";
import { type Errors, isSet, oneOf, sayInvalid } from "../rules.ts";
import { withDefaults, withField } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";
import { parseJsonPath } from "./json-path.ts";
import { validateSchema } from "./schema-rules.ts";

export type Definition = DecodedObject<api.CustomResourceDefinition>;
type Spec = NonNullable<Definition["spec"]>;
type Version = NonNullable<Spec["versions"]>[number];
type Column = NonNullable<Version["additionalPrinterColumns"]>[number];

export const customResourceDefinitions: Strategy<Definition> = kindStrategy<Definition>({
  place: ["apiextensions.k8s.io", "v1", "customresourcedefinitions"],
  generationOf: ["spec"],
  unconditionalUpdate: false,
  defaults: (definition) =>
    definition.spec === undefined ? definition : withField(definition, "spec", defaultSpec(definition.spec)),
  prepareForCreate: (definition) => withStoredVersions(definition),
  prepareForUpdate: (definition) => withStoredVersions(definition),
  validate: (definition) => validate(definition, undefined),
  validateUpdate,
  cells: (definition) => [nameOf(definition), definition.metadata.creationTimestamp ?? ""],
});

function defaultSpec(spec: Spec): Spec {
  const { names = {} } = spec;
  const { kind = "" } = names;
  const filled = withDefaults(names, kind === "" ? {} : { singular: kind.toLowerCase(), listKind: `${kind}List` });
  return withDefaults(withField(spec, "names", filled), { conversion: { strategy: "None" } });
}

/** The version that is stored from now on is among those of which objects may be stored. */
function withStoredVersions(definition: Definition): Definition {
  const { status = {} } = definition;
  const storage = definition.spec?.versions?.find((version) => version.storage === true)?.name;
  const known = status.storedVersions ?? [];
  if (storage === undefined || known.includes(storage)) return definition;
  return { ...definition, status: { ...status, storedVersions: [...known, storage] } };
}

function validate(definition: Definition, old: Definition | undefined): readonly FieldError[] {
  const errors: Errors = [];
  const { spec = {} } = definition;
  const { group = "", names = {} } = spec;
  if (nameOf(definition) !== `${names.plural ?? ""}.${group}`) {
    errors.push(invalid("metadata.name", nameOf(definition), 'must be spec.names.plural+"."+spec.group'));
  }
  validateSpec(spec, errors);
  if (old === undefined) validateApproval(definition, errors);
  return errors;
}

const APPROVAL = "api-approved.kubernetes.io";
const SEE = "see https://github.com/kubernetes/enhancements/pull/1111";

/** Groups of Kubernetes itself need the approval of its reviewers. */
function validateApproval(definition: Definition, errors: Errors): void {
  const { group = "" } = definition.spec ?? {};
  if (!group.endsWith(".k8s.io") && !group.endsWith(".kubernetes.io")) return;
  const value = definition.metadata.annotations?.[APPROVAL] ?? "";
  const path = `metadata.annotations[${APPROVAL}]`;
  const must = `protected groups must have approval annotation "${APPROVAL}"`;
  if (value === "") errors.push(required(path, `${must}, ${SEE}`));
  else if (!value.startsWith("unapproved") && !URL_WITH_HOST.test(value)) {
    errors.push(invalid(path, value, `${must} with either a URL or a reason starting with "unapproved", ${SEE}`));
  }
}

const URL_WITH_HOST = /^[a-z][a-z0-9+.-]*:\/\/[^/\s]+/i;

function validateSpec(spec: Spec, errors: Errors): void {
  const { group, scope, names = {} } = spec;
  const versions = spec.versions ?? [];
  if (!isSet(group)) errors.push(required("spec.group"));
  else if (dnsSubdomainProblems(group).length > 0)
    errors.push(invalid("spec.group", group, dnsSubdomainProblems(group).join(",")));
  else if (!group.includes(".")) errors.push(invalid("spec.group", group, "should be a domain with at least one dot"));
  oneOf(scope, ["Cluster", "Namespaced"], "spec.scope", errors);
  validateVersions(versions, errors);
  for (const [index, version] of versions.entries()) {
    if (version.schema?.openAPIV3Schema === undefined) {
      errors.push(required(`spec.versions[${index}].schema.openAPIV3Schema`, "schemas are required"));
    }
  }
  validateNames(names, errors);
  validateConversion(spec, errors);
}

function validateVersions(versions: readonly Version[], errors: Errors): void {
  const seen = new Set<string>();
  const isShared = hasSharedSchema(versions);
  for (const [index, version] of versions.entries()) {
    const { name = "" } = version;
    sayInvalid(dns1035LabelProblems(name), name, `spec.versions[${index}].name`, errors);
    if (seen.has(name)) errors.push(invalid("spec.versions", shown(versions), "must contain unique version names"));
    seen.add(name);
    if (isShared && index > 0) continue;
    // What all versions share stands above them in the version that is checked.
    validateVersion(
      version,
      isShared
        ? { schema: "spec.validation", rest: "spec" }
        : { schema: `spec.versions[${index}].schema`, rest: `spec.versions[${index}]` },
      errors,
    );
  }
  if (versions.filter((version) => version.storage === true).length !== 1) {
    errors.push(invalid("spec.versions", shown(versions), "must have exactly one version marked as storage version"));
  }
}

function shown(versions: readonly Version[]): ReturnType<typeof printed> {
  return printed(JSON.stringify(versions));
}

function hasSharedSchema([first, ...rest]: readonly Version[]): boolean {
  return rest.every((version) => isSemanticallyEqual(version.schema, first?.schema));
}

interface Paths {
  readonly schema: string;
  readonly rest: string;
}

function validateVersion(version: Version, paths: Paths, errors: Errors): void {
  const schema = version.schema?.openAPIV3Schema;
  // The decoded view and the generated type agree for schemas: all their fields are optional.
  if (schema !== undefined)
    errors.push(...validateSchema(schema as api.JSONSchemaProps, `${paths.schema}.openAPIV3Schema`));
  const scale = version.subresources?.scale;
  if (scale !== undefined) {
    for (const [key, root] of [
      ["specReplicasPath", ".spec."],
      ["statusReplicasPath", ".status."],
    ] as const) {
      const path = `${paths.rest}.subresources.scale.${key}`;
      const value = scale[key] ?? "";
      if (value === "") errors.push(required(path));
      else if (!value.startsWith(root))
        errors.push(invalid(path, value, `should be a json path under ${root.slice(0, -1)}`));
    }
  }
  for (const [index, column] of (version.additionalPrinterColumns ?? []).entries()) {
    validateColumn(column, `${paths.rest}.additionalPrinterColumns[${index}]`, errors);
  }
}

const COLUMN_TYPES: readonly string[] = ["boolean", "date", "integer", "number", "string"];
const COLUMN_FORMATS: readonly string[] = [
  "byte",
  "date",
  "date-time",
  "double",
  "float",
  "int32",
  "int64",
  "password",
];

function validateColumn(column: Column, path: string, errors: Errors): void {
  const { name, type, format, jsonPath } = column;
  if (!isSet(name)) errors.push(required(`${path}.name`));
  if (!isSet(type)) errors.push(required(`${path}.type`, `must be one of ${COLUMN_TYPES.join(",")}`));
  else if (!COLUMN_TYPES.includes(type))
    errors.push(invalid(`${path}.type`, type, `must be one of ${COLUMN_TYPES.join(",")}`));
  if (isSet(format) && !COLUMN_FORMATS.includes(format)) {
    errors.push(invalid(`${path}.format`, format, `must be one of ${COLUMN_FORMATS.join(",")}`));
  }
  if (!isSet(jsonPath)) errors.push(required(`${path}.jsonPath`));
  else if (parseJsonPath(jsonPath) === undefined)
    errors.push(invalid(`${path}.jsonPath`, jsonPath, `unrecognized character in action`));
}

function validateNames(names: NonNullable<Spec["names"]>, errors: Errors): void {
  const label = (value: string, path: string): void => {
    const problems = dns1035LabelProblems(value);
    if (problems.length > 0) errors.push(invalid(path, value, problems.join(",")));
  };
  const mixed = (value: string, path: string): void => {
    const problems = dns1035LabelProblems(value.toLowerCase());
    if (problems.length > 0)
      errors.push(invalid(path, value, `may have mixed case, but should otherwise match: ${problems.join(",")}`));
  };
  const { plural, singular, kind, listKind, shortNames = [], categories = [] } = names;
  for (const [key, value] of Object.entries({ plural, singular, kind, listKind }))
    if (!isSet(value)) errors.push(required(`spec.names.${key}`));
  for (const [key, value] of Object.entries({ plural, singular })) if (isSet(value)) label(value, `spec.names.${key}`);
  for (const [key, value] of Object.entries({ kind, listKind })) if (isSet(value)) mixed(value, `spec.names.${key}`);
  for (const [index, value] of shortNames.entries()) label(value, `spec.names.shortNames[${index}]`);
  if (isSet(kind) && kind === listKind)
    errors.push(invalid("spec.names.listKind", listKind, "kind and listKind may not be the same"));
  for (const [index, value] of categories.entries()) label(value, `spec.names.categories[${index}]`);
}

function validateConversion(spec: Spec, errors: Errors): void {
  const { conversion, preserveUnknownFields } = spec;
  if (preserveUnknownFields === true) {
    const detail =
      "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";
    errors.push(invalid("spec.preserveUnknownFields", true, detail));
  }
  if (conversion === undefined) return;
  oneOf(conversion.strategy, ["None", "Webhook"], "spec.conversion.strategy", errors);
  if (conversion.strategy === "Webhook" && conversion.webhook?.clientConfig === undefined) {
    errors.push(required("spec.conversion.webhookClientConfig", "required when strategy is set to Webhook"));
  }
}

function validateUpdate(definition: Definition, old: Definition): readonly FieldError[] {
  if (definition.spec === old.spec) return [];
  const errors: Errors = [...validate(definition, old)];
  const { spec = {} } = definition;
  const before = old.spec ?? {};
  const isEstablished =
    old.status?.conditions?.some(({ type, status }) => type === "Established" && status === "True") === true;
  if (isEstablished) {
    validateImmutable(spec.scope, before.scope, "spec.scope", errors);
    validateImmutable(spec.names?.kind, before.names?.kind, "spec.names.kind", errors);
  }
  validateImmutable(spec.group, before.group, "spec.group", errors);
  validateImmutable(spec.names?.plural, before.names?.plural, "spec.names.plural", errors);
  return errors;
}
