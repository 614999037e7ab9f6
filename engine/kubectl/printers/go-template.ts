// After Go's text/template (exec.go, funcs.go) and cli-runtime pkg/printers/template.go.
import { decodeBase64 } from "../base64.ts";
import { refusal } from "../failure.ts";
import { isFields, sameJson, sortedKeys } from "../json.ts";
import { goValue } from "./go-value.ts";
import { parseGoTemplate, type Operand, type Pipe, type TemplateNode } from "./go-template-parse.ts";

export type GoTemplate = readonly TemplateNode[];

export function goTemplateOf(template: string): GoTemplate {
  return parseGoTemplate(template);
}

/** Variables, innermost scope last. */
interface Frame {
  readonly dot: unknown;
  readonly variables: readonly { readonly name: string; value: unknown }[];
}

/** A missing value: Go prints it as `<no value>`. */
const NO_VALUE = Symbol("no value");

export function executeTemplate(template: GoTemplate, data: unknown): string {
  return execute(template, { dot: data, variables: [{ name: "$", value: data }] });
}

function execute(nodes: GoTemplate, frame: Frame): string {
  let out = "";
  let here = frame;
  for (const node of nodes) {
    if (node.kind === "text") out += node.text;
    else if (node.kind !== "action") out += control(node, here);
    else {
      const value = evaluatePipe(node.pipe, here);
      if (node.pipe.variables.length === 0) out += shown(value);
      else here = bind(here, node.pipe, [value]);
    }
  }
  return out;
}

function shown(value: unknown): string {
  return value === NO_VALUE || value === undefined
    ? "<no value>"
    : value === null
      ? "<no value>"
      : goValue(value, true);
}

function bind(frame: Frame, pipe: Pipe, values: readonly unknown[]): Frame {
  if (pipe.assigns) {
    for (const [index, name] of pipe.variables.entries()) {
      const variable = frame.variables.findLast((each) => each.name === name);
      if (variable !== undefined) variable.value = values[index];
    }
    return frame;
  }
  return {
    dot: frame.dot,
    variables: [...frame.variables, ...pipe.variables.map((name, index) => ({ name, value: values[index] }))],
  };
}

function control(node: Exclude<TemplateNode, { readonly kind: "text" | "action" }>, frame: Frame): string {
  const value = evaluatePipe(node.pipe, frame);
  if (node.kind === "range") return range(node, value, frame);
  const inner = node.pipe.variables.length > 0 ? bind(frame, node.pipe, [value]) : frame;
  if (!isTrue(value)) return execute(node.otherwise, inner);
  return execute(node.body, node.kind === "with" ? { ...inner, dot: value } : inner);
}

function range(
  node: Exclude<TemplateNode, { readonly kind: "text" | "action" }>,
  value: unknown,
  frame: Frame,
): string {
  const entries = entriesOf(value);
  if (entries.length === 0) return execute(node.otherwise, frame);
  const { variables } = node.pipe;
  return entries
    .map(([key, item]) => {
      const bound =
        variables.length === 0 ? frame : bind(frame, node.pipe, variables.length === 1 ? [item] : [key, item]);
      return execute(node.body, { ...bound, dot: item });
    })
    .join("");
}

function entriesOf(value: unknown): readonly (readonly [unknown, unknown])[] {
  if (Array.isArray(value)) return value.map((item, index) => [index, item] as const);
  if (isFields(value)) return sortedKeys(value).map((key) => [key, value[key]] as const);
  if (typeof value === "number") return Array.from({ length: value }, (_, index) => [index, index] as const);
  if (value === null || value === undefined || value === NO_VALUE) return [];
  throw refusal(`range can't iterate over ${goValue(value)}`);
}

function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isFields(value)) return Object.keys(value).length > 0;
  return value !== NO_VALUE && Boolean(value);
}

function evaluatePipe(pipe: Pipe, frame: Frame): unknown {
  let value: unknown;
  for (const [index, command] of pipe.commands.entries())
    value = evaluateCommand(command, frame, index === 0 ? [] : [value]);
  return value;
}

