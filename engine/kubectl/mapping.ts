// After apimachinery pkg/api/meta/restmapper, client-go restmapper/discovery.go, category_expansion.go, shortcut.go and cli-runtime resource/builder.go mappingFor.
import type { ResourceMapping } from "./resource-mapping.ts";
import { refusal, thrown } from "./failure.ts";
import { list, rowsAt, text, textAt, type Fields } from "./json.ts";
import { complain, exchange, hostOf, warn, type Session, type Talk } from "./talk.ts";

const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

/** All collections of the server, in the order of discovery. */
export function* discover(session: Session): Talk<readonly ResourceMapping[]> {
  const known = session.memory.mappings;
  if (known !== undefined) return known;
  const mappings: ResourceMapping[] = [];
  for (const path of ["/api", "/apis"]) {
    const response = yield* discoveryAnswer(session, path);
    if (response["kind"] === "APIGroupDiscoveryList")
      mappings.push(...rowsAt(response, "items").flatMap(mappingsOfGroup));
  }
  session.memory.mappings = mappings;
  return mappings;
}

/** How often client-go asks before it gives up. Source: the recorded five lines of memcache.go. */
const DISCOVERY_ATTEMPTS = 5;

function* discoveryAnswer(session: Session, path: string): Talk<Fields> {
  try {
    const response = yield* exchange(session, { method: "GET", path, headers: { accept: AGGREGATED } });
    if (response.code === 401) {
      throw thrown({ kind: "status", status: { reason: "Unauthorized", message: textAt(response.body, "message") } });
    }
    return response.body as Fields;
  } catch (caught) {
    yield* complainOfDiscovery(session, caught);
    throw caught;
  }
}

function* complainOfDiscovery(session: Session, caught: unknown): Talk<void> {
  const failure = caught instanceof Error && "failure" in caught ? (caught.failure as Fields) : undefined;
  if (failure?.["kind"] !== "unreachable") return;
  const host = hostOf(session.config.server);
  const cause = `Get \\"${session.config.server}/api?timeout=32s\\": dial tcp ${host}: connect: ${text(failure["message"])}`;
  for (let attempt = 0; attempt < DISCOVERY_ATTEMPTS; attempt++) {
    yield* complain(
      `E0101 00:00:00.000000       1 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: ${cause}"\n`,
    );
  }
}

function mappingsOfGroup(group: Fields): readonly ResourceMapping[] {
  const name = textAt(group, "metadata", "name");
  return rowsAt(group, "versions").flatMap((version, index) =>
    rowsAt(version, "resources").map((resource) => ({
      group: name,
      version: text(version["version"]),
      plural: text(resource["resource"]),
      singular: text(resource["singularResource"]),
      kind: textAt(resource, "responseKind", "kind"),
      namespaced: resource["scope"] === "Namespaced",
      shortNames: list(resource["shortNames"]).map(text),
      categories: list(resource["categories"]).map(text),
      verbs: list(resource["verbs"]).map(text),
      subresources: rowsAt(resource, "subresources").map((sub) => text(sub["subresource"])),
      preferred: index === 0,
    })),
  );
}

/** Resolves `po`, `pods`, `Pod`, `deployments.apps`, `deployments.v1.apps`. */
export function* mappingFor(session: Session, word: string): Talk<ResourceMapping> {
  const mappings = yield* discover(session);
  const found = yield* search(session, mappings, word.toLowerCase());
  const mapping = found ?? byKind(mappings, word);
  if (mapping === undefined)
    throw refusal(`the server doesn't have a resource type ${JSON.stringify(word.split(".")[0])}`);
  return mapping;
}

function byKind(mappings: readonly ResourceMapping[], word: string): ResourceMapping | undefined {
  const [kind = "", ...rest] = word.split(".");
  const group = rest.join(".");
  return mappings.find(
    (each) =>
      each.kind === kind && (rest.length === 0 || each.group === group || `${each.version}.${each.group}` === group),
  );
}

interface Wanted {
  readonly name: string;
  readonly group: string | undefined;
  readonly version: string | undefined;
}

