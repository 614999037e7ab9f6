// After kubernetes v1.36 pkg/registry/core/replicationcontroller/strategy.go, pkg/apis/core/validation ValidateReplicationController.
import type * as api from "../../../api/generated/types.ts";
import { matchesLabels, selectorOfLabels } from "../../../api/label-selector.ts";
import { age, labelsText, nameOf } from "../cells.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { type FieldError, required } from "../field-error.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { defaultTemplate } from "../pod/defaults.ts";
import { workloadNameWarnings } from "../dns-warning.ts";
import { templateWarnings } from "../pod/warnings.ts";
import { type Errors, nonNegative } from "../rules.ts";
import { withDefaults, withField, withParts } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";
import { labelsProblem, validateForEver, validateTemplate } from "../template.ts";
import { containersAndImages, replicaStatusErrors } from "./workload.ts";

type Controller = DecodedObject<api.ReplicationController>;

export const replicationControllers: Strategy<Controller> = kindStrategy<Controller>({
  place: ["", "v1", "replicationcontrollers"],
  generationOf: ["spec"],
  defaults: withDefaultsOf,
  validate: (controller) => validateSpec(controller.spec ?? {}),
  validateUpdate: (controller, old) => (controller.spec === old.spec ? [] : validateSpec(controller.spec ?? {})),
  validateStatus: (controller) =>
    replicaStatusErrors(controller.status ?? {}, [
      "replicas",
      "fullyLabeledReplicas",
      "readyReplicas",
      "availableReplicas",
    ]),
  warnings: (controller, old) => [
    ...(old === undefined ? workloadNameWarnings(nameOf(controller)) : []),
    ...templateWarnings(controller.spec?.template, "spec.template", old?.spec?.template),
  ],
  deletion: { propagation: "Orphan" },
  scale: {
    replicas: (controller) => controller.spec?.replicas ?? 0,
    statusReplicas: (controller) => controller.status?.replicas ?? 0,
    selector: (controller) => pairs(controller.spec?.selector),
    withReplicas: (controller, replicas) =>
      withField(controller, "spec", withField(controller.spec ?? {}, "replicas", replicas)),
  },
  cells: (controller, now) => [
    nameOf(controller),
    controller.spec?.replicas ?? 0,
    controller.status?.replicas ?? 0,
    controller.status?.readyReplicas ?? 0,
    age(controller, now),
    ...containersAndImages(controller.spec?.template),
    labelsText(controller.spec?.selector),
  ],
  fields: { "status.replicas": (controller) => String(controller.status?.replicas ?? 0) },
});

function pairs(labels: Readonly<Record<string, string>> | undefined): string {
  return labels === undefined ? "" : labelsText(labels);
}

/** The labels of the template stand for a selector and for labels that were not given. */
function withDefaultsOf(controller: Controller): Controller {
  const spec = withParts(withDefaults(controller.spec ?? {}, { replicas: 1 }), { template: defaultTemplate });
  const labels = spec.template?.metadata?.labels;
  const selected = labels === undefined || spec.selector !== undefined ? spec : { ...spec, selector: labels };
  const made = withField(controller, "spec", selected);
  if (labels === undefined || made.metadata.labels !== undefined) return made;
  return { ...made, metadata: { ...made.metadata, labels } };
}

function validateSpec(spec: Decoded<api.ReplicationControllerSpec>): readonly FieldError[] {
  const errors: Errors = [];
  nonNegative(spec.minReadySeconds, "spec.minReadySeconds", errors);
  const { selector = {}, template } = spec;
  const isEmpty = Object.keys(selector).length === 0;
  if (isEmpty) errors.push(required("spec.selector"));
  nonNegative(spec.replicas, "spec.replicas", errors);
  if (template === undefined) return [...errors, required("spec.template")];
  if (!isEmpty && !matchesLabels(selectorOfLabels(selector), template.metadata?.labels))
    errors.push(labelsProblem(template, "spec.template"));
  validateTemplate(template, "spec.template", errors);
  validateForEver(template, { path: "spec.template", errors, kind: "ReplicationController" });
  return errors;
}
