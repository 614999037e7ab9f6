import { apiVersionOf } from "../api/resource-kind.ts";
import type { ApiResponse } from "../api/wire.ts";
import { coreVersions, groupList, groupsOf, oneGroup, oneVersion } from "./discovery/groups.ts";
import { health, healthPaths } from "./discovery/health.ts";
import { answerStatus, methodNotAllowed, unknownResource } from "./failure.ts";
import { openApi } from "./openapi/openapi.ts";
import type { User } from "./registry/strategy.ts";
import type { RequestInfo } from "./request-path.ts";
import type { Exchange, ServerState, Turn } from "./state.ts";

/** Everything that is not a collection: discovery, health, version. */
export interface PlainCall {
  readonly exchange: Exchange;
  readonly info: RequestInfo;
  readonly user: User;
}

/** Source: golden/a-discovery/version.json, whose commit and date are invented. */
const VERSION = {
  major: "1",
  minor: "36",
  emulationMajor: "1",
  emulationMinor: "36",
  minCompatibilityMajor: "1",
  minCompatibilityMinor: "35",
  gitVersion: "v1.36.2",
  gitCommit: "oracle",
  gitTreeState: "clean",
  buildDate: "2026-06-01T00:00:00Z",
  goVersion: "go1.26.10",
  compiler: "gc",
  platform: "linux/amd64",
} as const;

export function nonResource(turn: Turn, call: PlainCall): ApiResponse {
  const { method } = call.exchange.request;
  const found = answerFor(turn.state, call);
  if (found === undefined) return missingPath(turn.state, call.info);
  if (method !== "GET" && method !== "HEAD") return answerStatus(methodNotAllowed());
  return found;
}

function answerFor(state: ServerState, call: PlainCall): ApiResponse | undefined {
  const { path, query, headers } = call.exchange.request;
  const parts = path.split("/").filter((part) => part !== "");
  const accept = headers?.["accept"];
  switch (parts[0]) {
    case undefined:
      return { code: 200, body: { paths: rootPaths(state) } };
    case "version":
      return parts.length === 1 ? { code: 200, body: VERSION } : undefined;
    case "api":
      return api(state, parts, accept);
    case "apis":
      return apis(state, parts, accept);
    case "openapi":
      return openApi(state, parts.slice(1), accept);
    case "metrics":
      return { code: 200, headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" }, body: "" };
    default:
      return health(path, query);
  }
}

function api(state: ServerState, parts: readonly string[], accept: string | undefined): ApiResponse | undefined {
  if (parts.length === 1) return coreVersions(state, accept);
  return parts.length === 2 ? oneVersion(state, { group: "", version: parts[1] ?? "" }) : undefined;
}

function apis(state: ServerState, parts: readonly string[], accept: string | undefined): ApiResponse | undefined {
  const [, group = "", version = ""] = parts;
  if (parts.length === 1) return groupList(state, accept);
  if (parts.length === 2) return oneGroup(state, group);
  return parts.length === 3 ? oneVersion(state, { group, version }) : undefined;
}

/** An unknown collection of a known version is a Status; any other unknown path is plain text. Source: golden/a-discovery/bad-*.  */
function missingPath(state: ServerState, info: RequestInfo): ApiResponse {
  const isKnown = info.isResource && oneVersion(state, { group: info.group, version: info.version }) !== undefined;
  if (isKnown) return answerStatus(unknownResource());
  const headers = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" };
  return { code: 404, headers, body: "404 page not found\n" };
}

function rootPaths(state: ServerState): readonly string[] {
  const groups = groupsOf(state).filter((group) => group.name !== "");
  const apiPaths = groups.flatMap((group) => [
    `/apis/${group.name}`,
    ...group.versions.map(({ version }) => `/apis/${apiVersionOf({ group: group.name, version })}`),
  ]);
  const others = [
    "/.well-known/openid-configuration",
    "/api",
    "/api/v1",
    "/apis",
    "/apis/",
    "/flagz",
    "/metrics",
    "/metrics/slis",
  ];
  const last = ["/openapi/v2", "/openapi/v3", "/openapi/v3/", "/openid/v1/jwks", "/statusz", "/version"];
  return [...new Set([...others, ...apiPaths, ...healthPaths(), ...last])].toSorted();
}
