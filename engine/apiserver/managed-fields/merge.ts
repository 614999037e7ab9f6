// After sigs.k8s.io/structured-merge-diff/v6 typed/merge.go and typed/remove.go.
import { type FieldSet, isMember } from "./field-set.ts";
import { fits, isRecord, type ListKey, type Shape, stepOfItem } from "./shape.ts";

type Json = Readonly<Record<string, unknown>>;

/** The live value with a configuration laid over it: records and keyed lists are merged, all else is taken from the configuration. */
export function merge(live: unknown, config: unknown, shape: Shape): unknown {
  if (config === undefined || live === config) return live;
  if (live === undefined || live === null || !fits(live, shape) || !fits(config, shape) || config === null)
    return config;
  switch (shape.kind) {
    case "leaf":
      return config;
    case "record":
      return mergeRecords(live as Json, config as Json, shape);
    case "keyed-list":
      return mergeItems(live as readonly unknown[], config as readonly unknown[], shape);
    case "set":
      return [...new Set([...(live as readonly unknown[]), ...(config as readonly unknown[])])];
  }
}

function mergeRecords(live: Json, config: Json, shape: Extract<Shape, { readonly kind: "record" }>): Json {
  let merged: Record<string, unknown> | undefined;
  for (const key in config) {
    const next = merge(live[key], config[key], shape.member(key));
    if (next !== live[key]) (merged ??= { ...live })[key] = next;
  }
  return merged ?? live;
}

function mergeItems(
  live: readonly unknown[],
  config: readonly unknown[],
  shape: Extract<Shape, { readonly kind: "keyed-list" }>,
): readonly unknown[] {
  const wanted = new Map(config.map((item) => [stepOfItem(item, shape.keys), item] as const));
  const merged = live.map((item) => merge(item, wanted.get(stepOfItem(item, shape.keys)), shape.item));
  const known = new Set(live.map((item) => stepOfItem(item, shape.keys)));
  const added = [...wanted].filter(([step]) => !known.has(step)).map(([, item]) => item);
  const isSame = added.length === 0 && merged.every((item, index) => item === live[index]);
  return isSame ? live : [...merged, ...added];
}

/** The value without the members of a set; what is empty then and was only there for them goes too. */
export function without(value: unknown, fields: FieldSet, shape: Shape): unknown {
  if (!fits(value, shape) || value === null) return value;
  switch (shape.kind) {
    case "leaf":
      return value;
    case "record":
      return withoutMembers(value as Json, fields, shape);
    case "keyed-list":
      return withoutItems(value as readonly unknown[], fields, shape);
    case "set":
      return (value as readonly unknown[]).filter((item) => fields[`v:${JSON.stringify(item)}`] === undefined);
  }
}

function withoutMembers(record: Json, fields: FieldSet, shape: Extract<Shape, { readonly kind: "record" }>): Json {
  const kept: Record<string, unknown> = {};
  let isSame = true;
  for (const key in record) {
    const below = fields[`f:${key}`];
    if (below === undefined) {
      kept[key] = record[key];
      continue;
    }
    const next = isMember(below) && !hasBelow(below) ? undefined : without(record[key], below, shape.member(key));
    if (next !== record[key]) isSame = false;
    if (next !== undefined && !isEmptied(next, record[key])) kept[key] = next;
  }
  return isSame ? record : kept;
}

function hasBelow(fields: FieldSet): boolean {
  for (const step in fields) if (step !== ".") return true;
  return false;
}

function isEmptied(next: unknown, before: unknown): boolean {
  if (next === before || typeof next !== "object" || next === null) return false;
  return Object.keys(next).length === 0;
}

function withoutItems(
  list: readonly unknown[],
  fields: FieldSet,
  shape: Extract<Shape, { readonly kind: "keyed-list" }>,
): readonly unknown[] {
  const kept: unknown[] = [];
  for (const item of list) {
    const below = fields[stepOfItem(item, shape.keys)];
    if (below === undefined) kept.push(item);
    else if (!isMember(below)) kept.push(without(item, below, shape.item));
    else if (!isMemberAlone(item, below, shape.keys))
      kept.push(without(item, withoutKeys(below, shape.keys), shape.item));
  }
  return kept;
}

/** An item goes when nothing of it but its keys would be left to others. */
function isMemberAlone(item: unknown, below: FieldSet, keys: readonly ListKey[]): boolean {
  if (!isRecord(item)) return true;
  const names = new Set(keys.map(({ name }) => name));
  return "." in below || Object.keys(item).every((key) => names.has(key) || below[`f:${key}`] !== undefined);
}

function withoutKeys(fields: FieldSet, keys: readonly ListKey[]): FieldSet {
  const kept: Record<string, FieldSet> = {};
  const names = new Set(keys.map(({ name }) => `f:${name}`));
  for (const step in fields) if (step !== "." && !names.has(step)) kept[step] = fields[step] ?? {};
  return kept;
}
