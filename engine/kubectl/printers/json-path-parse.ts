// After client-go util/jsonpath/parser.go.
import { refusal } from "../failure.ts";

export type PathNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "identifier"; readonly name: string }
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "wildcard" }
  | { readonly kind: "recursive" }
  | { readonly kind: "slice"; readonly bounds: readonly (number | undefined)[] }
  | { readonly kind: "number"; readonly value: number }
  | {
      readonly kind: "filter";
      readonly left: readonly PathNode[];
      readonly right: readonly PathNode[];
      readonly operator: string;
    }
  | { readonly kind: "union"; readonly branches: readonly (readonly PathNode[])[] };

/** Text outside of braces, or what one pair of braces says. */
export type TemplatePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly nodes: readonly PathNode[] };

interface Reader {
  readonly input: string;
  position: number;
}

export function parseJsonPath(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let rest = template;
  while (rest !== "") {
    const open = rest.indexOf("{");
    if (open < 0) return [...parts, { kind: "text", text: rest }];
    if (open > 0) parts.push({ kind: "text", text: rest.slice(0, open) });
    const reader: Reader = { input: rest, position: open + 1 };
    parts.push({ kind: "action", nodes: parseAction(reader) });
    rest = rest.slice(reader.position);
  }
  return parts;
}

/** Parses up to the closing brace and steps behind it. */
function parseAction(reader: Reader): readonly PathNode[] {
  const nodes: PathNode[] = [];
  for (;;) {
    const character = reader.input[reader.position];
    if (character === undefined) throw refusal("unclosed action");
    if (character === "}") {
      reader.position++;
      return nodes;
    }
    const node = parseNode(reader, character);
    if (node !== undefined) nodes.push(...node);
  }
}

/** The nodes of a bare path such as `@.name`. */
export function parsePath(path: string): readonly PathNode[] {
  return parseAction({ input: `${path}}`, position: 0 });
}

function parseNode(reader: Reader, character: string): readonly PathNode[] | undefined {
  const { input, position } = reader;
  if (input.startsWith("..", position)) {
    reader.position += /[\w*]/.test(input[position + 2] ?? "") ? 1 : 2;
    return [{ kind: "recursive" }];
  }
  if (character === ".") return [parseField(reader)];
  if (character === "[") return [parseBrackets(reader)];
  if (character === '"' || character === "'") return [parseQuoted(reader, character)];
  const number = /^[+-]?\d+(\.\d+)?/.exec(input.slice(position))?.[0];
  if (number !== undefined) {
    reader.position += number.length;
    return [{ kind: "number", value: Number(number) }];
  }
  const name = /^\w+/.exec(input.slice(position))?.[0];
  if (name !== undefined) {
    reader.position += name.length;
    return [{ kind: "identifier", name }];
  }
  if (/[ @$]/.test(character)) {
    reader.position++;
    return undefined;
  }
  throw refusal(`unrecognized character in action: ${codePointText(character)}`);
}

/** Go's %#U. */
function codePointText(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")} '${character}'`;
}

function parseField(reader: Reader): PathNode {
  reader.position++;
  let name = "";
  for (;;) {
    const character = reader.input[reader.position];
    if (character === undefined || /[\s.,[\]$@{}]/.test(character)) break;
    if (character === "\\") reader.position++;
    name += reader.input[reader.position] ?? "";
    reader.position++;
  }
  return name === "*" ? { kind: "wildcard" } : { kind: "field", name };
}

function parseQuoted(reader: Reader, quote: string): PathNode {
  const start = reader.position;
  reader.position++;
  while (reader.input[reader.position] !== quote) {
    if (reader.input[reader.position] === undefined) throw refusal("unterminated quoted string");
    if (reader.input[reader.position] === "\\") reader.position++;
    reader.position++;
  }
  reader.position++;
  return { kind: "text", text: unquote(reader.input.slice(start + 1, reader.position - 1)) };
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", a: "\x07" };

function unquote(body: string): string {
  return body.replace(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter);
}

function parseBrackets(reader: Reader): PathNode {
  if (reader.input.startsWith("[?(", reader.position)) return parseFilter(reader);
  const inside = takeUntil(reader, "]", "unterminated array");
  return bracketNode(inside);
}

/** Takes what stands between the bracket at the position and its end, and steps behind the end. */
function takeUntil(reader: Reader, end: string, problem: string): string {
  let index = reader.position + 1;
  let quote = "";
  for (; index < reader.input.length; index++) {
    const character = reader.input[index] ?? "";
    if (quote === "" && reader.input.startsWith(end, index)) break;
    if (character === "\\") index++;
    else if (quote === "" && (character === "'" || character === '"')) quote = character;
    else if (character === quote) quote = "";
  }
  if (index >= reader.input.length) throw refusal(problem);
  const inside = reader.input.slice(reader.position + 1, index);
  reader.position = index + end.length;
  return inside;
}

function bracketNode(inside: string): PathNode {
  if (inside === "*") return { kind: "wildcard" };
  const key = /^'([^']*)'$/.exec(inside)?.[1];
  if (key !== undefined) return { kind: "field", name: key };
  const parts = inside.split(",");
  if (parts.length > 1) return { kind: "union", branches: parts.map((part) => unionBranch(part.trim())) };
  const slice = /^(-?\d*)(:(-?\d*))?(:(-?\d*))?$/.exec(inside);
  if (slice === null || inside === "") throw refusal(`invalid array index ${inside}`);
  return { kind: "slice", bounds: inside.split(":").length === 1 ? [Number(inside)] : inside.split(":").map(bound) };
}

function bound(written: string): number | undefined {
  return written === "" ? undefined : Number(written);
}

function unionBranch(part: string): readonly PathNode[] {
  return /^'.*'$|^[-\d:*]+$/.test(part) ? [bracketNode(part)] : parsePath(part);
}

function parseFilter(reader: Reader): PathNode {
  reader.position += 2;
  const inside = takeUntil(reader, ")]", "unterminated filter").trim();
  const match = /^((?:"[^"]*"|'[^']*'|[^!<>="'])+?)\s*(==|!=|<=|>=|<|>)\s*(.+)$/.exec(inside);
  if (match === null) return { kind: "filter", left: parsePath(inside), right: [], operator: "exists" };
  return {
    kind: "filter",
    left: parsePath(match[1] ?? ""),
    operator: match[2] ?? "",
    right: filterOperand((match[3] ?? "").trim()),
  };
}

function filterOperand(written: string): readonly PathNode[] {
  return parsePath(written);
}
