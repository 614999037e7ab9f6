// After sigs.k8s.io/yaml/kyaml: YAML in flow style, keys bare where that is safe, strings always quoted.
import { isFields, sortedKeys } from "../json.ts";
import type { MemberOrder } from "./json-text.ts";
import { goValue } from "./go-value.ts";

export function kyaml(value: unknown, order: MemberOrder = "as-is"): string {
  return `---\n${written(order === "sorted" ? inOrder(value) : value, "")}\n`;
}

/** The same value with its members sorted, as Go marshals a map. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isFields(value)) return value;
  return Object.fromEntries(sortedKeys(value).map((key) => [key, inOrder(value[key])]));
}

function written(value: unknown, indent: string): string {
  if (Array.isArray(value)) return writtenList(value, indent);
  if (isFields(value)) return writtenMap(value, indent);
  return typeof value === "string"
    ? quoted(value, indent)
    : value === null || value === undefined
      ? "null"
      : goValue(value);
}

function writtenMap(value: Readonly<Record<string, unknown>>, indent: string): string {
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  if (keys.length === 0) return "{}";
  const deeper = `${indent}  `;
  return `{\n${keys.map((key) => `${deeper}${keyText(key)}: ${written(value[key], deeper)},\n`).join("")}${indent}}`;
}

function writtenList(values: readonly unknown[], indent: string): string {
  if (values.length === 0) return "[]";
  const cuddled = values.every(
    (value) => (isFields(value) && Object.keys(value).length > 0) || (Array.isArray(value) && value.length > 0),
  );
  if (cuddled) return `[${values.map((value) => written(value, indent)).join(", ")}]`;
  const deeper = `${indent}  `;
  return `[\n${values.map((value) => `${deeper}${written(value, deeper)},\n`).join("")}${indent}]`;
}

/** Words that YAML 1.1 readers take for something else than text. */
const AMBIGUOUS = /^(|~|null|y|n|yes|no|on|off|true|false|-?\.?(inf|nan)|[-+.]?\d.*)$/i;

function keyText(key: string): string {
  return /^[A-Za-z_][\w./-]*$/.test(key) && !AMBIGUOUS.test(key) ? key : JSON.stringify(key);
}

/** A text of several lines is folded: each line on its own, with its break written out. */
function quoted(value: string, indent: string): string {
  if (!value.includes("\n")) return JSON.stringify(value);
  const lines = value.split("\n");
  const shown = lines.flatMap((line, index) => {
    const isLast = index === lines.length - 1;
    if (isLast && line === "") return [];
    const body = JSON.stringify(line).slice(1, -1);
    return [`${indent}  ${line.startsWith(" ") ? "\\" : " "}${body}${isLast ? "" : "\\n"}\\\n`];
  });
  return `"\\\n${shown.join("")}${indent}  "`;
}
