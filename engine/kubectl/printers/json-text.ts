import { goJson } from "../../api/go-quote.ts";
import { isFields, sortedKeys } from "../json.ts";

/** How members are ordered: as Go marshals a map, or as they stand in the value (a struct). */
export type MemberOrder = "sorted" | "as-is";

/** Go's json.MarshalIndent with four spaces. */
export function indentedJson(value: unknown, order: MemberOrder): string {
  return written(value, order, "");
}

/** The same without spaces: what kubectl keeps in the last-applied annotation. */
export function compactJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(compactJson).join(",")}]`;
  if (!isFields(value)) return goJson(value);
  return `{${sortedKeys(value)
    .map((key) => `${goJson(key)}:${compactJson(value[key])}`)
    .join(",")}}`;
}

function written(value: unknown, order: MemberOrder, indent: string): string {
  const deeper = `${indent}    `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((item) => deeper + written(item, order, deeper)).join(",\n")}\n${indent}]`;
  }
  if (!isFields(value)) return goJson(value);
  const keys = (order === "sorted" ? sortedKeys(value) : Object.keys(value)).filter((key) => value[key] !== undefined);
  if (keys.length === 0) return "{}";
  return `{\n${keys.map((key) => `${deeper}${goJson(key)}: ${written(value[key], order, deeper)}`).join(",\n")}\n${indent}}`;
}
