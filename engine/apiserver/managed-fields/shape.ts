// After sigs.k8s.io/structured-merge-diff/v6 schema and typed: how the fields of an object are merged, from the schema.
import { type Field, type Schema, schemaOfField } from "../../api/schema.ts";

/** How one value is compared and merged. */
export type Shape =
  | { readonly kind: "leaf" }
  /** Members with names of the schema, or any names. */
  | { readonly kind: "record"; member(key: string): Shape }
  | { readonly kind: "keyed-list"; readonly keys: readonly ListKey[]; readonly item: Shape }
  | { readonly kind: "set" };

export interface ListKey {
  readonly name: string;
  /** What stands for an absent key. */
  readonly standard: unknown;
}

const LEAF: Shape = { kind: "leaf" };
const SET: Shape = { kind: "set" };

/** What no schema describes: records merge, lists are replaced. */
const UNTYPED: Shape = { kind: "record", member: () => UNTYPED };

/** The shape of a whole object; without a schema everything is guessed from the values. */
export function shapeOfSchema(schema: Schema | undefined): Shape {
  return schema === undefined ? UNTYPED : recordShape(schema);
}

const shapes = new WeakMap<object, Shape>();

/** Made once for each schema and field: a pure function of an immutable value. */
function remembered(key: object, make: () => Shape): Shape {
  const known = shapes.get(key);
  if (known !== undefined) return known;
  const made = make();
  shapes.set(key, made);
  return made;
}

function recordShape(schema: Schema): Shape {
  return remembered(schema, () => {
    if (schema.mapType === "atomic") return LEAF;
    return {
      kind: "record",
      member: (key) => shapeOfField(Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined),
    };
  });
}

function shapeOfField(field: Field | undefined): Shape {
  if (field === undefined) return UNTYPED;
  return remembered(field, () => makeShape(field));
}

function makeShape(field: Field): Shape {
  if (field.mapType === "atomic") return LEAF;
  switch (field.type) {
    case "object": {
      const schema = schemaOfField(field);
      return schema === undefined ? UNTYPED : recordShape(schema);
    }
    case "map": {
      const item = shapeOfField(field.items);
      return { kind: "record", member: () => item };
    }
    case "array":
      return listShape(field);
    default:
      return LEAF;
  }
}

function listShape(field: Field): Shape {
  if (field.listType === "set") return SET;
  if (field.listType !== "map") return LEAF;
  const schema = schemaOfField(field.items);
  const names = (field.listMapKeys ?? []).toSorted();
  const keys = names.map((name) => ({ name, standard: schema?.fields[name]?.default }));
  return { kind: "keyed-list", keys, item: schema === undefined ? UNTYPED : recordShape(schema) };
}

type Json = Readonly<Record<string, unknown>>;

/** The step to an item of a keyed list: `k:{"name":"web"}`. */
export function stepOfItem(item: unknown, keys: readonly ListKey[]): string {
  const found: Record<string, unknown> = {};
  for (const { name, standard } of keys) {
    const value = (item as Json | null)?.[name] ?? standard;
    if (value !== undefined) found[name] = value;
  }
  return `k:${JSON.stringify(found)}`;
}

export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value that does not have the form of its shape counts as one piece. */
export function fits(value: unknown, shape: Shape): boolean {
  if (value === null) return shape.kind !== "leaf";
  return shape.kind === "record" ? isRecord(value) : shape.kind === "leaf" ? false : Array.isArray(value);
}
