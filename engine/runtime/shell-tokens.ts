import type { Part, Redirect, Token } from "./shell-syntax.ts";

interface Cursor {
  readonly text: string;
  at: number;
}

const OPERATORS: readonly string[] = ["&&", "||", ";;", "&", "|", ";", "(", ")", "\n"];
const WORD_END = " \t\n;&|()<>";

/** Cuts a script into words and operators. */
export function tokensOf(text: string): readonly Token[] {
  const cursor: Cursor = { text, at: 0 };
  const tokens: Token[] = [];
  while (cursor.at < text.length) {
    const token = nextToken(cursor);
    if (token !== undefined) tokens.push(token);
  }
  return tokens;
}

function nextToken(cursor: Cursor): Token | undefined {
  const { text } = cursor;
  const character = text[cursor.at] ?? "";
  if (character === " " || character === "\t") {
    cursor.at += 1;
    return undefined;
  }
  if (character === "\\" && text[cursor.at + 1] === "\n") {
    cursor.at += 2;
    return undefined;
  }
  if (character === "#") {
    while (cursor.at < text.length && text[cursor.at] !== "\n") cursor.at += 1;
    return undefined;
  }
  const redirect = redirectAt(cursor);
  if (redirect !== undefined) return redirect;
  const operator = OPERATORS.find((candidate) => text.startsWith(candidate, cursor.at));
  if (operator !== undefined) {
    cursor.at += operator.length;
    return { kind: "operator", text: operator };
  }
  return wordAt(cursor);
}

const REDIRECT = /^(\d?)(>>|>&|<|>)/;

function redirectAt(cursor: Cursor): Token | undefined {
  const match = REDIRECT.exec(cursor.text.slice(cursor.at, cursor.at + 3));
  if (match === null) return undefined;
  cursor.at += match[0].length;
  const operator = match[2] as Redirect["operator"];
  const standard = operator === "<" ? 0 : 1;
  return { kind: "redirect", descriptor: match[1] === "" ? standard : Number(match[1]), operator };
}

function wordAt(cursor: Cursor): Token {
  const parts: Part[] = [];
  const from = cursor.at;
  while (cursor.at < cursor.text.length && !WORD_END.includes(cursor.text[cursor.at] ?? ""))
    parts.push(...partAt(cursor));
  const source = cursor.text.slice(from, cursor.at);
  const isPlain = parts.every((part) => part.kind === "text" && !part.isQuoted);
  return { kind: "word", word: parts, plain: isPlain ? source : undefined };
}

function partAt(cursor: Cursor): readonly Part[] {
  const character = cursor.text[cursor.at] ?? "";
  if (character === "'") return [singleQuoted(cursor)];
  if (character === '"') return doubleQuoted(cursor);
  if (character === "$" || character === "`") return [expansionAt(cursor, false)];
  if (character === "\\") {
    cursor.at += 2;
    return [{ kind: "text", text: cursor.text[cursor.at - 1] ?? "", isQuoted: true }];
  }
  const from = cursor.at;
  while (cursor.at < cursor.text.length && !`${WORD_END}'"$\`\\`.includes(cursor.text[cursor.at] ?? "")) cursor.at += 1;
  return [{ kind: "text", text: cursor.text.slice(from, cursor.at), isQuoted: false }];
}

function singleQuoted(cursor: Cursor): Part {
  const end = cursor.text.indexOf("'", cursor.at + 1);
  const text = end < 0 ? cursor.text.slice(cursor.at + 1) : cursor.text.slice(cursor.at + 1, end);
  cursor.at = end < 0 ? cursor.text.length : end + 1;
  return { kind: "text", text, isQuoted: true };
}

function doubleQuoted(cursor: Cursor): readonly Part[] {
  const parts: Part[] = [];
  let text = "";
  cursor.at += 1;
  while (cursor.at < cursor.text.length && cursor.text[cursor.at] !== '"') {
    const character = cursor.text[cursor.at] ?? "";
    if (character === "$" || character === "`") {
      parts.push({ kind: "text", text, isQuoted: true }, expansionAt(cursor, true));
      text = "";
    } else if (character === "\\" && '$`"\\\n'.includes(cursor.text[cursor.at + 1] ?? "x")) {
      text += cursor.text[cursor.at + 1] ?? "";
      cursor.at += 2;
    } else {
      text += character;
      cursor.at += 1;
    }
  }
  cursor.at += 1;
  return [...parts, { kind: "text", text, isQuoted: true }];
}

const NAME = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9?$!#@*])/;
const BRACED = /^\{(#?[A-Za-z_][A-Za-z0-9_]*|[0-9?$!#@*])(?::?-([^}]*))?\}/;

function expansionAt(cursor: Cursor, isQuoted: boolean): Part {
  const { text } = cursor;
  if (text[cursor.at] === "`") return backquoted(cursor, isQuoted);
  const rest = text.slice(cursor.at + 1);
  if (rest.startsWith("((")) {
    const end = text.indexOf("))", cursor.at + 3);
    const inner = text.slice(cursor.at + 3, end < 0 ? text.length : end);
    cursor.at = end < 0 ? text.length : end + 2;
    return { kind: "arithmetic", text: inner, isQuoted };
  }
  if (rest.startsWith("(")) {
    const end = closingParenthesis(text, cursor.at + 2);
    const inner = text.slice(cursor.at + 2, end);
    cursor.at = end + 1;
    return { kind: "command", source: inner, isQuoted };
  }
  const braced = BRACED.exec(rest);
  if (braced !== null) {
    cursor.at += 1 + braced[0].length;
    return { kind: "variable", name: braced[1] ?? "", fallback: braced[2], isQuoted };
  }
  const name = NAME.exec(rest);
  cursor.at += 1 + (name?.[0].length ?? 0);
  if (name === null) return { kind: "text", text: "$", isQuoted };
  return { kind: "variable", name: name[0], fallback: undefined, isQuoted };
}

function backquoted(cursor: Cursor, isQuoted: boolean): Part {
  const end = cursor.text.indexOf("`", cursor.at + 1);
  const stop = end < 0 ? cursor.text.length : end;
  const inner = cursor.text.slice(cursor.at + 1, stop);
  cursor.at = stop + 1;
  return { kind: "command", source: inner, isQuoted };
}

function closingParenthesis(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "(") depth += 1;
    if (text[at] === ")") depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}
