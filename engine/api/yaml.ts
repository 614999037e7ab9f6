// After sigs.k8s.io/yaml v1.6 and apimachinery/pkg/util/yaml: YAML 1.1 as kubectl reads it, on top of the parser of `yaml`.
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import { scalarText } from "./go-quote.ts";
import { byteLength } from "./names.ts";
import { resolveScalar } from "./yaml-scalar.ts";

/** The documents of a text, or the first thing that is wrong with it. Duplicate keys are accepted: the last one wins. */
export type ParsedYaml =
  | { readonly kind: "documents"; readonly documents: readonly YamlDocument[] }
  | { readonly kind: "error"; readonly error: YamlError };

export interface YamlDocument {
  readonly value: unknown;
  /** The line on which the document begins, from 1. */
  readonly line: number;
}

export interface YamlError {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** What is wrong, as a sentence. */
  readonly message: string;
  /** What go-yaml says about it, its line counted from the beginning of the document: what kubectl prints. */
  readonly goMessage: string;
}

/** Source: contract.md, "What bad input gets". */
export const YAML_BYTES_MAX = 1_048_576;
export const YAML_DOCUMENTS_MAX = 10_000;

/** How many nodes aliases may add, and how deep a document may be. Choices of this model: real manifests need a few. */
export const YAML_ALIAS_NODES_MAX = 100_000;
export const YAML_DEPTH_MAX = 500;

export function parseYaml(text: string): ParsedYaml {
  const limit = limitProblem(text);
  if (limit !== undefined) return { kind: "error", error: limit };
  const lines = new LineCounter();
  const parsed = documentsOf(text, lines);
  const documents: YamlDocument[] = [];
  for (const document of parsed) {
    const failure = document.errors[0];
    if (failure !== undefined)
      return { kind: "error", error: errorOf(failure, lines, lines.linePos(document.range[0]).line) };
    const counter: Counter = { aliasNodes: 0, isInAlias: false, resolving: new Set() };
    const value = document.contents === null ? null : valueOf(document.contents, document, counter);
    if (counter.problem !== undefined) return { kind: "error", error: problemAt(lines, counter.problem) };
    if (value !== null) documents.push({ value, line: lines.linePos(document.contents?.range?.[0] ?? 0).line });
  }
  return { kind: "documents", documents };
}

function documentsOf(text: string, lines: LineCounter): readonly Document.Parsed[] {
  const options = { version: "1.1", schema: "failsafe", uniqueKeys: false, strict: true, lineCounter: lines } as const;
  const parsed = parseAllDocuments(text, { ...options, logLevel: "silent" });
  return Array.isArray(parsed) ? parsed : [];
}

