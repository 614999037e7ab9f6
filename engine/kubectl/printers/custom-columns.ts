// After kubectl pkg/cmd/get/customcolumn.go.
import { refusal } from "../failure.ts";
import type { Fields } from "../json.ts";
import { findResults, jsonPathOf, relaxedExpression, type JsonPath } from "./json-path.ts";
import { goValue } from "./go-value.ts";

export interface CustomColumn {
  readonly header: string;
  readonly path: JsonPath;
}

/** Reads `NAME:.metadata.name,IMAGE:.spec.containers[0].image`. */
export function customColumnsOf(spec: string): readonly CustomColumn[] {
  if (spec === "") throw refusal("custom-columns format specified but no custom columns given");
  return splitTop(spec).map((part) => {
    const colon = part.indexOf(":");
    if (colon < 0) throw refusal(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    return columnOf(part.slice(0, colon), part.slice(colon + 1));
  });
}

/** Reads a template file: a line of headers, a line of paths. */
export function customColumnsOfFile(text: string): readonly CustomColumn[] {
  const [headers = "", paths = ""] = text.split("\n");
  const names = headers.trim().split(/\s+/);
  const specs = paths.trim().split(/\s+/);
  if (names.length !== specs.length)
    throw refusal(`number of headers (${names.length}) and field specifications (${specs.length}) don't match`);
  return names.map((name, index) => columnOf(name, specs[index] ?? ""));
}

function columnOf(header: string, spec: string): CustomColumn {
  return { header, path: jsonPathOf(relaxedExpression(spec), true) };
}

function splitTop(spec: string): readonly string[] {
  const parts: string[] = [""];
  let depth = 0;
  for (const character of spec) {
    if ("([".includes(character)) depth++;
    if (")]".includes(character)) depth--;
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}

export function columnHeaders(columns: readonly CustomColumn[]): string {
  return `${columns.map((column) => column.header).join("\t")}\n`;
}

export function columnRow(columns: readonly CustomColumn[], object: Fields): string {
  return `${columns.map((column) => cellOf(column, object)).join("\t")}\n`;
}

function cellOf(column: CustomColumn, object: Fields): string {
  const values = findResults(column.path, object).flat();
  if (values.length === 0) return "<none>";
  return values.map((value) => goValue(value)).join(",");
}
