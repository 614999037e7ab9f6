/**
 * Makes the pinned input of the API generator from the documents that a real API server serves:
 * `node src/tools/pin-openapi.ts DIR COLUMNS.json`, where DIR holds openapi-v2.json, openapi-v3/ and groupversions/. Keeps the structure only: names,
 * types, formats, enums, list types, merge keys, kinds and defaults; no descriptive text.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type Json = Readonly<Record<string, unknown>>;

const OUT = new URL("../../engine/api/openapi/", import.meta.url);

function readJson(path: string): Json {
  return JSON.parse(readFileSync(path, "utf8")) as Json;
}

const KEPT_KEYS = [
  "type",
  "format",
  "enum",
  "default",
  "required",
  "x-kubernetes-list-type",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-map-type",
  "x-kubernetes-patch-strategy",
  "x-kubernetes-patch-merge-key",
  "x-kubernetes-group-version-kind",
  "x-kubernetes-unions",
] as const;

/** The structure of a schema; `newer` is the same schema in OpenAPI v3, which alone knows defaults. */
function trim(schema: Json, newer: Json | undefined): Json {
  const kept: Record<string, unknown> = {};
  for (const key of KEPT_KEYS) if (schema[key] !== undefined) kept[key] = schema[key];
  if (newer?.["default"] !== undefined) kept["default"] = newer["default"];
  if (typeof schema["$ref"] === "string") kept["$ref"] = schema["$ref"].replace("#/definitions/", "");
  for (const key of ["items", "additionalProperties"] as const) {
    if (schema[key] !== undefined) kept[key] = trim(schema[key] as Json, newer?.[key] as Json | undefined);
  }
  const properties = schema["properties"] as Readonly<Record<string, Json>> | undefined;
  if (properties !== undefined) kept["properties"] = trimAll(properties, newer?.["properties"] as Json | undefined);
  return kept;
}

function trimAll(schemas: Readonly<Record<string, Json>>, newer: Json | undefined): Json {
  const kept: Record<string, Json> = {};
  for (const name of Object.keys(schemas).toSorted())
    kept[name] = trim(schemas[name] ?? {}, newer?.[name] as Json | undefined);
  return kept;
}

function schemasOfV3(directory: string): Json {
  const all: Record<string, unknown> = {};
  for (const file of readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .toSorted()) {
    const components = readJson(join(directory, file))["components"] as { readonly schemas?: Json } | undefined;
    Object.assign(all, components?.schemas);
  }
  return all;
}

interface DiscoveredResource {
  readonly name: string;
  readonly singularName: string;
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly storageVersionHash?: string;
}

/** The resources of one group and version with their subresources under them, in the server's order. */
function resourcesOf(list: Json, columns: readonly Json[]): readonly Json[] {
  const groupVersion = String(list["groupVersion"]);
  const [group, version] = groupVersion.includes("/") ? groupVersion.split("/") : ["", groupVersion];
  const discovered = list["resources"] as readonly DiscoveredResource[];
  return discovered
    .filter((resource) => !resource.name.includes("/"))
    .map(({ name, singularName, ...resource }) => ({
      group,
      version,
      plural: name,
      singular: singularName,
      ...resource,
      subresources: discovered
        .filter((other) => other.name.startsWith(`${name}/`))
        .map(({ name: path, singularName: _singular, ...rest }) => ({ name: path.slice(name.length + 1), ...rest })),
      columns: columnsOf(
        columns.find((row) => row["group"] === group && row["version"] === version && row["resource"] === name),
      ),
    }));
}

function columnsOf(row: Json | undefined): readonly Json[] {
  const columns = (row?.["columns"] ?? []) as readonly Json[];
  return columns.map(({ name, type, format, priority }) => ({ name, type, format, priority }));
}

/** One entry per line, so that a new version of Kubernetes makes a diff that can be read. */
function lines(entries: readonly string[], brackets: string): string {
  return `${brackets[0]}\n${entries.join(",\n")}\n${brackets[1]}\n`;
}

function main(directory: string, columnsFile: string): void {
  const text = readFileSync(join(directory, "openapi-v2.json"));
  const definitions = (JSON.parse(text.toString("utf8")) as { readonly definitions: Readonly<Record<string, Json>> })
    .definitions;
  const trimmed = trimAll(definitions, schemasOfV3(join(directory, "openapi-v3")));
  const entries = Object.entries(trimmed).map(([name, schema]) => `${JSON.stringify(name)}:${JSON.stringify(schema)}`);
  writeFileSync(new URL("definitions.json", OUT), lines(entries, "{}"));
  const groups = (
    readJson(join(directory, "apis.json"))["groups"] as readonly {
      readonly versions: readonly { readonly groupVersion: string }[];
    }[]
  ).flatMap((group) => group.versions.map((version) => version.groupVersion));
  const columns = JSON.parse(readFileSync(columnsFile, "utf8")) as readonly Json[];
  const resources = ["v1", ...groups].flatMap((groupVersion) =>
    resourcesOf(readJson(join(directory, "groupversions", `${groupVersion.replace("/", "_")}.json`)), columns),
  );
  writeFileSync(
    new URL("resources.json", OUT),
    lines(
      resources.map((resource) => JSON.stringify(resource)),
      "[]",
    ),
  );
  process.stdout.write(`openapi-v2.json sha256 ${createHash("sha256").update(text).digest("hex")}\n`);
}

main(process.argv[2] ?? "", process.argv[3] ?? "");
