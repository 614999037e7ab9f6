// After go.yaml.in/yaml/v2 encode.go, sorter.go, emitterc.go: YAML exactly as `kubectl -o yaml` prints it.
import { scalarText } from "./go-quote.ts";
import { needsQuotes } from "./yaml-scalar.ts";

/** Text longer than this is broken at spaces. Source: emitterc.go, best_width. */
const WIDTH = 80;

/** A key longer than this stands behind `? `. Source: emitterc.go, yaml_emitter_check_simple_key. */
const SIMPLE_KEY_LENGTH_MAX = 128;

/** A JSON value as a YAML document, keys sorted, with a final newline. */
export function printYaml(value: unknown): string {
  const pen: Pen = { text: "", column: 0 };
  printNode(pen, value, { indent: -2, isKey: false, isInline: false });
  return `${pen.text}\n`;
}

/** Mutable while one document is printed; never leaves this file. */
interface Pen {
  text: string;
  column: number;
}

interface Place {
  /** Of the collection around the value; -2 at the root. */
  readonly indent: number;
  readonly isKey: boolean;
  /** The value stands directly behind `- `, on the same line. */
  readonly isInline: boolean;
}

function write(pen: Pen, text: string): void {
  pen.text += text;
  pen.column += text.length;
}

function breakLine(pen: Pen, indent: number): void {
  pen.text += `\n${" ".repeat(Math.max(indent, 0))}`;
  pen.column = Math.max(indent, 0);
}

function printNode(pen: Pen, value: unknown, place: Place): void {
  if (Array.isArray(value)) printList(pen, value, place);
  else if (typeof value === "object" && value !== null)
    printMap(pen, value as Readonly<Record<string, unknown>>, place);
  else printScalar(pen, value, place);
}

function isEmptyCollection(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && value !== null && definedKeys(value).length === 0;
}

function isCollection(value: unknown): boolean {
  return typeof value === "object" && value !== null && !isEmptyCollection(value);
}

function definedKeys(value: object): string[] {
  return Object.keys(value).filter((key) => (value as Readonly<Record<string, unknown>>)[key] !== undefined);
}

/** A list inside a map is not indented: its dashes stand under the key. */
function printList(pen: Pen, items: readonly unknown[], place: Place): void {
  if (items.length === 0) return write(pen, "[]");
  const indent = place.isInline ? place.indent + 2 : Math.max(place.indent, 0);
  for (const [index, item] of items.entries()) {
    const isFirstOnLine = index === 0 && (place.isInline || pen.text === "");
    if (!isFirstOnLine) breakLine(pen, indent);
    write(pen, "- ");
    printNode(pen, item, { indent, isKey: false, isInline: true });
  }
}

function printMap(pen: Pen, map: Readonly<Record<string, unknown>>, place: Place): void {
  const keys = definedKeys(map).toSorted(compareKeys);
  if (keys.length === 0) return write(pen, "{}");
  const indent = place.indent + 2;
  for (const [index, key] of keys.entries()) {
    const isFirstOnLine = index === 0 && (place.isInline || pen.text === "");
    if (!isFirstOnLine) breakLine(pen, indent);
    printKey(pen, key, indent);
    const value = map[key];
    if (!isCollection(value)) write(pen, " ");
    printNode(pen, value, { indent, isKey: false, isInline: false });
  }
}

function printKey(pen: Pen, key: string, indent: number): void {
  if (key.length <= SIMPLE_KEY_LENGTH_MAX && !key.includes("\n")) {
    printScalar(pen, key, { indent, isKey: true, isInline: false });
  } else {
    write(pen, "? ");
    printScalar(pen, key, { indent, isKey: false, isInline: false });
    breakLine(pen, indent);
  }
  write(pen, ":");
}

function printScalar(pen: Pen, value: unknown, place: Place): void {
  if (typeof value === "string") return printText(pen, value, place);
  if (typeof value === "number") return write(pen, printNumber(value));
  write(pen, value === null || value === undefined ? "null" : scalarText(value));
}

function printNumber(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value < 0 ? "-.inf" : ".inf";
  if (Number.isInteger(value) && value < 1e21 && value > -1e21) return String(value);
  return String(value).replace(/e([-+])(\d)$/, "e$10$2");
}

interface Analysis {
  readonly isPlainAllowed: boolean;
  readonly isSingleQuotedAllowed: boolean;
  readonly isBlockAllowed: boolean;
}

const FIRST_INDICATORS = "#,[]{}&*!|>'\"%@`";

/** What the text contains decides in which styles it may be written. */
function analyze(text: string): Analysis {
  const isEdgeBlank = /^[ \n]|[ \n]$/.test(text);
  const hasTrailingSpace = text.endsWith(" ");
  const hasBreakSpace = text.includes("\n ");
  const isSpecial = text.includes(" \n") || !isPrintable(text);
  const hasIndicator =
    text.startsWith("---") ||
    text.startsWith("...") ||
    FIRST_INDICATORS.includes(text.charAt(0)) ||
    /^[-?:](?:[ \t]|$)/.test(text) ||
    /.:(?:[ \t\n]|$)/s.test(text) ||
    /[ \t\n]#/.test(text);
  return {
    isPlainAllowed: !isEdgeBlank && !hasBreakSpace && !isSpecial && !text.includes("\n") && !hasIndicator,
    isSingleQuotedAllowed: !hasBreakSpace && !isSpecial,
    isBlockAllowed: !hasTrailingSpace && !isSpecial,
  };
}

