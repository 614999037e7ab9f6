// After kubernetes v1.36 sigs.k8s.io/json/internal/golang/encoding/json/decode.go: the sentences for what cannot be decoded.
import { parseQuantity } from "../../api/quantity.ts";
import { type Field, schemaNamed } from "../../api/schema.ts";
import { base64Problem } from "./base64.ts";
import { isInteger } from "./go-number.ts";
import { type Plan, planNamed } from "./plan.ts";
import { readMicroTime, readTime, timeProblem } from "./time-text.ts";

export interface Diagnosis {
  /** Why the body is no object of the kind at all. */
  readonly failure?: string;
  /** `unknown field "spec.foo"`, in the order of the body. */
  readonly unknown: readonly string[];
}

/** Source: sigs.k8s.io/json, the decoder stops to collect strict errors after 100. */
const STRICT_ERRORS_MAX = 100;

/**
 * Says what is wrong with a body that `decode` could not take as it is. Like Go, it goes on after a value of a wrong type and reports
 * the first, but stops at text that a type of its own refuses (a quantity, base64, a time).
 */
export function diagnose(body: unknown, plan: Plan): Diagnosis {
  const state: State = { unknown: [] };
  record(body, plan, { state, struct: "", stack: [], path: "" });
  const failure = state.refusal ?? state.mismatch;
  return failure === undefined ? { unknown: state.unknown } : { failure, unknown: state.unknown };
}

interface State {
  /** The first value of a wrong type. */
  mismatch?: string;
  /** Text that a type refused: nothing after it is read. */
  refusal?: string;
  readonly unknown: string[];
}

interface Place {
  readonly state: State;
  /** The Go struct that holds the field: `PodSpec`. */
  readonly struct: string;
  /** The names on the way, without indexes: `spec`, `containers`. */
  readonly stack: readonly string[];
  /** The path with indexes: `spec.containers[0]`. */
  readonly path: string;
}

function record(value: unknown, plan: Plan, place: Place): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    mismatch(place, value, goType({ type: "object", ref: plan.name }));
    return;
  }
  for (const [key, part] of Object.entries(value)) {
    if (place.state.refusal !== undefined) return;
    const path = place.path === "" ? key : `${place.path}.${key}`;
    const known = plan.fields.get(key);
    if (known === undefined) unknownField(place.state, path);
    else field(part, known.field, { ...place, struct: goStruct(plan.name), stack: [...place.stack, key], path });
  }
}

function unknownField(state: State, path: string): void {
  if (state.unknown.length < STRICT_ERRORS_MAX) state.unknown.push(`unknown field "${path}"`);
}

function field(value: unknown, shape: Field, place: Place): void {
  if (value === null) return;
  switch (shape.type) {
    case "object":
      return object(value, shape, place);
    case "array":
      return list(value, shape, place);
    case "map":
      return map(value, shape, place);
    case "any":
      return;
    default:
      return scalar(value, shape, place);
  }
}

function object(value: unknown, shape: Field, place: Place): void {
  const plan = shape.ref === undefined ? undefined : planNamed(shape.ref);
  if (plan !== undefined) record(value, plan, place);
}

function list(value: unknown, shape: Field, place: Place): void {
  if (!Array.isArray(value)) return mismatch(place, value, goType(shape));
  const { items } = shape;
  if (items === undefined) return;
  for (let index = 0; index < value.length && place.state.refusal === undefined; index++) {
    field(value[index], items, { ...place, path: `${place.path}[${String(index)}]` });
  }
}

function map(value: unknown, shape: Field, place: Place): void {
  if (typeof value !== "object" || Array.isArray(value)) return mismatch(place, value, goType(shape));
  const { items } = shape;
  if (items === undefined) return;
  for (const [key, part] of Object.entries(value as object)) {
    if (place.state.refusal !== undefined) return;
    field(part, items, { ...place, path: `${place.path}.${key}` });
  }
}

function scalar(value: unknown, shape: Field, place: Place): void {
  const refusal = refusalOf(value, shape);
  if (refusal !== undefined) place.state.refusal = refusal;
  else if (!fits(value, shape)) mismatch(place, value, goType(shape));
}

/** The sentence of a type that reads its own text. */
function refusalOf(value: unknown, shape: Field): string | undefined {
  if (shape.format === "byte" && typeof value === "string") {
    const at = base64Problem(value);
    return at === undefined ? undefined : `illegal base64 data at input byte ${String(at)}`;
  }
  switch (shape.type) {
    case "quantity":
      return quantityProblem(value);
    case "int-or-string":
      if (typeof value === "string" || isInteger(value, "int32")) return undefined;
      return `json: cannot unmarshal ${word(value)}${typeof value === "number" ? ` ${String(value)}` : ""} into Go value of type int32`;
    case "time":
      return typeof value === "string" && readTime(value) !== undefined ? undefined : timeProblem(value, false);
    case "micro-time":
      return typeof value === "string" && readMicroTime(value) !== undefined ? undefined : timeProblem(value, true);
    default:
      return undefined;
  }
}

function quantityProblem(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") {
    return parseProblem(JSON.stringify(value));
  }
  return parseProblem(String(value).trim());
}

function parseProblem(text: string): string | undefined {
  const parsed = parseQuantity(text);
  return typeof parsed === "string" ? parsed : undefined;
}

function fits(value: unknown, shape: Field): boolean {
  switch (shape.type) {
    case "string":
      return typeof value === "string";
    case "integer":
      return isInteger(value, shape.format);
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    default:
      return true;
  }
}

const numeric = /^(?:int|float)/;

function mismatch(place: Place, value: unknown, type: string): void {
  const { state, struct, stack } = place;
  const into =
    struct === "" ? `Go value of type ${type}` : `Go struct field ${struct}.${stack.join(".")} of type ${type}`;
  const isNumber = typeof value === "number" && numeric.test(type);
  state.mismatch ??= `json: cannot unmarshal ${word(value)}${isNumber ? ` ${String(value)}` : ""} into ${into}`;
}

function word(value: unknown): string {
  if (typeof value === "boolean") return "bool";
  return Array.isArray(value) ? "array" : typeof value;
}

/** The Go type of a field as `reflect` names it: `[]v1.Container`, `map[string]string`, `int32`. */
function goType(shape: Field): string {
  switch (shape.type) {
    case "integer":
      return shape.format ?? "int";
    case "number":
      return "float64";
    case "boolean":
      return "bool";
    case "array":
      return `[]${shape.items === undefined ? "interface {}" : goType(shape.items)}`;
    case "map":
      return `map[string]${shape.items === undefined ? "interface {}" : goType(shape.items)}`;
    case "object":
      return recordType(shape.ref ?? "");
    default:
      return shape.format === "byte" ? "[]uint8" : "string";
  }
}

function recordType(name: string): string {
  const words = schemaNamed(name)?.definition.split(".") ?? [];
  return `${words.at(-2) ?? "v1"}.${words.at(-1) ?? name}`;
}

function goStruct(name: string): string {
  return schemaNamed(name)?.definition.split(".").at(-1) ?? name;
}
