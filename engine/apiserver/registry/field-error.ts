// After kubernetes v1.36 staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go; not modelled: origins, coverage marks.

import { goJson, goQuote } from "../../api/go-quote.ts";

/** The kinds of trouble a field can be in, as `details.causes[].reason` names them. */
export type FieldErrorType =
  | "FieldValueNotFound"
  | "FieldValueRequired"
  | "FieldValueDuplicate"
  | "FieldValueInvalid"
  | "FieldValueNotSupported"
  | "FieldValueForbidden"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "FieldValueTypeInvalid"
  | "InternalError";

/** One broken rule: where, what was found, and what was expected. */
export interface FieldError {
  readonly type: FieldErrorType;
  /** `spec.containers[0].name`; empty for the object as a whole. */
  readonly field: string;
  /** What was found, as the message prints it; `printed` marks text that already has its final form. */
  readonly badValue?: unknown;
  readonly detail: string;
}

/** A value that prints as it stands: a Go struct or pointer whose `%v` or JSON form the caller knows. */
export interface Printed {
  readonly printed: string;
}

const words: Readonly<Record<FieldErrorType, string>> = {
  FieldValueNotFound: "Not found",
  FieldValueRequired: "Required value",
  FieldValueDuplicate: "Duplicate value",
  FieldValueInvalid: "Invalid value",
  FieldValueNotSupported: "Unsupported value",
  FieldValueForbidden: "Forbidden",
  FieldValueTooLong: "Too long",
  FieldValueTooMany: "Too many",
  FieldValueTypeInvalid: "Invalid value",
  InternalError: "Internal error",
};

/** Types whose message shows no value. */
const valueless: ReadonlySet<FieldErrorType> = new Set<FieldErrorType>([
  "FieldValueRequired",
  "FieldValueForbidden",
  "FieldValueTooLong",
  "InternalError",
]);

export function required(field: string, detail = ""): FieldError {
  return { type: "FieldValueRequired", field, detail };
}

export function invalid(field: string, badValue: unknown, detail: string): FieldError {
  return { type: "FieldValueInvalid", field, badValue, detail };
}

export function typeInvalid(field: string, badValue: unknown, detail: string): FieldError {
  return { type: "FieldValueTypeInvalid", field, badValue, detail };
}

export function forbidden(field: string, detail: string): FieldError {
  return { type: "FieldValueForbidden", field, detail };
}

export function duplicate(field: string, badValue: unknown): FieldError {
  return { type: "FieldValueDuplicate", field, badValue, detail: "" };
}

export function notFound(field: string, badValue: unknown): FieldError {
  return { type: "FieldValueNotFound", field, badValue, detail: "" };
}

export function internalError(field: string, detail: string): FieldError {
  return { type: "InternalError", field, detail };
}

/** The accepted values are printed in the order given: upstream sorts them where it does, and so must the caller. */
export function notSupported(field: string, badValue: unknown, supported: readonly string[]): FieldError {
  const list = supported.map(goQuote).join(", ");
  return {
    type: "FieldValueNotSupported",
    field,
    badValue,
    detail: supported.length === 0 ? "" : `supported values: ${list}`,
  };
}

export function tooLong(field: string, maxBytes: number): FieldError {
  const detail = maxBytes < 0 ? "value is too long" : `may not be more than ${maxBytes} bytes`;
  return { type: "FieldValueTooLong", field, detail };
}

export function tooMany(field: string, actual: number, max: number): FieldError {
  const detail = max < 0 ? "has too many items" : `must have at most ${max} ${max === 1 ? "item" : "items"}`;
  return { type: "FieldValueTooMany", field, badValue: actual, detail };
}

/** Stands for a value that the message does not show. */
export const omitted: Printed = { printed: "" };

/** What stands after the field: `Invalid value: "x": must be …`. It is also `details.causes[].message`. */
export function errorBody(error: FieldError): string {
  const word = words[error.type];
  const head =
    valueless.has(error.type) || error.badValue === omitted ? word : `${word}: ${printValue(error.badValue)}`;
  return error.detail === "" ? head : `${head}: ${error.detail}`;
}

/** The whole sentence, with the field before it. */
export function errorText(error: FieldError): string {
  return `${error.field}: ${errorBody(error)}`;
}

/** Text that a Go struct prints as. */
export function printed(text: string): Printed {
  return { printed: text };
}

function isPrinted(value: unknown): value is Printed {
  return typeof value === "object" && value !== null && "printed" in value;
}

function printValue(value: unknown): string {
  if (value === undefined || value === null) return "null";
  if (typeof value === "string") return goQuote(value);
  if (isPrinted(value)) return value.printed;
  return goJson(value);
}
