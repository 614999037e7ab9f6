// After kubernetes v1.36 pkg/controller/podgc/gc_controller.go.
import type { Node, Pod, PodCondition } from "../../api/generated/types.ts";
import { deleteRequest, getRequest } from "../../client/requests.ts";
import type { Millis } from "../../kernel/process.ts";
import { forEach, get, remove, set, type SortedMap } from "../../kernel/sorted-map.ts";
import { type Controller, listen } from "../controller.ts";
import { dateOf, parseDate, printDate } from "../dates.ts";
import { conditionPatch } from "../pod-status-patch.ts";
import { isDeleting, isTerminal } from "../pods.ts";
import { DONE, isSuccess, remember, send, type Situation, type Sync, tell } from "../sync.ts";
import { nodes, plainPods } from "../watched.ts";

/** Since when pods were seen on nodes that are not there. */
type Memory = SortedMap<string, Millis>;

/** Source: gc_controller.go gcCheckPeriod, quarantineTime; --terminated-pod-gc-threshold. */
export const CHECK_PERIOD_MILLIS = 20_000;
export const QUARANTINE_MILLIS = 40_000;
export const TERMINATED_PODS_MAX = 12_500;

/** Clears away pods that nobody else would: on nodes that are gone, never scheduled, or finished and too many. */
export const podGc: Controller<Memory> = {
  name: "pod-gc",
  identity: "pod-garbage-collector",
  workers: 1,
  memory: null,
  watches: [listen(plainPods), listen(nodes)],
  ticks: [{ key: "gc", everyMillis: CHECK_PERIOD_MILLIS }],
  sync: collect,
};

function* collect(_: string, situation: Situation<Memory>): Sync {
  const pods = situation.lister.list(plainPods);
  yield* collectTerminated(pods, situation);
  yield* collectOutOfService(pods, situation);
  yield* collectOrphaned(pods, situation);
  for (const pod of pods) {
    if (isDeleting(pod) && (pod.spec.nodeName ?? "") === "") yield* failAndDelete(pod, situation);
  }
  return DONE;
}

function* collectTerminated(pods: readonly Pod[], situation: Situation<Memory>): Sync<void> {
  const terminated = pods.filter(isTerminal);
  const surplus = terminated.length - TERMINATED_PODS_MAX;
  if (surplus <= 0) return;
  const oldestFirst = [...terminated].toSorted(
    (one, other) =>
      (parseDate(one.metadata.creationTimestamp) ?? 0) - (parseDate(other.metadata.creationTimestamp) ?? 0),
  );
  for (const pod of oldestFirst.slice(0, surplus)) yield* failAndDelete(pod, situation);
}

/** Terminating pods on a node that an administrator has declared out of service. */
function* collectOutOfService(pods: readonly Pod[], situation: Situation<Memory>): Sync<void> {
  for (const pod of pods) {
    if (!isDeleting(pod)) continue;
    const node = situation.lister.get(nodes, pod.spec.nodeName ?? "");
    if (node === undefined || isReady(node) || !isOutOfService(node)) continue;
    yield* failAndDelete(pod, situation);
  }
}

function isReady(node: Node): boolean {
  return node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;
}

function isOutOfService(node: Node): boolean {
  return (node.spec?.taints ?? []).some(({ key }) => key === "node.kubernetes.io/out-of-service");
}

/** A node must have been missing for a while, and be missing at the server too. */
function* collectOrphaned(pods: readonly Pod[], situation: Situation<Memory>): Sync<void> {
  const { lister, memory, now } = situation;
  const missing = new Set<string>();
  for (const { spec } of pods) {
    const { nodeName = "" } = spec;
    if (nodeName !== "" && lister.get(nodes, nodeName) === undefined) missing.add(nodeName);
  }
  let seen = memory;
  for (const name of missing) if (get(seen, name) === undefined) seen = set(seen, name, now);
  const due: string[] = [];
  forEach(memory, (since, name) => {
    if (since + QUARANTINE_MILLIS <= now) due.push(name);
  });
  for (const name of due) seen = remove(seen, name);
  if (seen !== memory) yield* remember<Memory>(() => seen);
  for (const name of due) {
    const response = yield* send(getRequest({ resource: nodes.resource, name }));
    if (response.code !== 404) continue;
    for (const pod of pods.filter(({ spec }) => spec.nodeName === name)) {
      yield* failAndDelete(pod, situation, {
        type: "DisruptionTarget",
        status: "True",
        lastTransitionTime: printDate(dateOf(situation)),
        reason: "DeletionByPodGC",
        message: "PodGC: node no longer exists",
        ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
      });
    }
  }
}

/** A pod that is not over is marked failed first, because no kubelet is left to say so. */
function* failAndDelete(pod: Pod, _: Situation<Memory>, condition?: PodCondition): Sync<void> {
  const { namespace = "", name = "" } = pod.metadata;
  yield* tell({ reason: "PodCollected", object: { kind: "Pod", namespace, name } });
  if (!isTerminal(pod)) {
    const patch = conditionPatch(pod, condition === undefined ? { phase: "Failed" } : { phase: "Failed", condition });
    const response = patch === undefined ? undefined : yield* send(patch);
    if (response !== undefined && !isSuccess(response)) return;
  }
  yield* send(deleteRequest({ resource: plainPods.resource, namespace, name }, { gracePeriodSeconds: 0 }));
}
