// After kubernetes v1.36 apimachinery/pkg/util/strategicpatch/patch.go, pkg/util/mergepatch/errors.go.
import { applyElementOrder, mergeList, type ListMerge } from "./strategic-list.ts";
import { goPrint, scalarText } from "./go-quote.ts";
import { isEqual } from "./semantic-equal.ts";
import { type Field, fieldOf, type Schema, schemaOfField } from "./schema.ts";

/** The object after the patch, or why it does not apply, with the HTTP code that the API server answers with. */
export type StrategicPatched = { readonly kind: "patched"; readonly value: unknown } | PatchProblem;

export interface PatchProblem {
  readonly kind: "problem";
  readonly code: 400 | 500;
  readonly message: string;
}

export type PatchRecord = Readonly<Record<string, unknown>>;

const DIRECTIVE = "$patch";
const RETAIN_KEYS = "$retainKeys";
const DELETE_FROM_LIST = "$deleteFromPrimitiveList/";
const SET_ORDER = "$setElementOrder/";

const RETAIN_KEYS_PROBLEM = "invalid patch format of retainKeys";

/** Merges the patch into the object, list by list as the schema says. Unchanged parts are shared. */
export function applyStrategicMergePatch(original: unknown, patch: unknown, schema: Schema): StrategicPatched {
  if (!isRecord(original) || !isRecord(patch)) return problem(400, "invalid JSON document");
  return mergeRecord(original, patch, { schema });
}

/** What is known of the place in the object that is being merged. */
interface Place {
  /** Undefined inside maps and where any value may stand. */
  readonly schema: Schema | undefined;
  /** Set for a map: what its values are. */
  readonly values?: Field;
}

export function problem(code: 400 | 500, message: string): PatchProblem {
  return { kind: "problem", code, message };
}

export function isRecord(value: unknown): value is PatchRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function mergeRecord(original: PatchRecord, patch: PatchRecord, place: Place): StrategicPatched {
  const directive = patch[DIRECTIVE];
  if (directive !== undefined) return applyDirective(directive, patch);
  const retained = retainKeys(original, patch);
  if (retained.kind === "problem") return retained;
  let merged = retained.value;
  const done = new Set<string>([RETAIN_KEYS]);
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(SET_ORDER)) continue;
    const name = key.slice(SET_ORDER.length);
    const ordered = orderList(merged[name], patch[name], { order: patch[key], field: fieldAt(place, name) });
    if (ordered.kind === "problem") return ordered;
    merged = withMember(merged, name, ordered.value);
    done.add(key).add(name);
  }
  for (const key of Object.keys(patch)) {
    if (done.has(key)) continue;
    const next = mergeMember(merged, key, { patch: patch[key], place });
    if (next.kind === "problem") return next;
    merged = next.value;
  }
  return { kind: "patched", value: merged };
}

function applyDirective(directive: unknown, patch: PatchRecord): StrategicPatched {
  if (directive === "replace") {
    const { [DIRECTIVE]: _, ...rest } = patch;
    return { kind: "patched", value: withoutNulls(rest) };
  }
  if (directive === "delete") return { kind: "patched", value: {} };
  return problem(500, `unknown patch type: ${scalarText(directive)} in map: ${goPrint(patch)}`);
}

type RecordResult = { readonly kind: "patched"; readonly value: PatchRecord } | PatchProblem;

function retainKeys(original: PatchRecord, patch: PatchRecord): RecordResult {
  const kept = patch[RETAIN_KEYS];
  if (kept === undefined) return { kind: "patched", value: original };
  if (!Array.isArray(kept)) return problem(400, RETAIN_KEYS_PROBLEM);
  const isStray = (key: string): boolean =>
    key !== RETAIN_KEYS &&
    patch[key] !== null &&
    !key.startsWith(DELETE_FROM_LIST) &&
    !key.startsWith(SET_ORDER) &&
    !kept.includes(key);
  if (Object.keys(patch).some(isStray)) return problem(400, RETAIN_KEYS_PROBLEM);
  const entries = Object.entries(original);
  if (entries.every(([key]) => kept.includes(key))) return { kind: "patched", value: original };
  return { kind: "patched", value: Object.fromEntries(entries.filter(([key]) => kept.includes(key))) };
}

