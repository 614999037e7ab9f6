// After kubernetes v1.36 pkg/controller/replicaset/replica_set_utils.go.
import type { Pod, ReplicaSet, ReplicaSetCondition, ReplicaSetStatus } from "../api/generated/types.ts";
import { printDate } from "./dates.ts";
import { getRequest, updateRequest } from "../client/requests.ts";
import { edit, isSame } from "./edit.ts";
import { isAvailable, isReady } from "./pods.ts";
import type { ReplicaKind } from "./replica-kind.ts";
import { selectsAll } from "./selector.ts";
import { isSuccess, objectOf, send, type Sync, whyRefused } from "./sync.ts";

/** What a status says of the pods. */
export interface PodCounts {
  readonly active: number;
  readonly ready: number;
  readonly available: number;
  readonly fullyLabeled: number;
  readonly terminating: number;
}

export function countAll(set: ReplicaSet, active: readonly Pod[], terminating: number, date: number): PodCounts {
  const labels = set.spec.template?.metadata?.labels;
  const counts = { active: active.length, ready: 0, available: 0, fullyLabeled: 0, terminating };
  for (const pod of active) {
    if (selectsAll(labels, pod.metadata.labels)) counts.fullyLabeled += 1;
    if (!isReady(pod)) continue;
    counts.ready += 1;
    if (isAvailable(pod, set.spec.minReadySeconds ?? 0, date)) counts.available += 1;
  }
  return counts;
}

/** The status that the pods give. */
export function statusOf(
  set: ReplicaSet,
  seen: {
    readonly counts: PodCounts;
    readonly failure: string | undefined;
    readonly countsTerminating: boolean;
    readonly date: number;
  },
): ReplicaSetStatus {
  const { counts } = seen;
  return edit<ReplicaSetStatus>(set.status ?? { replicas: 0 }, {
    replicas: counts.active,
    fullyLabeledReplicas: counts.fullyLabeled === 0 ? undefined : counts.fullyLabeled,
    readyReplicas: counts.ready === 0 ? undefined : counts.ready,
    availableReplicas: counts.available === 0 ? undefined : counts.available,
    terminatingReplicas: seen.countsTerminating ? counts.terminating : set.status?.terminatingReplicas,
    conditions: conditionsOf(set, seen),
  });
}

function conditionsOf(
  set: ReplicaSet,
  seen: { readonly counts: PodCounts; readonly failure: string | undefined; readonly date: number },
): readonly ReplicaSetCondition[] | undefined {
  const conditions = set.status?.conditions;
  const former = conditions?.find((condition) => condition.type === "ReplicaFailure");
  if (seen.failure === undefined) {
    if (former === undefined) return conditions;
    const rest = conditions?.filter((condition) => condition !== former) ?? [];
    return rest.length === 0 ? undefined : rest;
  }
  if (former !== undefined) return conditions;
  const condition: ReplicaSetCondition = {
    type: "ReplicaFailure",
    status: "True",
    lastTransitionTime: printDate(seen.date),
    reason: seen.counts.active < (set.spec.replicas ?? 1) ? "FailedCreate" : "FailedDelete",
    message: seen.failure,
  };
  return [...(conditions ?? []), condition];
}

/** One more try after a refusal, with the newest version. Source: replica_set.go statusUpdateRetries. */
const STATUS_UPDATE_RETRIES = 1;

/** Writes the status where it differs; answers with the object as it is then, or with the refusal. */
export function* writeStatus(set: ReplicaSet, status: ReplicaSetStatus, kind: ReplicaKind): Sync<ReplicaSet | string> {
  const { generation = 0, namespace = "", name = "" } = set.metadata;
  const isObserved = (set.status?.observedGeneration ?? 0) === generation;
  if (isObserved && isSame(set.status, status)) return set;
  const next = { ...status, observedGeneration: generation };
  const target = { resource: kind.watched.resource, namespace, name };
  let current = set;
  for (let attempt = 0; ; attempt++) {
    const response = yield* send(
      updateRequest({ ...target, subresource: "status" }, { ...kind.ownKind, ...current, status: next }),
    );
    if (isSuccess(response)) return objectOf<ReplicaSet>(response);
    if (attempt >= STATUS_UPDATE_RETRIES) return whyRefused(response);
    const fresh = yield* send(getRequest(target));
    if (!isSuccess(fresh)) return whyRefused(fresh);
    current = objectOf<ReplicaSet>(fresh);
  }
}
