import { parseYaml } from "@workbook/engine";
import { InvalidInput } from "./invalid.ts";
import { DOCUMENTS_MAX } from "./limits.ts";

/**
 * The values of a YAML file, one for each document that is not empty, as the engine's own parser reads them. What does not
 * parse, or would unfold without end, is refused with its line and column.
 */
export function valuesOf(file: string, text: string): readonly unknown[] {
  refuseManyDocuments(file, text);
  const parsed = parseYaml(text);
  if (parsed.kind === "documents") return parsed.documents.map((document) => document.value);
  const { line, column, message } = parsed.error;
  throw new InvalidInput(`YAML does not parse: ${message}`, { file, line, column });
}

/** The one value of a file that is a mapping, such as `answers.yaml`; an empty file is an empty mapping. */
export function mappingOf(file: string, text: string): Readonly<Record<string, unknown>> {
  const [value = {}, ...more] = valuesOf(file, text);
  if (more.length > 0) throw new InvalidInput("expected one document, found several", { file, line: 1, column: 1 });
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidInput("expected a mapping such as `restarts: 3`", { file, line: 1, column: 1 });
  }
  return value as Readonly<Record<string, unknown>>;
}

function refuseManyDocuments(file: string, text: string): void {
  let count = 0;
  let line = 0;
  for (const each of text.split("\n")) {
    line += 1;
    if (each.startsWith("---")) count += 1;
    if (count <= DOCUMENTS_MAX) continue;
    throw new InvalidInput(`more than ${DOCUMENTS_MAX} documents in one file`, { file, line, column: 1 });
  }
}
