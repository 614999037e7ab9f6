// After kubernetes v1.36 apimachinery/pkg/labels/selector.go.
import type { LabelSelector } from "./generated/types.ts";
import { goQuote } from "./go-quote.ts";
import { labelKeyProblems, labelValueProblems } from "./names.ts";

/** A label selector, compiled once and then asked often. */
export interface Selector {
  /** All must hold. Sorted by key. */
  readonly requirements: readonly Requirement[];
  /** What an absent selector object means: nothing is selected. */
  readonly isNothing?: boolean;
}

export type Operator = "in" | "notin" | "=" | "==" | "!=" | "gt" | "lt" | "exists" | "!";

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

export type Labels = Readonly<Record<string, string>>;

export const EVERYTHING: Selector = { requirements: [] };
export const NOTHING: Selector = { requirements: [], isNothing: true };

/** Whether the selector selects an object with these labels. */
export function matchesLabels(selector: Selector, labels: Labels | undefined): boolean {
  if (selector.isNothing === true) return false;
  for (const requirement of selector.requirements) if (!holds(requirement, labels)) return false;
  return true;
}

function holds(requirement: Requirement, labels: Labels | undefined): boolean {
  const value = labels !== undefined && Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
  switch (requirement.operator) {
    case "in":
    case "=":
    case "==":
      return value !== undefined && requirement.values.includes(value);
    case "notin":
    case "!=":
      return value === undefined || !requirement.values.includes(value);
    case "exists":
      return value !== undefined;
    case "!":
      return value === undefined;
    case "gt":
    case "lt":
      return value !== undefined && isBeyond(requirement, value);
  }
}

function isBeyond({ operator, values }: Requirement, text: string): boolean {
  const value = parseInt64(text);
  const bound = parseInt64(values[0] ?? "");
  if (value === undefined || bound === undefined) return false;
  return operator === "gt" ? value > bound : value < bound;
}

