// After kubernetes v1.36 pkg/apis/apps/validation/validation.go ValidatePositiveIntOrPercent, IsNotMoreThan100Percent.
import { percentOf } from "../../../api/int-or-string.ts";
import { invalid } from "../field-error.ts";
import { type Errors, nonNegative } from "../rules.ts";

const percentText = /^[0-9]+%$/;

export function positiveIntOrPercent(value: number | string, path: string, errors: Errors): void {
  if (typeof value === "number") return nonNegative(value, path, errors);
  if (percentText.test(value)) return;
  const detail =
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
  errors.push(invalid(path, value, detail));
}

export function notMoreThanAll(value: number | string, path: string, errors: Errors): void {
  if ((percentOf(value) ?? 0) > 100) errors.push(invalid(path, value, "must not be greater than 100%"));
}

export function isZero(value: number | string): boolean {
  return value === 0 || percentOf(value) === 0;
}
