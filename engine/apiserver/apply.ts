// After kubernetes v1.36 staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/structuredmerge.go and structured-merge-diff/v6 merge/update.go Apply.
import type { KubernetesObject, ManagedFieldsEntry } from "../api/object.ts";
import type { Status } from "../api/status.ts";
import { rfc3339 } from "../api/time.ts";
import { parseYaml } from "../api/yaml.ts";
import { expectedOf, readValue } from "./body.ts";
import { createFrom } from "./create.ts";
import { answerStatus, badRequest, failure } from "./failure.ts";
import { namedBy } from "./managed-fields/compare.ts";
import { entryOf, fieldsOf, isOf, type Owner, sorted, withoutFields } from "./managed-fields/entries.ts";
import { difference, type FieldSet, intersection, pathsOf, union } from "./managed-fields/field-set.ts";
import { merge, without } from "./managed-fields/merge.ts";
import {
  compareObjects,
  emptyOf,
  isManaged,
  managedPart,
  memberOf,
  shapeOf,
  withEntries,
} from "./managed-fields/track.ts";
import { findObject } from "./objects.ts";
import { missing } from "./read.ts";
import { isStatus } from "./selection.ts";
import { shownObject } from "./shown.ts";
import { type Call, respond, timeOf, type Turn } from "./state.ts";
import { updateFrom } from "./update.ts";

/** PATCH with an apply configuration: server-side apply. What does not exist is created. */
export function applyObject(turn: Turn, call: Call): void {
  const { exchange, served, info } = call;
  const config = configOf(call);
  if (isStatus(config)) return respond(turn, exchange, answerStatus(config));
  const old = findObject(turn.state, call);
  if (old === undefined && info.subresource !== "") return respond(turn, exchange, missing(call));
  const live = old === undefined ? undefined : shownObject(old, served);
  const applied = laidOver(call, config, live);
  if (isStatus(applied)) return respond(turn, exchange, answerStatus(applied));
  if (old === undefined) return createFrom(turn, call, applied, true);
  updateFrom(turn, call, { old, object: applied, operation: "tracked" });
}

/** The configuration: a partial object of the kind. */
function configOf(call: Call): KubernetesObject | Status {
  const { request } = call.exchange;
  if ((request.query?.["fieldManager"] ?? "") === "") return managerMissing();
  const value = request.body ?? parsed(request.text ?? "");
  const body = readValue(call, { value, expected: expectedOf(call.served), known: undefined });
  if (body.kind === "refused") return body.status;
  const config: KubernetesObject = {
    ...(value as KubernetesObject),
    metadata: (value as Partial<KubernetesObject>).metadata ?? {},
  };
  const { name, namespace } = call.info;
  const metadata = { ...config.metadata, name, ...(call.served.strategy.resource.namespaced ? { namespace } : {}) };
  if ((config.metadata.name ?? name) !== name) {
    return badRequest(
      `the name of the object (${config.metadata.name ?? ""}) does not match the name on the URL (${name})`,
    );
  }
  if (config.metadata.managedFields !== undefined) return badRequest("metadata.managedFields must be nil");
  return { ...config, metadata };
}

function parsed(text: string): unknown {
  const documents = parseYaml(text);
  return documents.kind === "documents" ? documents.documents[0]?.value : undefined;
}

function managerMissing(): Status {
  const message = "Required value: is required for apply patch";
  return failure(422, "Invalid", {
    message: `PatchOptions.meta.k8s.io "" is invalid: fieldManager: ${message}`,
    details: {
      group: "meta.k8s.io",
      kind: "PatchOptions",
      causes: [{ reason: "FieldValueRequired", message, field: "fieldManager" }],
    },
  });
}

/** The object after the configuration was applied, with its managers; or the conflict. */
function laidOver(call: Call, config: KubernetesObject, live: KubernetesObject | undefined): KubernetesObject | Status {
  const { served, info } = call;
  const before = live ?? emptyOf(served);
  const entries = live?.metadata.managedFields ?? [];
  const owner = ownerOf(call);
  const own = entries.find((entry) => isOf(entry, owner));
  const others = entries.filter((entry) => entry !== own);
  const named = fieldsNamed(call, config);
  const merged = prunedMerge(call, { before, config, given: own, named, others });
  const body = readValue(call, { value: merged, expected: expectedOf(served), known: live });
  if (body.kind === "refused") return body.status;
  call.warnings.length = 0;
  const object = served.strategy.defaults(body.object);
  const step = compareObjects(before, object, { served, subresource: info.subresource });
  const conflicts = live === undefined ? [] : conflictsOf(others, step.changed);
  const isForced = call.exchange.request.query?.["force"] === "true";
  if (conflicts.length > 0 && !isForced) return conflictStatus(conflicts);
  const kept = withoutFields(withoutFields(others, step.changed), step.removed);
  const isNews =
    own === undefined ||
    difference(fieldsOf(own), named) !== undefined ||
    difference(named, fieldsOf(own)) !== undefined;
  const isChanged = isNews || step.changed !== undefined || step.removed !== undefined;
  const time = isChanged ? rfc3339(timeOf(call.moment)) : (own.time ?? "");
  const entry = isChanged ? entryOf(owner, { fields: named, time }) : own;
  return withEntries(object, sameOr(entries, sorted([...kept, entry])));
}

