// After kubernetes v1.36 staging/src/k8s.io/apimachinery/pkg/util/managedfields (fieldmanager.go, stripmeta.go); not modelled: conversion between versions.
import type { KubernetesObject, ManagedFieldsEntry } from "../../api/object.ts";
import { schemaNamed } from "../../api/schema.ts";
import { rfc3339 } from "../../api/time.ts";
import { fieldManagerOf } from "../options.ts";
import { decode } from "../registry/decode.ts";
import type { Served } from "../served.ts";
import { type Call, timeOf } from "../state.ts";
import { compare, type Comparison } from "./compare.ts";
import { type Owner, withFields, withoutFields } from "./entries.ts";
import type { FieldSet } from "./field-set.ts";
import { type Shape, shapeOfSchema } from "./shape.ts";

/** The object with the fields of a create recorded under its manager. */
export function trackCreate(call: Call, object: KubernetesObject): KubernetesObject {
  return track(call, object, { before: emptyOf(call.served), subresource: "" });
}

/** The object with the fields that an update changes recorded under its manager. */
export function trackUpdate(
  call: Call,
  object: KubernetesObject,
  old: KubernetesObject,
  subresource: string = call.info.subresource,
): KubernetesObject {
  return track(call, object, { before: old, subresource });
}

interface From {
  readonly before: KubernetesObject;
  readonly subresource: string;
}

function track(call: Call, object: KubernetesObject, from: From): KubernetesObject {
  const { before, subresource } = from;
  const given = entriesOf(object, before, subresource);
  const difference = compareObjects(before, object, { served: call.served, subresource });
  const kept = withoutFields(withoutFields(given, difference.changed), difference.removed);
  const { changed } = difference;
  const time = rfc3339(timeOf(call.moment));
  // What the manager itself had before comes back with what it has changed.
  const own = changed === undefined ? kept : withFields(kept, ownerOf(call, subresource), { fields: changed, time });
  return withEntries(object, own);
}

export function ownerOf(call: Call, subresource: string): Owner {
  return {
    manager: fieldManagerOf(call.exchange.request),
    operation: "Update",
    apiVersion: call.served.apiVersion,
    subresource,
  };
}

/** The entries that the update starts from: those of the body, if it may say so and does; else those of the old object. */
function entriesOf(
  object: KubernetesObject,
  before: KubernetesObject,
  subresource: string,
): readonly ManagedFieldsEntry[] {
  const said = object.metadata.managedFields;
  const live = before.metadata.managedFields ?? [];
  if (subresource !== "" || said === undefined || said.length === 0) return live;
  return said.length === 1 && (said[0]?.manager ?? "") === "" && said[0]?.operation === undefined ? [] : said;
}

export function withEntries(object: KubernetesObject, entries: readonly ManagedFieldsEntry[]): KubernetesObject {
  const { managedFields, ...metadata } = object.metadata;
  if (managedFields === entries || (managedFields === undefined && entries.length === 0)) return object;
  return { ...object, metadata: entries.length === 0 ? metadata : { ...metadata, managedFields: entries } };
}

/** Fields that nobody manages. Source: managedfields/internal/stripmeta.go. */
const stripped: ReadonlySet<string> = new Set([
  "name",
  "namespace",
  "creationTimestamp",
  "selfLink",
  "uid",
  "clusterName",
  "generation",
  "managedFields",
  "resourceVersion",
]);

/** Compares two objects of a kind as far as their fields can be managed on this side of the object. */
export function compareObjects(
  before: KubernetesObject,
  after: KubernetesObject,
  side: { readonly served: Served; readonly subresource: string },
): Comparison {
  const shape = shapeOf(side.served);
  const left = before as unknown as Readonly<Record<string, unknown>>;
  const right = after as unknown as Readonly<Record<string, unknown>>;
  const changed: Record<string, FieldSet> = {};
  const removed: Record<string, FieldSet> = {};
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (left[key] === right[key] || !isManaged(key, side)) continue;
    const member = memberOf(shape, key);
    const one = key === "metadata" ? compareMetadata(before, after, member) : compare(left[key], right[key], member);
    if (one.changed !== undefined) changed[`f:${key}`] = one.changed;
    if (one.removed !== undefined) removed[`f:${key}`] = one.removed;
  }
  return { changed: nonEmpty(changed), removed: nonEmpty(removed) };
}

function nonEmpty(set: Record<string, FieldSet>): FieldSet | undefined {
  for (const _ in set) return set;
  return undefined;
}

/** The side that writes the object does not manage its status, and the other way round. Source: GetResetFields of the strategies. */
export function isManaged(key: string, side: { readonly served: Served; readonly subresource: string }): boolean {
  if (key === "apiVersion" || key === "kind") return false;
  const hasStatus = side.served.subresources.some((one) => one.name === "status");
  if (!hasStatus) return true;
  return side.subresource === "status" ? key !== "spec" : key !== "status";
}

export function shapeOf(served: Served): Shape {
  return shapeOfSchema(served.schema === undefined ? undefined : schemaNamed(served.schema));
}

export function memberOf(shape: Shape, key: string): Shape {
  return shape.kind === "record" ? shape.member(key) : { kind: "leaf" };
}

/** Metadata is always there; only its own fields count. */
function compareMetadata(before: KubernetesObject, after: KubernetesObject, shape: Shape): Comparison {
  return compare(managedPart(before.metadata), managedPart(after.metadata), shape);
}

export function managedPart(metadata: object): object {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(metadata)) if (!stripped.has(key)) kept[key] = value;
  return kept;
}

const empties = new Map<string, KubernetesObject>();

/** An object of the kind of which nothing was said: what Go prints for it. Made once for each kind. */
export function emptyOf(served: Served): KubernetesObject {
  const name = served.schema ?? "";
  const known = empties.get(name);
  if (known !== undefined) return known;
  const decoded = name === "" ? undefined : decode({}, name);
  const made: KubernetesObject = { metadata: {}, ...(decoded?.kind === "decoded" ? decoded.value : {}) };
  empties.set(name, made);
  return made;
}
