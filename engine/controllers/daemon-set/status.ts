// After kubernetes v1.36 pkg/controller/daemon/daemon_controller.go updateDaemonSetStatus, storeDaemonSetStatus.
import type { DaemonSet, DaemonSetStatus, Pod } from "../../api/generated/types.ts";
import { getRequest, updateRequest } from "../../client/requests.ts";
import { edit, isSame } from "../edit.ts";
import { isAvailable, isReady } from "../pods.ts";
import { again, isSuccess, objectOf, send, type Sync, whyRefused } from "../sync.ts";
import { daemonSets } from "../watched.ts";
import { placementOn } from "./placement.ts";
import { byAge, DAEMON_SET, HASH_LABEL, type Scene } from "./plan.ts";

/** Source: daemon_controller.go StatusUpdateRetries. */
const STATUS_UPDATE_RETRIES = 1;

/** Writes the status where it differs; the generation counts as observed once the set was worked on. */
export function* writeStatus(
  scene: Scene,
  isObserved: boolean,
  placed: ReadonlyMap<string, readonly Pod[]>,
): Sync<string | undefined> {
  const { set, key } = scene;
  const counted = statusOf(scene, placed);
  const generation = set.metadata.generation ?? 0;
  const isSeen = !isObserved || (set.status?.observedGeneration ?? 0) >= generation;
  const status = edit(counted, { observedGeneration: isObserved ? generation : set.status?.observedGeneration });
  const refused = isSeen && isSame(set.status, status) ? undefined : yield* store(set, status);
  if (refused !== undefined) return refused;
  const seconds = set.spec.minReadySeconds ?? 0;
  if (seconds > 0 && status.numberReady !== (status.numberAvailable ?? 0)) yield* again(key, seconds * 1000);
  return undefined;
}

function* store(set: DaemonSet, status: DaemonSetStatus): Sync<string | undefined> {
  const { namespace = "", name = "" } = set.metadata;
  const target = { resource: daemonSets.resource, namespace, name };
  let current = set;
  for (let attempt = 0; ; attempt++) {
    const body = { ...DAEMON_SET, ...current, status };
    const response = yield* send(updateRequest({ ...target, subresource: "status" }, body));
    if (isSuccess(response)) return undefined;
    if (attempt >= STATUS_UPDATE_RETRIES) return whyRefused(response);
    const fresh = yield* send(getRequest(target));
    if (!isSuccess(fresh)) return whyRefused(fresh);
    current = objectOf<DaemonSet>(fresh);
  }
}

function statusOf({ set, hash, present, date }: Scene, placed: ReadonlyMap<string, readonly Pod[]>): DaemonSetStatus {
  const count = { desired: 0, current: 0, misscheduled: 0, ready: 0, available: 0, updated: 0 };
  for (const node of present) {
    const here = [...(placed.get(node.metadata.name ?? "") ?? [])].toSorted(byAge);
    if (!placementOn(node, set).shouldRun) {
      if (here.length > 0) count.misscheduled += 1;
      continue;
    }
    count.desired += 1;
    const [pod] = here;
    if (pod === undefined) continue;
    count.current += 1;
    if (isReady(pod)) count.ready += 1;
    if (isAvailable(pod, set.spec.minReadySeconds ?? 0, date)) count.available += 1;
    if (pod.metadata.labels?.[HASH_LABEL] === hash) count.updated += 1;
  }
  const status: DaemonSetStatus = {
    ...set.status,
    currentNumberScheduled: count.current,
    numberMisscheduled: count.misscheduled,
    desiredNumberScheduled: count.desired,
    numberReady: count.ready,
  };
  return edit(status, {
    updatedNumberScheduled: count.updated || undefined,
    numberAvailable: count.available || undefined,
    numberUnavailable: count.desired - count.available || undefined,
  });
}