function mergeMember(
  original: PatchRecord,
  key: string,
  { patch, place }: { readonly patch: unknown; readonly place: Place },
): RecordResult {
  const isDeletion = key.startsWith(DELETE_FROM_LIST);
  const name = isDeletion ? key.slice(DELETE_FROM_LIST.length) : key;
  if (patch === null) return { kind: "patched", value: withMember(original, name, undefined) };
  const before = original[name];
  if (before === undefined) {
    return { kind: "patched", value: isDeletion ? original : withMember(original, name, withoutNulls(patch)) };
  }
  const merged = mergeValue(before, patch, { name, field: fieldAt(place, name), isDeletion, place });
  return merged.kind === "problem" ? merged : { kind: "patched", value: withMember(original, name, merged.value) };
}

interface Member {
  readonly name: string;
  readonly field: Field | undefined;
  readonly isDeletion: boolean;
  readonly place: Place;
}

function mergeValue(before: unknown, patch: unknown, member: Member): StrategicPatched {
  const { field, place } = member;
  const areLists = Array.isArray(before) && Array.isArray(patch);
  const areRecords = isRecord(before) && isRecord(patch);
  if (!areLists && !areRecords)
    return { kind: "patched", value: isEqual(before, patch) ? before : withoutNulls(patch) };
  if (field === undefined && place.schema !== undefined && !isFree(place)) {
    const type = place.schema.definition.slice(place.schema.definition.lastIndexOf(".") + 1);
    return problem(500, `unable to find api field in struct ${type} for the json field "${member.name}"`);
  }
  if (areLists) return mergeLists(before, patch, member);
  if (field?.patchStrategy === "replace") return { kind: "patched", value: withoutNulls(patch) };
  return mergeRecord(before as PatchRecord, patch as PatchRecord, placeOf(field));
}

function isFree(place: Place): boolean {
  return place.values !== undefined;
}

function placeOf(field: Field | undefined): Place {
  return field?.items === undefined ? { schema: schemaOfField(field) } : { schema: undefined, values: field.items };
}

function fieldAt(place: Place, name: string): Field | undefined {
  return place.schema === undefined ? place.values : fieldOf(place.schema, name);
}

function mergeLists(before: readonly unknown[], patch: readonly unknown[], member: Member): StrategicPatched {
  const merge = listMergeOf(member.field);
  if (merge === undefined) return { kind: "patched", value: isEqual(before, patch) ? before : withoutNulls(patch) };
  const merged = mergeList(before, patch, { ...merge, isDeletion: member.isDeletion });
  if (merged.kind === "problem") return merged;
  return { kind: "patched", value: isEqual(before, merged.value) ? before : merged.value };
}

function listMergeOf(field: Field | undefined): ListMerge | undefined {
  if (field?.patchStrategy === undefined || !field.patchStrategy.split(",").includes("merge")) return undefined;
  const place = placeOf(field.items);
  return {
    mergeKey: field.patchMergeKey ?? "",
    isDeletion: false,
    mergeItem: (item, patch) => mergeRecord(item, patch, place),
  };
}

function orderList(
  before: unknown,
  patch: unknown,
  { order, field }: { readonly order: unknown; readonly field: Field | undefined },
): StrategicPatched {
  const merge = listMergeOf(field);
  if (!Array.isArray(order)) return problem(500, `expected a []interface {}, but received a ${goType(order)}`);
  const lists = { before: before as readonly unknown[] | undefined, patch: patch as readonly unknown[] | undefined };
  const ordered = applyElementOrder(lists, order, merge ?? { mergeKey: field?.patchMergeKey ?? "", isDeletion: false });
  if (ordered.kind === "problem") return ordered;
  return { kind: "patched", value: isEqual(before, ordered.value) ? before : ordered.value };
}

function withMember(record: PatchRecord, key: string, value: unknown): PatchRecord {
  if (value === undefined) {
    if (!Object.hasOwn(record, key)) return record;
    const { [key]: _, ...rest } = record;
    return rest;
  }
  return record[key] === value ? record : { ...record, [key]: value };
}

/** A null that removes nothing is dropped, at any depth. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withoutNulls);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value);
  const kept = entries
    .filter(([, member]) => member !== null)
    .map(([key, member]) => [key, withoutNulls(member)] as const);
  const isSame = kept.length === entries.length && kept.every(([key, member]) => member === value[key]);
  return isSame ? value : Object.fromEntries(kept);
}

function goType(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (typeof value === "object") return "map[string]interface {}";
  return typeof value === "number" ? "int64" : typeof value === "boolean" ? "bool" : "string";
}
