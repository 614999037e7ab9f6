// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/endpoints/handlers/update.go and registry/generic/registry/store.go Update.
import type { KubernetesObject } from "../api/object.ts";
import { isEqual } from "../api/semantic-equal.ts";
import { admitMutating, admitValidating } from "./admission/index.ts";
import type { Admission } from "./admission/plugin.ts";
import { expectedOf, readBody } from "./body.ts";
import { companionsOf } from "./companions.ts";
import { createFrom, inNamespace, mismatchOfNamespace } from "./create.ts";
import { answerStatus, badRequest, conflict, OPTIMISTIC_LOCK_MESSAGE } from "./failure.ts";
import { trackUpdate } from "./managed-fields/track.ts";
import { findObject, nameIn } from "./objects.ts";
import { isDryRun, optionsProblem } from "./options.ts";
import { answerObject, missing } from "./read.ts";
import { beforeUpdate } from "./registry/before-update.ts";
import { placeOf, storageKey } from "./served.ts";
import { shownObject } from "./shown.ts";
import { type Answer, type Call, commit, respond, type Turn } from "./state.ts";
import { scaleOf } from "./scale-object.ts";
import { supplyOf } from "./supply.ts";
import { asStored, contextOf, removal, replacement } from "./write.ts";

/** PUT of an object or of a subresource that carries the whole object. */
export function updateObject(turn: Turn, call: Call): void {
  const { exchange, served, info } = call;
  const problem = optionsProblem(exchange.request, "UpdateOptions");
  if (problem !== undefined) return respond(turn, exchange, answerStatus(problem));
  const old = findObject(turn.state, call);
  const body = readBody(call, expectedOf(served), old);
  if (body.kind === "refused") return respond(turn, exchange, answerStatus(body.status));
  const mismatch = mismatchOfNamespace(call, body.object) ?? mismatchOfName(call, body.object);
  if (mismatch !== undefined) return respond(turn, exchange, answerStatus(badRequest(mismatch)));
  if (old === undefined) {
    const canCreate =
      served.strategy.createOnUpdate && info.subresource === "" && (body.object.metadata.uid ?? "") === "";
    return canCreate
      ? createFrom(turn, call, withName(body.object, info.name))
      : respond(turn, exchange, missing(call));
  }
  updateFrom(turn, call, { old, object: withName(body.object, info.name), operation: "update" });
}

function mismatchOfName(call: Call, object: KubernetesObject): string | undefined {
  const { name = "" } = object.metadata;
  if (name === "" || name === call.info.name) return undefined;
  return `the name of the object (${name}) does not match the name on the URL (${call.info.name})`;
}

function withName(object: KubernetesObject, name: string): KubernetesObject {
  return object.metadata.name === name ? object : { ...object, metadata: { ...object.metadata, name } };
}

/** What replaces what. */
export interface Step {
  readonly old: KubernetesObject;
  /** Decoded, in the served version. */
  readonly object: KubernetesObject;
  /** How the managed fields are told of it; `tracked`: it has been done. */
  readonly operation: "update" | "tracked";
  /** A patch says nothing about which object it means; a PUT with a uid does. */
  readonly isPatch?: boolean;
  /** The client gets the Scale of the object and not the object. */
  readonly as?: "scale";
}

/** The rest of an update or patch, from the decoded object on. */
export function updateFrom(turn: Turn, call: Call, step: Step): void {
  const { exchange, served, info } = call;
  const { strategy } = served;
  const old = shownObject(step.old, served);
  const stale = staleness(call, step, old);
  if (stale !== undefined) return respond(turn, exchange, answerStatus(stale));
  const based = onVersion(inNamespace(strategy.defaults(step.object), old.metadata.namespace ?? ""), old);
  const tracked = step.operation === "tracked" ? based : trackUpdate(call, based, old, step.as);
  const admission: Admission = { call, operation: "UPDATE", object: tracked, old };
  const mutated = admitMutating(turn, admission);
  if (mutated.kind === "refused") return respond(turn, exchange, answerStatus(mutated.status));
  const context = contextOf(turn, call, false);
  const supply = supplyOf(turn, strategy);
  const prepared = beforeUpdate(strategy, mutated.object, {
    old,
    context,
    ...(info.subresource === "" ? {} : { subresource: info.subresource }),
    ...(supply === undefined ? {} : { supply }),
  });
  if (prepared.kind === "refused") return respond(turn, exchange, answerStatus(prepared.status));
  call.warnings.push(...prepared.warnings);
  const refusal = admitValidating(turn, { ...admission, object: prepared.object });
  if (refusal !== undefined) return respond(turn, exchange, answerStatus(refusal));
  writeUpdate(turn, call, { ...step, object: asStored(prepared.object, served) });
}

