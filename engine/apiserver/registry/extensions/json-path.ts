// After kubernetes v1.36 client-go/util/jsonpath as printer columns use it: fields, indexes, wildcards and `[?(@.type=="Ready")]`.

/** One step of a path. */
type Step =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "all" }
  | { readonly kind: "filter"; readonly path: readonly string[]; readonly isEqual: boolean; readonly value: string };

export type JsonPath = readonly Step[];

const STEP =
  /^(?:\.([\w-]+)|\.?\[(-?\d+)\]|\.?\['([^']*)'\]|\.?\["([^"]*)"\]|\.?\[(\*)\]|\.(\*)|\.?\[\?\(@((?:\.[\w-]+)+)\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))\)\])/;

/** The steps of a path like `.spec.containers[0].image`, or undefined when it is not one. */
export function parseJsonPath(text: string): JsonPath | undefined {
  const steps: Step[] = [];
  // A field name may hold escaped dots: `.metadata.labels.app\.io/name`.
  let rest = text.replaceAll(ESCAPED_FIELD, (_, name: string) => `['${name.replaceAll("\\.", ".")}']`);
  while (rest !== "") {
    const match = STEP.exec(rest);
    if (match === null) return undefined;
    steps.push(stepOf(match));
    rest = rest.slice(match[0].length);
  }
  return steps;
}

const ESCAPED_FIELD = /\.((?:[\w/-]*\\\.)+[\w/-]+)/g;

function stepOf(match: RegExpExecArray): Step {
  const [, field, index, single, double, all, everything, path, operator, ...values] = match;
  if (field !== undefined) return { kind: "field", name: field };
  if (index !== undefined) return { kind: "index", index: Number(index) };
  if (all !== undefined || everything !== undefined) return { kind: "all" };
  if (path === undefined) return { kind: "field", name: single ?? double ?? "" };
  const value = values.find((one) => one !== undefined) ?? "";
  return { kind: "filter", path: path.slice(1).split("."), isEqual: operator === "==", value };
}

/** Everything that the path finds. */
export function findAll(value: unknown, path: JsonPath): readonly unknown[] {
  let found: readonly unknown[] = [value];
  for (const step of path) found = found.flatMap((one) => stepInto(one, step));
  return found;
}

function stepInto(value: unknown, step: Step): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (step.kind === "all") return Object.values(value);
  if (step.kind === "field") return present((value as Readonly<Record<string, unknown>>)[step.name]);
  if (!Array.isArray(value)) return [];
  const list = value as readonly unknown[];
  if (step.kind === "index") return present(list.at(step.index));
  return list.filter((one) => (String(memberAt(one, step.path)) === step.value) === step.isEqual);
}

function memberAt(value: unknown, path: readonly string[]): unknown {
  let member = value;
  for (const name of path) member = (member as Readonly<Record<string, unknown>> | undefined)?.[name];
  return member;
}

function present(value: unknown): readonly unknown[] {
  return value === undefined ? [] : [value];
}
