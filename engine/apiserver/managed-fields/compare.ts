// After sigs.k8s.io/structured-merge-diff/v6 typed/compare.go.
import { isEqual } from "../../api/semantic-equal.ts";
import { type FieldSet, LEAF } from "./field-set.ts";
import { fits, isRecord, type ListKey, type Shape, stepOfItem } from "./shape.ts";

/** Which fields a step from one value to another has added or changed, and which it has taken away. */
export interface Comparison {
  readonly changed: FieldSet | undefined;
  readonly removed: FieldSet | undefined;
}

export const NO_CHANGE: Comparison = { changed: undefined, removed: undefined };

/** Compares two values; parts that are the same reference cost nothing. `undefined` is absent, null is there and empty. */
export function compare(before: unknown, after: unknown, shape: Shape): Comparison {
  if (before === after) return NO_CHANGE;
  if (before === undefined) return { changed: wholeOf(after, shape), removed: undefined };
  if (after === undefined) return { changed: undefined, removed: wholeOf(before, shape) };
  if (!fits(before, shape) || !fits(after, shape))
    return isEqual(before, after) ? NO_CHANGE : { changed: LEAF, removed: undefined };
  switch (shape.kind) {
    case "leaf":
      return isEqual(before, after) ? NO_CHANGE : { changed: LEAF, removed: undefined };
    case "record":
      return compareRecords(before, after, (key) => shape.member(key));
    case "keyed-list":
      return compareLists(before, after, shape);
    case "set":
      return compareRecords(byValue(before), byValue(after), () => LEAF_SHAPE, true);
  }
}

const LEAF_SHAPE: Shape = { kind: "leaf" };

type Json = Readonly<Record<string, unknown>>;

/** Items that stand in their old place are not named at all. */
function compareLists(
  before: unknown,
  after: unknown,
  shape: Extract<Shape, { readonly kind: "keyed-list" }>,
): Comparison {
  const old = (before as readonly unknown[] | null) ?? [];
  const next = (after as readonly unknown[] | null) ?? [];
  const left = byStep(
    old.filter((item, index) => item !== next[index]),
    shape.keys,
  );
  const right = byStep(
    next.filter((item, index) => item !== old[index]),
    shape.keys,
  );
  return compareRecords(left, right, () => shape.item, true);
}

function byStep(list: unknown, keys: readonly ListKey[]): Json {
  const found: Record<string, unknown> = {};
  for (const item of (list as readonly unknown[] | null) ?? []) found[stepOfItem(item, keys)] = item;
  return found;
}

function byValue(list: unknown): Json {
  const found: Record<string, unknown> = {};
  for (const item of (list as readonly unknown[] | null) ?? []) found[`v:${JSON.stringify(item)}`] = item;
  return found;
}

function compareRecords(before: unknown, after: unknown, member: (key: string) => Shape, areSteps = false): Comparison {
  const old = isRecord(before) ? before : {};
  const next = isRecord(after) ? after : {};
  let changed: Record<string, FieldSet> | undefined;
  let removed: Record<string, FieldSet> | undefined;
  const add = (key: string, one: Comparison): void => {
    const step = areSteps ? key : `f:${key}`;
    if (one.changed !== undefined) (changed ??= {})[step] = one.changed;
    if (one.removed !== undefined) (removed ??= {})[step] = one.removed;
  };
  for (const key in next) if (next[key] !== old[key]) add(key, compare(old[key], next[key], member(key)));
  for (const key in old)
    if (next[key] === undefined && old[key] !== undefined) add(key, compare(old[key], undefined, member(key)));
  return { changed, removed };
}

/** A value with everything in it. */
export function wholeOf(value: unknown, shape: Shape): FieldSet {
  if (!fits(value, shape) || value === null) return LEAF;
  switch (shape.kind) {
    case "leaf":
      return LEAF;
    case "record":
      return whole(value as Json, (key) => shape.member(key));
    case "keyed-list":
      return whole(byStep(value, shape.keys), () => shape.item, true);
    case "set":
      return whole(byValue(value), () => LEAF_SHAPE, true);
  }
}

function whole(record: Json, member: (key: string) => Shape, areSteps = false): FieldSet {
  const found: Record<string, FieldSet> = { ".": LEAF };
  let isEmpty = true;
  for (const key in record) {
    if (record[key] === undefined) continue;
    isEmpty = false;
    found[areSteps ? key : `f:${key}`] = wholeOf(record[key], member(key));
  }
  return isEmpty ? LEAF : found;
}

/** The fields that a configuration names: leaves and list items, but not the records on the way. Source: typed/tofieldset.go. */
export function namedBy(value: unknown, shape: Shape, isItem = false): FieldSet {
  if (!fits(value, shape) || value === null) return LEAF;
  switch (shape.kind) {
    case "leaf":
      return LEAF;
    case "record":
      return named(value as Json, { member: (key) => shape.member(key), isItem, areSteps: false });
    case "keyed-list":
      return named(byStep(value, shape.keys), { member: () => shape.item, isItem: false, areSteps: true });
    case "set":
      return named(byValue(value), { member: () => LEAF_SHAPE, isItem: false, areSteps: true });
  }
}

interface Naming {
  member(key: string): Shape;
  readonly isItem: boolean;
  readonly areSteps: boolean;
}

function named(record: Json, { member, isItem, areSteps }: Naming): FieldSet {
  const found: Record<string, FieldSet> = isItem ? { ".": LEAF } : {};
  let isEmpty = true;
  for (const key in record) {
    if (record[key] === undefined) continue;
    isEmpty = false;
    found[areSteps ? key : `f:${key}`] = namedBy(record[key], member(key), areSteps && key.startsWith("k:"));
  }
  return isEmpty ? LEAF : found;
}
