// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go (Delete, updateForGracefulDeletionAndFinalizers) and registry/rest/delete.go.
import type { KubernetesObject, ObjectMeta } from "../api/object.ts";
import type { Status } from "../api/status.ts";
import { parseTime, rfc3339 } from "../api/time.ts";
import { admitValidating } from "./admission/index.ts";
import { companionsOf } from "./companions.ts";
import { CLEANUP } from "./custom/controller.ts";
import { DEFINITIONS } from "./custom/served.ts";
import { answerStatus, conflict } from "./failure.ts";
import { findObject, nameIn } from "./objects.ts";
import { type DeleteOptions, deleteOptionsOf, isDryRun, optionsProblem } from "./options.ts";
import { answerObject, missing } from "./read.ts";
import type { Served } from "./served.ts";
import { type Answer, type Call, respond, timeOf, type Turn } from "./state.ts";
import { commitWrite } from "./update.ts";
import { removal, replacement } from "./write.ts";
import type { ApiResponse } from "../api/wire.ts";
import { withWarnings } from "./warning-header.ts";

/** DELETE of one object. */
export function deleteObject(turn: Turn, call: Call): void {
  const { exchange } = call;
  const problem = optionsProblem(exchange.request, "DeleteOptions");
  if (problem !== undefined) return respond(turn, exchange, answerStatus(problem));
  const old = findObject(turn.state, call);
  if (old === undefined) return respond(turn, exchange, missing(call));
  const options = deleteOptionsOf(exchange.request) ?? {};
  const refusal = admitValidating(turn, { call, operation: "DELETE", object: old, old });
  if (refusal !== undefined) return respond(turn, exchange, answerStatus(refusal));
  removeObject(turn, call, { old, options });
}

/** An object that shall go; `response` is what the client hears instead of the usual. */
export interface Removal {
  readonly old: KubernetesObject;
  readonly options: DeleteOptions;
  readonly response?: ApiResponse;
}

/** Deletes an object after admission: marks it, removes it, or both. */
export function removeObject(turn: Turn, call: Call, { old, options, response }: Removal): void {
  const { exchange } = call;
  const plan = planDeletion(call, old, options);
  switch (plan.kind) {
    case "refused":
      return respond(turn, exchange, answerStatus(plan.status));
    case "nothing":
      return respond(turn, exchange, response ?? answerObject(call, { code: 200, object: old }));
    case "mark":
    case "remove":
      return carryOutDeletion(turn, call, { old, plan, response });
  }
}

/** What a deletion comes to. */
export type DeletionPlan =
  | { readonly kind: "refused"; readonly status: Status }
  /** It is being deleted already, and this adds nothing. */
  | { readonly kind: "nothing" }
  /** The object is marked; with `isLast` it is removed right after. */
  | { readonly kind: "mark"; readonly object: KubernetesObject; readonly isLast: boolean }
  | { readonly kind: "remove" };

export function planDeletion(call: Call, old: KubernetesObject, options: DeleteOptions): DeletionPlan {
  const status = preconditionProblem(call, old, options);
  if (status !== undefined) return { kind: "refused", status };
  if (call.served.prefix === "namespaces") return planNamespace(call, old);
  const graceful = gracefulStep(call, old, options);
  if (graceful.kind === "pending") return { kind: "nothing" };
  const finalizers = withCleanup(call.served, finalizersFor(call.served, old, options));
  const hasNewFinalizers = finalizers !== old.metadata.finalizers;
  const isHeld = (finalizers?.length ?? 0) > 0;
  const metadata = withFinalizers(graceful.kind === "marked" ? graceful.metadata : old.metadata, finalizers);
  if (graceful.kind === "marked") {
    const isLast = !isHeld && (metadata.deletionGracePeriodSeconds ?? 0) === 0;
    return { kind: "mark", object: { ...old, metadata }, isLast };
  }
  if (!isHeld) return { kind: "remove" };
  const marked = markedAsDeleting(metadata, call);
  return marked === old.metadata && !hasNewFinalizers
    ? { kind: "nothing" }
    : { kind: "mark", object: { ...old, metadata: marked }, isLast: false };
}

interface NamespaceView {
  readonly finalizers?: readonly string[];
}

