// After k8s.io/apimachinery/pkg/runtime/serializer/protobuf: the envelope `k8s\0` + runtime.Unknown, then the object.
import messages from "./messages.json" with { type: "json" };
import { type Chunk, readChunks } from "./wire.ts";

/** Number, JSON name, type, and how the field shows itself in JSON. */
type Field = readonly [number: number, name: string, type: string, flag: string];

/** A JSON value. */
type Json = unknown;

const schema = messages as unknown as Readonly<Record<string, readonly Field[] | undefined>>;

/** The first bytes of every Kubernetes object in this encoding. */
const MAGIC = [0x6b, 0x38, 0x73, 0x00];

/** An object in Kubernetes' protobuf encoding as the JSON value that it stands for; undefined when it is not one. */
export function decodeObject(bytes: Uint8Array): Json {
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) return undefined;
  const envelope = readChunks(bytes.subarray(MAGIC.length));
  if (envelope === undefined) return undefined;
  const typeMeta = readChunks(bytesOf(envelope, 1)) ?? [];
  const apiVersion = text(bytesOf(typeMeta, 1));
  const kind = text(bytesOf(typeMeta, 2));
  const type = messageFor(apiVersion, kind);
  if (type === undefined) return undefined;
  const object = message(type, bytesOf(envelope, 2));
  return object === undefined ? undefined : { apiVersion, kind, ...object };
}

/** `apps/v1` Deployment → `apps.v1.Deployment`; options of requests are meta/v1 in every group. */
function messageFor(apiVersion: string, kind: string): string | undefined {
  const [first = "", second] = apiVersion.split("/");
  const group = second === undefined ? "core" : (first.split(".")[0] ?? "");
  const own = `${group}.${second ?? first}.${kind}`;
  if (schema[own] !== undefined) return own;
  return schema[`meta.v1.${kind}`] === undefined ? undefined : `meta.v1.${kind}`;
}

function message(type: string, bytes: Uint8Array): Record<string, Json> | undefined {
  const fields = schema[type];
  const chunks = readChunks(bytes);
  if (fields === undefined || chunks === undefined) return undefined;
  const object: Record<string, Json> = {};
  for (const field of fields) {
    const [number, name, fieldType, flag] = field;
    const mine = chunks.filter((chunk) => chunk.number === number);
    if (mine.length === 0) continue;
    const value = valueOf(fieldType, mine);
    if (flag === "inline") Object.assign(object, value);
    else if (value !== undefined && (flag === "always" || !isZero(value))) object[name] = value;
  }
  return object;
}

/** What JSON leaves out under `omitempty`. */
function isZero(value: Json): boolean {
  if (value === "" || value === 0 || value === false || value === null) return true;
  return Array.isArray(value) && value.length === 0;
}

function valueOf(type: string, chunks: readonly Chunk[]): Json {
  if (type.startsWith("[]")) return chunks.map((chunk) => single(type.slice(2), chunk));
  if (type.startsWith("map:")) return Object.fromEntries(chunks.map((chunk) => entry(type.slice(4), chunk.bytes)));
  const last = chunks.at(-1);
  return last === undefined ? undefined : single(type, last);
}

/** A map is a list of messages with the key as field 1 and the value as field 2. */
function entry(type: string, bytes: Uint8Array): readonly [string, Json] {
  const chunks = readChunks(bytes) ?? [];
  const value = chunks.find((chunk) => chunk.number === 2);
  return [text(bytesOf(chunks, 1)), value === undefined ? zeroOf(type) : single(type, value)];
}

function zeroOf(type: string): Json {
  if (type === "string" || type === "bytes") return "";
  return type.startsWith("[]") ? [] : {};
}

function single(type: string, chunk: Chunk): Json {
  const special = SPECIAL.get(type);
  if (special !== undefined) return special(chunk.bytes);
  switch (type) {
    case "string":
      return text(chunk.bytes);
    case "bytes":
      return Buffer.from(chunk.bytes).toString("base64");
    case "bool":
      return chunk.varint !== 0n;
    case "float64":
      return new DataView(chunk.bytes.buffer, chunk.bytes.byteOffset, 8).getFloat64(0, true);
    case "int32":
    case "int64":
    case "int":
    case "uint32":
      return Number(BigInt.asIntN(64, chunk.varint));
    default:
      return type.startsWith("[]") ? valueOf(type, readChunks(chunk.bytes) ?? []) : (message(type, chunk.bytes) ?? {});
  }
}

/** Types whose JSON is not an object of their fields. */
const SPECIAL: ReadonlyMap<string, (bytes: Uint8Array) => Json> = new Map([
  ["meta.v1.Time", (bytes: Uint8Array) => timeOf(bytes, 0)],
  ["meta.v1.MicroTime", (bytes: Uint8Array) => timeOf(bytes, 6)],
  ["meta.v1.Duration", (bytes: Uint8Array) => `${Number(integerOf(bytes, 1)) / 1e9}s`],
  ["api.resource.Quantity", (bytes: Uint8Array) => text(bytesOf(readChunks(bytes) ?? [], 1))],
  ["util.intstr.IntOrString", intOrString],
  ["pkg.runtime.RawExtension", rawJson],
  ["meta.v1.FieldsV1", rawJson],
  ["apiextensions.v1.JSON", rawJson],
  ["apiextensions.v1.JSONSchemaPropsOrBool", (bytes: Uint8Array) => schemaOr(bytes, () => integerOf(bytes, 1) !== 0n)],
  ["apiextensions.v1.JSONSchemaPropsOrArray", (bytes: Uint8Array) => schemaOr(bytes, () => [])],
]);

function intOrString(bytes: Uint8Array): Json {
  const isText = integerOf(bytes, 1) === 1n;
  return isText ? text(bytesOf(readChunks(bytes) ?? [], 3)) : Number(BigInt.asIntN(64, integerOf(bytes, 2)));
}

function rawJson(bytes: Uint8Array): Json {
  const raw = text(bytesOf(readChunks(bytes) ?? [], 1));
  return raw === "" ? null : (JSON.parse(raw) as Json);
}

/** A schema in field 1 or 2, whichever carries bytes, or else what `otherwise` gives. */
function schemaOr(bytes: Uint8Array, otherwise: () => Json): Json {
  const found = (readChunks(bytes) ?? []).find((chunk) => chunk.bytes.length > 0);
  return found === undefined ? otherwise() : (message("apiextensions.v1.JSONSchemaProps", found.bytes) ?? {});
}

/** RFC 3339 with that many digits of a second; null for the zero time. */
function timeOf(bytes: Uint8Array, digits: number): Json {
  if (bytes.length === 0) return null;
  const seconds = Number(BigInt.asIntN(64, integerOf(bytes, 1)));
  const nanos = Number(integerOf(bytes, 2));
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  const fraction = digits === 0 ? "" : `.${String(Math.floor(nanos / 1000)).padStart(digits, "0")}`;
  return `${whole}${fraction}Z`;
}

function integerOf(bytes: Uint8Array, number: number): bigint {
  return (readChunks(bytes) ?? []).find((chunk) => chunk.number === number)?.varint ?? 0n;
}

function bytesOf(chunks: readonly Chunk[], number: number): Uint8Array {
  return chunks.find((chunk) => chunk.number === number)?.bytes ?? new Uint8Array();
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}
