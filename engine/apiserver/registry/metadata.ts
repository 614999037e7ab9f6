// After kubernetes v1.36 apimachinery/pkg/api/validation/objectmeta.go and pkg/apis/core/validation ValidateObjectMeta; not modelled: ratcheting.
import { byteLength, dnsSubdomainProblems, labelKeyProblems, labelValueProblems } from "../../api/names.ts";
import type { KubernetesObject, ObjectMeta, OwnerReference } from "../../api/object.ts";
import { isSemanticallyEqual } from "../../api/semantic-equal.ts";
import { type FieldError, forbidden, invalid, required, tooLong } from "./field-error.ts";

/** A rule for names: details of what is wrong. With `isPrefix` the name is a generateName, which may end with a dash. */
export type NameRule = (name: string, isPrefix: boolean) => readonly string[];

/** Source: TotalAnnotationSizeLimitB in objectmeta.go: 256 KiB. */
const ANNOTATIONS_BYTES_MAX = 262_144;

/** A generateName may end with a dash, since characters follow it. Source: apimachinery/pkg/api/validation/generic.go maskTrailingDash. */
export function maskTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith("-") ? `${name.slice(0, -2)}a` : name;
}

/** A rule for whole names as a rule for prefixes too. */
export function allowPrefix(rule: (name: string) => readonly string[]): NameRule {
  return (name, isPrefix) => rule(isPrefix ? maskTrailingDash(name) : name);
}

/** Rules for the metadata of a new object. */
export function validateMetadata(object: KubernetesObject, isNamespaced: boolean, rule: NameRule): FieldError[] {
  const { metadata } = object;
  const errors: FieldError[] = [];
  validateNames(metadata, rule, errors);
  validateNamespace(metadata, isNamespaced, errors);
  if ((metadata.generation ?? 0) < 0) {
    errors.push(invalid("metadata.generation", metadata.generation, "must be greater than or equal to 0"));
  }
  validateLabels(metadata.labels, "metadata.labels", errors);
  validateAnnotations(metadata.annotations, "metadata.annotations", errors);
  validateOwners(metadata.ownerReferences, errors);
  validateFinalizers(metadata.finalizers, errors);
  return errors;
}

function validateNames(metadata: ObjectMeta, rule: NameRule, errors: FieldError[]): void {
  const { name = "", generateName = "" } = metadata;
  if (generateName !== "") {
    for (const detail of rule(generateName, true)) errors.push(invalid("metadata.generateName", generateName, detail));
  }
  if (name === "") errors.push(required("metadata.name", "name or generateName is required"));
  else for (const detail of rule(name, false)) errors.push(invalid("metadata.name", name, detail));
}

function validateNamespace(metadata: ObjectMeta, isNamespaced: boolean, errors: FieldError[]): void {
  const { namespace = "" } = metadata;
  if (!isNamespaced) {
    if (namespace !== "") errors.push(forbidden("metadata.namespace", "not allowed on this type"));
    return;
  }
  if (namespace === "") errors.push(required("metadata.namespace"));
}

/** Labels, node selectors and other maps of label keys and values. */
export function validateLabels(labels: ObjectMeta["labels"], path: string, errors: FieldError[]): void {
  for (const key in labels) {
    validateLabelName(key, path, errors);
    const value = labels[key] ?? "";
    for (const detail of labelValueProblems(value)) errors.push(invalid(path, value, detail));
  }
}

/** A label key where an API field holds it. */
export function validateLabelName(name: string, path: string, errors: FieldError[]): void {
  for (const detail of labelKeyProblems(name)) errors.push(invalid(path, name, detail));
}

export function validateAnnotations(annotations: ObjectMeta["annotations"], path: string, errors: FieldError[]): void {
  let bytes = 0;
  for (const key in annotations) {
    // Upper case is allowed for compatibility.
    for (const detail of labelKeyProblems(key.toLowerCase())) errors.push(invalid(path, key, detail));
    bytes += byteLength(key) + byteLength(annotations[key] ?? "");
  }
  if (bytes > ANNOTATIONS_BYTES_MAX) errors.push(tooLong(path, ANNOTATIONS_BYTES_MAX));
}

function validateOwners(owners: readonly OwnerReference[] | undefined, errors: FieldError[]): void {
  if (owners === undefined) return;
  const path = "metadata.ownerReferences";
  let controller: OwnerReference | undefined;
  for (const owner of owners) {
    validateOwner(owner, path, errors);
    if (owner.controller !== true) continue;
    if (controller === undefined) controller = owner;
    else errors.push(invalid(path, owners, controllersProblem(controller, owner)));
  }
}

function controllersProblem(first: OwnerReference, second: OwnerReference): string {
  const names = `"controller" was set to true for ${first.kind}/${first.name} and ${second.kind}/${second.name}`;
  return `Only one reference can have Controller set to true. Found ${names}`;
}

