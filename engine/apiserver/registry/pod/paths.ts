// After kubernetes v1.36 pkg/apis/core/validation/validation.go validateLocalDescendingPath and its neighbours.
import { invalid } from "../field-error.ts";
import type { Errors } from "../rules.ts";

export function validatePathNoBacksteps(path: string, field: string, errors: Errors): void {
  if (path.split("/").includes("..")) errors.push(invalid(field, path, "must not contain '..'"));
}

/** A relative path that stays below. */
export function validateLocalDescendingPath(path: string, field: string, errors: Errors): void {
  if (path.startsWith("/")) errors.push(invalid(field, path, "must be a relative path"));
  validatePathNoBacksteps(path, field, errors);
}

/** The same, and not a name that the kubelet keeps for itself. */
export function validateLocalNonReservedPath(path: string, field: string, errors: Errors): void {
  validateLocalDescendingPath(path, field, errors);
  if (path.startsWith("..") && !path.startsWith("../")) errors.push(invalid(field, path, "must not start with '..'"));
}
