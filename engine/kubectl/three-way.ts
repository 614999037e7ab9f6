// After apimachinery pkg/util/strategicpatch/patch.go (CreateThreeWayMergePatch) and pkg/util/jsonmergepatch/patch.go.
import { fieldOf, schemaOfField, schemaOfKind, type Field, type Schema } from "../api/schema.ts";
import { isFields, sameJson, sortedKeys, text, type Fields } from "./json.ts";
import type { ResourceMapping } from "./resource-mapping.ts";

/** The three sides of an apply. */
export interface Sides {
  /** What was applied before; empty where nothing was. */
  readonly original: Fields;
  readonly modified: Fields;
  readonly current: Fields;
}

/** The JSON merge patch of an apply, for kinds without a schema. */
export function threeWayMergePatch(sides: Sides): Fields {
  const additions = withoutNulls(mergePatch(sides.current, sides.modified));
  const deletions = onlyNulls(mergePatch(sides.original, sides.modified));
  return overlay(deletions, additions);
}

/** RFC 7386: what turns `from` into `to`. */
export function mergePatch(from: unknown, to: unknown): Fields {
  const [before, after] = [isFields(from) ? from : {}, isFields(to) ? to : {}];
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) patch[key] = null;
  for (const key of Object.keys(after)) {
    const [old, value] = [before[key], after[key]];
    if (!Object.hasOwn(before, key)) patch[key] = value;
    else if (isFields(old) && isFields(value)) {
      const inner = mergePatch(old, value);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (!sameJson(old, value)) patch[key] = value;
  }
  return patch;
}

function withoutNulls(patch: Fields): Fields {
  return keep(patch, (value) => value !== null);
}

function onlyNulls(patch: Fields): Fields {
  return keep(patch, (value) => value === null);
}

function keep(patch: Fields, wanted: (value: unknown) => boolean): Fields {
  const kept: Record<string, unknown> = {};
  for (const key of Object.keys(patch)) {
    const value = patch[key];
    if (isFields(value)) {
      const inner = keep(value, wanted);
      if (Object.keys(inner).length > 0 || (Object.keys(value).length === 0 && wanted(value))) kept[key] = inner;
    } else if (wanted(value)) kept[key] = value;
  }
  return kept;
}

function overlay(base: Fields, over: Fields): Fields {
  const merged: Record<string, unknown> = { ...base };
  for (const key of Object.keys(over)) {
    const [low, high] = [merged[key], over[key]];
    merged[key] = isFields(low) && isFields(high) ? overlay(low, high) : high;
  }
  return merged;
}

/** Whether deletions, or additions and changes, go into a patch. */
interface Mode {
  readonly deletes: boolean;
  readonly changes: boolean;
}

/** The strategic merge patch of an apply; undefined for a kind that kubectl was not built with. */
export function strategicPatch(mapping: ResourceMapping, sides: Sides): Fields | undefined {
  const schema = schemaOfKind(mapping.group, mapping.version, mapping.kind);
  if (schema === undefined) return undefined;
  const additions = diffMaps(sides.current, sides.modified, { schema, mode: { deletes: false, changes: true } });
  const deletions = diffMaps(sides.original, sides.modified, { schema, mode: { deletes: true, changes: false } });
  return mergePatches(deletions, additions);
}

/** The strategic merge patch that turns one object into another. */
export function strategicDiff(mapping: ResourceMapping, from: Fields, to: Fields): Fields | undefined {
  const schema = schemaOfKind(mapping.group, mapping.version, mapping.kind);
  return schema === undefined ? undefined : diffMaps(from, to, { schema, mode: { deletes: true, changes: true } });
}

interface Context {
  readonly schema: Schema | undefined;
  readonly mode: Mode;
  /** The strategy of the field that holds this map. */
  readonly retainKeys?: boolean;
}

function diffMaps(from: Fields, to: Fields, context: Context): Fields {
  const { mode } = context;
  const patch: Record<string, unknown> = {};
  for (const key of sortedKeys(to)) {
    if (!Object.hasOwn(from, key)) {
      if (mode.changes) patch[key] = to[key];
      continue;
    }
    Object.assign(patch, diffMember(key, { from: from[key], to: to[key] }, context));
  }
  if (mode.deletes) for (const key of sortedKeys(from)) if (!Object.hasOwn(to, key)) patch[key] = null;
  if (context.retainKeys === true && Object.keys(patch).length > 0) patch["$retainKeys"] = sortedKeys(to);
  return patch;
}

interface Pair {
  readonly from: unknown;
  readonly to: unknown;
}

