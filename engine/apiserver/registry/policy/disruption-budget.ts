// After kubernetes v1.36 pkg/registry/policy/poddisruptionbudget/strategy.go, pkg/apis/policy/validation/validation.go.
import type * as api from "../../../api/generated/types.ts";
import { age, nameOf } from "../cells.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { type FieldError, invalid, notSupported } from "../field-error.ts";
import { goStruct } from "../go-struct.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { validateLabelSelector } from "../label-selector.ts";
import { type Errors, nonNegative } from "../rules.ts";
import type { Strategy } from "../strategy.ts";
import { notMoreThanAll, positiveIntOrPercent } from "../workload/int-or-percent.ts";

type Budget = DecodedObject<api.PodDisruptionBudget>;
type Spec = Decoded<api.PodDisruptionBudgetSpec>;

export const podDisruptionBudgets: Strategy<Budget> = kindStrategy<Budget>({
  place: ["policy", "v1", "poddisruptionbudgets"],
  generationOf: ["spec"],
  unconditionalUpdate: false,
  validate: (budget) => validateSpec(budget.spec ?? {}),
  validateStatus: (budget) => {
    const errors: Errors = [];
    const { status = {} } = budget;
    for (const key of ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"] as const) {
      nonNegative(status[key], `status.${key}`, errors);
    }
    return errors;
  },
  cells: (budget, now) => [
    nameOf(budget),
    String(budget.spec?.minAvailable ?? "N/A"),
    String(budget.spec?.maxUnavailable ?? "N/A"),
    budget.status?.disruptionsAllowed ?? 0,
    age(budget, now),
  ],
});

function validateSpec(spec: Spec): readonly FieldError[] {
  const errors: Errors = [];
  const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy: policy } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    const found = goStruct("PodDisruptionBudgetSpec", spec);
    errors.push(invalid("spec", found, "minAvailable and maxUnavailable cannot be both set"));
  }
  for (const key of ["minAvailable", "maxUnavailable"] as const) {
    const value = spec[key];
    if (value === undefined) continue;
    positiveIntOrPercent(value, `spec.${key}`, errors);
    notMoreThanAll(value, `spec.${key}`, errors);
  }
  validateLabelSelector(spec.selector, "spec.selector", errors);
  const policies = ["AlwaysAllow", "IfHealthyBudget"];
  if (policy !== undefined && !policies.includes(policy))
    errors.push(notSupported("spec.unhealthyPodEvictionPolicy", policy, policies));
  return errors;
}
