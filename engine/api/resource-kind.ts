import { resourceKinds } from "./generated/resource-kinds.ts";

/** A collection that the API serves, as discovery tells it. */
export interface ResourceKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly storageVersionHash?: string;
  readonly subresources: readonly Subresource[];
  /** The columns of its table; a priority above 0 is shown with `-o wide` only. */
  readonly columns: readonly ColumnDefinition[];
  /** The name of its schema in schemas.ts. */
  readonly schema: string;
}

export interface Subresource {
  /** `status`, `scale`, `log`. */
  readonly name: string;
  readonly kind: string;
  /** Set where the kind is of another group: `autoscaling` for `scale`. */
  readonly group?: string;
  readonly version?: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly priority: number;
}

/** What is built in, in the order of discovery. */
export const builtInKinds: readonly ResourceKind[] = resourceKinds;

/** The built-in collection at that place: `resourceKindAt("apps", "v1", "deployments")`. */
export function resourceKindAt(group: string, version: string, plural: string): ResourceKind | undefined {
  return byPlural.get(`${group}/${version}/${plural}`);
}

/** The built-in collection of that kind: `resourceKindOf("apps/v1", "Deployment")`. */
export function resourceKindOf(apiVersion: string, kind: string): ResourceKind | undefined {
  return byKind.get(`${apiVersion.includes("/") ? apiVersion : `/${apiVersion}`}/${kind}`);
}

/** `v1` or `apps/v1`. */
export function apiVersionOf(place: { readonly group: string; readonly version: string }): string {
  return place.group === "" ? place.version : `${place.group}/${place.version}`;
}

const byPlural: ReadonlyMap<string, ResourceKind> = new Map(
  resourceKinds.map((row) => [`${row.group}/${row.version}/${row.plural}`, row]),
);

const byKind: ReadonlyMap<string, ResourceKind> = new Map(
  resourceKinds.map((row) => [`${row.group}/${row.version}/${row.kind}`, row]),
);
