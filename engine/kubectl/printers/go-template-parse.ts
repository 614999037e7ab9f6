// After Go's text/template/parse: the part that cheat sheets use; not modelled: define, template, block, break, continue.
import { refusal } from "../failure.ts";

export type TemplateNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly pipe: Pipe; readonly source: string }
  | {
      readonly kind: "if" | "with" | "range";
      readonly pipe: Pipe;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
    };

export interface Pipe {
  readonly variables: readonly string[];
  readonly assigns: boolean;
  readonly commands: readonly (readonly Operand[])[];
}

export type Operand =
  | { readonly kind: "literal"; readonly value: unknown }
  | { readonly kind: "dot" }
  | { readonly kind: "field"; readonly names: readonly string[] }
  | { readonly kind: "variable"; readonly name: string; readonly names: readonly string[] }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "pipe"; readonly pipe: Pipe; readonly names: readonly string[] };

interface Piece {
  readonly isAction: boolean;
  readonly text: string;
}

interface Parser {
  readonly pieces: readonly Piece[];
  index: number;
}

interface Words {
  readonly tokens: readonly string[];
  index: number;
}

function problem(message: string): Error {
  return refusal(`template: output:1: ${message}`);
}

export function parseGoTemplate(template: string): readonly TemplateNode[] {
  const parser: Parser = { pieces: piecesOf(template), index: 0 };
  const { nodes, ended } = parseList(parser);
  if (ended !== "") throw problem(`unexpected {{${ended}}}`);
  return nodes;
}

function piecesOf(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let rest = template;
  let trimNext = false;
  while (rest !== "") {
    const open = rest.indexOf("{{");
    let before = open < 0 ? rest : rest.slice(0, open);
    if (trimNext) before = before.trimStart();
    if (open < 0) {
      pieces.push({ isAction: false, text: before });
      break;
    }
    const close = rest.indexOf("}}", open);
    if (close < 0) throw problem("unclosed action");
    let action = rest.slice(open + 2, close);
    if (/^-\s/.test(action)) [before, action] = [before.trimEnd(), action.slice(1)];
    trimNext = /\s-$/.test(action);
    if (trimNext) action = action.slice(0, -1);
    if (before !== "") pieces.push({ isAction: false, text: before });
    if (!/^\s*\/\*/.test(action)) pieces.push({ isAction: true, text: action.trim() });
    rest = rest.slice(close + 2);
  }
  return pieces;
}

/** Parses up to `end`, `else` or the end of the template. */
function parseList(parser: Parser): { readonly nodes: readonly TemplateNode[]; readonly ended: string } {
  const nodes: TemplateNode[] = [];
  while (parser.index < parser.pieces.length) {
    const piece = parser.pieces[parser.index++];
    if (piece === undefined) break;
    if (!piece.isAction) {
      nodes.push({ kind: "text", text: piece.text });
      continue;
    }
    const keyword = /^\w+/.exec(piece.text)?.[0] ?? "";
    if (keyword === "end" || keyword === "else") return { nodes, ended: piece.text };
    if (keyword === "if" || keyword === "with" || keyword === "range")
      nodes.push(parseControl(parser, keyword, piece.text.slice(keyword.length)));
    else nodes.push({ kind: "action", pipe: pipeOf(piece.text, "command"), source: piece.text });
  }
  return { nodes, ended: "" };
}

function parseControl(parser: Parser, kind: "if" | "with" | "range", condition: string): TemplateNode {
  const pipe = pipeOf(condition, kind);
  const { nodes, ended } = parseList(parser);
  if (ended === "") throw problem("unexpected EOF");
  if (ended === "end") return { kind, pipe, body: nodes, otherwise: [] };
  const chained = /^else\s+(if|with)\b(.*)$/s.exec(ended);
  if (chained !== null) {
    return {
      kind,
      pipe,
      body: nodes,
      otherwise: [parseControl(parser, chained[1] as "if" | "with", chained[2] ?? "")],
    };
  }
  const otherwise = parseList(parser);
  if (otherwise.ended === "") throw problem("unexpected EOF");
  return { kind, pipe, body: nodes, otherwise: otherwise.nodes };
}

function pipeOf(text: string, context: string): Pipe {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)*'|:=|[()|,=]|[^\s()|,="`]+/g) ?? [];
  const words: Words = { tokens, index: 0 };
  const pipe = parsePipe(words, context);
  if (words.index < tokens.length) throw problem(`unexpected ${JSON.stringify(tokens[words.index])} in ${context}`);
  return pipe;
}

function parsePipe(words: Words, context: string): Pipe {
  const variables: string[] = [];
  const declaration = /^((?:\$\w+,?)+)(:=|=)/.exec(words.tokens.slice(words.index, words.index + 4).join(""));
  if (declaration !== null) {
    while (words.tokens[words.index] !== ":=" && words.tokens[words.index] !== "=") {
      const word = words.tokens[words.index++] ?? "";
      if (word !== ",") variables.push(word);
    }
    words.index++;
  }
  const commands: Operand[][] = [[]];
  for (; words.index < words.tokens.length && words.tokens[words.index] !== ")"; words.index++) {
    const token = words.tokens[words.index] ?? "";
    if (token === "|") commands.push([]);
    else commands.at(-1)?.push(operandOf(words, token));
  }
  if (commands.some((command) => command.length === 0)) throw problem(`missing value for ${context}`);
  return { variables, assigns: declaration?.[2] === "=", commands };
}

const CONSTANTS: Readonly<Record<string, unknown>> = { true: true, false: false, nil: null };

function operandOf(words: Words, token: string): Operand {
  if (token === "(") return parenthesized(words);
  if (token === ".") return { kind: "dot" };
  if (token.startsWith(".")) return { kind: "field", names: token.slice(1).split(".") };
  if (token.startsWith("$")) {
    const [name = "", ...names] = token.split(".");
    return { kind: "variable", name, names };
  }
  if (token.startsWith('"')) return { kind: "literal", value: JSON.parse(token) as unknown };
  if (token.startsWith("`")) return { kind: "literal", value: token.slice(1, -1) };
  if (/^[-+]?[\d.]+(e[-+]?\d+)?$/.test(token)) return { kind: "literal", value: Number(token) };
  if (Object.hasOwn(CONSTANTS, token)) return { kind: "literal", value: CONSTANTS[token] };
  if (!FUNCTION_NAMES.includes(token)) throw problem(`function ${JSON.stringify(token)} not defined`);
  return { kind: "function", name: token };
}

function parenthesized(words: Words): Operand {
  words.index++;
  const pipe = parsePipe(words, "parenthesized pipeline");
  if (words.tokens[words.index] !== ")") throw problem("unclosed left paren");
  const behind = words.tokens[words.index + 1] ?? "";
  if (!/^\.\w/.test(behind)) return { kind: "pipe", pipe, names: [] };
  words.index++;
  return { kind: "pipe", pipe, names: behind.slice(1).split(".") };
}

/** Go's builtins, and kubectl's own: base64decode, exists. */
export const FUNCTION_NAMES: readonly string[] = [
  "and",
  "or",
  "not",
  "len",
  "index",
  "slice",
  "print",
  "printf",
  "println",
  "html",
  "js",
  "urlquery",
  "call",
  "eq",
  "ne",
  "lt",
  "le",
  "gt",
  "ge",
  "base64decode",
  "exists",
];
