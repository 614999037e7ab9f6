import type { KubernetesObject } from "../../api/object.ts";

/**
 * What a decoded value of an API type is sure to be. The generated types say what a valid object looks like; an object that has only
 * been decoded may lack any field, and its words may be other than the enumerated ones. Validation works on this view.
 */
export type Decoded<T> = unknown extends T
  ? unknown
  : T extends string
    ? string
    : T extends readonly (infer Element)[]
      ? readonly Decoded<Element>[]
      : T extends object
        ? string extends keyof T
          ? { readonly [Key in keyof T]: Decoded<T[Key]> }
          : { readonly [Key in keyof T]?: Decoded<T[Key]> }
        : T;

/** The decoded view of a whole object: its metadata keeps the type that all objects share. */
export type DecodedObject<T extends KubernetesObject> = Decoded<Omit<T, "metadata">> & Pick<T, "metadata">;
