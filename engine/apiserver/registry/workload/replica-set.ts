// After kubernetes v1.36 pkg/registry/apps/replicaset/strategy.go, pkg/apis/apps/validation/validation.go ValidateReplicaSet.
import type * as api from "../../../api/generated/types.ts";
import { age, nameOf } from "../cells.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { type FieldError, invalid } from "../field-error.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { isConvertible } from "../label-selector.ts";
import { defaultTemplate } from "../pod/defaults.ts";
import { workloadNameWarnings } from "../dns-warning.ts";
import { templateWarnings } from "../pod/warnings.ts";
import { type Errors, nonNegative } from "../rules.ts";
import { withDefaults, withField, withParts } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";
import { printSelector, validateWorkloadSelector, validateWorkloadTemplate } from "../template.ts";
import {
  containersAndImages,
  replicaStatusErrors,
  selectorCell,
  selectorText,
  validateSelectorKept,
} from "./workload.ts";

type ReplicaSet = DecodedObject<api.ReplicaSet>;
type Spec = Decoded<api.ReplicaSetSpec>;

export const replicaSets: Strategy<ReplicaSet> = kindStrategy<ReplicaSet>({
  place: ["apps", "v1", "replicasets"],
  generationOf: ["spec"],
  defaults: (set) =>
    withField(set, "spec", withParts(withDefaults(set.spec ?? {}, { replicas: 1 }), { template: defaultTemplate })),
  validate: (set) => validateSpec(set.spec ?? {}, undefined),
  validateUpdate: (set, old) => (set.spec === old.spec ? [] : validateSpec(set.spec ?? {}, old.spec)),
  validateStatus: (set) =>
    replicaStatusErrors(set.status ?? {}, ["replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas"]),
  warnings: (set, old) => [
    ...(old === undefined ? workloadNameWarnings(nameOf(set)) : []),
    ...templateWarnings(set.spec?.template, "spec.template", old?.spec?.template),
  ],
  scale: {
    replicas: (set) => set.spec?.replicas ?? 0,
    statusReplicas: (set) => set.status?.replicas ?? 0,
    selector: (set) => selectorText(set.spec?.selector),
    withReplicas: (set, replicas) => withField(set, "spec", withField(set.spec ?? {}, "replicas", replicas)),
  },
  cells: (set, now) => [
    nameOf(set),
    set.spec?.replicas ?? 0,
    set.status?.replicas ?? 0,
    set.status?.readyReplicas ?? 0,
    age(set, now),
    ...containersAndImages(set.spec?.template),
    selectorCell(set.spec?.selector),
  ],
  fields: { "status.replicas": (set) => String(set.status?.replicas ?? 0) },
});

function validateSpec(spec: Spec, old: Spec | undefined): readonly FieldError[] {
  const errors: Errors = [];
  nonNegative(spec.replicas, "spec.replicas", errors);
  nonNegative(spec.minReadySeconds, "spec.minReadySeconds", errors);
  validateWorkloadSelector(spec.selector, "deployment", "spec.selector", errors);
  if (!isConvertible(spec.selector))
    errors.push(invalid("spec.selector", printSelector(spec.selector), "invalid label selector"));
  else if (spec.template !== old?.template || spec.selector !== old?.selector) {
    validateWorkloadTemplate(spec.template ?? {}, {
      selector: spec.selector,
      path: "spec.template",
      errors,
      kind: "ReplicaSet",
    });
  }
  if (old !== undefined) validateSelectorKept(spec.selector, old.selector, errors);
  return errors;
}