function sameOr(
  before: readonly ManagedFieldsEntry[],
  after: readonly ManagedFieldsEntry[],
): readonly ManagedFieldsEntry[] {
  const isSame = before.length === after.length && before.every((entry, index) => entry === after[index]);
  return isSame ? before : after;
}

function ownerOf(call: Call): Owner {
  const manager = call.exchange.request.query?.["fieldManager"] ?? "";
  return { manager, operation: "Apply", apiVersion: call.served.apiVersion, subresource: call.info.subresource };
}

/** The fields that a configuration names, as far as they can be managed on this side. */
function fieldsNamed(call: Call, config: KubernetesObject): FieldSet {
  const shape = shapeOf(call.served);
  const found: Record<string, FieldSet> = {};
  for (const [key, value] of Object.entries(config)) {
    if (!isManaged(key, { served: call.served, subresource: call.info.subresource })) continue;
    const managed: unknown = key === "metadata" ? managedPart(config.metadata) : value;
    if (key === "metadata" && Object.keys(managed as object).length === 0) continue;
    found[`f:${key}`] = namedBy(managed, memberOf(shape, key));
  }
  return found;
}

interface Merging {
  readonly before: KubernetesObject;
  readonly config: KubernetesObject;
  readonly given: ManagedFieldsEntry | undefined;
  readonly named: FieldSet;
  readonly others: readonly ManagedFieldsEntry[];
}

/** Live and configuration together, without what this manager has applied before, applies no longer, and nobody else has. */
function prunedMerge(call: Call, { before, config, given, named, others }: Merging): unknown {
  const shape = shapeOf(call.served);
  const merged = merge(before, config, shape);
  const dropped = given === undefined ? undefined : difference(fieldsOf(given), named);
  if (dropped === undefined) return merged;
  let owned: FieldSet | undefined;
  for (const entry of others) owned = union(owned, fieldsOf(entry));
  const gone = difference(dropped, owned);
  return gone === undefined ? merged : without(merged, gone, shape);
}

interface Conflict {
  readonly manager: string;
  readonly path: string;
}

function conflictsOf(others: readonly ManagedFieldsEntry[], changed: FieldSet | undefined): readonly Conflict[] {
  return others.flatMap((entry) => {
    const common = intersection(fieldsOf(entry), changed);
    return common === undefined ? [] : pathsOf(common).map((path) => ({ manager: printManager(entry), path }));
  });
}

/** Source: managedfields/internal/conflict.go printManager. */
function printManager(entry: ManagedFieldsEntry): string {
  const name = JSON.stringify(entry.manager ?? "");
  const withSubresource =
    entry.subresource === undefined ? name : `${name} with subresource ${JSON.stringify(entry.subresource)}`;
  return entry.operation === "Update" ? `${withSubresource} using ${entry.apiVersion ?? ""}` : withSubresource;
}

function conflictStatus(conflicts: readonly Conflict[]): Status {
  const causes = conflicts.map(({ manager, path }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${manager}`,
    field: path,
  }));
  return failure(409, "Conflict", { message: conflictMessage(conflicts), details: { causes } });
}

function conflictMessage(conflicts: readonly Conflict[]): string {
  const [first] = conflicts;
  if (first !== undefined && conflicts.length === 1)
    return `Apply failed with 1 conflict: conflict with ${first.manager}: ${first.path}`;
  const managers = [...new Set(conflicts.map(({ manager }) => manager))].toSorted();
  const lines = managers.flatMap((manager) => [
    `conflicts with ${manager}:`,
    ...conflicts.filter((conflict) => conflict.manager === manager).map(({ path }) => `- ${path}`),
  ]);
  return `Apply failed with ${String(conflicts.length)} conflicts: ${lines.join("\n")}`;
}
