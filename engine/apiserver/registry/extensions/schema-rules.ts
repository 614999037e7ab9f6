// After kubernetes v1.36 apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go and pkg/apiserver/schema/validation.go; not modelled: CEL cost estimates, defaults that break their own schema.
import type { JSONSchemaProps } from "../../../api/generated/types.ts";
import { compileProblem } from "../../cel.ts";
import { type FieldError, forbidden, invalid, notSupported, required } from "../field-error.ts";
import type { Errors } from "../rules.ts";

type Level = "root" | "item" | "field";

const TYPES: readonly string[] = ["array", "boolean", "integer", "number", "object", "string"];

const emptyType: Readonly<Record<Level, string>> = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

/** The rules for `openAPIV3Schema`: it is a schema that Kubernetes knows, and a structural one. */
export function validateSchema(schema: JSONSchemaProps, path: string): readonly FieldError[] {
  const errors: Errors = [];
  validateProps(schema, path, errors);
  if (errors.length === 0) validateStructural(schema, "root", path, errors);
  return errors;
}

function validateProps(schema: JSONSchemaProps, path: string, errors: Errors): void {
  validateUnsupported(schema, path, errors);
  const { type, pattern } = schema;
  if (type !== undefined && !TYPES.includes(type)) errors.push(notSupported(`${path}.type`, type, TYPES));
  if (pattern !== undefined && !isPattern(pattern)) {
    errors.push(invalid(`${path}.pattern`, pattern, "must be a valid regular expression, but isn't"));
  }
  if (type === "array" && schema.items === undefined) errors.push(required(`${path}.items`, "must be specified"));
  validateRules(schema, path, errors);
  for (const [key, part] of parts(schema, path)) validateProps(part, key, errors);
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, "u").source !== "";
  } catch {
    return false;
  }
}

const UNSUPPORTED = ["$ref", "additionalItems", "definitions", "dependencies", "id", "patternProperties"] as const;

function validateUnsupported(schema: JSONSchemaProps, path: string, errors: Errors): void {
  if (schema.uniqueItems === true) {
    errors.push(
      forbidden(
        `${path}.uniqueItems`,
        "uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
      ),
    );
  }
  if (schema.additionalProperties === false)
    errors.push(forbidden(`${path}.additionalProperties`, "additionalProperties cannot be set to false"));
  if (schemaIn(schema.additionalProperties) !== undefined && schema.properties !== undefined) {
    errors.push(forbidden(`${path}.additionalProperties`, "additionalProperties and properties are mutual exclusive"));
  }
  for (const key of UNSUPPORTED)
    if (schema[key] !== undefined) errors.push(forbidden(`${path}.${key}`, `${key} is not supported`));
  if (Array.isArray(schema.items))
    errors.push(forbidden(`${path}.items`, "items must be a schema object and not an array"));
}

function validateRules(schema: JSONSchemaProps, path: string, errors: Errors): void {
  for (const [index, { rule }] of (schema["x-kubernetes-validations"] ?? []).entries()) {
    const place = `${path}.x-kubernetes-validations[${index}].rule`;
    if (rule.trim() === "") {
      errors.push(required(place, "rule is not specified"));
      continue;
    }
    const problem = compileProblem(rule);
    if (problem !== undefined) errors.push(invalid(place, rule, `compilation failed: ${problem}`));
  }
}

function schemaIn(value: unknown): JSONSchemaProps | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

/** The schemas below, with their paths: items, then properties by name, then additionalProperties. */
function parts(
  schema: JSONSchemaProps,
  path: string,
): readonly (readonly [path: string, schema: JSONSchemaProps, level: Level])[] {
  const items = schemaIn(schema.items);
  const rest = schemaIn(schema.additionalProperties);
  const { properties = {} } = schema;
  return [
    ...(items === undefined ? [] : [[`${path}.items`, items, "item"] as const]),
    ...Object.keys(properties)
      .toSorted()
      .map((key) => [`${path}.properties[${key}]`, properties[key] as JSONSchemaProps, "field"] as const),
    ...(rest === undefined ? [] : [[`${path}.additionalProperties`, rest, "field"] as const]),
  ];
}

function validateStructural(schema: JSONSchemaProps, level: Level, path: string, errors: Errors): void {
  for (const [key, part, below] of parts(schema, path)) validateStructural(part, below, key, errors);
  const { type = "" } = schema;
  const isFree =
    schema["x-kubernetes-int-or-string"] === true || schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (schema["x-kubernetes-embedded-resource"] === true) validateEmbedded(schema, path, errors);
  else if (type === "" && !isFree) errors.push(required(`${path}.type`, emptyType[level]));
  if (level === "root" && type !== "" && type !== "object")
    errors.push(invalid(`${path}.type`, type, "must be object at the root"));
  if (level === "root") validateCommon(schema, path, errors);
  validateListType(schema, path, errors);
  for (const [index, one] of (schema.allOf ?? []).entries()) validateValuesOnly(one, `${path}.allOf[${index}]`, errors);
}

function validateEmbedded(schema: JSONSchemaProps, path: string, errors: Errors): void {
  const { type = "" } = schema;
  const detail = "must be object if x-kubernetes-embedded-resource is true";
  if (type === "") errors.push(required(`${path}.type`, detail));
  else if (type !== "object") errors.push(invalid(`${path}.type`, type, detail));
  if (schema["x-kubernetes-preserve-unknown-fields"] !== true && schema.properties === undefined) {
    const text =
      "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
    errors.push(required(`${path}.properties`, text));
  }
}

function validateCommon(schema: JSONSchemaProps, path: string, errors: Errors): void {
  const { kind, apiVersion, metadata } = schema.properties ?? {};
  for (const [key, part] of [
    ["kind", kind],
    ["apiVersion", apiVersion],
  ] as const) {
    if (part !== undefined && part.type !== "string")
      errors.push(invalid(`${path}.properties[${key}].type`, part.type ?? "", "must be string"));
  }
  if (metadata === undefined) return;
  if (metadata.type !== "object")
    errors.push(invalid(`${path}.properties[metadata].type`, metadata.type ?? "", "must be object"));
  const named = Object.keys(metadata.properties ?? {}).some((key) => key !== "name" && key !== "generateName");
  if (named) {
    const detail = "must not specify anything other than name and generateName, but metadata is implicitly specified";
    errors.push(forbidden(`${path}.properties[metadata]`, detail));
  }
}

function validateListType(schema: JSONSchemaProps, path: string, errors: Errors): void {
  const { "x-kubernetes-list-type": type, "x-kubernetes-list-map-keys": keys = [] } = schema;
  if (type === undefined) return;
  const place = `${path}.x-kubernetes-list-type`;
  if (schema.type !== "array")
    errors.push(invalid(`${path}.type`, schema.type ?? "", "must be array if x-kubernetes-list-type is specified"));
  if (!["atomic", "map", "set"].includes(type)) errors.push(notSupported(place, type, ["atomic", "map", "set"]));
  if (type === "map" && keys.length === 0) {
    errors.push(required(`${path}.x-kubernetes-list-map-keys`, "must not be empty if x-kubernetes-list-type is map"));
  }
}

/** Below allOf, anyOf, oneOf and not there are rules for values, and no structure. */
function validateValuesOnly(schema: JSONSchemaProps, path: string, errors: Errors): void {
  const { type, description } = schema;
  if (type !== undefined) errors.push(forbidden(`${path}.type`, "must be empty to be structural"));
  if (description !== undefined) errors.push(forbidden(`${path}.description`, "must be empty to be structural"));
  for (const [key, part] of parts(schema, path)) validateValuesOnly(part, key, errors);
}
