// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go; not modelled: the deprecated proxy prefix.
import type { ApiRequest } from "../api/wire.ts";

/** What a path and a method ask for. */
export interface RequestInfo {
  /** False for `/version`, `/healthz` and the like; then only `verb` and `path` count. */
  readonly isResource: boolean;
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; the method in lower case for other paths. */
  readonly verb: string;
  readonly path: string;
  readonly group: string;
  readonly version: string;
  /** The plural; empty for a path that names only a group and version. */
  readonly resource: string;
  /** Empty: no namespace, or all of them. */
  readonly namespace: string;
  /** Empty: the collection. */
  readonly name: string;
  readonly subresource: string;
  /** What follows the subresource, for `proxy`. */
  readonly rest: string;
}

/** Reads method, path and query. */
export function requestInfoOf(request: ApiRequest): RequestInfo {
  const segments = request.path.split("/");
  if (segments[segments.length - 1] === "") segments.pop();
  if (segments[1] === "api" && segments.length > 3) return resourceInfo(request, segments, { group: "", from: 2 });
  if (segments[1] === "apis" && segments.length > 4) {
    return resourceInfo(request, segments, { group: decoded(segments[2]), from: 3 });
  }
  return { ...nowhere, verb: request.method.toLowerCase(), path: request.path };
}

const nowhere = {
  isResource: false,
  group: "",
  version: "",
  resource: "",
  namespace: "",
  name: "",
  subresource: "",
  rest: "",
} as const;

function resourceInfo(
  request: ApiRequest,
  segments: readonly string[],
  place: { readonly group: string; readonly from: number },
): RequestInfo {
  const version = segments[place.from] ?? "";
  let at = place.from + 1;
  const isOldWatch = segments[at] === "watch" && segments.length > at + 1;
  if (isOldWatch) at += 1;
  let namespace = "";
  if (segments[at] === "namespaces" && segments.length > at + 2 && !isOfNamespace(segments[at + 2])) {
    namespace = decoded(segments[at + 1]);
    at += 2;
  } else if (segments[at] === "namespaces" && place.group === "") {
    namespace = decoded(segments[at + 1]);
  }
  const name = decoded(segments[at + 1]);
  const rest = segments.length > at + 3 ? segments.slice(at + 3).join("/") : "";
  return {
    isResource: true,
    verb: verbOf(request, { name, isOldWatch }),
    path: request.path,
    group: place.group,
    version,
    resource: segments[at] ?? "",
    namespace,
    name,
    subresource: segments[at + 2] ?? "",
    rest,
  };
}

/** `/namespaces/x/status` is about the namespace itself. Source: requestinfo.go namespaceSubresources. */
function isOfNamespace(segment: string | undefined): boolean {
  return segment === "status" || segment === "finalize";
}

function verbOf(request: ApiRequest, target: { readonly name: string; readonly isOldWatch: boolean }): string {
  switch (request.method) {
    case "GET":
    case "HEAD":
      return readVerb(request.query, target);
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return target.name === "" ? "deletecollection" : "delete";
    case "OPTIONS":
      return "options";
  }
}

function readVerb(query: ApiRequest["query"], target: { readonly name: string; readonly isOldWatch: boolean }): string {
  if (target.isOldWatch) return "watch";
  if (target.name !== "") return "get";
  const watch = query?.["watch"];
  return watch !== undefined && isTrue(watch) ? "watch" : "list";
}

/** How Go reads a boolean query parameter: `?watch` and `?watch=1` are true. Source: apimachinery/pkg/runtime/conversion.go Convert_Slice_string_To_bool. */
export function isTrue(text: string): boolean {
  const lower = text.toLowerCase();
  return lower !== "false" && lower !== "0";
}

function decoded(segment: string | undefined): string {
  if (segment === undefined) return "";
  if (!segment.includes("%")) return segment;
  return percentDecoded(segment) ?? segment;
}

/** Percent-decoding that answers undefined instead of throwing. */
function percentDecoded(text: string): string | undefined {
  return /%(?![0-9a-fA-F]{2})/.test(text) || !isWellFormedUtf8(text) ? undefined : decodeURIComponent(text);
}

/** Only escapes below 0x80 are sure to be well-formed; others stay as they are. No valid name contains them. */
function isWellFormedUtf8(text: string): boolean {
  return !/%[89a-fA-F]/.test(text);
}
