import { get } from "../kernel/sorted-map.ts";
import type { Part, Word } from "./shell-syntax.ts";
import type { Context, ShellTask } from "./task.ts";
import { namesIn } from "./file-system.ts";

/** Runs a script within the shell and gives what it printed: the shell hands this in, so that expansion need not know it. */
export type Substitute = (source: string) => string;

/** The fields that a word becomes: expansion, splitting, globbing. */
export function fieldsOf(shell: ShellTask, context: Context, word: Word, substitute: Substitute): readonly string[] {
  const fields: string[] = [];
  let current = "";
  let hasCurrent = false;
  for (const part of word) {
    const text = textOf(shell, part, substitute);
    if (part.kind === "text" || part.isQuoted) {
      current += text;
      hasCurrent = hasCurrent || part.isQuoted || text !== "";
      continue;
    }
    const pieces = text.split(/[ \t\n]+/);
    pieces.forEach((piece, index) => {
      if (index > 0 && hasCurrent) fields.push(current);
      if (index > 0) current = "";
      current += piece;
      hasCurrent = index > 0 ? piece !== "" : hasCurrent || piece !== "";
    });
  }
  if (hasCurrent) fields.push(current);
  const isGlob = word.some((part) => part.kind === "text" && !part.isQuoted && /[*?]/.test(part.text));
  return isGlob ? fields.flatMap((field) => globbed(context, shell.workingDirectory, field)) : fields;
}

/** The text that a word becomes where it is not split: assignments, redirections, `case`. */
export function joined(shell: ShellTask, word: Word, substitute: Substitute): string {
  return word.map((part) => textOf(shell, part, substitute)).join("");
}

function textOf(shell: ShellTask, part: Part, substitute: Substitute): string {
  switch (part.kind) {
    case "text":
      return part.text;
    case "variable":
      return variable(shell, part.name) ?? part.fallback ?? "";
    case "command":
      return substitute(part.source).replace(/\n+$/, "");
    case "arithmetic":
      return String(arithmetic(arithmeticText(shell, part.text, substitute)));
  }
}

function variable(shell: ShellTask, name: string): string | undefined {
  if (name === "$") return String(shell.pid);
  if (name === "?") return String(shell.status);
  if (name.startsWith("#") && name.length > 1) return String((variable(shell, name.slice(1)) ?? "").length);
  const own = get(shell.variables, name);
  return own !== undefined && own !== "" ? own : undefined;
}

function arithmeticText(shell: ShellTask, text: string, substitute: Substitute): string {
  const inner = text.replace(/\$\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g, (_, source: string) => substitute(source).trim());
  return inner.replace(/\$?\{?([A-Za-z_][A-Za-z0-9_]*)\}?/g, (_, name: string) => variable(shell, name) ?? "0");
}

/** Integer arithmetic with + - * / % and parentheses. */
export function arithmetic(text: string): number {
  const tokens = text.match(/\d+|[-+*/%()]|[<>=!]=?/g) ?? [];
  const reader = { tokens, at: 0 };
  return comparison(reader);
}

interface Reader {
  readonly tokens: readonly string[];
  at: number;
}

function comparison(reader: Reader): number {
  const left = sum(reader);
  const operator = reader.tokens[reader.at] ?? "";
  if (!["<", ">", "<=", ">=", "==", "!="].includes(operator)) return left;
  reader.at += 1;
  const right = sum(reader);
  const isTrue = {
    "<": left < right,
    ">": left > right,
    "<=": left <= right,
    ">=": left >= right,
    "==": left === right,
    "!=": left !== right,
  };
  return isTrue[operator as "<"] ? 1 : 0;
}

function sum(reader: Reader): number {
  let value = product(reader);
  for (
    let operator = reader.tokens[reader.at];
    operator === "+" || operator === "-";
    operator = reader.tokens[reader.at]
  ) {
    reader.at += 1;
    const right = product(reader);
    value = operator === "+" ? value + right : value - right;
  }
  return value;
}

function product(reader: Reader): number {
  let value = factor(reader);
  for (
    let operator = reader.tokens[reader.at];
    operator === "*" || operator === "/" || operator === "%";
    operator = reader.tokens[reader.at]
  ) {
    reader.at += 1;
    const right = factor(reader);
    if (operator === "*") value *= right;
    else if (right !== 0) value = operator === "/" ? Math.trunc(value / right) : value % right;
  }
  return value;
}

function factor(reader: Reader): number {
  const token = reader.tokens[reader.at];
  reader.at += 1;
  if (token === "-") return -factor(reader);
  if (token !== "(") return Number(token ?? 0) || 0;
  const value = comparison(reader);
  reader.at += 1;
  return value;
}

function globbed(context: Context, workingDirectory: string, field: string): readonly string[] {
  if (!/[*?]/.test(field)) return [field];
  const slash = field.lastIndexOf("/");
  const directory = slash < 0 ? workingDirectory : field.slice(0, slash) || "/";
  const pattern = patternOf(field.slice(slash + 1));
  const found = namesIn(context.disk, directory).filter((name) => pattern.test(name) && !name.startsWith("."));
  if (found.length === 0) return [field];
  return found.map((name) => (slash < 0 ? name : `${field.slice(0, slash + 1)}${name}`));
}

/** A shell pattern as a regular expression that matches the whole text. */
export function patternOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "s");
}
