import { type FieldSelector, matchesFields } from "../api/field-selector.ts";
import { matchesLabels, type Selector } from "../api/label-selector.ts";
import type { KubernetesObject } from "../api/object.ts";
import type { Address, Millis } from "../kernel/process.ts";
import type { Served } from "./served.ts";

/** A selection of a collection: all of it, a namespace, one name, by labels, by fields. */
export interface Selection {
  /** Empty: all namespaces. */
  readonly namespace: string;
  readonly labels?: Selector;
  readonly fields?: FieldSelector;
}

/** An open watch. */
export interface Watcher extends Selection {
  readonly client: Address;
  readonly id: number;
  /** `group/version/plural`. */
  readonly place: string;
  /** Events are tables; `Metadata` rows carry the metadata alone. */
  readonly table?: "Metadata" | "Object" | "None";
  readonly metadataOnly?: boolean;
  /** Wants a bookmark now and then. Clients that set a timeout do; see `bookmarks.ts`. */
  readonly bookmarks: boolean;
  readonly endsAt?: Millis;
}

/** Whether every object of the collection is meant, so that it can be handed over whole. */
export function isWhole(selection: Selection): boolean {
  return selection.namespace === "" && selection.labels === undefined && selection.fields === undefined;
}

/** Whether the selection takes the object. */
export function selects(selection: Selection, object: KubernetesObject, served: Served): boolean {
  const { metadata } = object;
  if (selection.namespace !== "" && metadata.namespace !== selection.namespace) return false;
  if (selection.labels !== undefined && !matchesLabels(selection.labels, metadata.labels)) return false;
  return (
    selection.fields === undefined || matchesFields(selection.fields, (field) => fieldValue(object, field, served))
  );
}

/** What a field selector sees. */
function fieldValue(object: KubernetesObject, field: string, served: Served): string {
  if (field === "metadata.name") return object.metadata.name ?? "";
  if (field === "metadata.namespace") return object.metadata.namespace ?? "";
  return served.strategy.fields[field]?.(object) ?? "";
}
