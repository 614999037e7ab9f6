// After kubernetes v1.36 apimachinery/pkg/apis/meta/v1/validation/validation.go.
import type * as api from "../../api/generated/types.ts";
import { labelValueProblems } from "../../api/names.ts";
import type { Decoded } from "./decoded.ts";
import { forbidden, invalid, required } from "./field-error.ts";
import { validateLabelName, validateLabels } from "./metadata.ts";
import type { Errors } from "./rules.ts";

export type LabelSelector = Decoded<api.LabelSelector>;

export function validateLabelSelector(selector: LabelSelector | undefined, path: string, errors: Errors): void {
  // Go's nil pointer: absent, or null in what was sent.
  if (selector === undefined || selector === null) return;
  validateLabels(selector.matchLabels, `${path}.matchLabels`, errors);
  for (const [index, requirement] of (selector.matchExpressions ?? []).entries()) {
    validateRequirement(requirement, `${path}.matchExpressions[${index}]`, errors);
  }
}

function validateRequirement(requirement: Decoded<api.LabelSelectorRequirement>, path: string, errors: Errors): void {
  const values = requirement.values ?? [];
  const operator = requirement.operator ?? "";
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0)
      errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0)
      errors.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  } else {
    errors.push(invalid(`${path}.operator`, operator, "not a valid selector operator"));
  }
  validateLabelName(requirement.key ?? "", `${path}.key`, errors);
  for (const [index, value] of values.entries()) {
    for (const detail of labelValueProblems(value)) errors.push(invalid(`${path}.values[${index}]`, value, detail));
  }
}

/** Whether nothing is selected by words: Kubernetes' "empty" selector. */
export function isEmptySelector(selector: LabelSelector | undefined): boolean {
  return Object.keys(selector?.matchLabels ?? {}).length === 0 && (selector?.matchExpressions ?? []).length === 0;
}

/** Whether LabelSelectorAsSelector takes it; a requirement that it refuses makes the whole selector invalid. */
export function isConvertible(selector: LabelSelector | undefined): boolean {
  const errors: Errors = [];
  validateLabelSelector(selector, "", errors);
  return errors.length === 0;
}
