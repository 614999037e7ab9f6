// After kubernetes v1.36 pkg/registry/core/namespace/strategy.go, pkg/apis/core/validation ValidateNamespace.
import type * as api from "../../../api/generated/types.ts";
import { dnsLabelProblems } from "../../../api/names.ts";
import { age, nameOf } from "../cells.ts";
import type { DecodedObject } from "../decoded.ts";
import { type FieldError, invalid } from "../field-error.ts";
import { kindStrategy, takeStatus, withMember } from "../kind-strategy.ts";
import { allowPrefix, validateFinalizerName, validateMetadataUpdate, validateStandardFinalizer } from "../metadata.ts";
import type { Errors } from "../rules.ts";
import type { Strategy } from "../strategy.ts";

type Namespace = DecodedObject<api.Namespace>;

/** Every namespace can be selected by its name. */
const NAME_LABEL = "kubernetes.io/metadata.name";

export const namespaces: Strategy<Namespace> = kindStrategy<Namespace>({
  place: ["", "v1", "namespaces"],
  nameRule: allowPrefix(dnsLabelProblems),
  defaults: withNameLabel,
  prepareForCreate: (namespace) => {
    const named = withNameLabel(namespace);
    const finalizers = named.spec?.finalizers ?? [];
    const spec = finalizers.includes("kubernetes")
      ? named.spec
      : { ...named.spec, finalizers: [...finalizers, "kubernetes"] };
    return withMember(withMember(named, "spec", spec), "status", { phase: "Active" });
  },
  prepareForUpdate: (namespace, old) => withMember(namespace, "spec", old.spec),
  validate: (namespace) => validateFinalizers(namespace, () => "spec.finalizers"),
  validateUpdate: () => [],
  validateStatus,
  subresources: {
    finalize: {
      prepareForUpdate: (namespace, old) => {
        const kept = takeStatus(withMember(namespace, "status", old.status), old, []);
        return withMember(kept, "spec", namespace.spec);
      },
      validateUpdate: (namespace, old) => [
        ...validateMetadataUpdate(namespace.metadata, old.metadata),
        ...validateFinalizers(namespace, (index) => `spec.finalizers[${index}]`),
      ],
    },
  },
  cells: (namespace, now) => [nameOf(namespace), namespace.status?.phase ?? "", age(namespace, now)],
  fields: { name: nameOf, "status.phase": (namespace) => namespace.status?.phase ?? "" },
});

function withNameLabel(namespace: Namespace): Namespace {
  const { metadata } = namespace;
  const { name = "", labels } = metadata;
  if (name === "" || labels?.[NAME_LABEL] === name) return namespace;
  return { ...namespace, metadata: { ...metadata, labels: { ...labels, [NAME_LABEL]: name } } };
}

function validateFinalizers(namespace: Namespace, path: (index: number) => string): readonly FieldError[] {
  const errors: Errors = [];
  for (const [index, name] of (namespace.spec?.finalizers ?? []).entries()) {
    validateFinalizerName(name, path(index), errors);
    validateStandardFinalizer(name, path(index), errors);
  }
  return errors;
}

function validateStatus(namespace: Namespace): readonly FieldError[] {
  const phase = namespace.status?.phase ?? "";
  const isGoing = namespace.metadata.deletionTimestamp !== undefined;
  if (!isGoing && phase !== "Active") {
    return [invalid("status.Phase", phase, "may only be 'Active' if `deletionTimestamp` is empty")];
  }
  if (isGoing && phase !== "Terminating") {
    return [invalid("status.Phase", phase, "may only be 'Terminating' if `deletionTimestamp` is not empty")];
  }
  return [];
}
