import type { ApiRequest, Identity } from "../api/wire.ts";

/** A collection of the API: where its objects live. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  /** The plural, as in the path: `pods`, `replicasets`. */
  readonly plural: string;
}

/** What a request is about. */
export interface Target {
  readonly resource: Resource;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** Who a component is, and how it names itself: the certificate and the user agent of its connection. */
export interface Caller {
  readonly identity: Identity;
  readonly userAgent: string;
}

/** The path of a target: `/api/v1/namespaces/default/pods/web/status`. */
export function pathOf(target: Target): string {
  const { group, version, plural } = target.resource;
  let path = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  if (target.namespace !== undefined && target.namespace !== "") path += `/namespaces/${target.namespace}`;
  path += `/${plural}`;
  if (target.name !== undefined) path += `/${target.name}`;
  return target.subresource === undefined ? path : `${path}/${target.subresource}`;
}

export function getRequest(target: Target): ApiRequest {
  return { method: "GET", path: pathOf(target) };
}

export function createRequest(target: Target, body: unknown): ApiRequest {
  return { method: "POST", path: pathOf(target), body };
}

export function updateRequest(target: Target, body: unknown): ApiRequest {
  return { method: "PUT", path: pathOf(target), body };
}

/** The patch dialects by the media type that selects them. */
export const PATCH_MEDIA_TYPES = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
} as const;

export function patchRequest(
  target: Target,
  patch: { readonly dialect: keyof typeof PATCH_MEDIA_TYPES; readonly body: unknown },
): ApiRequest {
  return {
    method: "PATCH",
    path: pathOf(target),
    headers: { "content-type": PATCH_MEDIA_TYPES[patch.dialect] },
    body: patch.body,
  };
}

/** Deletes one object; `options` is a meta/v1 DeleteOptions without its kind. */
export function deleteRequest(
  target: Target,
  options: {
    readonly propagationPolicy?: "Orphan" | "Background" | "Foreground";
    readonly gracePeriodSeconds?: number;
    readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  } = {},
): ApiRequest {
  return { method: "DELETE", path: pathOf(target), body: { kind: "DeleteOptions", apiVersion: "v1", ...options } };
}

/** The request with the caller's user agent, as the connection of that component carries it. */
export function asCaller(request: ApiRequest, caller: Caller): ApiRequest {
  return { ...request, headers: { ...request.headers, "user-agent": caller.userAgent } };
}
