// After kubernetes v1.36 staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition/strategy.go, apis/apiextensions/{v1/defaults.go,validation}; not modelled: webhooks of conversion, the full rules for schemas.
import type { KubernetesObject } from "../../api/object.ts";
import { type FieldError, invalid, notSupported, required } from "../registry/field-error.ts";
import { kindStrategy } from "../registry/kind-strategy.ts";
import type { Strategy } from "../registry/strategy.ts";
import type { Definition, DefinitionNames } from "./definition.ts";
import type { StructuralSchema } from "./structural.ts";

/** What the API server knows about CustomResourceDefinitions themselves. */
export const customResourceDefinitions: Strategy = kindStrategy<KubernetesObject>({
  place: ["apiextensions.k8s.io", "v1", "customresourcedefinitions"],
  defaults: (object) => withDefaults(object as Definition),
  prepareForCreate: (object) => ({ ...object, status: firstStatus(object as Definition) }),
  validate: (object) => problems(object as Definition),
  generationOf: ["spec"],
  cells: (object) => [object.metadata.name ?? "", object.metadata.creationTimestamp ?? ""],
});

function withDefaults(definition: Definition): KubernetesObject {
  const spec = definition.spec as Partial<Definition["spec"]> & { readonly conversion?: object };
  const names = spec.names as Partial<DefinitionNames> | undefined;
  const { kind = "" } = names ?? {};
  const isComplete = spec.conversion !== undefined && names?.singular !== undefined && names.listKind !== undefined;
  if (isComplete || kind === "") return definition;
  const whole = { ...names, singular: names?.singular ?? kind.toLowerCase(), listKind: names?.listKind ?? `${kind}List` };
  return { ...definition, spec: { ...spec, conversion: spec.conversion ?? { strategy: "None" }, names: whole } };
}

/** Until the names are accepted, nothing is. */
function firstStatus(definition: Definition): object {
  const storedVersions = (definition.spec.versions ?? []).filter((one) => one.storage === true).map((one) => one.name);
  return { acceptedNames: { kind: "", plural: "" }, conditions: null, storedVersions };
}

function problems(definition: Definition): readonly FieldError[] {
  const { group, names, scope, versions } = definition.spec;
  const errors: FieldError[] = [];
  const name = definition.metadata.name ?? "";
  if (name !== `${names.plural}.${group}`) errors.push(invalid("metadata.name", name, 'must be spec.names.plural+"."+spec.group'));
  if (isProtected(group) && definition.metadata.annotations?.[APPROVED] === undefined) {
    const where = "see https://github.com/kubernetes/enhancements/pull/1111";
    errors.push(required(`metadata.annotations[${APPROVED}]`, `protected groups must have approval annotation ${JSON.stringify(APPROVED)}, ${where}`));
  }
  if (scope !== "Namespaced" && scope !== "Cluster") errors.push(notSupported("spec.scope", scope, ["Cluster", "Namespaced"]));
  if (versions.filter((one) => one.storage === true).length !== 1) {
    errors.push(invalid("spec.versions", printedVersions(versions), "must have exactly one version marked as storage version"));
  }
  for (const [index, version] of versions.entries()) errors.push(...versionProblems(version.schema?.openAPIV3Schema, { index, isOnly: versions.length === 1 }));
  return errors;
}

const APPROVED = "api-approved.kubernetes.io";

function isProtected(group: string): boolean {
  return group.endsWith(".k8s.io") || group === "k8s.io" || group.endsWith(".kubernetes.io") || group === "kubernetes.io";
}

function printedVersions(versions: Definition["spec"]["versions"]): unknown {
  return versions.map(({ name }) => name);
}

/** The schema of an only version is shown as `spec.validation`, as the internal type holds it. */
function versionProblems(schema: StructuralSchema | undefined, at: { readonly index: number; readonly isOnly: boolean }): readonly FieldError[] {
  const path = at.isOnly ? "spec.validation" : `spec.versions[${String(at.index)}].schema`;
  if (schema === undefined) return [required(`spec.versions[${String(at.index)}].schema.openAPIV3Schema`, "schemas are required")];
  const errors: FieldError[] = [];
  untyped(schema, `${path}.openAPIV3Schema`, errors);
  return errors.toSorted((one, other) => (one.field < other.field ? -1 : 1));
}

const FIELDS_NEED_TYPE = "must not be empty for specified object fields";
const ITEMS_NEED_TYPE = "must not be empty for specified array items";

/** A structural schema says the type of everything it specifies. */
function untyped(schema: StructuralSchema, path: string, errors: FieldError[]): void {
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const place = `${path}.properties[${key}]`;
    if (!isTyped(property)) errors.push(required(`${place}.type`, FIELDS_NEED_TYPE));
    untyped(property, place, errors);
  }
  const { items, additionalProperties } = schema;
  if (items !== undefined) {
    if (!isTyped(items)) errors.push(required(`${path}.items.type`, ITEMS_NEED_TYPE));
    untyped(items, `${path}.items`, errors);
  }
  if (typeof additionalProperties === "object") {
    if (!isTyped(additionalProperties)) errors.push(required(`${path}.additionalProperties.type`, FIELDS_NEED_TYPE));
    untyped(additionalProperties, `${path}.additionalProperties`, errors);
  }
}

function isTyped(schema: StructuralSchema): boolean {
  return schema.type !== undefined || schema["x-kubernetes-int-or-string"] === true || schema["x-kubernetes-preserve-unknown-fields"] === true;
}
