// After kubectl pkg/cmd/apiresources/, pkg/cmd/version/version.go, pkg/cmd/clusterinfo/.
import { bracketed, refusal, usageRefusal } from "../failure.ts";
import { boolFlag, isGiven, listFlag, textFlag } from "../flag-set.ts";
import { at, rowsAt, textAt, type Fields } from "../json.ts";
import { apiVersionOf, discover, qualifiedName } from "../mapping.ts";
import type { ResourceMapping } from "../resource-mapping.ts";
import { indentedJson } from "../printers/json-text.ts";
import { kyaml } from "../printers/kyaml.ts";
import { TABLE_LAYOUT, tabulate } from "../tabulate.ts";
import { exchange, print, printLine, send, type Session, type Talk } from "../talk.ts";
import { toYaml } from "../yaml-text.ts";

const RESOURCE_FORMATS = ["", "wide", "name", "json", "yaml", "kyaml"];

export function* runApiResources(session: Session): Talk<number> {
  const { flags, args } = session;
  if (args.length > 0) throw usageRefusal("kubectl api-resources", `unexpected arguments: ${bracketed(args)}`);
  const output = textFlag(flags, "output");
  if (!RESOURCE_FORMATS.includes(output)) {
    throw refusal(
      `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: json,kyaml,name,wide,yaml`,
    );
  }
  const sortBy = textFlag(flags, "sort-by");
  if (!["", "name", "kind"].includes(sortBy)) throw refusal(`--sort-by accepts only name or kind`);
  const mappings = (yield* discover(session))
    .filter((mapping) => wanted(session, mapping))
    .toSorted(sortBy === "" ? byGroupAndName : bySort(sortBy));
  if (output === "name") yield* print(mappings.map((mapping) => `${qualifiedName(mapping)}\n`).join(""));
  else if (output === "" || output === "wide") yield* printMappings(session, mappings, output === "wide");
  else yield* print(structured(output, resourceList(mappings)));
  return 0;
}

function wanted(session: Session, mapping: ResourceMapping): boolean {
  const { flags } = session;
  if (!mapping.preferred || mapping.verbs.length === 0) return false;
  if (isGiven(flags, "api-group") && mapping.group !== textFlag(flags, "api-group")) return false;
  if (isGiven(flags, "namespaced") && mapping.namespaced !== boolFlag(flags, "namespaced")) return false;
  return (
    listFlag(flags, "verbs").every((verb) => mapping.verbs.includes(verb)) &&
    listFlag(flags, "categories").every((each) => mapping.categories.includes(each))
  );
}

function byGroupAndName(one: ResourceMapping, other: ResourceMapping): number {
  if (one.group !== other.group) return one.group < other.group ? -1 : 1;
  return one.plural < other.plural ? -1 : 1;
}

function bySort(sortBy: string): (one: ResourceMapping, other: ResourceMapping) => number {
  return (one, other) => {
    const [left, right] = sortBy === "name" ? [one.plural, other.plural] : [one.kind, other.kind];
    return left === right ? 0 : left < right ? -1 : 1;
  };
}

function* printMappings(session: Session, mappings: readonly ResourceMapping[], wide: boolean): Talk<void> {
  const headers = `NAME\tSHORTNAMES\tAPIVERSION\tNAMESPACED\tKIND${wide ? "\tVERBS\tCATEGORIES" : ""}\n`;
  const lines = mappings.map((mapping) => {
    const more = wide ? `\t${mapping.verbs.join(",")}\t${mapping.categories.join(",")}` : "";
    return `${mapping.plural}\t${mapping.shortNames.join(",")}\t${apiVersionOf(mapping)}\t${mapping.namespaced}\t${mapping.kind}${more}\n`;
  });
  yield* print(tabulate((boolFlag(session.flags, "no-headers") ? "" : headers) + lines.join(""), TABLE_LAYOUT));
}

function resourceList(mappings: readonly ResourceMapping[]): Fields {
  const resources = mappings.map((mapping) => ({
    ...(mapping.categories.length > 0 ? { categories: mapping.categories } : {}),
    group: mapping.group,
    kind: mapping.kind,
    name: mapping.plural,
    namespaced: mapping.namespaced,
    ...(mapping.shortNames.length > 0 ? { shortNames: mapping.shortNames } : {}),
    singularName: mapping.singular,
    verbs: mapping.verbs,
    version: mapping.version,
  }));
  return { apiVersion: "v1", groupVersion: "", kind: "APIResourceList", resources };
}

function structured(output: string, value: Fields): string {
  if (output === "json") return `${indentedJson(value, "as-is")}\n`;
  return output === "yaml" ? toYaml(value) : kyaml(value);
}

