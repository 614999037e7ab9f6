// After kubernetes v1.36 pkg/controller/controller_utils.go, RealPodControl.
import type { Pod, PodTemplateSpec } from "../api/generated/types.ts";
import type { KubernetesObject, OwnerReference } from "../api/object.ts";
import type { ApiRequest, ApiResponse } from "../api/wire.ts";
import { createRequest, deleteRequest } from "../client/requests.ts";
import { make } from "./edit.ts";
import { isSuccess, objectOf, recordEvent, refusalOf, sendAll, type Sync, whyRefused } from "./sync.ts";
import { plainPods } from "./watched.ts";

/** The kind of a controlling object: objects of a watch may not say it of themselves. */
export interface OwnerKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** The reference by which an object names its controller. */
export function controllerReference(owner: KubernetesObject, { apiVersion, kind }: OwnerKind): OwnerReference {
  const { name = "", uid = "" } = owner.metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** A pod after the template, with a generated name. */
export function podFromTemplate(
  template: PodTemplateSpec | undefined,
  owner: KubernetesObject,
  reference: OwnerReference,
): Pod {
  const { labels, annotations, finalizers } = template?.metadata ?? {};
  return {
    kind: "Pod",
    apiVersion: "v1",
    metadata: make<Pod["metadata"]>({
      generateName: prefixOf(owner.metadata.name ?? ""),
      labels,
      annotations,
      finalizers,
      ownerReferences: [reference],
    } as Pod["metadata"]),
    spec: template?.spec as Pod["spec"],
    status: {},
  };
}

/** `web-`; names whose prefix would be no valid name are used as they are. */
function prefixOf(name: string): string {
  return name.length + 1 > 253 ? name : `${name}-`;
}

export function createPodRequest(namespace: string, pod: Pod): ApiRequest {
  return createRequest({ resource: plainPods.resource, namespace }, pod);
}

/** Says in an Event on the owner how the creation of a pod went. */
export function* recordCreation(owner: KubernetesObject, response: ApiResponse): Sync<void> {
  if (isSuccess(response)) {
    const { name = "" } = objectOf<Pod>(response).metadata;
    yield* recordEvent({ object: owner, type: "Normal", reason: "SuccessfulCreate", message: `Created pod: ${name}` });
  } else if (!isNamespaceTerminating(response)) {
    const message = `Error creating: ${whyRefused(response)}`;
    yield* recordEvent({ object: owner, type: "Warning", reason: "FailedCreate", message });
  }
}

/** Refused because the namespace goes away: nothing to report. */
export function isNamespaceTerminating(response: ApiResponse): boolean {
  return (refusalOf(response).details?.causes ?? []).some((cause) => cause.reason === "NamespaceTerminating");
}

export function deletePodRequest(pod: Pod): ApiRequest {
  const { namespace = "", name = "" } = pod.metadata;
  return deleteRequest({ resource: plainPods.resource, namespace, name });
}

/** Says in an Event on the owner how the deletion of a pod went; true when it is gone or going. */
export function* recordDeletion(owner: KubernetesObject, pod: Pod, response: ApiResponse): Sync<void> {
  const { name = "" } = pod.metadata;
  if (isSuccess(response)) {
    yield* recordEvent({ object: owner, type: "Normal", reason: "SuccessfulDelete", message: `Deleted pod: ${name}` });
  } else if (response.code !== 404) {
    const message = `Error deleting: ${whyRefused(response)}`;
    yield* recordEvent({ object: owner, type: "Warning", reason: "FailedDelete", message });
  }
}

/** Source: controller_utils.go SlowStartInitialBatchSize. */
const FIRST_BATCH = 1;

/**
 * Creates pods in batches of 1, 2, 4, …; a batch with a failure is the last, so that what the server refuses is not asked a hundred
 * times. Answers with how many were made and the first refusal.
 */
export function* createInBatches(
  owner: KubernetesObject,
  podsToCreate: readonly Pod[],
): Sync<{ readonly created: number; readonly failure: string | undefined }> {
  const namespace = owner.metadata.namespace ?? "";
  let created = 0;
  let sent = 0;
  for (let size = FIRST_BATCH; sent < podsToCreate.length; size *= 2) {
    const batch = podsToCreate.slice(sent, sent + size);
    const responses = yield* sendAll(batch.map((pod) => createPodRequest(namespace, pod)));
    let failure: string | undefined;
    for (const response of responses) {
      yield* recordCreation(owner, response);
      if (isSuccess(response) || isNamespaceTerminating(response)) created += 1;
      else failure ??= whyRefused(response);
    }
    if (failure !== undefined) return { created, failure };
    sent += batch.length;
  }
  return { created, failure: undefined };
}
