// How kubectl reads and writes YAML, on top of engine/api/yaml.ts.
import { parseYaml } from "../api/yaml.ts";
import { printYaml } from "../api/yaml-print.ts";

export type ParsedDocument =
  | { readonly kind: "parsed"; readonly value: unknown }
  | { readonly kind: "refused"; readonly message: string };

/** One document of a stream, as JSON or YAML. */
export function parseDocument(text: string): ParsedDocument {
  if (text.trimStart().startsWith("{")) {
    const parsed = parseJson(text);
    if (parsed !== undefined) return { kind: "parsed", value: parsed.value };
  }
  const parsed = parseYaml(text);
  if (parsed.kind === "error")
    return { kind: "refused", message: `error converting YAML to JSON: ${parsed.error.goMessage}` };
  return { kind: "parsed", value: parsed.documents[0]?.value };
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (caught) {
    if (caught instanceof SyntaxError) return undefined;
    throw caught;
  }
}

/** The value of a text that is expected to parse; undefined where it does not. */
export function fromYaml(text: string): unknown {
  const parsed = parseDocument(text);
  return parsed.kind === "parsed" ? parsed.value : undefined;
}

export function toYaml(value: unknown): string {
  return printYaml(value);
}