/** A namespace ends in two steps: it is told to, and goes when its own finalizers are gone. Source: pkg/registry/core/namespace/storage/storage.go Delete. */
function planNamespace(call: Call, old: KubernetesObject): DeletionPlan {
  if (old.metadata.deletionTimestamp === undefined) {
    const metadata = { ...old.metadata, deletionTimestamp: rfc3339(timeOf(call.moment)) };
    const object = { ...old, metadata, status: { ...(old.status as object | undefined), phase: "Terminating" } };
    return { kind: "mark", object, isLast: false };
  }
  const held = (old.spec as NamespaceView | undefined)?.finalizers ?? [];
  return held.length > 0 || (old.metadata.finalizers?.length ?? 0) > 0 ? { kind: "nothing" } : { kind: "remove" };
}

function preconditionProblem(call: Call, old: KubernetesObject, options: DeleteOptions): Status | undefined {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const { group, plural } = call.served.strategy.resource;
  const say = (message: string): Status => conflict({ group, resource: plural }, old.metadata.name ?? "", { message });
  if (uid !== undefined && uid !== old.metadata.uid) {
    return say(`Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid ?? ""}`);
  }
  if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion) {
    return say(
      `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${old.metadata.resourceVersion ?? ""}`,
    );
  }
  return undefined;
}

type Graceful =
  | { readonly kind: "marked"; readonly metadata: ObjectMeta }
  | { readonly kind: "pending" }
  /** The kind knows no grace. */
  | { readonly kind: "none" };

/** rest.BeforeDelete. */
function gracefulStep(call: Call, old: KubernetesObject, options: DeleteOptions): Graceful {
  const { metadata } = old;
  if (metadata.deletionTimestamp !== undefined) return shortened(metadata, options);
  const grace = call.served.strategy.deletion.gracePeriodSeconds?.(old, options.gracePeriodSeconds);
  if (grace === undefined) return { kind: "none" };
  const generation = metadata.generation ?? 0;
  return {
    kind: "marked",
    metadata: {
      ...metadata,
      ...(generation > 0 ? { generation: generation + 1 } : {}),
      deletionTimestamp: rfc3339(timeOf(call.moment) + grace * 1000),
      deletionGracePeriodSeconds: grace,
    },
  };
}

/** A grace period that runs can only be made shorter. */
function shortened(metadata: ObjectMeta, options: DeleteOptions): Graceful {
  const { deletionGracePeriodSeconds: running, deletionTimestamp = "" } = metadata;
  if (running === undefined) return { kind: "none" };
  const wanted = options.gracePeriodSeconds;
  if (wanted === undefined || wanted >= running)
    return running === 0 && (metadata.finalizers?.length ?? 0) === 0 ? { kind: "none" } : { kind: "pending" };
  const began = (parseTime(deletionTimestamp) ?? 0) - running * 1000;
  return {
    kind: "marked",
    metadata: { ...metadata, deletionTimestamp: rfc3339(began + wanted * 1000), deletionGracePeriodSeconds: wanted },
  };
}

/** markAsDeleting: for what has finalizers and knows no grace. */
function markedAsDeleting(metadata: ObjectMeta, call: Call): ObjectMeta {
  if (metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0) return metadata;
  const generation = metadata.generation ?? 0;
  const raises = metadata.deletionGracePeriodSeconds === undefined && generation > 0;
  return {
    ...metadata,
    ...(raises ? { generation: generation + 1 } : {}),
    deletionTimestamp: metadata.deletionTimestamp ?? rfc3339(timeOf(call.moment)),
    deletionGracePeriodSeconds: 0,
  };
}

/** deletionFinalizersForGarbageCollection: `orphan` and `foregroundDeletion` as the options say. */
function finalizersFor(served: Served, old: KubernetesObject, options: DeleteOptions): ObjectMeta["finalizers"] {
  const present = old.metadata.finalizers ?? [];
  const orphans = wantsOrphans(served, present, options);
  const foreground = wantsForeground(present, options);
  const others = present.filter((name) => name !== "orphan" && name !== "foregroundDeletion");
  const wanted = [...others, ...(orphans ? ["orphan"] : []), ...(foreground ? ["foregroundDeletion"] : [])];
  const isSame = wanted.length === present.length && wanted.every((name) => present.includes(name));
  return isSame ? old.metadata.finalizers : wanted;
}

