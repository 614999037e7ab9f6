// After kubernetes v1.36 pkg/registry/apps/deployment/strategy.go, pkg/apis/apps/v1/defaults.go, pkg/apis/apps/validation/validation.go.
import type * as api from "../../../api/generated/types.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { type FieldError, forbidden, invalid, notSupported } from "../field-error.ts";
import { goStruct } from "../go-struct.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { isConvertible } from "../label-selector.ts";
import { defaultTemplate } from "../pod/defaults.ts";
import { workloadNameWarnings } from "../dns-warning.ts";
import { templateWarnings } from "../pod/warnings.ts";
import { type Errors, nonNegative } from "../rules.ts";
import { withDefaults, withField, withParts } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";
import { printSelector, validateWorkloadSelector, validateWorkloadTemplate } from "../template.ts";
import { isZero, notMoreThanAll, positiveIntOrPercent } from "./int-or-percent.ts";
import {
  containersAndImages,
  replicaStatusErrors,
  selectorCell,
  selectorText,
  validateSelectorKept,
} from "./workload.ts";
import { age, nameOf } from "../cells.ts";

type Deployment = DecodedObject<api.Deployment>;
type Spec = Decoded<api.DeploymentSpec>;
type Rolling = Decoded<api.RollingUpdateDeployment>;

export const deployments: Strategy<Deployment> = kindStrategy<Deployment>({
  place: ["apps", "v1", "deployments"],
  generationOf: ["spec", "metadata.annotations"],
  defaults: (deployment) => withField(deployment, "spec", defaultSpec(deployment.spec ?? {})),
  validate: (deployment) => validateSpec(deployment.spec ?? {}, undefined),
  validateUpdate: (deployment, old) =>
    deployment.spec === old.spec ? [] : validateSpec(deployment.spec ?? {}, old.spec),
  validateStatus: (deployment) => validateStatus(deployment.status ?? {}),
  statusKeeps: ["labels"],
  warnings: (deployment, old) => [
    ...(old === undefined ? workloadNameWarnings(nameOf(deployment)) : []),
    ...templateWarnings(deployment.spec?.template, "spec.template", old?.spec?.template),
  ],
  scale: {
    replicas: (deployment) => deployment.spec?.replicas ?? 0,
    statusReplicas: (deployment) => deployment.status?.replicas ?? 0,
    selector: (deployment) => selectorText(deployment.spec?.selector),
    withReplicas: (deployment, replicas) =>
      withField(deployment, "spec", withField(deployment.spec ?? {}, "replicas", replicas)),
  },
  cells: (deployment, now) => [
    deployment.metadata.name ?? "",
    `${deployment.status?.readyReplicas ?? 0}/${deployment.spec?.replicas ?? 0}`,
    deployment.status?.updatedReplicas ?? 0,
    deployment.status?.availableReplicas ?? 0,
    age(deployment, now),
    ...containersAndImages(deployment.spec?.template),
    selectorCell(deployment.spec?.selector),
  ],
});

function defaultSpec(spec: Spec): Spec {
  const filled = withDefaults(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
  const templated = withParts(filled, { template: defaultTemplate });
  const { strategy = {} } = templated;
  const typed = withDefaults(strategy, { type: "RollingUpdate" });
  if (typed.type !== "RollingUpdate") return withField(templated, "strategy", typed);
  const rolling = withDefaults(typed.rollingUpdate ?? {}, { maxUnavailable: "25%", maxSurge: "25%" });
  return withField(templated, "strategy", withField(typed, "rollingUpdate", rolling));
}

function validateSpec(spec: Spec, old: Spec | undefined): readonly FieldError[] {
  const errors: Errors = [];
  nonNegative(spec.replicas, "spec.replicas", errors);
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
  validateStrategy(spec.strategy ?? {}, errors);
  nonNegative(spec.minReadySeconds, "spec.minReadySeconds", errors);
  nonNegative(spec.revisionHistoryLimit, "spec.revisionHistoryLimit", errors);
  validateDeadline(spec, errors);
  if (old !== undefined) validateSelectorKept(spec.selector, old.selector, errors);
  return errors;
}

function validateDeadline(spec: Spec, errors: Errors): void {
  const { progressDeadlineSeconds: deadline, minReadySeconds = 0 } = spec;
  if (deadline === undefined) return;
  nonNegative(deadline, "spec.progressDeadlineSeconds", errors);
  if (deadline <= minReadySeconds) {
    errors.push(invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"));
  }
}

function validateStrategy(strategy: Decoded<api.DeploymentStrategy>, errors: Errors): void {
  const { type, rollingUpdate } = strategy;
  const path = "spec.strategy";
  if (type === "Recreate") {
    if (rollingUpdate === undefined) return;
    errors.push(forbidden(`${path}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'"));
  } else if (type === "RollingUpdate") validateRolling(rollingUpdate ?? {}, `${path}.rollingUpdate`, errors);
  else errors.push(notSupported(path, goStruct("DeploymentStrategy", strategy), ["Recreate", "RollingUpdate"]));
}

function validateRolling({ maxUnavailable = 0, maxSurge = 0 }: Rolling, path: string, errors: Errors): void {
  positiveIntOrPercent(maxUnavailable, `${path}.maxUnavailable`, errors);
  positiveIntOrPercent(maxSurge, `${path}.maxSurge`, errors);
  if (isZero(maxUnavailable) && isZero(maxSurge)) {
    errors.push(invalid(`${path}.maxUnavailable`, maxUnavailable, "may not be 0 when `maxSurge` is 0"));
  }
  notMoreThanAll(maxUnavailable, `${path}.maxUnavailable`, errors);
}

function validateStatus(status: Decoded<api.DeploymentStatus>): readonly FieldError[] {
  return replicaStatusErrors(status, [
    "replicas",
    "updatedReplicas",
    "readyReplicas",
    "availableReplicas",
    "unavailableReplicas",
  ]);
}
