import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const MODELS = "../../../node_modules/@kubernetes/client-node/dist/gen/models";

/**
 * The long texts of `kubectl explain`, from the doc comments of the development dependency that carries them: by class and field, the
 * class's own text under "". Undefined where the dependency is not installed. Source: house.md, section 10.
 */
export function descriptions(): string | undefined {
  const folder = join(import.meta.dirname, MODELS);
  if (!existsSync(folder)) return undefined;
  const book: Record<string, Record<string, string>> = {};
  for (const name of readdirSync(folder)) {
    if (name.endsWith(".d.ts"))
      book[name.slice(0, -".d.ts".length)] = textsOf(readFileSync(join(folder, name), "utf8"));
  }
  return JSON.stringify(book);
}

function textsOf(source: string): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const match of source.matchAll(
    /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:export declare class \w+|'([^']+)'\??:)/g,
  )) {
    texts[match[2] ?? ""] = plain(match[1] ?? "");
  }
  return texts;
}

/** A doc comment without its stars and escapes. */
function plain(comment: string): string {
  const lines = comment.split("\n").map((line) => line.replace(/^\s*\* ?/, ""));
  return lines
    .join("\n")
    .trim()
    .replaceAll(/\\(['"])/g, "$1");
}
