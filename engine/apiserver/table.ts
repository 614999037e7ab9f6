// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/endpoints/handlers/response.go and meta/v1 Table.
import type { KubernetesObject } from "../api/object.ts";
import type { Cell } from "./registry/strategy.ts";
import type { Served } from "./served.ts";

export interface Table {
  readonly kind: "Table";
  readonly apiVersion: "meta.k8s.io/v1";
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly columnDefinitions: readonly unknown[];
  readonly rows: readonly TableRow[];
}

interface TableRow {
  readonly cells: readonly Cell[];
  readonly object?: unknown;
}

export interface TableView {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly include: "Metadata" | "Object" | "None";
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Objects as the rows of their kind's table. */
export function tableOf(objects: readonly KubernetesObject[], served: Served, view: TableView): Table {
  const { strategy } = served;
  const metadata = view.metadata ?? { resourceVersion: objects[0]?.metadata.resourceVersion ?? "" };
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: strategy.columns,
    rows: objects.map((object) => ({ cells: strategy.cells(object, view.now), ...rowObject(object, view.include) })),
  };
}

function rowObject(object: KubernetesObject, include: TableView["include"]): { readonly object?: unknown } {
  if (include === "None") return {};
  return { object: include === "Object" ? object : partialOf(object) };
}

/** The metadata alone. */
export function partialOf(object: KubernetesObject): KubernetesObject {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata };
}