function isPrintable(text: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return !/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ufeff\ufffe\uffff]/.test(text);
}

function printText(pen: Pen, text: string, place: Place): void {
  if (text === "") return write(pen, '""');
  const analysis = analyze(text);
  const indent = place.indent + 2;
  if (text.includes("\n")) {
    if (analysis.isBlockAllowed && !place.isKey) return printLiteral(pen, text, indent);
    return printDoubleQuoted(pen, text, { indent, isKey: place.isKey });
  }
  if (needsQuotes(text)) return printDoubleQuoted(pen, text, { indent, isKey: place.isKey });
  if (analysis.isPlainAllowed) return printFolded(pen, text, { indent, isKey: place.isKey });
  if (analysis.isSingleQuotedAllowed) return printSingleQuoted(pen, text, { indent, isKey: place.isKey });
  return printDoubleQuoted(pen, text, { indent, isKey: place.isKey });
}

interface Wrap {
  readonly indent: number;
  /** A key stays on its line. */
  readonly isKey: boolean;
}

/** Plain text, broken at single spaces where the line is too long. */
function printFolded(pen: Pen, text: string, { indent, isKey }: Wrap): void {
  for (let at = 0, wasSpace = false; at < text.length; at++) {
    const isSpace = text.charAt(at) === " ";
    if (isSpace && !isKey && !wasSpace && pen.column > WIDTH && text.charAt(at + 1) !== " ") breakLine(pen, indent);
    else write(pen, text.charAt(at));
    wasSpace = isSpace;
  }
}

function printSingleQuoted(pen: Pen, text: string, { indent, isKey }: Wrap): void {
  write(pen, "'");
  for (let at = 0, wasSpace = false; at < text.length; at++) {
    const isSpace = text.charAt(at) === " ";
    const isInside = at > 0 && at < text.length - 1 && text.charAt(at + 1) !== " ";
    if (isSpace && !isKey && !wasSpace && pen.column > WIDTH && isInside) breakLine(pen, indent);
    else write(pen, text.charAt(at) === "'" ? "''" : text.charAt(at));
    wasSpace = isSpace;
  }
  write(pen, "'");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\u0007": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "\u001b": "\\e",
  '"': '\\"',
  "\\": "\\\\",
  "\u0085": "\\N",
  "\u00a0": "\\_",
  "\u2028": "\\L",
  "\u2029": "\\P",
};

function printDoubleQuoted(pen: Pen, text: string, { indent, isKey }: Wrap): void {
  write(pen, '"');
  for (let at = 0, wasSpace = false; at < text.length; at++) {
    const character = text.charAt(at);
    const isSpace = character === " ";
    if (isSpace && !isKey && !wasSpace && pen.column > WIDTH && at > 0 && at < text.length - 1) {
      breakLine(pen, indent);
      if (text.charAt(at + 1) === " ") write(pen, "\\");
    } else write(pen, escaped(character));
    wasSpace = isSpace;
  }
  write(pen, '"');
}

function escaped(character: string): string {
  const known = ESCAPES[character];
  if (known !== undefined) return known;
  if (isPrintable(character)) return character;
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
}

function hex(code: number, length: number): string {
  return code.toString(16).toUpperCase().padStart(length, "0");
}

function printLiteral(pen: Pen, text: string, indent: number): void {
  const hint = /^[ \n]/.test(text) ? "2" : "";
  write(pen, `|${hint}${chomping(text)}`);
  const lines = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
  for (const line of lines) {
    if (line === "") pen.text += "\n";
    else {
      breakLine(pen, indent);
      write(pen, line);
    }
  }
}

/** `-`: no newline at the end; `+`: more than one. */
function chomping(text: string): string {
  if (!text.endsWith("\n")) return "-";
  return text === "\n" || text.endsWith("\n\n") ? "+" : "";
}

/** Letters after other characters, runs of digits by their number. Source: sorter.go keyList.Less. */
export function compareKeys(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) {
    if (one.charAt(at) === other.charAt(at)) continue;
    return compareAt(one, other, at);
  }
  return one.length - other.length;
}

function compareAt(one: string, other: string, at: number): number {
  const [left, right] = [one.charAt(at), other.charAt(at)];
  const [isLeftLetter, isRightLetter] = [isLetter(left), isLetter(right)];
  if (isLeftLetter && isRightLetter) return left < right ? -1 : 1;
  if (isLeftLetter || isRightLetter) return isRightLetter ? -1 : 1;
  const hasDigitsBefore = (left === "0" || right === "0") && /[1-9][0-9]*$/.test(one.slice(0, at));
  const [leftDigits, rightDigits] = [digitsAt(one, at), digitsAt(other, at)];
  const prefix = hasDigitsBefore ? "1" : "";
  const [leftNumber, rightNumber] = [BigInt(prefix + leftDigits || "0"), BigInt(prefix + rightDigits || "0")];
  if (leftNumber !== rightNumber) return leftNumber < rightNumber ? -1 : 1;
  if (leftDigits.length !== rightDigits.length) return leftDigits.length - rightDigits.length;
  return left < right ? -1 : 1;
}

function isLetter(character: string): boolean {
  return /\p{L}/u.test(character);
}

function digitsAt(text: string, at: number): string {
  return /^[0-9]+/.exec(text.slice(at))?.[0] ?? "";
}
