/**
 * Writes `engine/api/generated/` from the pinned structure in `engine/api/openapi/`: TypeScript types, the schema table for
 * validation, patches and server-side apply, and the table of kinds. `npm run generate` runs it; a test fails when its
 * output differs from what is committed.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

interface Definition {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly $ref?: string;
  readonly items?: Definition;
  readonly additionalProperties?: Definition;
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: string;
  readonly "x-kubernetes-patch-strategy"?: string;
  readonly "x-kubernetes-patch-merge-key"?: string;
  readonly "x-kubernetes-group-version-kind"?: readonly GroupVersionKind[];
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

type Definitions = Readonly<Record<string, Definition>>;

const INPUT = new URL("../../engine/api/openapi/", import.meta.url);
const OUTPUT = new URL("../../engine/api/generated/", import.meta.url);

/** The short name of each definition is its last word; where two share it, the less known one is prefixed by its group. */
const PREFIXES: Readonly<Record<string, string>> = {
  "io.k8s.api.admissionregistration.v1.ServiceReference": "Admission",
  "io.k8s.api.admissionregistration.v1.WebhookClientConfig": "Admission",
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference": "CustomResource",
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig": "CustomResource",
  "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference": "Aggregation",
  "io.k8s.api.storage.v1.TokenRequest": "Storage",
  "io.k8s.api.autoscaling.v1.CrossVersionObjectReference": "V1",
  "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler": "V1",
  "io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerList": "V1",
  "io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec": "V1",
  "io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus": "V1",
  "io.k8s.api.discovery.v1.EndpointPort": "Discovery",
  "io.k8s.api.events.v1.Event": "Events",
  "io.k8s.api.events.v1.EventList": "Events",
  "io.k8s.api.events.v1.EventSeries": "Events",
  "io.k8s.api.core.v1.ResourceClaim": "Container",
  "io.k8s.api.flowcontrol.v1.Subject": "Flow",
};

/** Definitions that are no records: what they are in a schema, and in TypeScript. */
const SCALARS: Readonly<Record<string, readonly [schema: string, type: string]>> = {
  "io.k8s.apimachinery.pkg.api.resource.Quantity": ["quantity", "string"],
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": ["int-or-string", "number | string"],
  "io.k8s.apimachinery.pkg.apis.meta.v1.Time": ["time", "string"],
  "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": ["micro-time", "string"],
};

/** Written by hand in `engine/api/object.ts`, because every room uses them. */
const HAND_WRITTEN = new Set(["ObjectMeta", "OwnerReference", "ManagedFieldsEntry"]);

function shortName(definition: string): string {
  const last = definition.slice(definition.lastIndexOf(".") + 1);
  const prefix = PREFIXES[definition] ?? "";
  return prefix === "V1" ? `${last}V1` : prefix + last;
}

function isRecord(definition: Definition | undefined): boolean {
  return definition?.properties !== undefined;
}

function typeOf(definition: Definition, all: Definitions): string {
  if (definition.$ref !== undefined) {
    const scalar = SCALARS[definition.$ref];
    if (scalar !== undefined) return scalar[1];
    return isRecord(all[definition.$ref]) ? shortName(definition.$ref) : "unknown";
  }
  if (definition.enum !== undefined) return definition.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (definition.type === "array") {
    const item = typeOf(definition.items ?? {}, all);
    return item.includes(" | ") ? `readonly (${item})[]` : `readonly ${item}[]`;
  }
  if (definition.additionalProperties !== undefined) {
    return `Readonly<Record<string, ${typeOf(definition.additionalProperties, all)}>>`;
  }
  const plain: Readonly<Record<string, string>> = {
    string: "string",
    boolean: "boolean",
    integer: "number",
    number: "number",
  };
  return plain[definition.type ?? ""] ?? "unknown";
}

/** The API server always writes these, so whoever reads a stored object may rely on them. */
function isAlwaysThere(name: string, property: Definition, isKind: boolean): boolean {
  if (name === "metadata") return isKind;
  return (name === "spec" || name === "status") && JSON.stringify(property.default) === "{}";
}

function interfaceOf(name: string, definition: Definition, all: Definitions): string {
  const properties = definition.properties ?? {};
  const isKind = properties["metadata"]?.$ref?.endsWith(".ObjectMeta") === true && properties["kind"] !== undefined;
  const lines = Object.entries(properties).map(([key, property]) => {
    const isRequired = definition.required?.includes(key) === true || isAlwaysThere(key, property, isKind);
    const quoted = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : JSON.stringify(key);
    return `  readonly ${quoted}${isRequired ? "" : "?"}: ${typeOf(property, all)};\n`;
  });
  return `export interface ${name}${isKind ? " extends KubernetesObject" : ""} {\n${lines.join("")}}\n`;
}

