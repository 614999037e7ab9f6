/** Reading JSON values whose shape is known only by convention: a missing part reads as empty, never as an error. */

export type Fields = Readonly<Record<string, unknown>>;

const NOTHING: Fields = {};

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function fields(value: unknown): Fields {
  return isFields(value) ? value : NOTHING;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The items of a list, each as fields. */
export function rows(value: unknown): readonly Fields[] {
  return list(value).map(fields);
}

export function text(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

export function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** The value below `path`, or undefined where the path ends early. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here: unknown = value;
  for (const step of path) {
    if (Array.isArray(here) && typeof step === "number") here = here[step];
    else if (isFields(here)) here = Object.hasOwn(here, step) ? here[step] : undefined;
    else return undefined;
  }
  return here;
}

export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  return text(at(value, ...path));
}

export function rowsAt(value: unknown, ...path: readonly (string | number)[]): readonly Fields[] {
  return rows(at(value, ...path));
}

export function fieldsAt(value: unknown, ...path: readonly (string | number)[]): Fields {
  return fields(at(value, ...path));
}

/** A copy of `object` with `value` at `path`; `undefined` removes the member. What is not on the path is shared. */
export function put(object: unknown, path: readonly string[], value: unknown): Fields {
  const [first, ...rest] = path;
  const here = fields(object);
  if (first === undefined) return fields(value);
  if (rest.length > 0) return { ...here, [first]: put(here[first], rest, value) };
  if (value !== undefined) return { ...here, [first]: value };
  const { [first]: _removed, ...others } = here;
  return others;
}

/** The keys in the order of Go's sort.Strings: by bytes of UTF-8, which is by code point. */
export function sortedKeys(value: Fields): readonly string[] {
  return Object.keys(value).toSorted(byCodePoint);
}

export function byCodePoint(one: string, other: string): number {
  if (one === other) return 0;
  const [left, right] = [Array.from(one), Array.from(other)];
  for (let index = 0; index < left.length && index < right.length; index++) {
    const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

export function sameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => sameJson(item, other[index]));
  }
  if (!isFields(one) || !isFields(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && sameJson(one[key], other[key]))
  );
}
