// After kubernetes v1.36 staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema (structural.go, pruning, defaulting).

/** A structural schema, as a CustomResourceDefinition carries it. */
export interface StructuralSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly additionalProperties?: StructuralSchema | boolean;
  readonly items?: StructuralSchema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly StructuralSchema[];
  readonly anyOf?: readonly StructuralSchema[];
  readonly oneOf?: readonly StructuralSchema[];
  readonly not?: StructuralSchema;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-embedded-resource"?: boolean;
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: string;
  readonly "x-kubernetes-validations"?: readonly ValidationRule[];
}

export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
}

type Json = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Fields of every object, whatever its schema says of them. */
const always: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

/** The value without what the schema does not name; `unknown` gathers the paths. The very same value when nothing goes. */
export function prune(
  value: unknown,
  schema: StructuralSchema,
  place: { readonly path: string; readonly unknown: string[] },
): unknown {
  if (Array.isArray(value)) return schema.items === undefined ? value : pruneList(value, schema.items, place);
  return isRecord(value) ? pruneRecord(value, schema, place) : value;
}

function pruneList(
  list: readonly unknown[],
  items: StructuralSchema,
  place: { readonly path: string; readonly unknown: string[] },
): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (const [index, item] of list.entries()) {
    const next = prune(item, items, { ...place, path: `${place.path}[${String(index)}]` });
    if (next !== item) (copy ??= [...list])[index] = next;
  }
  return copy ?? list;
}

/** The schema of a member: of the field, or of all values. */
export function memberSchema(
  { properties, additionalProperties }: StructuralSchema,
  key: string,
): StructuralSchema | undefined {
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  return typeof additionalProperties === "object" ? additionalProperties : undefined;
}

function pruneRecord(
  record: Json,
  schema: StructuralSchema,
  place: { readonly path: string; readonly unknown: string[] },
): Json {
  const keepsAll = schema["x-kubernetes-preserve-unknown-fields"] === true || schema.additionalProperties === true;
  const isRoot = place.path === "" || schema["x-kubernetes-embedded-resource"] === true;
  const kept: [string, unknown][] = [];
  let isSame = true;
  for (const [key, value] of Object.entries(record)) {
    const path = place.path === "" ? key : `${place.path}.${key}`;
    const known = memberSchema(schema, key);
    if (isRoot && always.has(key)) kept.push([key, value]);
    else if (known !== undefined) kept.push([key, prune(value, known, { ...place, path })]);
    else if (keepsAll) kept.push([key, value]);
    else place.unknown.push(`unknown field ${JSON.stringify(path)}`);
    if (kept.at(-1)?.[0] !== key || kept.at(-1)?.[1] !== value) isSame = false;
  }
  return isSame ? record : Object.fromEntries(kept);
}

/** The value with the defaults of its schema. The very same value when nothing is missing. */
export function withDefaults(value: unknown, schema: StructuralSchema): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    const next = value.map((item: unknown) => withDefaults(item, items));
    return next.every((item, index) => item === value[index]) ? value : next;
  }
  return isRecord(value) ? recordDefaults(value, schema) : value;
}

function recordDefaults(record: Json, schema: StructuralSchema): Json {
  let copy: Record<string, unknown> | undefined;
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const given = record[key];
    const isMissing = given === undefined || (given === null && property.nullable !== true);
    const base = isMissing && property.default !== undefined ? property.default : given;
    const next = withDefaults(base, property);
    if (next !== given) (copy ??= { ...record })[key] = next;
  }
  const { additionalProperties } = schema;
  if (typeof additionalProperties === "object") {
    for (const key in record) {
      const next = withDefaults(record[key], additionalProperties);
      if (next !== record[key]) (copy ??= { ...record })[key] = next;
    }
  }
  return copy ?? record;
}