/** Where in the text a value stands: `positionOf(text, 0, ["spec", "containers", 0, "image"])`; the nearest outer value if it is absent. */
export function positionOf(
  text: string,
  document: number,
  path: readonly (string | number)[],
): { readonly line: number; readonly column: number } {
  const lines = new LineCounter();
  const contents = documentsOf(text, lines).filter(({ contents }) => contents !== null)[document]?.contents ?? null;
  let node: unknown = contents;
  let offset = contents?.range?.[0] ?? 0;
  for (const step of path) {
    const pair = isMap(node) ? pairAt(node, String(step)) : undefined;
    node = isSeq(node) ? node.items[Number(step)] : pair?.value;
    const place = (pair?.key ?? node) as Node | null | undefined;
    if (place?.range === undefined || place.range === null) break;
    offset = place.range[0];
  }
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function pairAt(map: YAMLMap, key: string): Pair | undefined {
  return map.items.findLast((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

function limitProblem(text: string): YamlError | undefined {
  if (byteLength(text) > YAML_BYTES_MAX) return plainError(1, `the file is larger than ${YAML_BYTES_MAX} bytes`);
  const lines = text.split("\n");
  let documents = 1;
  let depth = 0;
  for (const [index, line] of lines.entries()) {
    if (line.startsWith("---")) documents += 1;
    if (documents > YAML_DOCUMENTS_MAX) return plainError(index + 1, `more than ${YAML_DOCUMENTS_MAX} documents`);
    depth = depthAfter(line, depth);
    if (depth > YAML_DEPTH_MAX || leadingDepth(line) > YAML_DEPTH_MAX) {
      return plainError(index + 1, `nested deeper than ${YAML_DEPTH_MAX} levels`);
    }
  }
  return undefined;
}

function plainError(line: number, message: string): YamlError {
  return { line, column: 1, message, goMessage: `yaml: ${message}` };
}

/** How many brackets are open at the end of the line, quotes and comments aside. */
function depthAfter(line: string, before: number): number {
  const bare = line.replace(/"(?:[^"\\]|\\.)*"|'[^']*'|(?:^|\s)#.*$/g, "");
  let depth = before;
  for (let index = 0; index < bare.length; index++) {
    const character = bare.charAt(index);
    if (character === "[" || character === "{") depth += 1;
    else if ((character === "]" || character === "}") && depth > 0) depth -= 1;
    if (depth > YAML_DEPTH_MAX) break;
  }
  return depth;
}

/** An upper bound of the block collections that begin on or around this line. */
function leadingDepth(line: string): number {
  const lead = /^(?:[-?] +| )*/.exec(line)?.[0] ?? "";
  return lead.length / 2;
}

/** Mutable while one document is read; never leaves this file. */
interface Counter {
  aliasNodes: number;
  isInAlias: boolean;
  /** What aliases are being resolved to, so that one that contains itself is found. */
  readonly resolving: Set<unknown>;
  problem?: { readonly message: string; readonly offset: number };
}

function problemAt(lines: LineCounter, problem: NonNullable<Counter["problem"]>): YamlError {
  const { line, col } = lines.linePos(problem.offset);
  return { line, column: col, message: problem.message, goMessage: `yaml: ${problem.message}` };
}

function valueOf(node: unknown, document: Document.Parsed, counter: Counter): unknown {
  if (counter.problem !== undefined) return null;
  if (counter.isInAlias && ++counter.aliasNodes > YAML_ALIAS_NODES_MAX) {
    counter.problem = { message: "document contains excessive aliasing", offset: offsetOf(node) };
    return null;
  }
  if (isScalar(node)) return scalarOf(node);
  if (isSeq(node)) return node.items.map((item) => valueOf(item, document, counter));
  if (isMap(node)) return mapOf(node, document, counter);
  if (isAlias(node)) return aliasOf(node, document, counter);
  return null;
}

interface ScalarNode {
  readonly value: unknown;
  readonly type?: string;
  readonly tag?: string;
  readonly source?: string;
}

function scalarOf(node: ScalarNode): unknown {
  const text = node.source ?? scalarText(node.value);
  if (node.tag === "tag:yaml.org,2002:str" || node.tag === "!") return text;
  if (node.type === undefined || node.type === "PLAIN") return resolveScalar(text);
  return scalarText(node.value);
}

function aliasOf(
  node: { readonly source: string; resolve(document: Document.Parsed): unknown },
  document: Document.Parsed,
  counter: Counter,
): unknown {
  const target = node.resolve(document);
  if (target === undefined) {
    counter.problem = { message: `unknown anchor '${node.source}' referenced`, offset: offsetOf(node) };
    return null;
  }
  // Source: go-yaml decode.go: an anchor whose value holds its own alias.
  if (counter.resolving.has(target)) {
    counter.problem = { message: `anchor '${node.source}' value contains itself`, offset: offsetOf(node) };
    return null;
  }
  const was = counter.isInAlias;
  counter.isInAlias = true;
  counter.resolving.add(target);
  const value = valueOf(target, document, counter);
  counter.resolving.delete(target);
  counter.isInAlias = was;
  return value;
}

function offsetOf(node: unknown): number {
  return (node as { readonly range?: readonly number[] | null }).range?.[0] ?? 0;
}

/** `<<` merges: what the map says itself wins over what it merges in, and the first of several over the later ones. */
function mapOf(node: YAMLMap, document: Document.Parsed, counter: Counter): unknown {
  const own: [string, unknown][] = [];
  const merged: [string, unknown][] = [];
  for (const pair of node.items) {
    if (!isPair(pair)) continue;
    const value = pair.value === null ? null : valueOf(pair.value, document, counter);
    if (isScalar(pair.key) && pair.key.value === "<<" && (pair.key as ScalarNode).type === "PLAIN") {
      for (const source of (Array.isArray(value) ? value : [value]).toReversed())
        merged.push(...Object.entries(source ?? {}));
    } else own.push([keyText(valueOf(pair.key, document, counter)), value]);
  }
  return Object.fromEntries([...merged, ...own]);
}

/** JSON has only text as keys. */
function keyText(key: unknown): string {
  if (key === null) return "null";
  return typeof key === "object" ? JSON.stringify(key) : scalarText(key);
}

/** The sentences of go-yaml for the errors of the parser, and whether its scanner finds them, which counts lines otherwise. */
const GO_MESSAGES: Readonly<Record<string, readonly [message: string, isScanner: boolean]>> = {
  BAD_INDENT: ["did not find expected key", false],
  UNEXPECTED_TOKEN: ["did not find expected key", false],
  IMPOSSIBLE: ["did not find expected key", false],
  MULTILINE_IMPLICIT_KEY: ["could not find expected ':'", true],
  BLOCK_AS_IMPLICIT_KEY: ["mapping values are not allowed in this context", true],
  BLOCK_IN_FLOW: ["did not find expected node content", false],
  TAB_AS_INDENT: ["found character that cannot start any token", true],
  BAD_SCALAR_START: ["found character that cannot start any token", true],
  BAD_DQ_ESCAPE: ["found unknown escape character", true],
  MULTIPLE_DOCS: ["did not find expected <document start>", false],
  MULTIPLE_ANCHORS: ["did not find expected key", false],
};

function errorOf(failure: YAMLError, lines: LineCounter, firstLine: number): YamlError {
  const { line, col } = lines.linePos(failure.pos[0]);
  const [sentence = failure.message] = failure.message.split(" at line ");
  const [message, isScanner] = goMessageOf(failure);
  const goLine = line - firstLine + (isScanner ? 1 : 0);
  return { line, column: col, message: sentence, goMessage: `yaml: ${goLine > 0 ? `line ${goLine}: ` : ""}${message}` };
}

function goMessageOf({ code, message }: YAMLError): readonly [string, boolean] {
  if (message.startsWith("Flow map")) return ["did not find expected ',' or '}'", false];
  if (message.startsWith("Flow sequence")) return ["did not find expected ',' or ']'", false];
  if (message.startsWith("Sequence item without")) return ["did not find expected '-' indicator", false];
  if (code === "MISSING_CHAR") {
    return message.includes("quote") ? ["found unexpected end of stream", true] : ["could not find expected ':'", true];
  }
  return GO_MESSAGES[code] ?? [message.split(" at line ")[0] ?? message, false];
}
