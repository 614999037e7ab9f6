// After POSIX.1-2024, Shell Command Language, 2.3 Token Recognition and 2.9.2 Pipelines; not modelled: command substitution,
// here-documents, functions, `if`, `for` and `while`, background jobs: each is refused with a message.

/** A line as the shell understands it: lists of pipelines. */
export type Parsed =
  | { readonly kind: "line"; readonly steps: readonly Step[] }
  | { readonly kind: "error"; readonly message: string };

/** A pipeline and the condition under which it runs, given how the one before it ended. */
export interface Step {
  readonly when: "always" | "succeeded" | "failed";
  readonly pipeline: readonly Simple[];
}

/** One command with its redirections. */
export interface Simple {
  readonly words: readonly Word[];
  readonly redirections: readonly Redirection[];
}

export interface Redirection {
  readonly operator: ">" | ">>" | "<" | "2>" | "2>>" | "2>&1";
  readonly target: Word;
}

/** The parts of a word; what was quoted is taken as it is, `$NAME` outside single quotes is looked up. */
export type Word = readonly Part[];

export type Part =
  | { readonly kind: "text"; readonly text: string; readonly isQuoted: boolean }
  | { readonly kind: "variable"; readonly name: string; readonly isQuoted: boolean };

type Token = { readonly kind: "word"; readonly word: Word } | { readonly kind: "operator"; readonly text: string };

const OPERATORS = ["2>&1", "2>>", "&&", "||", ">>", "2>", "|", ";", ">", "<", "&"] as const;

/** Parses one line of input. */
export function parseLine(line: string): Parsed {
  const tokens = tokenize(line);
  return typeof tokens === "string" ? { kind: "error", message: tokens } : group(tokens);
}

function tokenize(line: string): readonly Token[] | string {
  const tokens: Token[] = [];
  let at = 0;
  while (at < line.length) {
    const character = line[at] ?? "";
    if (character === " " || character === "\t" || character === "\n") {
      at += 1;
      continue;
    }
    if (character === "#") break;
    const operator = OPERATORS.find((candidate) => line.startsWith(candidate, at));
    if (operator !== undefined) {
      tokens.push({ kind: "operator", text: operator });
      at += operator.length;
      continue;
    }
    const read = readWord(line, at);
    if (typeof read === "string") return read;
    tokens.push({ kind: "word", word: read.word });
    at = read.end;
  }
  return tokens;
}

interface Reading {
  readonly parts: Part[];
  readonly end: number;
}

function readWord(line: string, start: number): { readonly word: Word; readonly end: number } | string {
  const parts: Part[] = [];
  let at = start;
  while (at < line.length) {
    const character = line[at] ?? "";
    if (" \t\n;|&<>".includes(character)) break;
    const reading = readPart(line, at);
    if (typeof reading === "string") return reading;
    parts.push(...reading.parts);
    at = reading.end;
  }
  return { word: parts, end: at };
}

function readPart(line: string, at: number): Reading | string {
  switch (line[at]) {
    case "'": {
      const close = line.indexOf("'", at + 1);
      if (close < 0) return "unexpected end of line while looking for matching `''";
      return { parts: [{ kind: "text", text: line.slice(at + 1, close), isQuoted: true }], end: close + 1 };
    }
    case '"':
      return readDoubleQuoted(line, at + 1);
    case "\\":
      return { parts: [{ kind: "text", text: line[at + 1] ?? "", isQuoted: true }], end: at + 2 };
    case "`":
      return "not modelled: command substitution";
    case "$":
      return readDollar(line, at, false);
    default:
      return readPlain(line, at);
  }
}

function readPlain(line: string, start: number): Reading {
  let end = start;
  while (end < line.length && !" \t\n;|&<>'\"\\$`".includes(line[end] ?? "")) end += 1;
  return { parts: [{ kind: "text", text: line.slice(start, end), isQuoted: false }], end };
}