/** Writes a prepared object, unless it changes nothing; removes it when its last finalizer is gone. */
export function writeUpdate(turn: Turn, call: Call, step: Pick<Step, "old" | "object" | "as">): void {
  const { exchange, served } = call;
  const { old, object } = step;
  const isSame = object === old || isEqual(object, old);
  if (isSame || isDryRun(exchange.request))
    return respond(turn, exchange, answerAs(call, isSame ? old : object, step.as));
  const name = nameIn(served, old.metadata.namespace ?? "", old.metadata.name ?? "");
  const { prefix } = served;
  if (isOver(object, old) || isEmptiedNamespace(prefix, object)) {
    const response = answerObject(call, { code: 200, object });
    return commitWrite(turn, call, { ...removal(prefix, name, old), answer: { kind: "response", response } });
  }
  const transaction = replacement(prefix, name, step);
  const success = [...transaction.success, ...companionsOf(turn, object, old)];
  const place = placeOf(served.strategy.resource);
  const shape = step.as === "scale" ? { asScale: true } : {};
  const answer: Answer = { kind: "object", code: 200, place, prefix, name, warnings: call.warnings, ...shape };
  commitWrite(turn, call, { ...transaction, success, answer });
}

function answerAs(call: Call, object: KubernetesObject, as: Step["as"]): ReturnType<typeof answerObject> {
  const { scale } = call.served.strategy;
  return as === "scale" && scale !== undefined
    ? { code: 200, body: scaleOf(object, scale) }
    : answerObject(call, { code: 200, object });
}

export function commitWrite(
  turn: Turn,
  call: Call,
  write: ReturnType<typeof replacement> & { readonly answer: Answer },
): void {
  const { failure, answer } = write;
  const { beside } = call;
  const compare = beside.compare.length === 0 ? write.compare : [...write.compare, ...beside.compare];
  const success = beside.success.length === 0 ? write.success : [...write.success, ...beside.success];
  const { subresource, verb } = call.info;
  const said = subresource === "" ? verb : `${verb} ${subresource}`;
  commit(turn, { compare, success, failure }, { exchange: call.exchange, user: call.user.name, verb: said, answer });
}

/** An object that is being deleted goes with its last finalizer. Source: store.go ShouldDeleteDuringUpdate. */
function isOver(object: KubernetesObject, old: KubernetesObject): boolean {
  if (object.metadata.deletionTimestamp === undefined) return false;
  if ((object.metadata.finalizers?.length ?? 0) > 0 || (old.metadata.finalizers?.length ?? 0) === 0) return false;
  return (old.metadata.deletionGracePeriodSeconds ?? 0) === 0;
}

/** Source: pkg/registry/core/namespace/storage/storage.go ShouldDeleteNamespaceDuringUpdate. */
function isEmptiedNamespace(prefix: string, object: KubernetesObject): boolean {
  if (prefix !== "namespaces" || object.metadata.deletionTimestamp === undefined) return false;
  const held = (object.spec as { readonly finalizers?: readonly string[] } | undefined)?.finalizers ?? [];
  return held.length === 0 && (object.metadata.finalizers?.length ?? 0) === 0;
}

function staleness(
  call: Call,
  { object, isPatch = false }: Step,
  old: KubernetesObject,
): ReturnType<typeof conflict> | undefined {
  const { group, plural } = call.served.strategy.resource;
  const resource = { group, resource: plural };
  const { resourceVersion = "", uid = "", name = "" } = object.metadata;
  if (!isPatch && uid !== "" && uid !== old.metadata.uid) {
    const key = storageKey(call.served.prefix, nameIn(call.served, old.metadata.namespace ?? "", name));
    return conflict(resource, name, { message: wrongObject(key, { wanted: uid, found: old.metadata.uid ?? "" }) });
  }
  if (resourceVersion === "" || resourceVersion === old.metadata.resourceVersion) return undefined;
  return conflict(resource, name, { message: OPTIMISTIC_LOCK_MESSAGE });
}

/** Source: apiserver/pkg/storage/errors.go NewInvalidObjError and StorageError.Error; the revision is not known there. */
function wrongObject(key: string, uid: { readonly wanted: string; readonly found: string }): string {
  const problem = `Precondition failed: UID in precondition: ${uid.wanted}, UID in object meta: ${uid.found}`;
  return `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${problem}`;
}

function onVersion(object: KubernetesObject, old: KubernetesObject): KubernetesObject {
  const { resourceVersion } = old.metadata;
  if (object.metadata.resourceVersion === resourceVersion || resourceVersion === undefined) return object;
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
}
