/**
 * `node src/tools/generate-protobuf.ts DIR`: makes src/cli/serve/protobuf/messages.json from the Go sources of k8s.io/api, apimachinery and
 * apiextensions-apiserver below DIR (Debian's packages golang-k8s-*-dev carry them). Run by hand when the version changes; see SOURCE.md there.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Number, JSON name, type, and how the field shows itself in JSON. */
type Field = readonly [number: number, name: string, type: string, flags: string];

const STRUCT = /^type (\w+) struct \{$/u;
const FIELD = /^\t(?:(\w+)\s+)?([\w.*[\]]+)\s+`([^`]*)`/u;
const ALIAS = /^type (\w+) (\[\]\w+|map\[\w+\][\w.*]+|string|int32|int64|bool|\[\]byte)$/u;

/** The packages with protobuf messages by their short name: `core.v1`. */
function packagesBelow(folder: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.name !== "generated.proto" || /(alpha|beta)\d|testapigroup|imagepolicy/u.test(entry.parentPath)) continue;
    const proto = readFileSync(join(entry.parentPath, entry.name), "utf8");
    const name = /^package ([\w.]+);/mu.exec(proto)?.[1] ?? "";
    const files = readdirSync(entry.parentPath).filter(
      (file) => file.endsWith(".go") && !file.includes("generated") && !file.endsWith("_test.go"),
    );
    found.set(
      shortName(name),
      files.map((file) => readFileSync(join(entry.parentPath, file), "utf8")),
    );
  }
  return found;
}

/** `k8s.io.api.core.v1` → `core.v1`; `k8s.io.apimachinery.pkg.apis.meta.v1` → `meta.v1`. */
function shortName(name: string): string {
  return name.split(".").slice(-2).join(".");
}

function collectAliases(name: string, files: readonly string[]): void {
  for (const line of files.join("\n").split("\n")) {
    const alias = ALIAS.exec(line);
    if (alias !== null) aliases.set(`${name}.${alias[1] ?? ""}`, alias[2] ?? "");
  }
}

function collectMessages(name: string, files: readonly string[]): void {
  let current: Field[] | undefined;
  for (const line of files.join("\n").split("\n")) {
    const struct = STRUCT.exec(line);
    if (struct !== null) {
      current = [];
      messages[`${name}.${struct[1] ?? ""}`] = current;
    }
    if (line === "}") current = undefined;
    const field = current === undefined ? undefined : fieldOf(name, line);
    if (field !== undefined) current?.push(field);
  }
}

function fieldOf(pkg: string, line: string): Field | undefined {
  const match = FIELD.exec(line);
  const json = /json:"([^"]*)"/u.exec(match?.[3] ?? "")?.[1];
  const wire = /protobuf:"\w+,(\d+)/u.exec(match?.[3] ?? "")?.[1];
  if (match === null || json === undefined || wire === undefined) return undefined;
  const [name = "", ...options] = json.split(",");
  const type = match[2] ?? "";
  const isInline = options.includes("inline");
  const isAlways = type.startsWith("*") || !options.includes("omitempty");
  return [Number(wire), name, typeOf(pkg, type), isInline ? "inline" : isAlways ? "always" : ""];
}

const SCALARS = new Set(["string", "bool", "int32", "int64", "int", "uint32", "float64", "byte"]);

/** `*metav1.Time` → `meta.v1.Time`, `[]Container` → `[]core.v1.Container`, `map[string]string` stays; aliases are resolved. */
function typeOf(pkg: string, type: string): string {
  if (type.startsWith("*")) return typeOf(pkg, type.slice(1));
  if (type === "[]byte") return "bytes";
  if (type.startsWith("[]")) return `[]${typeOf(pkg, type.slice(2))}`;
  const map = /^map\[([\w.]+)\](.*)$/u.exec(type);
  if (map !== null) return `map:${typeOf(pkg, map[2] ?? "")}`;
  if (SCALARS.has(type)) return type;
  const full = qualified(pkg, type);
  const alias = aliases.get(full);
  return alias === undefined ? full : typeOf(full.split(".").slice(0, 2).join("."), alias);
}

/** The packages that types are imported from, by the names that the sources give them. */
const IMPORTS: Readonly<Record<string, string>> = {
  metav1: "meta.v1",
  corev1: "core.v1",
  apiv1: "core.v1",
  resource: "api.resource",
  intstr: "util.intstr",
  runtime: "pkg.runtime",
  types: "types",
  autoscaling: "autoscaling.v1",
  authenticationv1: "authentication.v1",
  authorizationv1: "authorization.v1",
  batchv1: "batch.v1",
};

function qualified(pkg: string, type: string): string {
  const dot = type.indexOf(".");
  if (dot < 0) return `${pkg}.${type}`;
  const name = type.slice(dot + 1);
  const place = type.startsWith("v1.") ? placeOfV1(name) : (IMPORTS[type.slice(0, dot)] ?? type.slice(0, dot));
  return place === "types" ? "string" : `${place}.${name}`;
}

/** Sources import core/v1 or meta/v1 as `v1`; the names say which. */
function placeOfV1(name: string): string {
  const isMeta = packages.get("meta.v1")?.some((text) => text.includes(`\ntype ${name} `)) === true;
  return isMeta ? "meta.v1" : "core.v1";
}

const root = process.argv[2];
if (root === undefined) throw new Error("usage: node src/tools/generate-protobuf.ts DIR");

const packages = packagesBelow(root);
const aliases = new Map<string, string>();
const messages: Record<string, Field[]> = {};
for (const [name, files] of packages) collectAliases(name, files);
for (const [name, files] of packages) collectMessages(name, files);
const sorted = Object.fromEntries(Object.entries(messages).toSorted(([one], [other]) => (one < other ? -1 : 1)));
const lines = Object.entries(sorted).map(([name, fields]) => `${JSON.stringify(name)}:${JSON.stringify(fields)}`);
writeFileSync("src/cli/serve/protobuf/messages.json", `{\n${lines.join(",\n")}\n}\n`);
