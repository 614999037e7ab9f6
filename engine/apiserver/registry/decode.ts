// After kubernetes v1.36 sigs.k8s.io/json and apimachinery/pkg/runtime/serializer/json/json.go; not modelled: duplicate keys, which parsed JSON cannot show.
import { formatQuantity, parseQuantity, type Quantity } from "../../api/quantity.ts";
import type { Field } from "../../api/schema.ts";
import { isInteger } from "./go-number.ts";
import { diagnose } from "./diagnose.ts";
import { base64Problem } from "./base64.ts";
import { emptyRecord, type FieldPlan, type Plan, planNamed } from "./plan.ts";
import { readMicroTime, readTime } from "./time-text.ts";

/**
 * What came of a body. `value` is the object as Go would print it again: without what is empty, with what is always
 * printed, quantities and times in their canonical form. It is the very reference that was given when nothing changes.
 */
export type Decoded =
  | { readonly kind: "decoded"; readonly value: object; readonly unknown: readonly string[] }
  | { readonly kind: "failed"; readonly message: string };

/**
 * Reads a body by the schema of that name. `known` is an object that was decoded before (the old one of an update): parts that are its
 * very references are not looked at again.
 *
 * `unknown` are the strict errors (`unknown field "spec.foo"`) in the order of the body; the fields themselves are left out. A value
 * of a wrong type fails with Go's sentence (`json: cannot unmarshal string into Go struct field …`).
 */
export function decode(body: unknown, schemaName: string, known?: object): Decoded {
  const plan = planNamed(schemaName);
  if (plan === undefined) return { kind: "failed", message: `no kind is registered for the type v1.${schemaName}` };
  const state: State = { isTroubled: false };
  const value = readRecord(body, plan, state, known);
  if (!state.isTroubled) return { kind: "decoded", value: value as object, unknown: [] };
  const { failure, unknown } = diagnose(body, plan);
  if (failure !== undefined) return { kind: "failed", message: failure };
  return { kind: "decoded", value: value as object, unknown };
}

interface State {
  isTroubled: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readRecord(value: unknown, plan: Plan, state: State, known: unknown): unknown {
  if (value === known && known !== undefined) return value;
  if (!isRecord(value)) return checked(value, false, state);
  const old = isRecord(known) ? known : undefined;
  let copy: Record<string, unknown> | undefined;
  for (const key in value) {
    const part = plan.fields.get(key);
    if (part === undefined) state.isTroubled = true;
    const before = value[key];
    const after = part === undefined ? undefined : readField(before, part, state, old?.[key]);
    if (after === before && after !== undefined) continue;
    copy ??= { ...value };
    if (after === undefined) delete copy[key];
    else copy[key] = after;
  }
  return withAlways(value, copy, plan);
}

function withAlways(value: Fields, changed: Record<string, unknown> | undefined, plan: Plan): unknown {
  let copy = changed;
  for (const { key, record, zero } of plan.always) {
    if ((copy ?? value)[key] !== undefined) continue;
    copy ??= { ...value };
    copy[key] = record === undefined ? zero : emptyRecord(record);
  }
  return copy ?? value;
}

/** Undefined: the field is left out. */
function readField(value: unknown, part: FieldPlan, state: State, known: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  const read = readValue(value, part.field, state, known);
  return part.dropsEmpty && isEmpty(read) ? undefined : read;
}

function isEmpty(value: unknown): boolean {
  if (value === "" || value === 0 || value === false) return true;
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.length === 0;
  for (const _ in value) return false;
  return true;
}

function readValue(value: unknown, field: Field, state: State, known: unknown): unknown {
  switch (field.type) {
    case "string":
      return readText(value, field, state);
    case "integer":
      return checked(value, isInteger(value, field.format), state);
    case "number":
      return checked(value, typeof value === "number", state);
    case "boolean":
      return checked(value, typeof value === "boolean", state);
    case "object":
      return readObject(value, field, state, known);
    case "array":
      return readList(value, field, state, known);
    case "map":
      return readMap(value, field, state, known);
    default:
      return readScalar(value, field, state);
  }
}

function readScalar(value: unknown, field: Field, state: State): unknown {
  switch (field.type) {
    case "quantity":
      return readQuantity(value, state);
    case "int-or-string":
      return checked(value, typeof value === "string" || isInteger(value, "int32"), state);
    case "time":
      return readBy(readTime, value, state);
    case "micro-time":
      return readBy(readMicroTime, value, state);
    default:
      return value;
  }
}

function checked(value: unknown, isRight: boolean, state: State): unknown {
  if (!isRight) state.isTroubled = true;
  return value;
}

function readText(value: unknown, field: Field, state: State): unknown {
  if (typeof value !== "string") return checked(value, false, state);
  return field.format === "byte" ? checked(value, base64Problem(value) === undefined, state) : value;
}

function readQuantity(value: unknown, state: State): unknown {
  if (typeof value !== "string" && typeof value !== "number") return checked(value, false, state);
  const text = String(value).trim();
  const quantity: Quantity | string = parseQuantity(text);
  if (typeof quantity === "string") return checked(value, false, state);
  return formatQuantity(quantity);
}

function readBy(read: (text: string) => string | undefined, value: unknown, state: State): unknown {
  const text = typeof value === "string" ? read(value) : undefined;
  return text === undefined ? checked(value, false, state) : text;
}

function readObject(value: unknown, field: Field, state: State, known: unknown): unknown {
  const plan = field.ref === undefined ? undefined : planNamed(field.ref);
  return plan === undefined ? value : readRecord(value, plan, state, known);
}

function readList(value: unknown, field: Field, state: State, known: unknown): unknown {
  if (value === known && known !== undefined) return value;
  if (!Array.isArray(value)) return checked(value, false, state);
  const { items } = field;
  if (items === undefined) return value;
  const old: readonly unknown[] | undefined = Array.isArray(known) ? known : undefined;
  let copy: unknown[] | undefined;
  for (let index = 0; index < value.length; index++) {
    const before: unknown = value[index];
    const after = before === null ? zeroElement(items) : readValue(before, items, state, old?.[index]);
    if (after === before) continue;
    copy ??= [...(value as readonly unknown[])];
    copy[index] = after;
  }
  return copy ?? value;
}

function readMap(value: unknown, field: Field, state: State, known: unknown): unknown {
  if (value === known && known !== undefined) return value;
  if (!isRecord(value)) return checked(value, false, state);
  const { items } = field;
  if (items === undefined) return value;
  let copy: Record<string, unknown> | undefined;
  for (const key in value) {
    const before = value[key];
    const after = before === null ? zeroElement(items) : readValue(before, items, state, undefined);
    if (after === before) continue;
    copy ??= { ...value };
    put(copy, key, after);
  }
  return copy ?? value;
}

/** Sets a key that may be any text: `__proto__` must not reach the prototype. */
function put(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}

/** What Go makes of a null in a list or map. */
function zeroElement(items: Field): unknown {
  switch (items.type) {
    case "string":
      return "";
    case "integer":
    case "number":
    case "int-or-string":
      return 0;
    case "quantity":
      return "0";
    case "boolean":
      return false;
    case "object":
      return items.ref === undefined ? {} : emptyRecord(items.ref);
    default:
      return null;
  }
}