/** An integer as Go's strconv.ParseInt(text, 10, 64) reads it. */
export function parseInt64(text: string): bigint | undefined {
  if (!/^[-+]?[0-9]+$/.test(text)) return undefined;
  const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** The selector that requires each of these labels. */
export function selectorOfLabels(labels: Labels | undefined): Selector {
  const keys = Object.keys(labels ?? {}).toSorted();
  return { requirements: keys.map((key) => ({ key, operator: "=", values: [labels?.[key] ?? ""] })) };
}

const OBJECT_OPERATORS: Readonly<Record<string, Operator>> = {
  In: "in",
  NotIn: "notin",
  Exists: "exists",
  DoesNotExist: "!",
};

/** The selector of a `matchLabels`/`matchExpressions` object: an empty one selects everything, an absent one nothing. */
export function selectorOfObject(object: LabelSelector | undefined): Selector {
  if (object === undefined) return NOTHING;
  const labels = selectorOfLabels(object.matchLabels).requirements;
  const expressions = (object.matchExpressions ?? []).map(({ key, operator, values }) => ({
    key,
    operator: OBJECT_OPERATORS[operator] ?? "in",
    values: [...(values ?? [])].toSorted(),
  }));
  if (expressions.length === 0) return { requirements: labels };
  return { requirements: sortedByKey([...labels, ...expressions]) };
}

function sortedByKey(requirements: readonly Requirement[]): readonly Requirement[] {
  return [...requirements].toSorted((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
}

/** The selector as text, as it stands in a query or in the status of a scale. */
export function formatSelector(selector: Selector): string {
  return selector.requirements.map(formatRequirement).join(",");
}

function formatRequirement({ key, operator, values }: Requirement): string {
  const list = [...values].toSorted().join(",");
  switch (operator) {
    case "exists":
      return key;
    case "!":
      return `!${key}`;
    case "in":
    case "notin":
      return `${key} ${operator} (${list})`;
    case "gt":
      return `${key}>${list}`;
    case "lt":
      return `${key}<${list}`;
    default:
      return `${key}${operator}${list}`;
  }
}

/** The selector, or the sentence that says why the text is none. */
export function parseLabelSelector(text: string): Selector | string {
  const cursor: Cursor = { tokens: tokensOf(text), position: 0 };
  const requirements: Requirement[] = [];
  for (;;) {
    const token = peek(cursor);
    if (token.kind === "end") return { requirements: sortedByKey(requirements) };
    if (token.kind !== "identifier" && token.text !== "!") {
      return `found '${token.text}', expected: !, identifier, or 'end of string'`;
    }
    const requirement = parseRequirement(cursor);
    if (typeof requirement === "string") return `unable to parse requirement: ${requirement}`;
    requirements.push(requirement);
    const problem = endOfRequirement(cursor);
    if (problem !== undefined) return problem;
  }
}

function endOfRequirement(cursor: Cursor): string | undefined {
  const token = take(cursor);
  if (token.kind === "end") {
    cursor.position -= 1;
    return undefined;
  }
  if (token.text !== "," || token.kind !== "symbol") return `found '${token.text}', expected: ',' or 'end of string'`;
  const next = peek(cursor);
  if (next.kind === "identifier" || next.text === "!") return undefined;
  return `found '${next.text}', expected: identifier after ','`;
}

interface Token {
  readonly kind: "identifier" | "symbol" | "end";
  readonly text: string;
}

/** Mutable while one text is parsed; never leaves this file. */
interface Cursor {
  readonly tokens: readonly Token[];
  position: number;
}

const END: Token = { kind: "end", text: "" };
const SYMBOLS = "=!(),><";
const BLANKS = " \t\r\n";

function peek(cursor: Cursor): Token {
  return cursor.tokens[cursor.position] ?? END;
}

function take(cursor: Cursor): Token {
  const token = peek(cursor);
  cursor.position += 1;
  return token;
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    const isSymbol = SYMBOLS.includes(character);
    if (character === "\0") break;
    const token = isSymbol ? symbolAt(text, at) : identifierAt(text, at);
    if (!BLANKS.includes(character)) tokens.push(token);
    at += BLANKS.includes(character) ? 1 : token.text.length;
  }
  return [...tokens, END];
}

function symbolAt(text: string, at: number): Token {
  const two = text.slice(at, at + 2);
  return { kind: "symbol", text: two === "==" || two === "!=" ? two : text.charAt(at) };
}

function identifierAt(text: string, at: number): Token {
  let end = at;
  while (end < text.length && !SYMBOLS.includes(text.charAt(end)) && !BLANKS.includes(text.charAt(end))) end += 1;
  return { kind: "identifier", text: text.slice(at, end) };
}

function isSymbol(token: Token, text: string): boolean {
  return token.kind === "symbol" && token.text === text;
}

function parseRequirement(cursor: Cursor): Requirement | string {
  let token = take(cursor);
  const isNegated = isSymbol(token, "!");
  if (isNegated) token = take(cursor);
  if (token.kind !== "identifier") return `found '${token.text}', expected: identifier`;
  const problems = labelKeyProblems(token.text);
  if (problems.length > 0) return `<nil>: Invalid value: ${goQuote(token.text)}: ${problems.join("; ")}`;
  const key = token.text;
  if (isNegated) return { key, operator: "!", values: [] };
  const next = peek(cursor);
  if (next.kind === "end" || isSymbol(next, ",")) return { key, operator: "exists", values: [] };
  return parseOperation(cursor, key);
}

const SYMBOL_OPERATORS: Readonly<Record<string, Operator>> = {
  "=": "=",
  "==": "==",
  "!=": "!=",
  ">": "gt",
  "<": "lt",
  in: "in",
  notin: "notin",
};

function parseOperation(cursor: Cursor, key: string): Requirement | string {
  const token = take(cursor);
  const operator = Object.hasOwn(SYMBOL_OPERATORS, token.text) ? SYMBOL_OPERATORS[token.text] : undefined;
  if (operator === undefined) return `found '${token.text}', expected: in, notin, =, ==, !=, gt, lt`;
  const values = operator === "in" || operator === "notin" ? parseValues(cursor) : parseExactValue(cursor);
  if (typeof values === "string") return values;
  const sorted = [...new Set(values)].toSorted();
  return requirementProblem(key, operator, sorted) ?? { key, operator, values: sorted };
}

function requirementProblem(key: string, operator: Operator, values: readonly string[]): string | undefined {
  const isCompared = operator === "gt" || operator === "lt";
  const problems = values.flatMap((value, index) =>
    isCompared && parseInt64(value) === undefined
      ? [`values[${index}]: Invalid value: ${goQuote(value)}: for 'Gt', 'Lt' operators, the value must be an integer`]
      : [],
  );
  values.forEach((value, index) => {
    const wrong = labelValueProblems(value);
    if (wrong.length > 0)
      problems.push(`values[${index}][${key}]: Invalid value: ${goQuote(value)}: ${wrong.join("; ")}`);
  });
  if (problems.length === 0) return undefined;
  return problems.length === 1 ? problems[0] : `[${problems.join(", ")}]`;
}

function parseExactValue(cursor: Cursor): readonly string[] | string {
  const next = peek(cursor);
  if (next.kind === "end" || isSymbol(next, ",")) return [""];
  const token = take(cursor);
  return token.kind === "identifier" ? [token.text] : `found '${token.text}', expected: identifier`;
}

function parseValues(cursor: Cursor): readonly string[] | string {
  const open = take(cursor);
  if (!isSymbol(open, "(")) return `found '${open.text}' expected: '('`;
  const next = peek(cursor);
  if (isSymbol(next, ")")) {
    take(cursor);
    return [""];
  }
  if (next.kind !== "identifier" && !isSymbol(next, ",")) {
    return `found '${next.text}', expected: ',', ')' or identifier`;
  }
  const values = parseList(cursor);
  if (typeof values !== "string") take(cursor);
  return values;
}

/** Identifiers with commas between them, up to the closing parenthesis; nothing between two commas is the empty value. */
function parseList(cursor: Cursor): readonly string[] | string {
  const values: string[] = [];
  for (;;) {
    const token = take(cursor);
    const next = peek(cursor);
    if (token.kind === "identifier") {
      values.push(token.text);
      if (isSymbol(next, ")")) return values;
      if (!isSymbol(next, ",")) return `found '${next.text}', expected: ',' or ')'`;
    } else if (isSymbol(token, ",")) {
      if (values.length === 0 || isSymbol(next, ")") || isSymbol(next, ",")) values.push("");
      if (isSymbol(next, ")")) return values;
      if (isSymbol(next, ",")) take(cursor);
    } else return `found '${token.text}', expected: ',', or identifier`;
  }
}
