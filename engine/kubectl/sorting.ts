// After kubectl pkg/cmd/get/sorter.go and vbom.ml/util/sortorder natural.go.
import { compareQuantities, parseQuantity } from "../api/quantity.ts";
import { parseTime } from "../api/time.ts";
import { refusal } from "./failure.ts";
import { fields, isFields, rowsAt, type Fields } from "./json.ts";
import { findResults, jsonPathOf } from "./printers/json-path.ts";

export function sortObjects(objects: readonly Fields[], path: string): readonly Fields[] {
  return sortedBy(objects, objects, path);
}

/** Sorts the rows of a table by a field of their objects. */
export function sortRows(table: Fields, path: string): Fields {
  const rows = rowsAt(table, "rows");
  return {
    ...table,
    rows: sortedBy(
      rows,
      rows.map((row) => fields(row["object"])),
      path,
    ),
  };
}

function sortedBy<Item>(items: readonly Item[], objects: readonly Fields[], path: string): readonly Item[] {
  const expression = jsonPathOf(path, true);
  const keys = objects.map((object) => findResults(expression, object)[0]?.[0]);
  if (objects.length > 0 && keys.every((key) => key === undefined)) {
    throw refusal(`couldn't find any field with path ${JSON.stringify(path)} in the list of objects`);
  }
  const order = items
    .map((_, index) => index)
    .toSorted((one, other) => compareKeys(keys[one], keys[other]) || one - other);
  return order.flatMap((index) => items.slice(index, index + 1));
}

function compareKeys(one: unknown, other: unknown): number {
  const isMissing = (key: unknown): boolean => key === undefined || key === null;
  if (isMissing(one) || isMissing(other)) return Number(isMissing(other)) - Number(isMissing(one));
  if (typeof one === "number" && typeof other === "number") return one - other;
  if (typeof one === "string" && typeof other === "string") return compareTexts(one, other);
  if (typeof one === "boolean" || isFields(one) || Array.isArray(one)) throw refusal(`unsortable type: ${typeof one}`);
  return 0;
}

function compareTexts(one: string, other: string): number {
  const [start, end] = [parseTime(one), parseTime(other)];
  if (start !== undefined && end !== undefined) return start - end;
  const [left, right] = [parseQuantity(one), parseQuantity(other)];
  if (typeof left !== "string" && typeof right !== "string") return compareQuantities(left, right);
  return naturalOrder(one, other);
}

/** Runs of digits compare as numbers: `pod-2` before `pod-10`. */
export function naturalOrder(one: string, other: string): number {
  const [left, right] = [chunks(one), chunks(other)];
  for (let index = 0; index < left.length && index < right.length; index++) {
    const difference = compareChunks(left[index] ?? "", right[index] ?? "");
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function chunks(text: string): readonly string[] {
  return text.match(/\d+|\D+/g) ?? [];
}

function compareChunks(one: string, other: string): number {
  if (/^\d/.test(one) && /^\d/.test(other)) return Number(one) - Number(other) || one.length - other.length;
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
