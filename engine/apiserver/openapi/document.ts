import { schemas } from "../../api/generated/schemas.ts";
import type { Field, Schema } from "../../api/schema.ts";
import { apiVersionOf } from "../../api/resource-kind.ts";
import type { Served } from "../served.ts";
import { pathsOf } from "./paths.ts";

/** The OpenAPI v3 document of a group and version. */
export function documentOf(
  place: { readonly group: string; readonly version: string },
  served: readonly Served[],
): object {
  const used = new Set<string>();
  for (const one of served) if (one.schema !== undefined) collect(one.schema, used);
  for (const extra of ["DeleteOptions", "Status", "Patch"]) collect(extra, used);
  const components: Record<string, object> = {};
  for (const name of [...used].toSorted()) {
    const schema = schemas[name];
    if (schema !== undefined) components[schema.definition] = schemaBody(schema);
  }
  for (const one of served) Object.assign(components, customComponent(one));
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1.36.2" },
    paths: pathsOf(apiVersionOf(place), served),
    components: { schemas: components },
  };
}

/** The definitions of all built-in kinds as a document of OpenAPI v2. */
export function swagger(): object {
  const definitions = Object.values(schemas).map((schema) => [schema.definition, schemaBody(schema)] as const);
  const info = { title: "Kubernetes", version: "v1.36.2" };
  return { swagger: "2.0", info, paths: {}, definitions: Object.fromEntries(definitions) };
}

/** The name of a kind's schema in the document. */
export function definitionOf(served: Served): string {
  const { group, version, kind } = served.strategy.resource;
  if (served.schema !== undefined) return schemas[served.schema]?.definition ?? served.schema;
  return `${group.split(".").toReversed().join(".")}.${version}.${kind}`;
}

function customComponent(served: Served): Readonly<Record<string, object>> {
  if (served.schema !== undefined) return {};
  const { group, version, kind } = served.strategy.resource;
  const known = served.openApiSchema ?? { type: "object" };
  return { [definitionOf(served)]: { ...known, "x-kubernetes-group-version-kind": [{ group, kind, version }] } };
}

function collect(name: string, used: Set<string>): void {
  if (used.has(name)) return;
  const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  if (schema === undefined) return;
  used.add(name);
  for (const field of Object.values(schema.fields)) collectField(field, used);
}

function collectField(field: Field, used: Set<string>): void {
  if (field.ref !== undefined) collect(field.ref, used);
  if (field.items !== undefined) collectField(field.items, used);
}

function schemaBody(schema: Schema): object {
  const properties: Record<string, object> = {};
  for (const [name, field] of Object.entries(schema.fields)) properties[name] = fieldBody(field, true);
  return {
    type: "object",
    ...(schema.required === undefined ? {} : { required: schema.required }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(schema.kind === undefined ? {} : { "x-kubernetes-group-version-kind": [schema.kind] }),
    ...(schema.mapType === undefined ? {} : { "x-kubernetes-map-type": schema.mapType }),
  };
}

function fieldBody(field: Field, isMember: boolean): object {
  return {
    ...shapeBody(field),
    ...(field.enum === undefined ? {} : { enum: field.enum }),
    ...(field.default === undefined || !isMember ? {} : { default: field.default }),
    ...(field.listType === undefined ? {} : { "x-kubernetes-list-type": field.listType }),
    ...(field.listMapKeys === undefined ? {} : { "x-kubernetes-list-map-keys": field.listMapKeys }),
    ...(field.mapType === undefined ? {} : { "x-kubernetes-map-type": field.mapType }),
    ...(field.patchStrategy === undefined ? {} : { "x-kubernetes-patch-strategy": field.patchStrategy }),
    ...(field.patchMergeKey === undefined ? {} : { "x-kubernetes-patch-merge-key": field.patchMergeKey }),
  };
}

function shapeBody(field: Field): object {
  switch (field.type) {
    case "object":
      return reference(field.ref);
    case "array":
      return { type: "array", items: field.items === undefined ? {} : fieldBody(field.items, false) };
    case "map":
      return { type: "object", additionalProperties: field.items === undefined ? {} : fieldBody(field.items, false) };
    case "quantity":
      return { $ref: "#/components/schemas/io.k8s.apimachinery.pkg.api.resource.Quantity" };
    case "int-or-string":
      return { $ref: "#/components/schemas/io.k8s.apimachinery.pkg.util.intstr.IntOrString" };
    case "time":
      return { type: "string", format: "date-time" };
    case "micro-time":
      return { type: "string", format: "date-time" };
    case "any":
      return { type: "object" };
    default:
      return { type: field.type, ...(field.format === undefined ? {} : { format: field.format }) };
  }
}

function reference(name: string | undefined): object {
  const schema = name === undefined || !Object.hasOwn(schemas, name) ? undefined : schemas[name];
  return schema === undefined ? { type: "object" } : { allOf: [{ $ref: `#/components/schemas/${schema.definition}` }] };
}