export function* runApiVersions(session: Session): Talk<number> {
  if (session.args.length > 0)
    throw usageRefusal("kubectl api-versions", `unexpected arguments: ${bracketed(session.args)}`);
  const versions = new Set((yield* discover(session)).map(apiVersionOf));
  yield* print(
    [...versions]
      .toSorted()
      .map((version) => `${version}\n`)
      .join(""),
  );
  return 0;
}

/** What this kubectl says it is. Source: the recorded `kubectl version -o yaml`. */
const KUSTOMIZE_VERSION = "v5.8.1";

export function* runVersion(session: Session): Talk<number> {
  const { flags } = session;
  const output = textFlag(flags, "output");
  if (session.args.length > 0) throw refusal(`extra arguments: ${bracketed(session.args)}`);
  if (!["", "yaml", "json", "kyaml"].includes(output)) throw refusal("--output must be 'yaml' or 'json'");
  const server = boolFlag(flags, "client")
    ? undefined
    : ((yield* send(session, { method: "GET", path: "/version" })).body as Fields);
  const client = server ?? CLIENT_VERSION;
  const clientVersion = {
    ...CLIENT_VERSION,
    ...(server === undefined ? {} : pick(client, Object.keys(CLIENT_VERSION))),
  };
  if (output !== "") {
    const all = {
      clientVersion,
      kustomizeVersion: KUSTOMIZE_VERSION,
      ...(server === undefined ? {} : { serverVersion: server }),
    };
    yield* print(output === "yaml" ? `${toYaml(all)}\n` : structured(output, all));
    return 0;
  }
  yield* print(`Client Version: ${textAt(clientVersion, "gitVersion")}\nKustomize Version: ${KUSTOMIZE_VERSION}\n`);
  if (server !== undefined) yield* printLine(`Server Version: ${textAt(server, "gitVersion")}`);
  return 0;
}

const CLIENT_VERSION: Fields = {
  major: "1",
  minor: "36",
  gitVersion: "v1.36.2",
  gitCommit: "1c33ad4",
  gitTreeState: "clean",
  buildDate: "2026-06-10T00:00:00Z",
  goVersion: "go1.26.10",
  compiler: "gc",
  platform: "linux/amd64",
};

/** kubectl and the simulated server are of one build: what the server says of the build is true of both. */
function pick(object: Fields, keys: readonly string[]): Fields {
  return Object.fromEntries(keys.filter((key) => object[key] !== undefined).map((key) => [key, object[key]]));
}

export function* runClusterInfo(session: Session): Talk<number> {
  if (session.args.length > 0)
    throw usageRefusal("kubectl cluster-info", `unknown command ${JSON.stringify(session.args[0])}`);
  const response = yield* exchange(session, {
    method: "GET",
    path: "/api/v1/namespaces/kube-system/services",
    query: { labelSelector: "kubernetes.io/cluster-service=true" },
  });
  const line = (name: string, url: string): string => `${name} is running at ${url}\n`;
  yield* print(line("Kubernetes control plane", session.config.server));
  for (const service of rowsAt(response.body, "items")) {
    const name = textAt(service, "metadata", "labels", "kubernetes.io/name") || textAt(service, "metadata", "name");
    const port = at(service, "spec", "ports", 0, "name");
    yield* print(
      line(
        name,
        `${session.config.server}/api/v1/namespaces/kube-system/services/${textAt(service, "metadata", "name")}${port === undefined ? "" : `:${String(port)}`}/proxy`,
      ),
    );
  }
  yield* print("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n");
  return 0;
}

const DUMPED = ["events", "replicationcontrollers", "services", "daemonsets", "deployments", "replicasets", "pods"];

export function* dumpCluster(session: Session): Talk<number> {
  const { flags, config } = session;
  const kinds = yield* discover(session);
  const show = (object: unknown): string => structured(textFlag(flags, "output"), object as Fields);
  yield* print(show((yield* send(session, { method: "GET", path: "/api/v1/nodes" })).body));
  const namespaces = boolFlag(flags, "all-namespaces")
    ? [""]
    : listFlag(flags, "namespaces").length > 0
      ? listFlag(flags, "namespaces")
      : ["kube-system", config.namespace];
  for (const namespace of namespaces) {
    for (const plural of DUMPED) {
      const mapping = kinds.find((each) => each.plural === plural);
      if (mapping === undefined) continue;
      const root = mapping.group === "" ? `/api/${mapping.version}` : `/apis/${mapping.group}/${mapping.version}`;
      const path = namespace === "" ? `${root}/${plural}` : `${root}/namespaces/${namespace}/${plural}`;
      yield* print(show((yield* send(session, { method: "GET", path })).body));
    }
  }
  return 0;
}
