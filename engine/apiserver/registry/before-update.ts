// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/registry/rest/update.go.
import type { KubernetesObject, ObjectMeta } from "../../api/object.ts";
import { pathRule, type Prepared, refused } from "./before-create.ts";
import type { FieldError } from "./field-error.ts";
import { validateMetadata, validateMetadataUpdate } from "./metadata.ts";
import type { Context, Strategy, Supply, UpdateStrategy } from "./strategy.ts";

/** What an update needs besides the body. */
export interface UpdateRequest {
  readonly old: KubernetesObject;
  readonly context: Context;
  /** `status` and so on; absent: the object itself. */
  readonly subresource?: string;
  readonly supply?: Supply;
}

/**
 * Makes a decoded, defaulted and admitted body into the object that replaces `old`. The result is `old` itself when nothing has
 * changed, and it shares every unchanged part with it.
 */
export function beforeUpdate(strategy: Strategy, body: KubernetesObject, request: UpdateRequest): Prepared {
  const { old, context, subresource, supply } = request;
  const side = subresource === undefined ? strategy.update : strategy.subresources[subresource];
  if (side === undefined) return refused(strategy, old.metadata.name ?? "", []);
  const allocated =
    subresource === undefined && strategy.allocate !== undefined && supply !== undefined
      ? strategy.allocate(body, old, supply)
      : { kind: "allocated" as const, object: body };
  if (allocated.kind === "refused") return refused(strategy, old.metadata.name ?? "", allocated.errors);
  const object = prepare(side, allocated.object, old, context);
  const errors = [...commonErrors(strategy, object, old), ...side.validateUpdate(object, old)];
  if (errors.length > 0) return refused(strategy, object.metadata.name ?? "", errors);
  return { kind: "ready", object, warnings: subresource === undefined ? strategy.warnings(object, old) : [] };
}

function prepare(
  side: UpdateStrategy,
  body: KubernetesObject,
  old: KubernetesObject,
  context: Context,
): KubernetesObject {
  const generation = old.metadata.generation;
  const unraised = body.metadata.generation === generation ? body : withGeneration(body, generation);
  const prepared = side.prepareForUpdate(unraised, old, context);
  const metadata = keptMetadata(prepared.metadata, old.metadata);
  return metadata === prepared.metadata ? prepared : { ...prepared, metadata };
}

function withGeneration(object: KubernetesObject, generation: number | undefined): KubernetesObject {
  const { generation: _, ...rest } = object.metadata;
  return { ...object, metadata: generation === undefined ? rest : { ...rest, generation } };
}

/** What an update can never change or take away. */
function keptMetadata(metadata: ObjectMeta, old: ObjectMeta): ObjectMeta {
  const uid = (metadata.uid ?? "") === "" ? old.uid : metadata.uid;
  const grace = metadata.deletionGracePeriodSeconds ?? old.deletionGracePeriodSeconds;
  const isKept =
    uid === metadata.uid &&
    metadata.creationTimestamp === old.creationTimestamp &&
    (old.deletionTimestamp === undefined || metadata.deletionTimestamp === old.deletionTimestamp) &&
    grace === metadata.deletionGracePeriodSeconds;
  if (isKept) return metadata;
  return {
    ...metadata,
    ...(uid === undefined ? {} : { uid }),
    ...(old.creationTimestamp === undefined ? {} : { creationTimestamp: old.creationTimestamp }),
    ...(old.deletionTimestamp === undefined ? {} : { deletionTimestamp: old.deletionTimestamp }),
    ...(grace === undefined ? {} : { deletionGracePeriodSeconds: grace }),
  };
}

/** Rules that hold for the metadata of every kind. */
function commonErrors(strategy: Strategy, object: KubernetesObject, old: KubernetesObject): FieldError[] {
  const { metadata } = object;
  if (metadata === old.metadata) return [];
  const isRenamed = metadata.name !== old.metadata.name || metadata.namespace !== old.metadata.namespace;
  const isOtherwise =
    metadata.labels !== old.metadata.labels ||
    metadata.annotations !== old.metadata.annotations ||
    metadata.ownerReferences !== old.metadata.ownerReferences ||
    metadata.finalizers !== old.metadata.finalizers;
  const whole = isRenamed || isOtherwise ? validateMetadata(object, strategy.resource.namespaced, pathRule) : [];
  return [...whole, ...validateMetadataUpdate(metadata, old.metadata)];
}
