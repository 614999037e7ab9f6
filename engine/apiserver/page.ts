// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/storage/continue.go and etcd3/store.go GetList.
import type { KubernetesObject } from "../api/object.ts";
import type { Status } from "../api/status.ts";
import { remove, set } from "../kernel/sorted-map.ts";
import { eventsAfter } from "./cache.ts";
import { badRequest, gone } from "./failure.ts";
import { selectObjects } from "./objects.ts";
import { versionProblem } from "./resource-version.ts";
import type { Served } from "./served.ts";
import { shownObject } from "./shown.ts";
import { collectionAt, type ServerState, setCollectionIn } from "./state.ts";
import type { Selection } from "./watcher.ts";

/** A list or a part of one. */
export interface Page {
  readonly items: readonly KubernetesObject[];
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
}

export interface PageRequest {
  readonly served: Served;
  readonly selection: Selection;
  readonly query: Readonly<Record<string, string>> | undefined;
}

/** The page that the query asks for. Later pages show the collection as it was for the first. */
export function pageOf(state: ServerState, request: PageRequest): Page | Status {
  const { query = {} } = request;
  const limit = limitOf(query["limit"]);
  if (typeof limit !== "number") return limit;
  const token = query["continue"] ?? "";
  if (token !== "") return continued(state, request, { token, limit });
  const problem = listProblem(query, state.revision);
  if (problem !== undefined) return problem;
  const exact = query["resourceVersionMatch"] === "Exact" ? Number(query["resourceVersion"]) : state.revision;
  const then = stateAt(state, request.served, exact);
  if (then === undefined) return compacted();
  return cut(selectObjects(then, request.served, request.selection), request, { limit, revision: exact, after: "" });
}

function limitOf(text: string | undefined): number | Status {
  if (text === undefined || text === "") return 0;
  const limit = Number(text);
  return Number.isSafeInteger(limit)
    ? limit
    : badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}

/** Source: apimachinery/pkg/apis/meta/internalversion/validation/validation.go ValidateListOptions. */
function listProblem(query: Readonly<Record<string, string>>, revision: number): Status | undefined {
  const match = query["resourceVersionMatch"] ?? "";
  const version = query["resourceVersion"] ?? "";
  if (match !== "" && version === "") {
    return listInvalid("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
  }
  if (match === "Exact" && version === "0") {
    return listInvalid("resourceVersionMatch", 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
  return version === "" || version === "0" ? undefined : versionProblem(version, revision);
}

function listInvalid(field: string, detail: string): Status {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: `ListOptions.meta.k8s.io "" is invalid: ${field}: Forbidden: ${detail}`,
    reason: "Invalid",
    details: {
      group: "meta.k8s.io",
      kind: "ListOptions",
      causes: [{ reason: "FieldValueForbidden", message: `Forbidden: ${detail}`, field }],
    },
    code: 422,
  };
}

/** A continue token: the revision of the first page and the last name told. Opaque to clients. */
function continued(
  state: ServerState,
  request: PageRequest,
  at: { readonly token: string; readonly limit: number },
): Page | Status {
  const dot = at.token.indexOf(".");
  const revision = Number(at.token.slice(0, dot));
  if (dot < 0 || !Number.isSafeInteger(revision))
    return badRequest("continue key is not valid: unexpected end of JSON input");
  const after = at.token.slice(dot + 1);
  const then = stateAt(state, request.served, revision);
  if (then === undefined) return compacted();
  return cut(selectObjects(then, request.served, request.selection), request, { limit: at.limit, revision, after });
}

/** Source: apiserver/pkg/storage/etcd3/errors.go handleExpiredListError. */
function compacted(): Status {
  return gone(
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the " +
      "continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects " +
      "that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
  );
}

function cut(
  objects: readonly KubernetesObject[],
  request: PageRequest,
  at: { readonly limit: number; readonly revision: number; readonly after: string },
): Page {
  const { served, selection } = request;
  const left = at.after === "" ? objects : objects.filter((object) => nameOf(object) > at.after);
  const isCut = at.limit > 0 && left.length > at.limit;
  const told = isCut ? left.slice(0, at.limit) : left;
  const items = served.strategy.stored === undefined ? told : told.map((object) => shownObject(object, served));
  const resourceVersion = String(at.revision);
  if (!isCut) return { items, metadata: { resourceVersion } };
  const last = told.at(-1);
  const token = `${resourceVersion}.${last === undefined ? "" : nameOf(last)}`;
  const isCounted = selection.labels === undefined && selection.fields === undefined;
  const remaining = isCounted ? { remainingItemCount: left.length - at.limit } : {};
  return { items, metadata: { resourceVersion, continue: token, ...remaining } };
}

function nameOf(object: KubernetesObject): string {
  const { namespace = "", name = "" } = object.metadata;
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** The state with the one collection as it was at a revision; undefined when that is no longer known. */
function stateAt(state: ServerState, served: Served, revision: number): ServerState | undefined {
  if (revision >= state.revision) return state;
  const collection = collectionAt(state, served.prefix);
  const later = eventsAfter(collection, revision);
  if (later === undefined) return undefined;
  let { objects } = collection;
  for (const event of later.toReversed()) {
    const name = nameOf(event.object);
    objects = event.previous === undefined ? remove(objects, name) : set(objects, name, event.previous);
  }
  return setCollectionIn(state, served.prefix, { ...collection, objects });
}
