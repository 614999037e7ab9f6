// After kubernetes v1.36 pkg/apis/autoscaling/validation/validation.go validateBehavior.
import type * as api from "../../../api/generated/types.ts";
import type { Decoded } from "../decoded.ts";
import { invalid, notSupported, required } from "../field-error.ts";
import { type Errors, isNegative, nonNegative } from "../rules.ts";

type Rules = Decoded<api.HPAScalingRules>;

export function validateBehavior(
  behavior: Decoded<api.HorizontalPodAutoscalerBehavior>,
  path: string,
  errors: Errors,
): void {
  if (behavior.scaleUp !== undefined) validateRules(behavior.scaleUp, `${path}.scaleUp`, errors);
  if (behavior.scaleDown !== undefined) validateRules(behavior.scaleDown, `${path}.scaleDown`, errors);
}

/** Source: MaxStabilizationWindowSeconds, MaxPeriodSeconds. */
const WINDOW_SECONDS_MAX = 3600;
const PERIOD_SECONDS_MAX = 1800;

function validateRules(rules: Rules, path: string, errors: Errors): void {
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [], tolerance } = rules;
  if (window !== undefined) {
    nonNegative(window, `${path}.stabilizationWindowSeconds`, errors);
    if (window > WINDOW_SECONDS_MAX) {
      errors.push(
        invalid(`${path}.stabilizationWindowSeconds`, window, `must be less than or equal to ${WINDOW_SECONDS_MAX}`),
      );
    }
  }
  const words = ["Disabled", "Max", "Min"];
  if (selectPolicy !== undefined && !words.includes(selectPolicy))
    errors.push(notSupported(`${path}.selectPolicy`, selectPolicy, words));
  if (policies.length === 0) errors.push(required(`${path}.policies`, "must specify at least one Policy"));
  for (const [index, policy] of policies.entries()) validatePolicy(policy, `${path}.policies[${index}]`, errors);
  if (tolerance !== undefined && isNegative(tolerance)) {
    errors.push(invalid(`${path}.tolerance`, tolerance, "must be greater than or equal to 0"));
  }
}

function validatePolicy(
  { type = "", value = 0, periodSeconds = 0 }: Decoded<api.HPAScalingPolicy>,
  path: string,
  errors: Errors,
): void {
  if (type !== "Pods" && type !== "Percent") errors.push(notSupported(`${path}.type`, type, ["Percent", "Pods"]));
  if (value <= 0) errors.push(invalid(`${path}.value`, value, "must be greater than zero"));
  if (periodSeconds <= 0) errors.push(invalid(`${path}.periodSeconds`, periodSeconds, "must be greater than zero"));
  if (periodSeconds > PERIOD_SECONDS_MAX) {
    errors.push(invalid(`${path}.periodSeconds`, periodSeconds, `must be less than or equal to ${PERIOD_SECONDS_MAX}`));
  }
}
