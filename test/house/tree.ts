// The repository's files as values, so that every rule of the house is a function that a test can show failing.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

export interface SourceFile {
  /** From the repository's top, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export const top: string = join(import.meta.dirname, "../..");
const skipped = new Set(["node_modules", "generated", "openapi", "build", ".docusaurus", ".cache"]);

/** All files below a folder of the repository that people write; none when the folder does not exist. */
export function readTree(folder: string): readonly SourceFile[] {
  let names: string[];
  try {
    names = readdirSync(join(top, folder)).toSorted();
  } catch {
    return [];
  }
  return names.filter((name) => !skipped.has(name)).flatMap((name) => readEntry(`${folder}/${name}`));
}

function readEntry(path: string): readonly SourceFile[] {
  if (statSync(join(top, path)).isDirectory()) return readTree(path);
  return [{ path, text: /\.(ts|tsx|mjs|json|mdx?)$/.test(path) ? readFileSync(join(top, path), "utf8") : "" }];
}

export function isCode(file: SourceFile): boolean {
  return /\.(ts|tsx|mjs)$/.test(file.path);
}

export function isTest(file: SourceFile): boolean {
  return /\.test\.tsx?$/.test(file.path) || file.path.startsWith("test/");
}

export interface Import {
  readonly from: string;
  /** A path from the repository's top for a relative import, else the specifier as written. */
  readonly to: string;
  readonly isRelative: boolean;
}

/** What a file imports or re-exports, types and dynamic imports included. */
export function importsOf(file: SourceFile): readonly Import[] {
  const text = withoutComments(file.text);
  const statements = [
    ...text.matchAll(/^\s*(?:import|export)\b[^"'`;=]*?\bfrom\s*["']([^"']+)["']/gm),
    ...text.matchAll(/^\s*import\s*["']([^"']+)["']/gm),
    ...text.matchAll(/\bimport\s*\(\s*["']([^"']+)["']/g),
  ];
  return statements.map((match) => {
    const to = match[1] ?? "";
    const isRelative = to.startsWith(".");
    return { from: file.path, to: isRelative ? normalize(join(dirname(file.path), to)) : to, isRelative };
  });
}

/** A file's code alone: comments, strings, templates' texts and regular expressions are blanked, lines stay. */
export function codeOf(file: SourceFile): string {
  return blank(file.text, { strings: true });
}

function withoutComments(text: string): string {
  return blank(text, { strings: false });
}

const token =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`|(?<=[(,=:[!&|?{};\n]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g;

function blank(text: string, what: { readonly strings: boolean }): string {
  return text.replace(token, (found) => {
    if (found.startsWith("//") || found.startsWith("/*")) return found.replace(/[^\n]/g, " ");
    if (!what.strings) return found;
    // What stands in a template's ${…} is code and stays.
    if (found.startsWith("`"))
      return found.replace(/\$\{([^}`]*)\}|[^\n]/g, (_, code: string | undefined) => code ?? " ");
    return found.replace(/[^\n]/g, " ");
  });
}
