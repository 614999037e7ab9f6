// After kubernetes v1.36 apimachinery/pkg/api/errors/errors.go and pkg/util/errors/errors.go.
import type { Status, StatusDetails } from "../../api/status.ts";
import { errorBody, errorText, type FieldError } from "./field-error.ts";

interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** 422: the object breaks rules. */
export function invalidStatus(kind: GroupKind, name: string, errors: readonly FieldError[]): Status {
  const qualified = kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`;
  const causes = errors.map((error) => ({ reason: error.type, message: errorBody(error), field: error.field }));
  return failure(422, "Invalid", {
    message: `${qualified} ${JSON.stringify(name)} is invalid: ${aggregate(errors.map(errorText))}`,
    details: { ...named(name), ...(kind.group === "" ? {} : { group: kind.group }), kind: kind.kind, causes },
  });
}

/** 500 without a reason: an error that no layer expected. */
export function unexpectedStatus(message: string): Status {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, code: 500 };
}

function named(name: string): StatusDetails {
  return name === "" ? {} : { name };
}

function failure(
  code: number,
  reason: string,
  rest: { readonly message: string; readonly details?: StatusDetails },
): Status {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", reason, code, ...rest };
}

/** Several sentences as one: each once, in brackets. Source: apimachinery/pkg/util/errors aggregate.Error. */
export function aggregate(messages: readonly string[]): string {
  const unique = [...new Set(messages)];
  return unique.length === 1 ? (unique[0] ?? "") : `[${unique.join(", ")}]`;
}
