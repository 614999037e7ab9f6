import type { ResourceKind, Subresource } from "../api/resource-kind.ts";
import { apiVersionOf, builtInKinds } from "../api/resource-kind.ts";
import type { Strategy } from "./registry/strategy.ts";
import { withComponentCells } from "./component-statuses.ts";
import { strategyOf } from "./registry/index.ts";

/** A collection as the API serves it: its names, its strategy, and where its objects are kept. */
export interface Served {
  readonly strategy: Strategy;
  /** `apps/v1`. */
  readonly apiVersion: string;
  readonly subresources: readonly Subresource[];
  /** The key's first part after `/registry/`: `pods`, `services/specs`; also the name of the collection in the cache. */
  readonly prefix: string;
  /** The name of its schema in api/schema.ts; absent for custom resources. */
  readonly schema?: string;
  /** Set for built-in kinds: what discovery says of it. */
  readonly kind?: ResourceKind;
  /** Lists and tables of custom resources keep kind and apiVersion in each item. */
  readonly isCustom: boolean;
  /** The schema of a custom resource, as OpenAPI shows it. */
  readonly openApiSchema?: object;
}

/** `group/version/plural`. */
export function placeOf(resource: {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}): string {
  return `${resource.group}/${resource.version}/${resource.plural}`;
}

/** The built-in collection at `group/version/plural`. */
export function builtInAt(place: string): Served | undefined {
  return builtIn.get(place);
}

/**
 * Keys that are not named after the plural. Source: kubernetes pkg/kubeapiserver/default_storage_factory_builder.go SpecialDefaultResourcePrefixes.
 */
const specialPrefixes: Readonly<Record<string, string>> = {
  "/nodes": "minions",
  "/services": "services/specs",
  "/endpoints": "services/endpoints",
  "/replicationcontrollers": "controllers",
  "networking.k8s.io/ingresses": "ingress",
  "apiextensions.k8s.io/customresourcedefinitions": "apiextensions.k8s.io/customresourcedefinitions",
  "apiregistration.k8s.io/apiservices": "apiregistration.k8s.io/apiservices",
};

export function prefixOf(group: string, plural: string): string {
  return specialPrefixes[`${group}/${plural}`] ?? plural;
}

/** The collection's part of a key: `/registry/services/specs/default/web` → `services/specs`. */
export function prefixOfKey(key: string): string {
  const start = "/registry/".length;
  const end = key.indexOf("/", start);
  const first = key.slice(start, end);
  if (first !== "services" && !first.includes(".")) return first;
  return key.slice(start, key.indexOf("/", end + 1));
}

/** The etcd key of an object: `name` is `namespace/name`, or the name alone. */
export function storageKey(prefix: string, name: string): string {
  return `/registry/${prefix}/${name}`;
}

const builtIn: ReadonlyMap<string, Served> = new Map(
  builtInKinds.map((kind) => {
    const strategy = kind.kind === "ComponentStatus" ? withComponentCells(strategyOf(kind)) : strategyOf(kind);
    const stored = strategy.stored ?? kind;
    const served: Served = {
      strategy,
      apiVersion: apiVersionOf(kind),
      subresources: kind.subresources,
      prefix: prefixOf(stored.group, stored.plural),
      schema: kind.schema,
      kind,
      isCustom: false,
    };
    return [placeOf(kind), served];
  }),
);

/** What is built in, in the order of discovery. */
export const builtInServed: readonly Served[] = [...builtIn.values()];
