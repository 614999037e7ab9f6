// After kubernetes v1.36 staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go; not modelled: cost limits, messageExpression, optionalOldSelf.
import type { KubernetesObject } from "../../api/object.ts";
import { type Environment, evaluate } from "../cel.ts";
import { duplicate, type FieldError, forbidden, invalid, required } from "../registry/field-error.ts";
import { isRecord, memberSchema, type StructuralSchema, type ValidationRule } from "./structural.ts";

/** What breaks the rules that a schema states in CEL. Rules about `oldSelf` hold for updates only. */
export function ruleErrors(
  object: KubernetesObject,
  old: KubernetesObject | undefined,
  schema: StructuralSchema,
): readonly FieldError[] {
  return walk({ value: object, old, schema, path: "" });
}

interface Place {
  readonly value: unknown;
  readonly old: unknown;
  readonly schema: StructuralSchema;
  readonly path: string;
}

function walk(place: Place): readonly FieldError[] {
  const { value, old, schema, path } = place;
  if (value === undefined || value === null || value === old) return [];
  const own = (schema["x-kubernetes-validations"] ?? []).flatMap((rule) => ruleError(rule, place));
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return own;
    return [
      ...own,
      ...value.flatMap((item: unknown, index) =>
        walk({ value: item, old: undefined, schema: items, path: `${path}[${String(index)}]` }),
      ),
    ];
  }
  return isRecord(value) ? [...own, ...walkMembers(value, place)] : own;
}

function walkMembers(record: Readonly<Record<string, unknown>>, { old, schema, path }: Place): readonly FieldError[] {
  const before = isRecord(old) ? old : {};
  return Object.entries(record).flatMap(([key, member]) => {
    const known = memberSchema(schema, key);
    return known === undefined
      ? []
      : walk({ value: member, old: before[key], schema: known, path: path === "" ? key : `${path}.${key}` });
  });
}

function ruleError(rule: ValidationRule, { value, old, path }: Place): readonly FieldError[] {
  const isTransition = /\boldSelf\b/.test(rule.rule);
  if (isTransition && old === undefined) return [];
  const environment: Environment = { self: value, ...(old === undefined ? {} : { oldSelf: old }) };
  const outcome = evaluate(rule.rule, environment);
  const field = rule.fieldPath === undefined ? path : `${path}${rule.fieldPath}`;
  if (outcome.kind === "failed") return [invalid(field, shown(value), `rule evaluation error: ${outcome.message}`)];
  if (outcome.value === true) return [];
  return [errorFor(rule, field, value)];
}

function errorFor(rule: ValidationRule, field: string, value: unknown): FieldError {
  const detail = rule.message ?? `failed rule: ${rule.rule}`;
  switch (rule.reason) {
    case "FieldValueForbidden":
      return forbidden(field, detail);
    case "FieldValueRequired":
      return required(field, detail);
    case "FieldValueDuplicate":
      return duplicate(field, shown(value));
    default:
      return invalid(field, shown(value), detail);
  }
}

/** Records and lists are named by their type. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) return "array";
  return isRecord(value) ? "object" : value;
}
