// After kubernetes v1.36 staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal (managedfields.go, managedfieldsupdater.go).
import type { ManagedFieldsEntry } from "../../api/object.ts";
import { difference, type FieldSet, union } from "./field-set.ts";

/** Who manages fields, and how: two entries with the same owner are one. */
export interface Owner {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  /** Empty: the object itself. */
  readonly subresource: string;
}

export function isOf(entry: ManagedFieldsEntry, owner: Owner): boolean {
  if (entry.manager !== owner.manager || entry.operation !== owner.operation) return false;
  if ((entry.subresource ?? "") !== owner.subresource) return false;
  return owner.operation === "Apply" || entry.apiVersion === owner.apiVersion;
}

export function fieldsOf(entry: ManagedFieldsEntry): FieldSet {
  return (entry.fieldsV1 ?? {}) as FieldSet;
}

/** The entries without these fields; what has none left is dropped. */
export function withoutFields(
  entries: readonly ManagedFieldsEntry[],
  fields: FieldSet | undefined,
): readonly ManagedFieldsEntry[] {
  if (fields === undefined) return entries;
  const kept: ManagedFieldsEntry[] = [];
  let isSame = true;
  for (const entry of entries) {
    const own = fieldsOf(entry);
    const left = difference(own, fields);
    if (left === own) kept.push(entry);
    else {
      isSame = false;
      if (left !== undefined) kept.push({ ...entry, fieldsV1: left });
    }
  }
  return isSame ? entries : kept;
}

/** The entries with these fields added to the owner's, at that time. */
export function withFields(
  entries: readonly ManagedFieldsEntry[],
  owner: Owner,
  gain: { readonly fields: FieldSet; readonly time: string },
): readonly ManagedFieldsEntry[] {
  const known = entries.find((entry) => isOf(entry, owner));
  const fields = union(known === undefined ? undefined : fieldsOf(known), gain.fields) ?? gain.fields;
  const entry = entryOf(owner, { fields, time: gain.time });
  const others = known === undefined ? entries : entries.filter((one) => one !== known);
  return sorted(capped([...others, entry]));
}

export function entryOf(owner: Owner, gain: { readonly fields: FieldSet; readonly time: string }): ManagedFieldsEntry {
  const { manager, operation, apiVersion, subresource } = owner;
  return {
    manager,
    operation,
    apiVersion,
    time: gain.time,
    fieldsType: "FieldsV1",
    fieldsV1: gain.fields,
    ...(subresource === "" ? {} : { subresource }),
  };
}

/** Source: managedfields/internal/fieldmanager.go DefaultMaxUpdateManagers. */
const UPDATERS_MAX = 10;

/** Source: managedfields/internal/capmanagers.go. */
const ANCIENT = "ancient-changes";

/** Too many updaters become one: the oldest are joined. */
function capped(entries: readonly ManagedFieldsEntry[]): readonly ManagedFieldsEntry[] {
  const updaters = entries.filter((entry) => entry.operation === "Update" && (entry.subresource ?? "") === "");
  if (updaters.length <= UPDATERS_MAX) return entries;
  const [first, second] = sorted(updaters);
  if (first === undefined || second === undefined) return entries;
  const joined = { ...second, manager: ANCIENT, fieldsV1: union(fieldsOf(first), fieldsOf(second)) };
  return [...entries.filter((entry) => entry !== first && entry !== second), joined];
}

/** Source: managedfields.go sortEncodedManagedFields. */
export function sorted(entries: readonly ManagedFieldsEntry[]): readonly ManagedFieldsEntry[] {
  if (entries.length < 2) return entries;
  return entries.toSorted((one, other) => compareTexts(orderOf(one), orderOf(other)));
}

function orderOf(entry: ManagedFieldsEntry): readonly string[] {
  return [
    entry.operation ?? "",
    entry.time ?? "",
    entry.manager ?? "",
    entry.apiVersion ?? "",
    entry.subresource ?? "",
  ];
}

function compareTexts(one: readonly string[], other: readonly string[]): number {
  for (const [index, text] of one.entries()) {
    const beside = other[index] ?? "";
    if (text !== beside) return text < beside ? -1 : 1;
  }
  return 0;
}
