// After kubernetes v1.36 apimachinery/pkg/api/validation/generic.go and pkg/apis/core/validation: rules that many fields share.
import { portNameProblems, portNumberProblems } from "../../api/names.ts";
import { compareQuantities, quantityOf, ZERO_QUANTITY } from "../../api/quantity.ts";
import { type FieldError, invalid, notSupported, required } from "./field-error.ts";

export type Errors = FieldError[];

/** One error for each sentence about the value. */
export function sayInvalid(problems: readonly string[], value: unknown, path: string, errors: Errors): void {
  for (const detail of problems) errors.push(invalid(path, value, detail));
}

export function nonNegative(value: number | undefined, path: string, errors: Errors): void {
  if (value !== undefined && value < 0) errors.push(invalid(path, value, "must be greater than or equal to 0"));
}

/** A word that must be there and be one of those; the words are printed in the given order. */
export function oneOf(value: string | undefined, words: readonly string[], path: string, errors: Errors): void {
  if (value === undefined || value === "") errors.push(required(path));
  else if (!words.includes(value)) errors.push(notSupported(path, value, words));
}

/** A word that may be absent, but is one of those when it is there. */
export function optionalOneOf(value: string | undefined, words: readonly string[], path: string, errors: Errors): void {
  if (value !== undefined && !words.includes(value)) errors.push(notSupported(path, value, words));
}

export function needed(value: string | undefined, path: string, errors: Errors): void {
  if (value === undefined || value === "") errors.push(required(path));
}

/** A port by number or by name. An absent one is Go's zero. */
export function portNumberOrName(port: number | string | undefined, path: string, errors: Errors): void {
  if (typeof port === "string") sayInvalid(portNameProblems(port), port, path, errors);
  else sayInvalid(portNumberProblems(port ?? 0), port ?? 0, path, errors);
}

/** Source: apimachinery/pkg/util/validation InclusiveRangeError. */
export function inRange(value: number, range: readonly [number, number], path: string, errors: Errors): void {
  const [low, high] = range;
  if (value < low || value > high) errors.push(invalid(path, value, `must be between ${low} and ${high}, inclusive`));
}

export const INT32_MAX = 2_147_483_647;

/** User and group ids. Source: IsValidUserID, IsValidGroupID. */
export function validateId(id: number | undefined, path: string, errors: Errors): void {
  if (id !== undefined) inRange(id, [0, INT32_MAX], path, errors);
}

export function nonNegativeQuantity(value: string, path: string, errors: Errors): void {
  if (isNegative(value)) errors.push(invalid(path, value, "must be greater than or equal to 0"));
}

export function positiveQuantity(value: string, path: string, errors: Errors): void {
  if (compareQuantities(quantityOf(value), ZERO_QUANTITY) <= 0)
    errors.push(invalid(path, value, "must be greater than zero"));
}

export function isNegative(value: string): boolean {
  return value.startsWith("-") && compareQuantities(quantityOf(value), ZERO_QUANTITY) < 0;
}

/** A text that is there and not empty. */
export function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== "";
}
