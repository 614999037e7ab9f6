// After kubernetes v1.36 pkg/util/pod/pod.go PatchPodStatus: a strategic merge patch of what differs in the status.
import type { Pod, PodCondition } from "../api/generated/types.ts";
import type { ApiRequest } from "../api/wire.ts";
import { patchRequest } from "../client/requests.ts";
import { podCondition } from "./pods.ts";
import { plainPods } from "./watched.ts";

/** The patch that sets one condition and, where given, the phase; undefined where the pod has them already. */
export function conditionPatch(
  pod: Pod,
  change: { readonly condition?: PodCondition; readonly phase?: string },
): ApiRequest | undefined {
  const { condition, phase } = change;
  const former = condition === undefined ? undefined : podCondition(pod, condition.type);
  const isNew = condition !== undefined && !saysTheSame(former, condition);
  const hasPhase = phase !== undefined && phase !== pod.status?.phase;
  if (!isNew && !hasPhase) return undefined;
  const { namespace = "", name = "", uid = "" } = pod.metadata;
  const types = (pod.status?.conditions ?? []).map(({ type }) => type);
  const order = condition === undefined || former !== undefined ? types : [...types, condition.type];
  const conditions = isNew
    ? {
        "$setElementOrder/conditions": order.map((type) => ({ type })),
        conditions: [{ lastProbeTime: null, ...condition }],
      }
    : {};
  const status = { ...conditions, ...(hasPhase ? { phase } : {}) };
  const target = { resource: plainPods.resource, namespace, name, subresource: "status" };
  return patchRequest(target, { dialect: "strategic", body: { metadata: { uid }, status } });
}

function saysTheSame(former: PodCondition | undefined, condition: PodCondition): boolean {
  return (
    former !== undefined &&
    former.status === condition.status &&
    former.reason === condition.reason &&
    former.message === condition.message
  );
}
