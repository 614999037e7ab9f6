// After kubernetes v1.36 pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go, pkg/apis/autoscaling/{v1,v2}/{defaults,conversion}.go.
import type * as api from "../../../api/generated/types.ts";
import { pathSegmentProblems } from "../../../api/names.ts";
import { age, nameOf } from "../cells.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { type FieldError, forbidden, invalid, required } from "../field-error.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { type Errors, nonNegative, sayInvalid } from "../rules.ts";
import { withDefaults, withField, withParts } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";
import { validateBehavior } from "./behavior.ts";
import { metricsCell, validateMetrics } from "./metrics.ts";
import { fromV2, toV2 } from "./versions.ts";

type Autoscaler = DecodedObject<api.HorizontalPodAutoscaler>;
type AutoscalerV1 = DecodedObject<api.HorizontalPodAutoscalerV1>;
type Spec = Decoded<api.HorizontalPodAutoscalerSpec>;

export const autoscalers: Strategy<Autoscaler> = kindStrategy<Autoscaler>({
  place: ["autoscaling", "v2", "horizontalpodautoscalers"],
  defaults: (scaler) => withField(scaler, "spec", defaultSpec(scaler.spec ?? {})),
  validate: (scaler) => validateSpec(scaler.spec ?? {}),
  validateStatus: (scaler) => {
    const errors: Errors = [];
    nonNegative(scaler.status?.currentReplicas, "status.currentReplicas", errors);
    nonNegative(scaler.status?.desiredReplicas, "status.desiredReplicas", errors);
    return errors;
  },
  cells: (scaler, now) => [
    nameOf(scaler),
    `${scaler.spec?.scaleTargetRef?.kind ?? ""}/${scaler.spec?.scaleTargetRef?.name ?? ""}`,
    metricsCell(scaler.spec?.metrics, scaler.status?.currentMetrics ?? undefined),
    scaler.spec?.minReplicas === undefined ? "<unset>" : String(scaler.spec.minReplicas),
    scaler.spec?.maxReplicas ?? 0,
    scaler.status?.currentReplicas ?? 0,
    age(scaler, now),
  ],
});

/** The old version: kept as v2. */
export const autoscalersV1: Strategy<AutoscalerV1> = kindStrategy<AutoscalerV1>({
  place: ["autoscaling", "v1", "horizontalpodautoscalers"],
  stored: {
    group: "autoscaling",
    version: "v2",
    plural: "horizontalpodautoscalers",
    toStored: toV2,
    fromStored: fromV2,
  },
  defaults: (scaler) => withField(scaler, "spec", withDefaults(scaler.spec ?? {}, { minReplicas: 1 })),
  validate: (scaler) => validateSpec(asV2(scaler).spec ?? {}),
  cells: (scaler, now) => autoscalers.cells(asV2(scaler), now),
});

function asV2(scaler: AutoscalerV1): Autoscaler {
  return toV2(scaler) as unknown as Autoscaler;
}

/** Source: SetDefaults_HorizontalPodAutoscaler: a list without metrics means the CPU at 80 %. */
const CPU_PERCENT = 80;

function defaultSpec(spec: Spec): Spec {
  const filled = withDefaults(spec, { minReplicas: 1 });
  const metrics = filled.metrics ?? [];
  const target = { type: "Utilization", averageUtilization: CPU_PERCENT };
  const measured =
    metrics.length > 0 ? filled : { ...filled, metrics: [{ type: "Resource", resource: { name: "cpu", target } }] };
  return withParts(measured, {
    behavior: (behavior) => ({
      ...behavior,
      scaleUp: mergeRules(behavior.scaleUp, {
        stabilizationWindowSeconds: 0,
        selectPolicy: "Max",
        policies: [
          { type: "Pods", value: 4, periodSeconds: 15 },
          { type: "Percent", value: 100, periodSeconds: 15 },
        ],
      }),
      scaleDown: mergeRules(behavior.scaleDown, {
        selectPolicy: "Max",
        policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
      }),
    }),
  });
}

type Rules = Decoded<api.HPAScalingRules>;

/** Source: GenerateHPAScaleUpRules, GenerateHPAScaleDownRules. */
function mergeRules(rules: Rules | undefined, defaults: Rules): Rules {
  return withDefaults(rules ?? {}, defaults);
}

function validateSpec(spec: Spec): readonly FieldError[] {
  const errors: Errors = [];
  const { minReplicas, maxReplicas = 0, metrics = [] } = spec;
  if (minReplicas !== undefined && minReplicas < 1) {
    errors.push(invalid("spec.minReplicas", minReplicas, "must be greater than or equal to 1"));
  }
  if (maxReplicas < 1) errors.push(invalid("spec.maxReplicas", maxReplicas, "must be greater than 0"));
  if (minReplicas !== undefined && maxReplicas < minReplicas) {
    errors.push(invalid("spec.maxReplicas", maxReplicas, "must be greater than or equal to `minReplicas`"));
  }
  validateTarget(spec.scaleTargetRef ?? {}, "spec.scaleTargetRef", errors);
  validateMetrics(metrics, "spec.metrics", errors);
  if (minReplicas === 0 && !metrics.some(({ type }) => type === "Object" || type === "External")) {
    errors.push(
      forbidden(
        "spec.metrics",
        "must specify at least one Object or External metric to support scaling to zero replicas",
      ),
    );
  }
  if (spec.behavior !== undefined) validateBehavior(spec.behavior, "spec.behavior", errors);
  return errors;
}

export function validateTarget(ref: Decoded<api.CrossVersionObjectReference>, path: string, errors: Errors): void {
  for (const key of ["kind", "name"] as const) {
    const value = ref[key] ?? "";
    if (value === "") errors.push(required(`${path}.${key}`));
    else sayInvalid(pathSegmentProblems(value), value, `${path}.${key}`, errors);
  }
}