function validateOwner(owner: OwnerReference, path: string, errors: FieldError[]): void {
  const version = owner.apiVersion.includes("/")
    ? owner.apiVersion.slice(owner.apiVersion.indexOf("/") + 1)
    : owner.apiVersion;
  if (version === "") errors.push(invalid(`${path}.apiVersion`, owner.apiVersion, "version must not be empty"));
  if (owner.kind === "") errors.push(invalid(`${path}.kind`, owner.kind, "must not be empty"));
  if (owner.name === "") errors.push(invalid(`${path}.name`, owner.name, "must not be empty"));
  if (owner.uid === "") errors.push(invalid(`${path}.uid`, owner.uid, "must not be empty"));
  if (owner.apiVersion === "v1" && owner.kind === "Event") {
    errors.push(invalid(path, owner, "/v1, Kind=Event is disallowed from being an owner"));
  }
}

/** Source: pkg/apis/core/helper IsStandardFinalizerName. */
const standardFinalizers: ReadonlySet<string> = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

function validateFinalizers(finalizers: readonly string[] | undefined, errors: FieldError[]): void {
  if (finalizers === undefined) return;
  for (const name of finalizers) validateFinalizerName(name, "metadata.finalizers", errors);
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")) {
    const detail = "finalizer orphan and foregroundDeletion cannot be both set";
    errors.push(invalid("metadata.finalizers", finalizers, detail));
  }
  validateStandardFinalizers(finalizers, errors);
}

export function validateFinalizerName(name: string, path: string, errors: FieldError[]): void {
  for (const detail of labelKeyProblems(name)) errors.push(invalid(path, name, detail));
}

function validateStandardFinalizers(finalizers: readonly string[] | undefined, errors: FieldError[]): void {
  for (const [index, name] of (finalizers ?? []).entries()) {
    validateStandardFinalizer(name, `metadata.finalizers[${index}]`, errors);
  }
}

/** A finalizer without a slash must be one of Kubernetes' own. */
export function validateStandardFinalizer(name: string, path: string, errors: FieldError[]): void {
  if (name.includes("/") || standardFinalizers.has(name)) return;
  errors.push(invalid(path, name, "name is neither a standard finalizer name nor is it fully qualified"));
}

/** Rules for the step from the old metadata to the new. `rest.BeforeUpdate` and the kind's own validation both call it. */
export function validateMetadataUpdate(metadata: ObjectMeta, old: ObjectMeta): FieldError[] {
  const errors: FieldError[] = [];
  if (metadata === old) return errors;
  validateFinalizersUpdate(metadata, old, errors);
  validateUnchangeable(metadata, old, errors);
  if (metadata.labels !== old.labels) validateLabels(metadata.labels, "metadata.labels", errors);
  if (metadata.annotations !== old.annotations)
    validateAnnotations(metadata.annotations, "metadata.annotations", errors);
  if (metadata.ownerReferences !== old.ownerReferences) validateOwners(metadata.ownerReferences, errors);
  if (metadata.finalizers !== old.finalizers) validateStandardFinalizers(metadata.finalizers, errors);
  return errors;
}

function validateFinalizersUpdate(metadata: ObjectMeta, old: ObjectMeta, errors: FieldError[]): void {
  const { finalizers } = metadata;
  if (finalizers === old.finalizers || old.deletionTimestamp === undefined) return;
  const added = (finalizers ?? []).filter((name) => old.finalizers?.includes(name) !== true);
  if (added.length === 0) return;
  const list = `[]string{${added.map((name) => JSON.stringify(name)).join(", ")}}`;
  errors.push(
    forbidden(
      "metadata.finalizers",
      `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`,
    ),
  );
}

const IMMUTABLE = "field is immutable";

function validateUnchangeable(metadata: ObjectMeta, old: ObjectMeta, errors: FieldError[]): void {
  if ((metadata.resourceVersion ?? "") === "") {
    errors.push(invalid("metadata.resourceVersion", metadata.resourceVersion ?? "", "must be specified for an update"));
  }
  if ((metadata.generation ?? 0) < (old.generation ?? 0)) {
    errors.push(invalid("metadata.generation", metadata.generation ?? 0, "must not be decremented"));
  }
  validateImmutable(metadata.name ?? "", old.name ?? "", "metadata.name", errors);
  validateImmutable(metadata.namespace ?? "", old.namespace ?? "", "metadata.namespace", errors);
  validateImmutable(metadata.uid ?? "", old.uid ?? "", "metadata.uid", errors);
  validateImmutable(metadata.creationTimestamp, old.creationTimestamp, "metadata.creationTimestamp", errors);
  validateImmutable(metadata.deletionTimestamp, old.deletionTimestamp, "metadata.deletionTimestamp", errors);
  validateImmutable(
    metadata.deletionGracePeriodSeconds,
    old.deletionGracePeriodSeconds,
    "metadata.deletionGracePeriodSeconds",
    errors,
  );
}

/** The error of a field that must keep its value. Source: apimachinery/pkg/api/validation ValidateImmutableField. */
export function validateImmutable(value: unknown, old: unknown, path: string, errors: FieldError[]): void {
  if (!isSemanticallyEqual(value, old)) errors.push(invalid(path, value, IMMUTABLE));
}

/** The rule of most kinds: a DNS subdomain. */
export const subdomainName: NameRule = allowPrefix(dnsSubdomainProblems);
