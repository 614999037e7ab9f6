// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/endpoints/openapi and kube-openapi handler3; not modelled: descriptions (edges add them), the paths of OpenAPI v2, protobuf.
import { apiVersionOf } from "../../api/resource-kind.ts";
import type { ApiResponse } from "../../api/wire.ts";
import { groupsOf } from "../discovery/groups.ts";
import type { ServerState } from "../state.ts";
import { documentOf, swagger } from "./document.ts";

/** `/openapi/v3`, `/openapi/v3/apis/apps/v1`, `/openapi/v2`. */
export function openApi(
  state: ServerState,
  parts: readonly string[],
  accept: string | undefined,
): ApiResponse | undefined {
  if (parts[0] === "v2" && parts.length === 1) return oldDocument(accept);
  if (parts[0] === "v3" && parts.length === 1) return index(state);
  if (parts[0] !== "v3") return undefined;
  const [, root, ...place] = parts;
  const isCore = root === "api";
  const [group = "", version = ""] = isCore ? ["", place[0]] : place;
  const found = groupsOf(state)
    .find((one) => one.name === group)
    ?.versions.find((one) => one.version === version);
  return found === undefined ? undefined : { code: 200, body: documentOf({ group, version }, found.served) };
}

/**
 * OpenAPI v2. Clients that want protobuf get an empty document, which is a valid one: kubectl asks for it only about kinds that nobody serves, and
 * finds that it knows nothing of them either.
 */
function oldDocument(accept = ""): ApiResponse {
  if (!accept.includes("protobuf")) return { code: 200, body: swagger() };
  return {
    code: 200,
    headers: { "content-type": "application/com.github.proto-openapi.spec.v2.v1.0+protobuf" },
    body: "",
  };
}

function index(state: ServerState): ApiResponse {
  const paths: Record<string, object> = {};
  for (const group of groupsOf(state)) {
    for (const { version } of group.versions) {
      const place = apiVersionOf({ group: group.name, version });
      const path = group.name === "" ? `api/${place}` : `apis/${place}`;
      paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${hashOf(path)}` };
    }
  }
  return { code: 200, headers: { "content-type": "application/json" }, body: { paths } };
}

/** A document of a built-in group never changes, so its name is as good as a hash. */
function hashOf(path: string): string {
  let hex = "";
  for (let at = 0; at < path.length; at++) hex += path.charCodeAt(at).toString(16).toUpperCase();
  return hex;
}
