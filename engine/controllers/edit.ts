import type { KubernetesObject, ObjectMeta } from "../api/object.ts";

/** The object with other fields; a field given as undefined is left out. What is not named stays the same value. */
export function edit<Shape extends object>(
  object: Shape,
  fields: { readonly [Key in keyof Shape]?: Shape[Key] | undefined },
): Shape {
  const next = { ...object } as Record<string, unknown>;
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) delete next[key];
    else next[key] = value;
  }
  return next as Shape;
}

/** A new object of the given fields; those given as undefined are left out. */
export function make<Shape extends object>(fields: { readonly [Key in keyof Shape]: Shape[Key] | undefined }): Shape {
  return edit({} as Shape, fields);
}

export function editMeta<Kind extends KubernetesObject>(
  object: Kind,
  fields: { readonly [Key in keyof ObjectMeta]?: ObjectMeta[Key] | undefined },
): Kind {
  return { ...object, metadata: edit(object.metadata, fields) };
}

/** Whether two JSON values say the same; the same reference is seen at once. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  return hasSameFields(one as Fields, other as Fields);
}

type Fields = Readonly<Record<string, unknown>>;

function hasSameFields(one: Fields, other: Fields): boolean {
  for (const key of Object.keys(one)) if (!isSame(one[key], other[key])) return false;
  for (const key of Object.keys(other)) if (other[key] !== undefined && one[key] === undefined) return false;
  return true;
}

/** Orders strings by code unit, as Go and etcd do. */
export function compareStrings(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
