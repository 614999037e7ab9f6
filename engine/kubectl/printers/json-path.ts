// After client-go util/jsonpath/jsonpath.go.
import { compactJson, indentedJson } from "./json-text.ts";
import { goValue } from "./go-value.ts";
import { refusal } from "../failure.ts";
import { isFields, sameJson } from "../json.ts";
import { parseJsonPath, type PathNode, type TemplatePart } from "./json-path-parse.ts";

/** A template, and whether a missing key is passed over. */
export interface JsonPath {
  readonly parts: readonly TemplatePart[];
  readonly allowMissingKeys: boolean;
}

export function jsonPathOf(template: string, allowMissingKeys: boolean): JsonPath {
  return { parts: parseJsonPath(template), allowMissingKeys };
}

/** What each part of the template found. */
export function findResults(path: JsonPath, data: unknown): readonly (readonly unknown[])[] {
  return run(path, data, { from: 0, depth: 0 }).results;
}

/** The printed template. */
export function printJsonPath(path: JsonPath, data: unknown): string {
  return findResults(path, data)
    .map((found) => found.map(printed).join(" "))
    .join("");
}

export function printAsJson(path: JsonPath, data: unknown): string {
  return findResults(path, data)
    .map((found) => `${indentedJson(found, "sorted")}\n`)
    .join("");
}

function printed(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? compactJson(value) : goValue(value);
}

interface Cursor {
  readonly from: number;
  readonly depth: number;
}

interface Run {
  readonly results: readonly (readonly unknown[])[];
  /** The part behind the last one that was run. */
  readonly next: number;
}

function run(path: JsonPath, data: unknown, cursor: Cursor): Run {
  const results: (readonly unknown[])[] = [];
  let index = cursor.from;
  for (; index < path.parts.length; index++) {
    const part = path.parts[index];
    if (part === undefined) break;
    if (part.kind === "text") {
      results.push([part.text]);
      continue;
    }
    const [first, ...rest] = part.nodes;
    if (first?.kind !== "identifier") {
      results.push(evaluate(part.nodes, [data], path.allowMissingKeys));
      continue;
    }
    if (first.name === "end") {
      if (cursor.depth === 0) throw refusal("not in range, nothing to end");
      return { results, next: index + 1 };
    }
    if (first.name !== "range") throw refusal(`unrecognized identifier ${first.name}`);
    const items = evaluate(rest, [data], path.allowMissingKeys);
    const runs = (items.length > 0 ? items : [undefined]).map((item) =>
      run(path, item, { from: index + 1, depth: cursor.depth + 1 }),
    );
    if (items.length > 0) for (const each of runs) results.push(...each.results);
    index = (runs.at(-1)?.next ?? path.parts.length) - 1;
  }
  return { results, next: index };
}

function evaluate(nodes: readonly PathNode[], values: readonly unknown[], allowMissing: boolean): readonly unknown[] {
  let here = values;
  for (const node of nodes) here = step(node, here, allowMissing);
  return here;
}

function step(node: PathNode, values: readonly unknown[], allowMissing: boolean): readonly unknown[] {
  switch (node.kind) {
    case "text":
      return [node.text];
    case "number":
      return [node.value];
    case "identifier":
      return [identifierValue(node.name)];
    case "field":
      return values.flatMap((value) => fieldOf(value, node.name, allowMissing));
    case "wildcard":
      return values.flatMap(childrenOf);
    case "recursive":
      return values.flatMap(containersBelow);
    case "slice":
      return values.flatMap((value) => sliceOf(value, node.bounds));
    case "union":
      return node.branches.flatMap((branch) => evaluate(branch, values, allowMissing));
    case "filter":
      return values.flatMap((value) => filtered(node, value, allowMissing));
  }
}

function identifierValue(name: string): unknown {
  if (name === "true" || name === "false") return name === "true";
  throw refusal(`unrecognized identifier ${name}`);
}

function fieldOf(value: unknown, name: string, allowMissing: boolean): readonly unknown[] {
  if (name === "") return [value];
  if (isFields(value) && Object.hasOwn(value, name)) return [value[name]];
  if (allowMissing || value === null || value === undefined) return [];
  throw refusal(`${name} is not found`);
}

function childrenOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isFields(value)
    ? Object.keys(value)
        .toSorted()
        .map((key) => value[key])
    : [];
}

/** The value and all maps and lists below it. */
function containersBelow(value: unknown): readonly unknown[] {
  const children = childrenOf(value);
  return children.length === 0 ? [] : [value, ...children.flatMap(containersBelow)];
}

function sliceOf(value: unknown, bounds: readonly (number | undefined)[]): readonly unknown[] {
  if (!Array.isArray(value)) {
    if (value === null || value === undefined) return [];
    throw refusal(`${goValue(value)} is not array or slice`);
  }
  const [first] = bounds;
  const { length } = value;
  if (bounds.length === 1 && first !== undefined) {
    const index = first < 0 ? first + length : first;
    if (index < 0 || index >= length) throw refusal(`array index out of bounds: index ${first}, length ${length}`);
    return [value[index]];
  }
  const [, last, stride = 1] = bounds;
  if (stride <= 0) throw refusal("step must be > 0");
  const place = (bound: number): number => Math.min(bound < 0 ? bound + length : bound, length);
  const [from, to] = [place(first ?? 0), place(last ?? length)];
  return value.slice(Math.max(0, from), Math.max(0, to)).filter((_, index) => index % stride === 0);
}

function filtered(
  node: Extract<PathNode, { readonly kind: "filter" }>,
  value: unknown,
  allowMissing: boolean,
): readonly unknown[] {
  return childrenOf(value).filter((item) => {
    const left = evaluate(node.left, [item], true);
    if (left.length === 0) return false;
    if (node.operator === "exists") return true;
    if (left.length > 1) throw refusal("can only compare one element at a time");
    const right = evaluate(node.right, [item], allowMissing);
    return compares(node.operator, left[0], right[0]);
  });
}

function compares(operator: string, left: unknown, right: unknown): boolean {
  if (operator === "==") return sameJson(left, right);
  if (operator === "!=") return !sameJson(left, right);
  if (typeof left !== typeof right || (typeof left !== "number" && typeof left !== "string")) {
    throw refusal("incompatible types for comparison");
  }
  const [one, other] = [left, right] as [number, number];
  if (operator === "<") return one < other;
  if (operator === ">") return one > other;
  return operator === "<=" ? one <= other : one >= other;
}

/** `metadata.name`, `.metadata.name` and `{.metadata.name}` mean the same. Source: kubectl pkg/cmd/get/customcolumn.go RelaxedJSONPathExpression. */
export function relaxedExpression(written: string): string {
  if (written === "") return "";
  const match = /^\{?\.?([^{}]+)\}?$/.exec(written) ?? /^\{?\.?((?:[^{}]|\{[^{}]*\})+)\}?$/.exec(written);
  if (match === null)
    throw refusal(
      `unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'`,
    );
  return `{.${match[1] ?? ""}}`;
}
