import type { Recording } from "@workbook/engine";
import { InvalidInput } from "./invalid.ts";
import { RECORDING_BYTES_MAX } from "./limits.ts";
import { readText } from "./submission-folder.ts";

/** A recording as it lies on disk: with the digest that it ended in, where that was kept. */
export interface RecordingFile {
  readonly recording: Recording;
  readonly digest: string | undefined;
}

/** Reads a recording; what is not one is refused with its place. */
export function readRecording(file: string, shown: string): RecordingFile {
  const text = readText(file, RECORDING_BYTES_MAX);
  const value = parse(text, shown);
  const missing = ["engineVersion", "topology", "seed", "inputs", "steps", "now"].find(
    (name) => !Object.hasOwn(value, name),
  );
  if (missing !== undefined) {
    throw new InvalidInput(`is not a recording: "${missing}" is missing`, { file: shown, line: 1, column: 1 });
  }
  if (!Array.isArray(value["inputs"])) {
    throw new InvalidInput('is not a recording: "inputs" is not a list', { file: shown, line: 1, column: 1 });
  }
  const digest = typeof value["digest"] === "string" ? value["digest"] : undefined;
  return { recording: value as unknown as Recording, digest };
}

function parse(text: string, file: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? [];
    throw new InvalidInput(`JSON does not parse: ${message}`, {
      file,
      line: Number(line ?? 1),
      column: Number(column ?? 1),
    });
  }
  throw new InvalidInput("is not a recording: expected an object", { file, line: 1, column: 1 });
}
