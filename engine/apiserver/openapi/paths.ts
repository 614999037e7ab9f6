import type { Served } from "../served.ts";

/** The paths of a document, as far as clients look at them: which verbs there are, for which kind, with which options. */
export function pathsOf(apiVersion: string, served: readonly Served[]): object {
  const root = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
  const paths: Record<string, object> = {};
  for (const one of served) {
    const { plural, namespaced } = one.strategy.resource;
    const collection = `${root}${namespaced ? "/namespaces/{namespace}" : ""}/${plural}`;
    paths[collection] = operations(one, { get: "list", post: "create", delete: "deletecollection" });
    paths[`${collection}/{name}`] = operations(one, { get: "get", put: "update", patch: "patch", delete: "delete" });
    if (namespaced) paths[`${root}/${plural}`] = operations(one, { get: "list" });
  }
  return paths;
}

/** How the extension x-kubernetes-action words the verbs. Source: apiserver/pkg/endpoints/installer.go. */
const actions: Readonly<Record<string, string>> = {
  get: "get",
  list: "list",
  create: "post",
  update: "put",
  patch: "patch",
  delete: "delete",
  deletecollection: "deletecollection",
};

function operations(served: Served, byMethod: Readonly<Record<string, string>>): object {
  const { verbs, group, version, kind } = served.strategy.resource;
  const found: Record<string, object> = {};
  for (const [method, verb] of Object.entries(byMethod)) {
    if (!verbs.includes(verb)) continue;
    const isWrite = verb === "create" || verb === "update" || verb === "patch";
    found[method] = {
      ...(isWrite ? { parameters: writeOptions } : {}),
      responses: { 200: { description: "OK" } },
      "x-kubernetes-action": actions[verb],
      "x-kubernetes-group-version-kind": { group, kind, version },
    };
  }
  return found;
}

const writeOptions = ["dryRun", "fieldManager", "fieldValidation"].map((name) => ({
  name,
  in: "query",
  schema: { type: "string", uniqueItems: true },
}));