/** A definition goes only after its objects. Source: apiextensions-apiserver/pkg/registry/customresourcedefinition/etcd.go Delete. */
function withCleanup(served: Served, finalizers: ObjectMeta["finalizers"]): ObjectMeta["finalizers"] {
  if (served.prefix !== DEFINITIONS || finalizers?.includes(CLEANUP) === true) return finalizers;
  return [...(finalizers ?? []), CLEANUP];
}

function wantsOrphans(served: Served, present: readonly string[], options: DeleteOptions): boolean {
  if (options.orphanDependents !== undefined) return options.orphanDependents;
  if (options.propagationPolicy !== undefined) return options.propagationPolicy === "Orphan";
  if (present.includes("orphan")) return true;
  if (present.includes("foregroundDeletion")) return false;
  return served.strategy.deletion.propagation === "Orphan";
}

function wantsForeground(present: readonly string[], options: DeleteOptions): boolean {
  if (options.orphanDependents !== undefined) return false;
  if (options.propagationPolicy !== undefined) return options.propagationPolicy === "Foreground";
  return present.includes("foregroundDeletion") && !present.includes("orphan");
}

function withFinalizers(metadata: ObjectMeta, finalizers: ObjectMeta["finalizers"]): ObjectMeta {
  if (finalizers === metadata.finalizers) return metadata;
  const { finalizers: _, ...rest } = metadata;
  return finalizers === undefined || finalizers.length === 0 ? rest : { ...rest, finalizers };
}

function carryOutDeletion(
  turn: Turn,
  call: Call,
  deletion: {
    readonly old: KubernetesObject;
    readonly plan: Extract<DeletionPlan, { readonly kind: "mark" | "remove" }>;
    readonly response: ApiResponse | undefined;
  },
): void {
  const { old, plan, response } = deletion;
  const { served, exchange } = call;
  const name = nameIn(served, old.metadata.namespace ?? "", old.metadata.name ?? "");
  const shown = plan.kind === "mark" ? plan.object : old;
  if (isDryRun(exchange.request)) return respond(turn, exchange, deletedResponse(call, shown, plan));
  const done: Answer = { kind: "response", response: response ?? deletedResponse(call, shown, plan) };
  if (plan.kind === "remove") {
    const transaction = removal(served.prefix, name, old);
    const success = [...transaction.success, ...companionsOf(turn, undefined, old)];
    return commitWrite(turn, call, { ...transaction, success, answer: done });
  }
  const transaction = replacement(served.prefix, name, { old, object: plan.object });
  const answer: Answer = plan.isLast
    ? { kind: "remove", prefix: served.prefix, name, after: done }
    : response !== undefined
      ? done
      : { kind: "object", code: 200, place: placeOfCall(call), prefix: served.prefix, name, warnings: call.warnings };
  commitWrite(turn, call, { ...transaction, answer });
}

function placeOfCall(call: Call): string {
  const { group, version, plural } = call.served.strategy.resource;
  return `${group}/${version}/${plural}`;
}

/** Kinds whose deletion answers with the object. Source: ReturnDeletedObject in the storage of pkg/registry/{core,storage,scheduling}. */
const returned: ReadonlySet<string> = new Set([
  "persistentvolumes",
  "persistentvolumeclaims",
  "pods",
  "podtemplates",
  "resourcequotas",
  "serviceaccounts",
  "services/specs",
  "csidrivers",
  "csinodes",
  "storageclasses",
  "volumeattachments",
]);

function deletedResponse(call: Call, object: KubernetesObject, plan: DeletionPlan): ApiResponse {
  const { served } = call;
  if (plan.kind === "mark" && !plan.isLast) return answerObject(call, { code: 200, object });
  if (returned.has(served.prefix)) return answerObject(call, { code: 200, object });
  const { group, plural } = served.strategy.resource;
  const { name = "", uid } = object.metadata;
  const details = { name, ...(group === "" ? {} : { group }), kind: plural, ...(uid === undefined ? {} : { uid }) };
  const headers = withWarnings(call.warnings);
  return {
    code: 200,
    body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details },
    ...headers,
  };
}
