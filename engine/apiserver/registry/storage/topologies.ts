// After kubernetes v1.36 pkg/apis/storage/validation/validation.go validateAllowedTopologies and core ValidateTopologySelectorTerm.
import type * as api from "../../../api/generated/types.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import type { Decoded } from "../decoded.ts";
import { duplicate, required } from "../field-error.ts";
import { validateLabelName } from "../metadata.ts";
import type { Errors } from "../rules.ts";

type Term = Decoded<api.TopologySelectorTerm>;

/** The nodes for which a class may make volumes. */
export function validateTopologies(terms: readonly Term[], errors: Errors): void {
  const seen: Readonly<Record<string, readonly string[]>>[] = [];
  for (const [index, term] of terms.entries()) {
    const values = validateTerm(term, errors);
    if (seen.some((other) => isSemanticallyEqual(values, other))) {
      errors.push(duplicate(`allowedTopologies[${index}].matchLabelExpressions`, ""));
    }
    seen.push(values);
  }
}

/** Upstream names no index of the term. The answer: the values of each key. */
function validateTerm(
  { matchLabelExpressions = [] }: Term,
  errors: Errors,
): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  for (const [index, expression] of matchLabelExpressions.entries()) {
    const path = `allowedTopologies.matchLabelExpressions[${index}]`;
    const key = expression.key ?? "";
    const values = expression.values ?? [];
    if (values.length === 0) errors.push(required(`${path}.values`));
    for (const [at, value] of values.entries()) {
      if (values.indexOf(value) < at) errors.push(duplicate(`${path}.values[${at}]`, value));
    }
    validateLabelName(key, `${path}.key`, errors);
    if (Object.hasOwn(found, key)) errors.push(duplicate(`${path}.key`, key));
    found[key] = values.toSorted();
  }
  return found;
}
