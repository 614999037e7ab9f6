// After kubernetes v1.36 sigs.k8s.io/json and the field tags of k8s.io/api: how a record is decoded and printed again.
import { schemas } from "../../api/generated/schemas.ts";
import type { Field, Schema } from "../../api/schema.ts";
import { dropsZero, keepsEmpty, zeroOf } from "./go-shape.ts";

/** How the fields of one record are read, made once from its schema. */
export interface Plan {
  /** `Container`. */
  readonly name: string;
  readonly fields: ReadonlyMap<string, FieldPlan>;
  /** The fields that are printed even when nothing was said, with what stands for nothing. */
  readonly always: readonly Always[];
}

export interface FieldPlan {
  /** `Container.image`. */
  readonly name: string;
  readonly field: Field;
  /** A zero, empty string, list or map is left out. */
  readonly dropsEmpty: boolean;
  readonly isAlways: boolean;
}

export interface Always {
  readonly key: string;
  /** The name of the record that is printed empty; otherwise `zero` is printed. */
  readonly record?: string;
  readonly zero: unknown;
}

/** The plan of the record with that schema name. */
export function planNamed(name: string): Plan | undefined {
  return plans.get(name);
}

/** What Go prints for a record of which nothing was said. */
export function emptyRecord(schemaName: string): object {
  const plan = planNamed(schemaName);
  const empty: Record<string, unknown> = {};
  for (const { key, record, zero } of plan?.always ?? [])
    empty[key] = record === undefined ? zero : emptyRecord(record);
  return empty;
}

const plans: ReadonlyMap<string, Plan> = new Map(
  Object.entries(schemas).map(([name, schema]) => [name, planOf(name, schema)]),
);

function planOf(name: string, schema: Schema): Plan {
  const fields = new Map<string, FieldPlan>();
  const always: Always[] = [];
  for (const [key, field] of Object.entries(schema.fields)) {
    const printed = alwaysOf(`${name}.${key}`, { key, field, schema });
    if (printed !== undefined) always.push(printed);
    const isAlways = printed !== undefined;
    fields.set(key, {
      name: `${name}.${key}`,
      field,
      isAlways,
      dropsEmpty: !isAlways && dropsEmpty(`${name}.${key}`, field),
    });
  }
  return { name, fields, always };
}

function dropsEmpty(name: string, field: Field): boolean {
  switch (field.type) {
    case "integer":
    case "number":
    case "boolean":
      return dropsZero(name);
    case "string":
      return !keepsEmpty(name);
    case "array":
    case "map":
      return true;
    default:
      return false;
  }
}

interface Place {
  readonly key: string;
  readonly field: Field;
  readonly schema: Schema;
}

function alwaysOf(name: string, { key, field, schema }: Place): Always | undefined {
  if (schema.kind !== undefined && (key === "apiVersion" || key === "kind")) return undefined;
  const zero = zeroOf(name);
  if (zero !== undefined) return { key, zero };
  if (field.default !== undefined) return zeroByDefault(name, key, field);
  const isRequired = schema.required?.includes(key) === true;
  if (!isRequired) return undefined;
  if (field.type === "int-or-string") return { key, zero: 0 };
  const isNullable = field.type === "object" || field.type === "array" || field.type === "map" || field.type === "time";
  return isNullable ? { key, zero: null } : undefined;
}

function zeroByDefault(name: string, key: string, field: Field): Always | undefined {
  if (dropsZero(name)) return undefined;
  if (field.type === "object" && field.ref !== undefined) return { key, record: field.ref, zero: null };
  const isZero = field.default === "" || field.default === 0 || field.default === false;
  return isZero ? { key, zero: field.default } : undefined;
}