const HEADER = "// Generated by src/tools/generate-api.ts from engine/api/openapi/. Do not edit.\n";

function typesFile(all: Definitions): string {
  const records = Object.entries(all)
    .filter(([definition, { properties }]) => properties !== undefined && !HAND_WRITTEN.has(shortName(definition)))
    .map(([definition, schema]) => interfaceOf(shortName(definition), schema, all));
  const imports =
    'import type { KubernetesObject, ManagedFieldsEntry, ObjectMeta, OwnerReference } from "../object.ts";\n';
  const reexports = "export type { ManagedFieldsEntry, ObjectMeta, OwnerReference };\n";
  return [HEADER + imports + reexports, ...records].join("\n");
}

function fieldOf(definition: Definition, all: Definitions): Readonly<Record<string, unknown>> {
  const { $ref, type, items, additionalProperties } = definition;
  const field: Record<string, unknown> = {};
  if ($ref !== undefined) {
    field["type"] = SCALARS[$ref]?.[0] ?? (isRecord(all[$ref]) ? "object" : "any");
    if (field["type"] === "object") field["ref"] = shortName($ref);
  } else if (type === "object") field["type"] = additionalProperties === undefined ? "any" : "map";
  else field["type"] = type ?? "any";
  if (definition.format !== undefined) field["format"] = definition.format;
  if (items !== undefined) field["items"] = fieldOf(items, all);
  if (additionalProperties !== undefined) field["items"] = fieldOf(additionalProperties, all);
  if (definition.enum !== undefined) field["enum"] = definition.enum;
  if (definition.default !== undefined) field["default"] = definition.default;
  for (const [key, name] of EXTENSIONS) if (definition[key] !== undefined) field[name] = definition[key];
  return field;
}

const EXTENSIONS = [
  ["x-kubernetes-list-type", "listType"],
  ["x-kubernetes-list-map-keys", "listMapKeys"],
  ["x-kubernetes-map-type", "mapType"],
  ["x-kubernetes-patch-strategy", "patchStrategy"],
  ["x-kubernetes-patch-merge-key", "patchMergeKey"],
] as const satisfies readonly (readonly [keyof Definition, string])[];

function schemaOf(definition: string, schema: Definition, all: Definitions): Readonly<Record<string, unknown>> {
  const fields = Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([key, value]) => [key, fieldOf(value, all)]),
  );
  const kinds = schema["x-kubernetes-group-version-kind"]?.map(({ group, version, kind }) => ({
    group,
    version,
    kind,
  }));
  return {
    definition,
    fields,
    ...(schema.required === undefined ? {} : { required: schema.required }),
    ...(schema["x-kubernetes-map-type"] === undefined ? {} : { mapType: schema["x-kubernetes-map-type"] }),
    // Options and events belong to every group and version; only what is a kind of its own is told by its kind.
    ...(kinds?.length === 1 ? { kind: kinds[0] } : {}),
  };
}

function schemasFile(all: Definitions): string {
  const rows = Object.entries(all)
    .filter(([, definition]) => isRecord(definition))
    .map(
      ([name, definition]) =>
        `  ${JSON.stringify(shortName(name))}: ${JSON.stringify(schemaOf(name, definition, all))},\n`,
    );
  return `${HEADER}import type { Schema } from "../schema.ts";\n
export const schemas: Readonly<Record<string, Schema>> = {\n${rows.join("")}};\n`;
}

interface Resource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

function kindsFile(all: Definitions, resources: readonly Resource[]): string {
  const names = new Map<string, string>();
  for (const [definition, schema] of Object.entries(all)) {
    for (const { group, version, kind } of schema["x-kubernetes-group-version-kind"] ?? []) {
      names.set(`${group}/${version}/${kind}`, shortName(definition));
    }
  }
  const rows = resources.map((resource) => {
    const row = {
      shortNames: [],
      categories: [],
      ...resource,
      schema: names.get(`${resource.group}/${resource.version}/${resource.kind}`) ?? resource.kind,
    };
    return `  ${JSON.stringify(row)},\n`;
  });
  return `${HEADER}import type { ResourceKind } from "../resource-kind.ts";\n
export const resourceKinds: readonly ResourceKind[] = [\n${rows.join("")}];\n`;
}

function readInput(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, INPUT), "utf8"));
}

/** The files that the generator writes, by name. */
export function generate(): Readonly<Record<string, string>> {
  const definitions = readInput("definitions.json") as Definitions;
  const resources = readInput("resources.json") as readonly Resource[];
  return {
    "types.ts": typesFile(definitions),
    "schemas.ts": schemasFile(definitions),
    "resource-kinds.ts": kindsFile(definitions, resources),
  };
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(OUTPUT, { recursive: true });
  for (const [file, text] of Object.entries(generate())) writeFileSync(new URL(file, OUTPUT), text);
}
