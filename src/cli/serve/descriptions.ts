import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ApiRequest, ApiResponse } from "@workbook/engine";

type Json = Readonly<Record<string, unknown>>;

/**
 * The engine's OpenAPI documents hold the structure alone. Where the client library is installed, its doc comments, which are those of the Go
 * types, are laid over them, so that `kubectl explain` has something to say.
 */
export function withDescriptions(request: ApiRequest, response: ApiResponse): ApiResponse {
  const models = modelsFolder();
  if (models === undefined || response.code !== 200 || !request.path.startsWith("/openapi/v3/")) return response;
  const known = described.get(request.path);
  if (known !== undefined && known.from === response.body) return { ...response, body: known.to };
  const document = response.body as { readonly components?: { readonly schemas?: Json } };
  const schemas = Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => [
    name,
    describedSchema(models, name, schema as Json),
  ]);
  const to = { ...document, components: { schemas: Object.fromEntries(schemas) as Json } };
  described.set(request.path, { from: response.body, to });
  return { ...response, body: to };
}

const described = new Map<string, { readonly from: unknown; readonly to: unknown }>();

let folder: { readonly path: string | undefined } | undefined;

function modelsFolder(): string | undefined {
  folder ??= { path: findModels() };
  return folder.path;
}

/** A development dependency: an installation without it serves the structure alone. */
function findModels(): string | undefined {
  const require = createRequire(import.meta.url);
  const paths = require.resolve.paths("@kubernetes/client-node") ?? [];
  return paths.map((path) => join(path, "@kubernetes/client-node/dist/gen/models")).find((path) => existsSync(path));
}

function describedSchema(models: string, name: string, schema: Json): Json {
  const { type, fields } = documentationOf(models, name);
  const properties = schema["properties"] as Readonly<Record<string, Json>> | undefined;
  const own = Object.entries(properties ?? {}).map(([field, shape]) => {
    const description = fields.get(field);
    return [field, description === undefined ? shape : { description, ...shape }] as const;
  });
  return {
    ...(type === undefined ? {} : { description: type }),
    ...schema,
    ...(properties === undefined ? {} : { properties: Object.fromEntries(own) }),
  };
}

interface Documentation {
  readonly type: string | undefined;
  readonly fields: ReadonlyMap<string, string>;
}

const NOTHING: Documentation = { type: undefined, fields: new Map() };

/** `io.k8s.api.core.v1.PodSpec` is in V1PodSpec.d.ts, or in CoreV1Event.d.ts where two groups share a name. */
function documentationOf(models: string, name: string): Documentation {
  const parts = name.split(".");
  const [group = "", version = "", kind = ""] = parts.slice(-3);
  const model = `${capital(version)}${kind}`;
  const file = [model, `${capital(group)}${model}`]
    .map((base) => join(models, `${base}.d.ts`))
    .find((path) => existsSync(path));
  if (file === undefined) return NOTHING;
  const text = readFileSync(file, "utf8");
  const fields = [...text.matchAll(/\/\*\*\n\s*\* ([^\n]*)\n\s*\*\/\n\s*'?([\w$]+)'?\?:/g)];
  const type = /\/\*\*\n\s*\* ([^\n]*)\n\s*\*\/\nexport declare class/.exec(text)?.[1];
  return {
    type: type === undefined ? undefined : tidy(type),
    fields: new Map(fields.map(([, says = "", field = ""]) => [FIELDS_RENAMED[field] ?? field, tidy(says)])),
  };
}

/** Names that are words of TypeScript. */
const FIELDS_RENAMED: Readonly<Record<string, string>> = {
  _continue: "continue",
  _default: "default",
  _enum: "enum",
  _from: "from",
};

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function tidy(text: string): string {
  return text.replaceAll(/\\(["'])/g, "$1").trim();
}
