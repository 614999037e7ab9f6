// After kubernetes v1.36 pkg/registry/apps/daemonset/strategy.go, pkg/apis/apps/v1/{defaults,conversion}.go, pkg/apis/apps/validation/validation.go.
import type * as api from "../../../api/generated/types.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import { age, labelsText, nameOf } from "../cells.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { type FieldError, invalid, notSupported, required } from "../field-error.ts";
import { goStruct } from "../go-struct.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { isEmptySelector, validateLabelSelector } from "../label-selector.ts";
import { defaultTemplate } from "../pod/defaults.ts";
import { templateWarnings } from "../pod/warnings.ts";
import { type Errors, nonNegative } from "../rules.ts";
import { withDefaults, withField, withParts } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";
import { labelsProblem, printSelector, selects, validateForEver, validateTemplate } from "../template.ts";
import { isZero, notMoreThanAll, positiveIntOrPercent } from "./int-or-percent.ts";
import { containersAndImages, selectorCell, validateSelectorKept } from "./workload.ts";

type DaemonSet = DecodedObject<api.DaemonSet>;
type Spec = Decoded<api.DaemonSetSpec>;

const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

export const daemonSets: Strategy<DaemonSet> = kindStrategy<DaemonSet>({
  place: ["apps", "v1", "daemonsets"],
  generationOf: ["spec"],
  defaults: (set) => withField(set, "spec", defaultSpec(set.spec ?? {})),
  prepareForCreate: (set) => withTemplateGeneration(set, 1),
  prepareForUpdate: countTemplate,
  validate: (set) => validateSpec(set.spec ?? {}, undefined),
  validateUpdate: (set, old) => (set.spec === old.spec ? [] : validateSpec(set.spec ?? {}, old.spec)),
  validateStatus: validateStatus,
  warnings: (set, old) => templateWarnings(set.spec?.template, "spec.template", old?.spec?.template),
  cells: (set, now) => [
    nameOf(set),
    set.status?.desiredNumberScheduled ?? 0,
    set.status?.currentNumberScheduled ?? 0,
    set.status?.numberReady ?? 0,
    set.status?.updatedNumberScheduled ?? 0,
    set.status?.numberAvailable ?? 0,
    labelsText(set.spec?.template?.spec?.nodeSelector),
    age(set, now),
    ...containersAndImages(set.spec?.template),
    selectorCell(set.spec?.selector),
  ],
});

function defaultSpec(spec: Spec): Spec {
  const filled = withParts(withDefaults(spec, { revisionHistoryLimit: 10 }), { template: defaultTemplate });
  const strategy = withDefaults(filled.updateStrategy ?? {}, { type: "RollingUpdate" });
  if (strategy.type !== "RollingUpdate") return withField(filled, "updateStrategy", strategy);
  const rolling = withDefaults(strategy.rollingUpdate ?? {}, { maxUnavailable: 1, maxSurge: 0 });
  return withField(filled, "updateStrategy", withField(strategy, "rollingUpdate", rolling));
}

function withTemplateGeneration(set: DaemonSet, generation: number): DaemonSet {
  const annotations = set.metadata.annotations;
  const text = String(generation);
  if (annotations?.[TEMPLATE_GENERATION] === text) return set;
  return { ...set, metadata: { ...set.metadata, annotations: { ...annotations, [TEMPLATE_GENERATION]: text } } };
}

/** The deprecated count of templates, which v1 keeps in an annotation. */
function countTemplate(set: DaemonSet, old: DaemonSet): DaemonSet {
  const before = Number(old.metadata.annotations?.[TEMPLATE_GENERATION] ?? 1);
  const isChanged = !isSemanticallyEqual(set.spec?.template, old.spec?.template);
  return withTemplateGeneration(set, isChanged ? before + 1 : before);
}

function validateSpec(spec: Spec, old: Spec | undefined): readonly FieldError[] {
  const errors: Errors = [];
  const { selector, template = {} } = spec;
  if (old !== undefined) validateSelectorKept(selector, old.selector, errors);
  validateLabelSelector(selector, "spec.selector", errors);
  if (!selects(selector, template.metadata?.labels)) errors.push(labelsProblem(template, "spec.template"));
  if (isEmptySelector(selector))
    errors.push(invalid("spec.selector", printSelector(selector), "empty selector is invalid for daemonset"));
  if (template !== old?.template) {
    validateTemplate(template, "spec.template", errors);
    validateForEver(template, { path: "spec.template", errors, kind: "DaemonSet" });
  }
  nonNegative(spec.minReadySeconds, "spec.minReadySeconds", errors);
  validateStrategy(spec.updateStrategy ?? {}, errors);
  nonNegative(spec.revisionHistoryLimit, "spec.revisionHistoryLimit", errors);
  return errors;
}

function validateStrategy(strategy: Decoded<api.DaemonSetUpdateStrategy>, errors: Errors): void {
  const path = "spec.updateStrategy";
  if (strategy.type === "OnDelete") return;
  if (strategy.type !== "RollingUpdate") {
    return void errors.push(
      notSupported(path, goStruct("DaemonSetUpdateStrategy", strategy), ["RollingUpdate", "OnDelete"]),
    );
  }
  const { maxUnavailable = 0, maxSurge = 0 } = strategy.rollingUpdate ?? {};
  const at = `${path}.rollingUpdate`;
  positiveIntOrPercent(maxUnavailable, `${at}.maxUnavailable`, errors);
  positiveIntOrPercent(maxSurge, `${at}.maxSurge`, errors);
  notMoreThanAll(maxUnavailable, `${at}.maxUnavailable`, errors);
  notMoreThanAll(maxSurge, `${at}.maxSurge`, errors);
  if (!isZero(maxUnavailable) && !isZero(maxSurge)) {
    errors.push(invalid(`${at}.maxSurge`, maxSurge, "may not be set when maxUnavailable is non-zero"));
  }
  if (isZero(maxUnavailable) && isZero(maxSurge)) {
    errors.push(required(`${at}.maxUnavailable`, "cannot be 0 when maxSurge is 0"));
  }
}

const COUNTS = [
  "currentNumberScheduled",
  "numberMisscheduled",
  "desiredNumberScheduled",
  "numberReady",
  "observedGeneration",
  "updatedNumberScheduled",
  "numberAvailable",
  "numberUnavailable",
  "collisionCount",
] as const;

function validateStatus(set: DaemonSet): readonly FieldError[] {
  const errors: Errors = [];
  for (const key of COUNTS) nonNegative(set.status?.[key], `status.${key}`, errors);
  return errors;
}
