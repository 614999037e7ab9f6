// After kubernetes v1.36 staging/src/k8s.io/apiextensions-apiserver/pkg/controller (status/naming_controller.go, establish, finalizer/crd_finalizer.go).
import type { KubernetesObject } from "../../api/object.ts";
import { rfc3339 } from "../../api/time.ts";
import { forEach, get, size } from "../../kernel/sorted-map.ts";
import type { CachedEvent } from "../cache.ts";
import { collectionAt, commit, type Exchange, timeOf, type Turn } from "../state.ts";
import { removal, replacement } from "../write.ts";
import type { Definition, DefinitionNames } from "./definition.ts";
import { DEFINITIONS } from "./served.ts";

export const CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

interface Status {
  readonly acceptedNames?: DefinitionNames;
  readonly conditions?: readonly Condition[];
  readonly storedVersions?: readonly string[];
}

/** What the server itself does when a definition changes: it accepts the names, serves the kind, and clears up after it. */
export function tendDefinition(turn: Turn, event: CachedEvent): void {
  if (event.type === "DELETED") return;
  const definition = event.object as Definition;
  if (definition.metadata.deletionTimestamp !== undefined) return clearUp(turn, definition);
  const status = (definition.status ?? {}) as Status;
  const established = status.conditions?.find((one) => one.type === "Established");
  if (established?.status === "True" && hasNames(status, definition)) return;
  const conflict = conflictOf(turn, definition);
  write(turn, definition, { ...definition, status: statusOf(turn, definition, conflict) });
}

function hasNames(status: Status, definition: Definition): boolean {
  const { kind, plural } = definition.spec.names;
  return status.acceptedNames?.kind === kind && status.acceptedNames.plural === plural;
}

/** Another definition of the group with the same kind. */
function conflictOf(turn: Turn, definition: Definition): string | undefined {
  let conflict: string | undefined;
  forEach(collectionAt(turn.state, DEFINITIONS).objects, (object) => {
    const other = object as Definition;
    if (other.metadata.name === definition.metadata.name || other.spec.group !== definition.spec.group) return;
    if (other.spec.names.kind === definition.spec.names.kind)
      conflict = `${JSON.stringify(definition.spec.names.kind)} is already in use`;
  });
  return conflict;
}

function statusOf(turn: Turn, definition: Definition, conflict: string | undefined): Status {
  const before = (definition.status ?? {}) as Status;
  const time = rfc3339(timeOf(turn.moment));
  const isFree = conflict === undefined;
  const names: Condition = isFree
    ? {
        lastTransitionTime: time,
        message: "no conflicts found",
        reason: "NoConflicts",
        status: "True",
        type: "NamesAccepted",
      }
    : { lastTransitionTime: time, message: conflict, reason: "KindConflict", status: "False", type: "NamesAccepted" };
  const established: Condition = isFree
    ? {
        lastTransitionTime: time,
        message: "the initial names have been accepted",
        reason: "InitialNamesAccepted",
        status: "True",
        type: "Established",
      }
    : {
        lastTransitionTime: time,
        message: "not all names are accepted",
        reason: "NotAccepted",
        status: "False",
        type: "Established",
      };
  const { names: wanted } = definition.spec;
  const acceptedNames = isFree
    ? { ...wanted, listKind: wanted.listKind ?? `${wanted.kind}List` }
    : (before.acceptedNames ?? wanted);
  const storedVersions =
    before.storedVersions ?? definition.spec.versions.filter((one) => one.storage === true).map((one) => one.name);
  return { acceptedNames, conditions: [names, established], storedVersions };
}

/** A definition that goes takes its objects with it. */
function clearUp(turn: Turn, definition: Definition): void {
  if (definition.metadata.finalizers?.includes(CLEANUP) !== true) return;
  const prefix = `${definition.spec.group}/${definition.spec.names.plural}`;
  const { objects } = collectionAt(turn.state, prefix);
  forEach(objects, (object, name) => {
    if ((object.metadata.finalizers?.length ?? 0) === 0) commit(turn, removal(prefix, name, object), ours);
  });
  if (size(objects) === 0) release(turn, definition);
}

/** When the last object of a definition that goes is gone, so is the definition. */
export function tendObjects(turn: Turn, prefix: string, event: CachedEvent): void {
  if (event.type !== "DELETED" || size(collectionAt(turn.state, prefix).objects) > 0) return;
  const [group = "", plural = ""] = prefix.split("/");
  const definition = get(collectionAt(turn.state, DEFINITIONS).objects, `${plural}.${group}`) as Definition | undefined;
  if (definition?.metadata.deletionTimestamp !== undefined) release(turn, definition);
}

function release(turn: Turn, definition: Definition): void {
  const finalizers = (definition.metadata.finalizers ?? []).filter((name) => name !== CLEANUP);
  const name = definition.metadata.name ?? "";
  if (finalizers.length === 0) return commit(turn, removal(DEFINITIONS, name, definition), ours);
  write(turn, definition, { ...definition, metadata: { ...definition.metadata, finalizers } });
}

const nobody: Exchange = { client: "", id: 0, request: { method: "PUT", path: "" }, attempt: 0 };
const ours = { exchange: nobody, user: "system:apiserver", verb: "update", answer: { kind: "none" } } as const;

function write(turn: Turn, old: KubernetesObject, object: KubernetesObject): void {
  commit(turn, replacement(DEFINITIONS, old.metadata.name ?? "", { old, object }), ours);
}
