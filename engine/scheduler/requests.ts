// After kubernetes v1.36 pkg/scheduler/schedule_one.go, util/utils.go PatchPodStatus, plugins/defaultbinder, volumebinding/binder.go.
import type { PersistentVolume, PersistentVolumeClaim, Pod, PodCondition } from "../api/generated/types.ts";
import { rfc3339 } from "../api/time.ts";
import type { ApiRequest } from "../api/wire.ts";
import { createRequest, deleteRequest, patchRequest, type Resource, updateRequest } from "../client/requests.ts";

const PODS: Resource = { group: "", version: "v1", plural: "pods" };

function podTarget({ metadata }: Pod): {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
} {
  return { resource: PODS, namespace: metadata.namespace ?? "", name: metadata.name ?? "" };
}

export function bindRequest(pod: Pod, node: string): ApiRequest {
  const { name = "", namespace = "", uid = "" } = pod.metadata;
  const body = {
    kind: "Binding",
    apiVersion: "v1",
    metadata: { name, namespace, uid },
    target: { kind: "Node", name: node },
  };
  return createRequest({ ...podTarget(pod), subresource: "binding" }, body);
}

/** What the scheduler says about a pod in its status. */
export interface StatusChange {
  readonly condition?: Pick<PodCondition, "type" | "status" | "reason" | "message">;
  /** The node that is kept for the pod; "" takes a nomination back; undefined leaves it as it is. */
  readonly nominatedNodeName?: string;
}

/** The patch that says so, or undefined when the status says it already. */
export function statusRequest(pod: Pod, change: StatusChange, epochMillis: number): ApiRequest | undefined {
  const conditions = change.condition === undefined ? undefined : conditionsPatch(pod, change.condition, epochMillis);
  const nomination = nominationPatch(pod, change.nominatedNodeName);
  if (conditions === undefined && nomination === undefined) return undefined;
  const body = { status: { ...conditions, ...nomination } };
  return patchRequest({ ...podTarget(pod), subresource: "status" }, { dialect: "strategic", body });
}

function nominationPatch(pod: Pod, name: string | undefined): object | undefined {
  if (name === undefined || name === (pod.status.nominatedNodeName ?? "")) return undefined;
  return { nominatedNodeName: name === "" ? null : name };
}

/** A new condition is sent whole; of one that is there only what changes, with the order of all. */
function conditionsPatch(
  pod: Pod,
  condition: NonNullable<StatusChange["condition"]>,
  epochMillis: number,
): object | undefined {
  const conditions = pod.status.conditions ?? [];
  const former = conditions.find(({ type }) => type === condition.type);
  const generation = pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation };
  const lastTransitionTime = rfc3339(epochMillis);
  const whole = { lastProbeTime: null, lastTransitionTime, ...condition, ...generation };
  if (former === undefined) {
    return conditions.length === 0
      ? { conditions: [whole] }
      : { "$setElementOrder/conditions": typesOf([...conditions, condition]), conditions: [whole] };
  }
  const isSame =
    former.status === condition.status && former.reason === condition.reason && former.message === condition.message;
  if (isSame) return undefined;
  const changed = {
    ...(former.message === condition.message ? {} : { message: condition.message }),
    ...(former.reason === condition.reason ? {} : { reason: condition.reason }),
    ...(former.status === condition.status ? {} : { status: condition.status, lastTransitionTime }),
    ...(former.observedGeneration === pod.metadata.generation ? {} : generation),
    type: condition.type,
  };
  return { "$setElementOrder/conditions": typesOf(conditions), conditions: [changed] };
}

function typesOf(conditions: readonly { readonly type: string }[]): readonly { readonly type: string }[] {
  return conditions.map(({ type }) => ({ type }));
}

/** Says on the victim why it goes. */
export function disruptionRequest(victim: Pod, preemptor: Pod, epochMillis: number): ApiRequest | undefined {
  const message = `${preemptor.spec.schedulerName ?? "default-scheduler"}: preempting to accommodate a higher priority pod`;
  const condition = { type: "DisruptionTarget", status: "True", reason: "PreemptionByScheduler", message };
  return statusRequest(victim, { condition }, epochMillis);
}

export function evictRequest(victim: Pod): ApiRequest {
  return deleteRequest(podTarget(victim));
}

const BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

/** Binds the volume to the claim; the volume controller binds the claim to the volume. */
export function bindVolumeRequest(volume: PersistentVolume, claim: PersistentVolumeClaim): ApiRequest {
  const { name = "", namespace = "", uid = "", resourceVersion = "" } = claim.metadata;
  const claimRef = { kind: "PersistentVolumeClaim", namespace, name, uid, apiVersion: "v1", resourceVersion };
  const annotations = { ...volume.metadata.annotations, [BOUND_BY_CONTROLLER]: "yes" };
  const body = { ...volume, metadata: { ...volume.metadata, annotations }, spec: { ...volume.spec, claimRef } };
  const resource = { group: "", version: "v1", plural: "persistentvolumes" };
  return updateRequest({ resource, name: volume.metadata.name ?? "" }, body);
}

/** Asks for a volume on the node: the provisioner waits for this annotation. */
export function provisionRequest(claim: PersistentVolumeClaim, node: string): ApiRequest {
  const annotations = { ...claim.metadata.annotations, "volume.kubernetes.io/selected-node": node };
  const resource = { group: "", version: "v1", plural: "persistentvolumeclaims" };
  const { namespace = "", name = "" } = claim.metadata;
  return updateRequest({ resource, namespace, name }, { ...claim, metadata: { ...claim.metadata, annotations } });
}