function readDoubleQuoted(line: string, start: number): Reading | string {
  const parts: Part[] = [];
  let text = "";
  let at = start;
  while (at < line.length && line[at] !== '"') {
    if (line[at] === "\\" && '"\\$`'.includes(line[at + 1] ?? " ")) {
      text += line[at + 1] ?? "";
      at += 2;
    } else if (line[at] === "$") {
      const reading = readDollar(line, at, true);
      if (typeof reading === "string") return reading;
      parts.push({ kind: "text", text, isQuoted: true }, ...reading.parts);
      text = "";
      at = reading.end;
    } else {
      text += line[at] ?? "";
      at += 1;
    }
  }
  if (at >= line.length) return "unexpected end of line while looking for matching `\"'";
  return { parts: [...parts, { kind: "text", text, isQuoted: true }], end: at + 1 };
}

function readDollar(line: string, at: number, isQuoted: boolean): Reading | string {
  if (line[at + 1] === "(") return "not modelled: command substitution";
  const isBraced = line[at + 1] === "{";
  const start = at + (isBraced ? 2 : 1);
  let end = start;
  while (end < line.length && isNameCharacter(line.charCodeAt(end))) end += 1;
  if (line[start] === "?" && end === start) end += 1;
  if (end === start) return { parts: [{ kind: "text", text: "$", isQuoted }], end: at + 1 };
  if (isBraced && line[end] !== "}") return `bad substitution: ${line.slice(at)}`;
  return { parts: [{ kind: "variable", name: line.slice(start, end), isQuoted }], end: isBraced ? end + 1 : end };
}

function isNameCharacter(code: number): boolean {
  const isDigit = code >= 48 && code <= 57;
  const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return isDigit || isLetter || code === 95;
}

/** The grammar above the tokens; mutable only while one line is read. */
interface Grouping {
  readonly steps: Step[];
  pipeline: Simple[];
  words: Word[];
  redirections: Redirection[];
  when: Step["when"];
}

function group(tokens: readonly Token[]): Parsed {
  const grouping: Grouping = { steps: [], pipeline: [], words: [], redirections: [], when: "always" };
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.kind === "word") {
      grouping.words.push(token.word);
      continue;
    }
    const text = token?.text ?? "";
    const next = tokens[index + 1];
    const isRedirection = text.includes("<") || text.includes(">");
    const problem = isRedirection ? redirect(grouping, text, next) : separate(grouping, text, next === undefined);
    if (problem !== undefined) return { kind: "error", message: problem };
    if (isRedirection && text !== "2>&1") index += 1;
  }
  closePipeline(grouping);
  return { kind: "line", steps: grouping.steps };
}

function redirect(grouping: Grouping, operator: string, next: Token | undefined): string | undefined {
  if (operator !== "2>&1" && next?.kind !== "word") return "syntax error near unexpected token `newline'";
  const target = next?.kind === "word" && operator !== "2>&1" ? next.word : [];
  grouping.redirections.push({ operator: operator as Redirection["operator"], target });
  return undefined;
}

function separate(grouping: Grouping, operator: string, isLast: boolean): string | undefined {
  if (operator === "&") return "not modelled: background jobs";
  if (grouping.words.length === 0 && grouping.redirections.length === 0) {
    return `syntax error near unexpected token \`${operator}'`;
  }
  if (isLast && operator !== ";") return "syntax error: unexpected end of file";
  closeSimple(grouping);
  if (operator === "|") return undefined;
  closePipeline(grouping);
  grouping.when = operator === "&&" ? "succeeded" : operator === "||" ? "failed" : "always";
  return undefined;
}

function closeSimple(grouping: Grouping): void {
  if (grouping.words.length === 0 && grouping.redirections.length === 0) return;
  grouping.pipeline.push({ words: grouping.words, redirections: grouping.redirections });
  grouping.words = [];
  grouping.redirections = [];
}

function closePipeline(grouping: Grouping): void {
  closeSimple(grouping);
  if (grouping.pipeline.length > 0) grouping.steps.push({ when: grouping.when, pipeline: grouping.pipeline });
  grouping.pipeline = [];
}