function wantedOf(word: string): readonly Wanted[] {
  const parts = word.split(".");
  const [name = "", second = ""] = parts;
  const plain: Wanted = { name, group: parts.length > 1 ? parts.slice(1).join(".") : undefined, version: undefined };
  if (parts.length < 3) return [plain];
  return [{ name, version: second, group: parts.slice(2).join(".") }, plain];
}

function* search(
  session: Session,
  mappings: readonly ResourceMapping[],
  word: string,
): Talk<ResourceMapping | undefined> {
  for (const wanted of wantedOf(word)) {
    const expanded = yield* expandShortName(session, mappings, wanted);
    const found = inGroup(mappings, expanded);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inGroup(mappings: readonly ResourceMapping[], wanted: Wanted): ResourceMapping | undefined {
  const named = mappings.filter((each) => each.plural === wanted.name || each.singular === wanted.name);
  const { group, version } = wanted;
  if (group === undefined || group === "")
    return bestOf(named.filter((each) => group === undefined || wanted.version === undefined || each.group === ""));
  const exact = named.filter((each) => each.group === group && (version === undefined || each.version === version));
  return bestOf(exact) ?? bestOf(named.filter((each) => version === undefined && each.group.startsWith(group)));
}

function bestOf(candidates: readonly ResourceMapping[]): ResourceMapping | undefined {
  const first = candidates[0];
  if (first === undefined) return undefined;
  return candidates.find((each) => each.group === first.group && each.preferred) ?? first;
}

function* expandShortName(session: Session, mappings: readonly ResourceMapping[], wanted: Wanted): Talk<Wanted> {
  if (mappings.some((each) => each.plural === wanted.name || each.singular === wanted.name)) return wanted;
  const matches = mappings.filter(
    (each) => each.preferred && each.shortNames.includes(wanted.name) && matchesGroup(each, wanted.group),
  );
  const [first, ...others] = matches;
  if (first === undefined) return wanted;
  for (const other of others) {
    if (other.group === first.group && other.plural === first.plural) continue;
    const text = `short name ${JSON.stringify(wanted.name)} could also match lower priority resource ${qualifiedName(other)}`;
    if (!session.memory.warnings.has(text)) yield* warn(text);
    session.memory.warnings.add(text);
  }
  return { ...wanted, name: first.plural, group: first.group === "" ? wanted.group : first.group };
}

function matchesGroup(mapping: ResourceMapping, group: string | undefined): boolean {
  return group === undefined || group === "" || mapping.group.startsWith(group);
}

/** The mapping of an object read from a file; undefined where the server has no such kind. */
export function* mappingOfKind(session: Session, apiVersion: string, kind: string): Talk<ResourceMapping | undefined> {
  const mappings = yield* discover(session);
  return mappings.find((each) => each.kind === kind && apiVersionOf(each) === apiVersion);
}

export function apiVersionOf(mapping: { readonly group: string; readonly version: string }): string {
  return mapping.group === "" ? mapping.version : `${mapping.group}/${mapping.version}`;
}

/** `deployments.apps`, `pods`. */
export function qualifiedName(mapping: ResourceMapping): string {
  return mapping.group === "" ? mapping.plural : `${mapping.plural}.${mapping.group}`;
}

/** Replaces a category such as `all` by its resources, in each part of `a,b`. */
export function* expandCategories(session: Session, word: string): Talk<string> {
  const mappings = yield* discover(session);
  return word
    .split(",")
    .map((part) => {
      const members = mappings.filter((each) => each.preferred && each.categories.includes(part));
      return members.length === 0 ? part : members.map(qualifiedName).join(",");
    })
    .join(",");
}

/** `/api/v1/namespaces/default/pods`. */
export function collectionPath(mapping: ResourceMapping, namespace: string): string {
  const root = mapping.group === "" ? `/api/${mapping.version}` : `/apis/${mapping.group}/${mapping.version}`;
  const inside = mapping.namespaced && namespace !== "" ? `/namespaces/${namespace}` : "";
  return `${root}${inside}/${mapping.plural}`;
}

export function objectPath(mapping: ResourceMapping, namespace: string, name: string): string {
  return `${collectionPath(mapping, namespace)}/${encodeURIComponent(name)}`;
}
