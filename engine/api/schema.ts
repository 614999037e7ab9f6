import { schemas } from "./generated/schemas.ts";

/** The structure of a record of the API, from the OpenAPI document of Kubernetes v1.36.2. */
export interface Schema {
  /** The name in the OpenAPI document: `io.k8s.api.core.v1.Container`. */
  readonly definition: string;
  readonly fields: Readonly<Record<string, Field>>;
  readonly required?: readonly string[];
  readonly mapType?: "atomic" | "granular";
  /** Set on what is a kind of its own and not a part of one. */
  readonly kind?: { readonly group: string; readonly version: string; readonly kind: string };
}

export type FieldType =
  | "string"
  | "integer"
  | "number"
  | "boolean"
  | "quantity"
  | "int-or-string"
  | "time"
  | "micro-time"
  /** A record; `ref` names its schema. */
  | "object"
  /** `items` describes the elements. */
  | "array"
  /** Free keys; `items` describes the values. */
  | "map"
  /** Any JSON value. */
  | "any";

export interface Field {
  readonly type: FieldType;
  readonly ref?: string;
  readonly items?: Field;
  readonly format?: "int32" | "int64" | "double" | "byte" | "date-time" | "int-or-string";
  readonly enum?: readonly string[];
  /** What stands for an absent value: a default, or the zero value of a field that Go always prints (`{}`, `""`, `0`). */
  readonly default?: unknown;
  readonly listType?: "atomic" | "map" | "set";
  readonly listMapKeys?: readonly string[];
  readonly mapType?: "atomic" | "granular";
  /** `merge`, `retainKeys` or `merge,retainKeys`. */
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
}

/** The schema with that short name (`Container`, `PodSpec`), as types.ts names it. */
export function schemaNamed(name: string): Schema | undefined {
  return Object.hasOwn(schemas, name) ? schemas[name] : undefined;
}

/** The schema of a kind, or undefined for a kind that is not built in. */
export function schemaOfKind(group: string, version: string, kind: string): Schema | undefined {
  return byKind.get(`${group}/${version}/${kind}`);
}

/** The field of a schema, or undefined when the schema has no field of that name. */
export function fieldOf(schema: Schema, name: string): Field | undefined {
  return Object.hasOwn(schema.fields, name) ? schema.fields[name] : undefined;
}

/** The schema of the record that a field holds, or that its elements or values are. */
export function schemaOfField(field: Field | undefined): Schema | undefined {
  return field?.ref === undefined ? undefined : schemaNamed(field.ref);
}

const byKind: ReadonlyMap<string, Schema> = new Map(
  Object.values(schemas)
    .filter((schema) => schema.kind !== undefined)
    .map((schema) => [`${schema.kind?.group}/${schema.kind?.version}/${schema.kind?.kind}`, schema]),
);
