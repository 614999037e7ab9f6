import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A definition of the recorded OpenAPI document, or a part of one; and what a JSON Schema makes of it. */
type Schema = Readonly<Record<string, unknown>>;

/** The kinds that the editor completes and checks: those that a learner writes. */
const kinds = [
  ...[
    "Pod",
    "Service",
    "ConfigMap",
    "Secret",
    "Namespace",
    "ServiceAccount",
    "PersistentVolumeClaim",
    "LimitRange",
  ].map((kind) => `io.k8s.api.core.v1.${kind}`),
  ...["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"].map((kind) => `io.k8s.api.apps.v1.${kind}`),
  ...["Job", "CronJob"].map((kind) => `io.k8s.api.batch.v1.${kind}`),
  "io.k8s.api.policy.v1.PodDisruptionBudget",
  "io.k8s.api.networking.v1.NetworkPolicy",
  "io.k8s.api.networking.v1.Ingress",
  "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
];

/** One JSON Schema for all these kinds, from the recorded structure, with the descriptions of the client library. */
export function makeEditorSchema(root: string): Schema {
  const path = join(root, "engine/api/openapi/definitions.json");
  const document = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, Schema>>;
  const models = join(dirname(createRequire(import.meta.url).resolve("@kubernetes/client-node")), "gen/models");
  const definitions: Record<string, Schema> = {};
  const wanted = kinds.filter((name) => document[name] !== undefined);
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const source = document[name];
    if (source === undefined || definitions[name] !== undefined) continue;
    definitions[name] = definition(name, source, documentationOf(models, name));
    wanted.push(...referencesIn(source));
  }
  const oneOf = kinds
    .filter((name) => definitions[name] !== undefined)
    .map((name) => ({ $ref: `#/definitions/${name}` }));
  return { $schema: "http://json-schema.org/draft-07/schema#", oneOf, definitions };
}

/** Types whose structure in the document is narrower than what is accepted. */
const overlays: Readonly<Record<string, Schema>> = {
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": { type: ["integer", "string"] },
  "io.k8s.apimachinery.pkg.api.resource.Quantity": { type: ["number", "string"] },
};

function definition(name: string, source: Schema, documentation: Documentation): Schema {
  const overlay = overlays[name];
  if (overlay !== undefined) return overlay;
  const properties = source["properties"];
  if (typeof properties !== "object" || properties === null) return part(source, documentation.type);
  const own = Object.entries(properties as Readonly<Record<string, Schema>>).filter(([field]) => field !== "status");
  const parts = own.map(([field, schema]) => [
    field,
    { ...part(schema, documentation.fields[field]), ...identity(source, field) },
  ]);
  const required = Array.isArray(source["required"]) ? { required: source["required"] } : {};
  const isKind = source["x-kubernetes-group-version-kind"] !== undefined;
  return {
    type: "object",
    ...(documentation.type === undefined ? {} : { description: documentation.type }),
    ...(isKind ? { required: ["apiVersion", "kind"] } : required),
    additionalProperties: false,
    properties: Object.fromEntries(parts) as Schema,
  };
}

/** A kind's `apiVersion` and `kind` have one value each. */
function identity(source: Schema, field: string): Schema {
  const [own] = (source["x-kubernetes-group-version-kind"] ?? []) as readonly Readonly<Record<string, string>>[];
  if (own === undefined) return {};
  const { group = "", version = "", kind = "" } = own;
  if (field === "kind") return { enum: [kind] };
  return field === "apiVersion" ? { enum: [group === "" ? version : `${group}/${version}`] } : {};
}

function part(schema: Schema, description: string | undefined): Schema {
  const reference = schema["$ref"];
  const about = description === undefined ? {} : { description };
  if (typeof reference === "string") return { ...about, allOf: [{ $ref: `#/definitions/${reference}` }] };
  const { type, enum: values, items, additionalProperties } = schema;
  return {
    ...about,
    ...(type === undefined ? {} : { type }),
    ...(values === undefined ? {} : { enum: values }),
    ...(items === undefined ? {} : { items: part(items as Schema, undefined) }),
    ...(isSchema(additionalProperties) ? { additionalProperties: part(additionalProperties, undefined) } : {}),
  };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null;
}

function referencesIn(schema: unknown): readonly string[] {
  if (!isSchema(schema)) return [];
  const own = typeof schema["$ref"] === "string" ? [schema["$ref"]] : [];
  const inner = Object.entries(schema).filter(([key]) => key !== "status");
  return [...own, ...inner.flatMap(([, value]) => referencesIn(value))];
}

interface Documentation {
  readonly type: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
}

/** The doc comments of a type in @kubernetes/client-node, which are those of the Go types. */
function documentationOf(models: string, name: string): Documentation {
  const [version = "", kind = ""] = name.split(".").slice(-2);
  const model = `${version.charAt(0).toUpperCase()}${version.slice(1)}${kind}`;
  const file = [model, model.replace(/^V1/, "CoreV1"), kind]
    .map((base) => join(models, `${base}.d.ts`))
    .find((path) => existsSync(path));
  if (file === undefined) return { type: undefined, fields: {} };
  const text = readFileSync(file, "utf8");
  const fields = [...text.matchAll(/\/\*\*\n\s*\* ([^\n]*)\n\s*\*\/\n\s*'?([\w$]+)'?\?:/g)].map(
    ([, says = "", field = ""]) => [field, tidy(says)],
  );
  const type = /\/\*\*\n\s*\* ([^\n]*)\n\s*\*\/\nexport declare class/.exec(text)?.[1];
  return {
    type: type === undefined ? undefined : tidy(type),
    fields: Object.fromEntries(fields) as Record<string, string>,
  };
}

function tidy(text: string): string {
  return text.replaceAll("\\'", "'").trim();
}
