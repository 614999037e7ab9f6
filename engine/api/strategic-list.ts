// After kubernetes v1.36 apimachinery/pkg/util/strategicpatch/patch.go: mergeSlice and what orders its result.

import { goPrint, scalarText } from "./go-quote.ts";

type JsonRecord = Readonly<Record<string, unknown>>;

type Problem = { readonly kind: "problem"; readonly code: 400 | 500; readonly message: string };
type ItemResult = { readonly kind: "patched"; readonly value: unknown } | Problem;
export type ListResult = { readonly kind: "patched"; readonly value: readonly unknown[] } | Problem;

/** How a list is merged: by a key of its records, or as a set of plain values when the key is "". */
export interface ListMerge {
  readonly mergeKey: string;
  /** The patch lists what is to be taken out. */
  readonly isDeletion: boolean;
  readonly mergeItem?: (item: JsonRecord, patch: JsonRecord) => ItemResult;
}

const ORDER_PROBLEM: Problem = { kind: "problem", code: 400, message: "invalid patch format of setElementOrder list" };

export function mergeList(before: readonly unknown[], patch: readonly unknown[], merge: ListMerge): ListResult {
  if (before.length === 0 && patch.length === 0) return patched(before);
  if (!isRecord(before[0] ?? patch[0])) {
    if (merge.isDeletion) return patched(before.filter((item) => !patch.includes(item)));
    return patched(inOrder([...new Set([...before, ...patch])], { order: patch, live: before, mergeKey: "" }));
  }
  if (merge.mergeKey === "") return failed(500, "cannot merge lists without merge key for type struct");
  const special = applySpecialItems(before, patch, merge.mergeKey);
  if (special.kind === "problem") return special;
  const merged = mergeItems(special.before, special.patch, merge);
  if (merged.kind === "problem") return merged;
  return patched(inOrder(merged.value, { order: special.patch, live: special.before, mergeKey: merge.mergeKey }));
}

function patched(value: readonly unknown[]): ListResult {
  return { kind: "patched", value };
}

function failed(code: 400 | 500, message: string): Problem {
  return { kind: "problem", code, message };
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

interface Split {
  readonly kind: "split";
  readonly before: readonly unknown[];
  readonly patch: readonly JsonRecord[];
}

/** Carries out `$patch: delete` and `$patch: replace`; what remains of the patch is to be merged. */
function applySpecialItems(before: readonly unknown[], patch: readonly unknown[], mergeKey: string): Split | Problem {
  let kept = before;
  let isReplaced = false;
  const plain: JsonRecord[] = [];
  for (const item of patch as readonly JsonRecord[]) {
    const directive = item["$patch"];
    if (directive === undefined) plain.push(item);
    else if (directive === "replace") isReplaced = true;
    else if (directive === "delete") {
      const value = item[mergeKey];
      if (value === undefined) return noMergeKey(item, mergeKey);
      kept = kept.filter((other) => (other as JsonRecord)[mergeKey] !== value);
    } else if (directive === "merge") return failed(500, "merging lists cannot yet be specified in the patch");
    else return failed(500, `unknown patch type: ${scalarText(directive)} in map: ${goPrint(item)}`);
  }
  return isReplaced ? { kind: "split", before: plain, patch: [] } : { kind: "split", before: kept, patch: plain };
}

function noMergeKey(item: JsonRecord, mergeKey: string): Problem {
  return failed(500, `map: ${goPrint(item)} does not contain declared merge key: ${mergeKey}`);
}

function mergeItems(before: readonly unknown[], patch: readonly JsonRecord[], merge: ListMerge): ListResult {
  const { mergeKey } = merge;
  const items = [...before];
  for (const item of patch) {
    const value = item[mergeKey];
    if (value === undefined) return noMergeKey(item, mergeKey);
    const index = items.findIndex((other) => isRecord(other) && other[mergeKey] === value);
    if (index < 0) {
      items.push(item);
      continue;
    }
    const merged = merge.mergeItem?.(items[index] as JsonRecord, item);
    if (merged?.kind === "problem") return merged;
    items[index] = merged?.value ?? item;
  }
  return patched(items);
}

interface Order {
  /** What the patch wants in which order. */
  readonly order: readonly unknown[];
  /** The list before the patch: where the others stood. */
  readonly live: readonly unknown[];
  readonly mergeKey: string;
}

/** The order of the patch wins among what it names; the others keep theirs and stay in front of what followed them. */
function inOrder(items: readonly unknown[], { order, live, mergeKey }: Order): readonly unknown[] {
  const identity = (item: unknown): unknown => (mergeKey === "" || !isRecord(item) ? item : item[mergeKey]);
  const positions = (list: readonly unknown[]): ReadonlyMap<unknown, number> =>
    new Map(list.map((item, index) => [identity(item), index] as const).toReversed());
  const wanted = positions(order);
  const stood = positions(live);
  const rank = (item: unknown, places: ReadonlyMap<unknown, number>): number => places.get(identity(item)) ?? -1;
  const named = items
    .filter((item) => wanted.has(identity(item)))
    .toSorted((one, other) => rank(one, wanted) - rank(other, wanted));
  const others = items
    .filter((item) => !wanted.has(identity(item)))
    .toSorted((one, other) => rank(one, stood) - rank(other, stood));
  const result: unknown[] = [];
  let next = 0;
  for (const item of named) {
    const place = rank(item, stood);
    for (; next < others.length; next++) {
      const before = rank(others[next], stood);
      if (before < 0 || before >= place) break;
      result.push(others[next]);
    }
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}

/** Merges the lists if need be and puts the result in the order of `$setElementOrder`. */
export function applyElementOrder(
  lists: { readonly before: readonly unknown[] | undefined; readonly patch: readonly unknown[] | undefined },
  order: readonly unknown[],
  merge: ListMerge,
): ListResult | { readonly kind: "patched"; readonly value: undefined } {
  const { before, patch } = lists;
  if (!isInOrder(patch ?? [], order, merge.mergeKey)) return ORDER_PROBLEM;
  if (before === undefined && patch === undefined) return { kind: "patched", value: undefined };
  const merged =
    before !== undefined && patch !== undefined ? mergeList(before, patch, merge) : patched(before ?? patch ?? []);
  if (merged.kind === "problem") return merged;
  return patched(inOrder(merged.value, { order, live: before ?? [], mergeKey: merge.mergeKey }));
}

/** Whether what the patch adds or changes stands in the wanted order, in the same sequence. */
function isInOrder(patch: readonly unknown[], order: readonly unknown[], mergeKey: string): boolean {
  const identity = (item: unknown): unknown => (mergeKey === "" || !isRecord(item) ? item : item[mergeKey]);
  const wanted = order.map(identity);
  let next = 0;
  for (const item of patch) {
    if (isRecord(item) && item["$patch"] !== undefined) continue;
    const place = wanted.indexOf(identity(item), next);
    if (place < 0) return order.length === 0;
    next = place + 1;
  }
  return true;
}