function diffMember(key: string, { from, to }: Pair, context: Context): Fields {
  const field = context.schema === undefined ? undefined : fieldOf(context.schema, key);
  if (isFields(from) && isFields(to)) {
    if (field?.patchStrategy === "replace") return sameJson(from, to) || !context.mode.changes ? {} : { [key]: to };
    const inner = diffMaps(from, to, {
      schema: schemaOfMember(field),
      mode: context.mode,
      retainKeys: field?.patchStrategy?.includes("retainKeys") === true,
    });
    return Object.keys(inner).length > 0 ? { [key]: inner } : {};
  }
  if (Array.isArray(from) && Array.isArray(to)) return diffList(key, { from, to }, { field, mode: context.mode });
  return sameJson(from, to) || !context.mode.changes ? {} : { [key]: to };
}

function schemaOfMember(field: Field | undefined): Schema | undefined {
  return schemaOfField(field);
}

interface ListContext {
  readonly field: Field | undefined;
  readonly mode: Mode;
}

function diffList(
  key: string,
  lists: { readonly from: readonly unknown[]; readonly to: readonly unknown[] },
  context: ListContext,
): Fields {
  const { from, to } = lists;
  const isMerged = context.field?.patchStrategy?.includes("merge") === true;
  if (!isMerged) return sameJson(from, to) || !context.mode.changes ? {} : { [key]: to };
  const mergeKey = context.field?.patchMergeKey;
  return mergeKey === undefined
    ? diffScalars(key, lists, context.mode)
    : diffRecords(key, lists, { ...context, mergeKey });
}

function diffScalars(
  key: string,
  { from, to }: { readonly from: readonly unknown[]; readonly to: readonly unknown[] },
  mode: Mode,
): Fields {
  const added = to.filter((item) => !from.includes(item));
  const removed = from.filter((item) => !to.includes(item));
  const patch: Record<string, unknown> = {};
  if (mode.changes && added.length > 0) patch[key] = added;
  if (mode.deletes && removed.length > 0) patch[`$deleteFromPrimitiveList/${key}`] = removed;
  if (Object.keys(patch).length > 0) patch[`$setElementOrder/${key}`] = to;
  return patch;
}

function diffRecords(
  key: string,
  { from, to }: { readonly from: readonly unknown[]; readonly to: readonly unknown[] },
  context: ListContext & { readonly mergeKey: string },
): Fields {
  const { mergeKey, mode } = context;
  const idOf = (item: unknown): string => (isFields(item) ? text(item[mergeKey]) : "");
  const schema = schemaOfMember(context.field?.items ?? context.field) ?? schemaOfMember(context.field);
  const changes: Fields[] = [];
  for (const item of to.filter(isFields)) {
    const old = from.filter(isFields).find((each) => idOf(each) === idOf(item));
    if (old === undefined) {
      if (mode.changes) changes.push(item);
      continue;
    }
    const inner = diffMaps(old, item, { schema, mode });
    if (Object.keys(inner).length > 0) changes.push({ ...inner, [mergeKey]: item[mergeKey] });
  }
  const gone = mode.deletes
    ? from.filter(isFields).filter((item) => !to.some((each) => idOf(each) === idOf(item)))
    : [];
  const patch = [...changes, ...gone.map((item) => ({ $patch: "delete", [mergeKey]: item[mergeKey] }))];
  if (patch.length === 0) return {};
  return {
    [`$setElementOrder/${key}`]: to.filter(isFields).map((item) => ({ [mergeKey]: item[mergeKey] })),
    [key]: patch,
  };
}

/** Deletions and additions as one patch; lists of records are joined by what they name. */
function mergePatches(deletions: Fields, additions: Fields): Fields {
  const merged: Record<string, unknown> = { ...deletions };
  for (const key of Object.keys(additions)) {
    const [low, high] = [merged[key], additions[key]];
    if (isFields(low) && isFields(high)) merged[key] = mergePatches(low, high);
    else if (Array.isArray(low) && Array.isArray(high) && !key.startsWith("$setElementOrder"))
      merged[key] = joinLists(low, high);
    else merged[key] = high;
  }
  return merged;
}

const MERGE_KEYS = [
  "name",
  "containerPort",
  "port",
  "mountPath",
  "devicePath",
  "type",
  "ip",
  "key",
  "topologyKey",
  "uid",
  "resourceName",
];

function joinLists(deletions: readonly unknown[], additions: readonly unknown[]): readonly unknown[] {
  const key = MERGE_KEYS.find((each) =>
    [...deletions, ...additions].every((item) => isFields(item) && Object.hasOwn(item, each)),
  );
  if (key === undefined) return [...new Set([...deletions, ...additions])];
  const rest = deletions.filter(
    (item) => !additions.some((each) => isFields(each) && isFields(item) && each[key] === item[key]),
  );
  const joined = additions.map((item) => {
    const other = deletions.find((each) => isFields(each) && isFields(item) && each[key] === item[key]);
    return isFields(other) && isFields(item) && other["$patch"] !== "delete" ? mergePatches(other, item) : item;
  });
  return [...joined, ...rest];
}
