// After davecgh/go-spew format.go with `%#v`, and kubernetes v1.36 apimachinery/pkg/util/dump: sorted keys, no methods.
import { scalarText } from "./go-quote.ts";
import { goFieldsOf } from "./go-structs.ts";
import { quantityOf, type Quantity } from "./quantity.ts";

type Json = Readonly<Record<string, unknown>>;

/** A pod template, or a part of one, as Go's dump prints it: with the types, in the order of the struct's fields. */
export function goDump(value: unknown, type: string): string {
  if (type.startsWith("*")) return dumpPointer(value, type);
  return `(${type})${dumpBare(value, type)}`;
}

function dumpPointer(value: unknown, type: string): string {
  return value === undefined || value === null ? `(${type})<nil>` : `(${type})${dumpBare(value, type.slice(1))}`;
}

/** The value without its type, as it stands inside lists and maps and behind pointers. */
function dumpBare(value: unknown, type: string): string {
  if (type.startsWith("[]")) return dumpList(value, type.slice(2));
  const special = SPECIAL[type];
  if (special !== undefined) return special(value);
  const fields = goFieldsOf(type);
  if (fields === undefined) return scalarText(value);
  const record = (value ?? {}) as Json;
  const printed = fields.map((field) => {
    const part = field.json === "" ? record : record[field.json];
    return `${field.name}:${goDump(part, field.type)}`;
  });
  return `{${printed.join(" ")}}`;
}

/** An empty list and an absent one are the same once an object has been stored. */
function dumpList(value: unknown, itemType: string): string {
  const items = (value ?? []) as readonly unknown[];
  return items.length === 0 ? "<nil>" : `[${items.map((item) => dumpBare(item, itemType)).join(" ")}]`;
}

function dumpMap(value: unknown, valueType: string): string {
  const map = (value ?? {}) as Json;
  const keys = Object.keys(map).toSorted();
  return keys.length === 0 ? "<nil>" : `map[${keys.map((key) => `${key}:${dumpBare(map[key], valueType)}`).join(" ")}]`;
}

const SPECIAL: Readonly<Record<string, (value: unknown) => string>> = {
  bool: (value) => scalarText(value ?? false),
  int32: (value) => scalarText(value ?? 0),
  int64: (value) => scalarText(value ?? 0),
  "map[string]string": (value) => dumpMap(value, "string"),
  "v1.ResourceList": (value) => dumpMap(value, "resource.Quantity"),
  "resource.Quantity": (value) => dumpQuantity(value),
  "intstr.IntOrString": (value) => dumpIntOrString(value),
  // Templates carry no times; only the zero time is printed in practice.
  "v1.Time": () => "{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}",
};

function dumpIntOrString(value: unknown): string {
  return typeof value === "string"
    ? `{Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)${value}}`
    : `{Type:(intstr.Type)0 IntVal:(int32)${Number(value ?? 0)} StrVal:(string)}`;
}

function dumpQuantity(value: unknown): string {
  const quantity: Quantity | undefined = value === undefined ? undefined : quantityOf(scalarText(value));
  const format = quantity?.format ?? "";
  const isDecimal = quantity?.isDecimal === true;
  const amount = quantity === undefined || isDecimal ? { value: 0n, scale: 0 } : quantity;
  const decimal = quantity !== undefined && isDecimal ? dumpDecimal(quantity) : "<nil>";
  return (
    `{i:(resource.int64Amount){value:(int64)${amount.value} scale:(resource.Scale)${amount.scale}}` +
    ` d:(resource.infDecAmount){Dec:(*inf.Dec)${decimal}}` +
    ` s:(string)${quantity?.text ?? ""} Format:(resource.Format)${format}}`
  );
}

/** An inf.Dec holds its digits in machine words, least significant first. */
function dumpDecimal({ value, scale }: Quantity): string {
  const words: bigint[] = [];
  for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= 64n) words.push(BigInt.asUintN(64, rest));
  const digits = words.length === 0 ? "<nil>" : `[${words.join(" ")}]`;
  return `{unscaled:(big.Int){neg:(bool)${value < 0n} abs:(big.nat)${digits}} scale:(inf.Scale)${-scale}}`;
}