function evaluateCommand(command: readonly Operand[], frame: Frame, piped: readonly unknown[]): unknown {
  const [first, ...rest] = command;
  if (first === undefined) return undefined;
  if (first.kind !== "function") return operandValue(first, frame);
  const args = [...rest.map((operand) => operandValue(operand, frame)), ...piped];
  return callFunction(first.name, args);
}

function operandValue(operand: Operand, frame: Frame): unknown {
  switch (operand.kind) {
    case "literal":
      return operand.value;
    case "dot":
      return frame.dot;
    case "field":
      return fieldsOf(frame.dot, operand.names);
    case "variable":
      return fieldsOf(frame.variables.findLast((each) => each.name === operand.name)?.value, operand.names);
    case "function":
      return callFunction(operand.name, []);
    case "pipe":
      return fieldsOf(evaluatePipe(operand.pipe, frame), operand.names);
  }
}

function fieldsOf(value: unknown, names: readonly string[]): unknown {
  let here = value;
  for (const name of names) {
    if (here === NO_VALUE || here === null || here === undefined) return NO_VALUE;
    if (!isFields(here))
      throw refusal(
        `template: output: executing "output" at <.${names.join(".")}>: can't evaluate field ${name} in type interface {}`,
      );
    here = Object.hasOwn(here, name) ? here[name] : NO_VALUE;
  }
  return here;
}

function callFunction(name: string, args: readonly unknown[]): unknown {
  const [first, second] = args;
  switch (name) {
    case "and":
      return args.find((each) => !isTrue(each)) ?? args.at(-1);
    case "or":
      return args.find(isTrue) ?? args.at(-1);
    case "not":
      return !isTrue(first);
    case "len":
      return lengthOf(first);
    case "index":
      return args.slice(1).reduce(indexed, first);
    case "print":
      return args.map((each) => goValue(each, true)).join("");
    case "println":
      return `${args.map((each) => goValue(each, true)).join(" ")}\n`;
    case "printf":
      return formatted(String(first), args.slice(1));
    default:
      return comparison(name, first, second, args) ?? text(name, first, args);
  }
}

function comparison(name: string, first: unknown, second: unknown, args: readonly unknown[]): unknown {
  const [one, other] = [first, second] as [number, number];
  const outcomes: Readonly<Record<string, () => boolean>> = {
    eq: () => args.slice(1).some((each) => sameJson(first, each)),
    ne: () => !sameJson(first, second),
    lt: () => one < other,
    le: () => one <= other,
    gt: () => one > other,
    ge: () => one >= other,
  };
  return outcomes[name]?.();
}

function text(name: string, first: unknown, args: readonly unknown[]): unknown {
  if (name === "base64decode") return decodeBase64(String(first));
  if (name === "exists")
    return args.slice(1).reduce((here, key) => (here === NO_VALUE ? here : indexed(here, key)), first) !== NO_VALUE;
  if (name === "slice")
    return (first as string).slice(Number(args[1] ?? 0), args[2] === undefined ? undefined : Number(args[2]));
  return goValue(first, true);
}

function lengthOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (Array.isArray(value)) return value.length;
  if (isFields(value)) return Object.keys(value).length;
  throw refusal("error calling len: len of nil pointer");
}

function indexed(value: unknown, key: unknown): unknown {
  if (Array.isArray(value)) {
    const index = Number(key);
    if (index < 0 || index >= value.length) throw refusal(`error calling index: reflect: slice index out of range`);
    return value[index];
  }
  if (!isFields(value)) return NO_VALUE;
  return Object.hasOwn(value, String(key)) ? value[String(key)] : NO_VALUE;
}

/** The verbs of fmt that templates use: %s %d %v %q %t %f, with width and precision. */
function formatted(format: string, args: readonly unknown[]): string {
  let next = 0;
  return format.replace(
    /%(-?\d*)(?:\.(\d+))?([sdvqtf%])/g,
    (_, width: string, precision: string | undefined, verb: string) => {
      if (verb === "%") return "%";
      const value = args[next++];
      let written = value === NO_VALUE ? "<nil>" : goValue(value, true);
      if (verb === "q") written = JSON.stringify(written);
      if (verb === "f") written = Number(value).toFixed(Number(precision ?? 6));
      return width.startsWith("-") ? written.padEnd(Number(width.slice(1))) : written.padStart(Number(width || 0));
    },
  );
}
