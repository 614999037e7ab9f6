// After Go 1.26 encoding/json on kubernetes' internal types: how error messages print a record.
import { printed, type Printed } from "./field-error.ts";
import { goTypes } from "./go-types.ts";
import { goJson } from "../../api/go-quote.ts";

interface GoField {
  readonly name: string;
  readonly key: string;
  readonly kind: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** A record as the value in an error message: `{"Type":"BlueGreen","RollingUpdate":null}`. */
export function goStruct(typeName: string, value: object | undefined): Printed {
  return printed(value === undefined ? "null" : goJson(goValue(typeName, value)));
}

/** A record with Go's field names in Go's order and with its zero values; its JSON is what Go prints. */
export function goValue(typeName: string, value: object): Fields {
  const made: Record<string, unknown> = {};
  const source = typeName === "PodSpec" ? withHostFields(value as Fields) : (value as Fields);
  for (const field of types.get(typeName) ?? []) {
    if (field.kind.startsWith("+")) Object.assign(made, goValue(field.kind.slice(1), source));
    else put(made, field, source[field.key]);
  }
  return made;
}

/** The internal pod security context holds what the API keeps in the spec. */
function withHostFields(spec: Fields): Fields {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers } = spec;
  const context = (spec["securityContext"] ?? {}) as Fields;
  return { ...spec, securityContext: { ...context, hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers } };
}

const zeros: Readonly<Record<string, unknown>> = { s: "", i: 0, b: false, x: 0, q: "0" };

function put(made: Record<string, unknown>, { name, kind }: GoField, value: unknown): void {
  if (kind === "o") {
    if (value !== undefined) made[name] = sorted(value as Fields);
  } else made[name] = goField(kind, value);
}

function goField(kind: string, value: unknown): unknown {
  if (kind in zeros) return value ?? zeros[kind];
  if (kind === "p" || kind === "l" || kind === "j") return value ?? null;
  if (kind === "m") return value === undefined || value === null ? null : sorted(value as Fields);
  if (kind.startsWith("[]")) return goList(kind.slice(2), value as readonly object[] | undefined);
  if (kind.startsWith("*")) return value === undefined || value === null ? null : goValue(kind.slice(1), value);
  return goValue(kind, value ?? {});
}

function goList(typeName: string, list: readonly object[] | null | undefined): unknown {
  return list === undefined || list === null ? null : list.map((item) => goValue(typeName, item));
}

/** Go prints maps in the order of their keys. */
export function sorted(map: Fields): Fields {
  const keys = Object.keys(map).toSorted();
  return Object.fromEntries(keys.map((key) => [key, map[key]]));
}

const types: ReadonlyMap<string, readonly GoField[]> = new Map(
  goTypes
    .trim()
    .split("\n")
    .map((line) => {
      const [name = "", ...fields] = line.split(" ");
      return [name, fields.map(fieldOf)];
    }),
);

function fieldOf(text: string): GoField {
  if (text.startsWith("+")) return { name: "", key: "", kind: text };
  const [names = "", kind = ""] = text.split(":");
  const [name = "", key] = names.split("=");
  return { name, key: key ?? jsonKey(name), kind };
}

/** `DNSPolicy` is `dnsPolicy`, `TTY` is `tty`, `SELinuxOptions` is `seLinuxOptions`. */
function jsonKey(name: string): string {
  const capitals = /^[A-Z]+/.exec(name)?.[0] ?? "";
  const length = capitals.length === name.length || capitals.length === 1 ? capitals.length : capitals.length - 1;
  return name.slice(0, length).toLowerCase() + name.slice(length);
}
