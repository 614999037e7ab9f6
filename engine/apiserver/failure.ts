// After kubernetes v1.36 staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go.
import type { Status, StatusCause, StatusDetails } from "../api/status.ts";
import type { ApiResponse } from "../api/wire.ts";

/** What an error is about: the group and the plural. */
export interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

/** `deployments.apps`, `pods`. */
export function qualified(resource: GroupResource): string {
  return resource.group === "" ? resource.resource : `${resource.resource}.${resource.group}`;
}

/** A Status as a response. */
export function answerStatus(status: Status): ApiResponse {
  return { code: status.code ?? 500, body: status };
}

export function failure(
  code: number,
  reason: string,
  rest: { readonly message: string; readonly details?: StatusDetails },
): Status {
  const { message, details } = rest;
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    ...(reason === "" ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  };
}

function detailsOf(resource: GroupResource, name: string): StatusDetails {
  return {
    ...(name === "" ? {} : { name }),
    ...(resource.group === "" ? {} : { group: resource.group }),
    ...(resource.resource === "" ? {} : { kind: resource.resource }),
  };
}

export function notFound(resource: GroupResource, name: string): Status {
  const message = `${qualified(resource)} ${JSON.stringify(name)} not found`;
  return failure(404, "NotFound", { message, details: detailsOf(resource, name) });
}

export function alreadyExists(resource: GroupResource, name: string): Status {
  const message = `${qualified(resource)} ${JSON.stringify(name)} already exists`;
  return failure(409, "AlreadyExists", { message, details: detailsOf(resource, name) });
}

/** What GuaranteedUpdate says when the object has moved on: registry/generic/registry/store.go OptimisticLockErrorMsg. */
export const OPTIMISTIC_LOCK_MESSAGE =
  "the object has been modified; please apply your changes to the latest version and try again";

export function conflict(
  resource: GroupResource,
  name: string,
  what: { readonly message: string; readonly causes?: readonly StatusCause[] },
): Status {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} ${JSON.stringify(name)}: ${what.message}`;
  const causes = what.causes === undefined ? {} : { causes: what.causes };
  return failure(409, "Conflict", { message, details: { ...detailsOf(resource, name), ...causes } });
}

export function forbidden(resource: GroupResource, name: string, problem: string): Status {
  const message =
    resource.resource === ""
      ? `forbidden: ${problem}`
      : `${qualified(resource)}${name === "" ? "" : ` ${JSON.stringify(name)}`} is forbidden: ${problem}`;
  return failure(403, "Forbidden", { message, details: detailsOf(resource, name) });
}

export function unauthorized(): Status {
  return failure(401, "Unauthorized", { message: "Unauthorized" });
}

export function badRequest(message: string): Status {
  return failure(400, "BadRequest", { message });
}

export function methodNotAllowed(): Status {
  const message = "the server does not allow this method on the requested resource";
  return failure(405, "MethodNotAllowed", { message, details: {} });
}

export function unknownResource(): Status {
  const message = "the server could not find the requested resource";
  return failure(404, "NotFound", { message, details: {} });
}

export function gone(message: string): Status {
  return failure(410, "Expired", { message });
}

export function internalError(message: string): Status {
  const details = { causes: [{ message }] };
  return failure(500, "InternalError", { message: `Internal error occurred: ${message}`, details });
}

export function tooManyRequests(
  message: string,
  rest: { readonly retryAfterSeconds?: number; readonly causes?: readonly StatusCause[] } = {},
): Status {
  return failure(429, "TooManyRequests", { message, details: rest });
}

export function serviceUnavailable(message: string): Status {
  return failure(503, "ServiceUnavailable", { message });
}

export function unsupportedMediaType(accepted: readonly string[]): Status {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`;
  return failure(415, "UnsupportedMediaType", { message });
}
