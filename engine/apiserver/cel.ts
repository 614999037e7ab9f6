// The Common Expression Language by @marcbachmann/cel-js; not modelled: Kubernetes' libraries for quantities, addresses and URLs, cost limits.
import { Environment as CelEnvironment } from "@marcbachmann/cel-js";

/** The variables of an expression. */
export type Environment = Readonly<Record<string, unknown>>;

export type Evaluated =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "failed"; readonly message: string };

type Compiled = (variables: Record<string, unknown>) => unknown;

/** Compiled once for each expression: a pure function of its text. */
const compiled = new Map<string, Compiled | string>();

/** How many expressions are kept; a limit of this model. */
const COMPILED_MAX = 10_000;

/** The value of an expression, or why it has none. The library throws; here that becomes a value. */
export function evaluate(expression: string, environment: Environment): Evaluated {
  const program = compile(expression);
  if (typeof program === "string") return { kind: "failed", message: program };
  try {
    return { kind: "value", value: fromCel(program(toVariables(environment))) };
  } catch (error) {
    return { kind: "failed", message: messageOf(error) };
  }
}

/** Why an expression does not compile; undefined when it does. */
export function compileProblem(expression: string): string | undefined {
  const program = compile(expression);
  return typeof program === "string" ? program : undefined;
}

function compile(expression: string): Compiled | string {
  const known = compiled.get(expression);
  if (known !== undefined) return known;
  const made = parse(expression);
  if (compiled.size < COMPILED_MAX) compiled.set(expression, made);
  return made;
}

function parse(expression: string): Compiled | string {
  try {
    return language.parse(expression) as Compiled;
  } catch (error) {
    return messageOf(error);
  }
}

const language = new CelEnvironment({ unlistedVariablesAreDyn: true });

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0] ?? text;
}

function toVariables(environment: Environment): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  for (const name in environment) variables[name] = toCel(environment[name]);
  return variables;
}

/** CEL tells whole numbers from others: JSON's whole numbers are int. */
function toCel(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toCel);
  if (typeof value !== "object" || value === null) return value;
  return toVariables(value as Environment);
}

function fromCel(value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
