// After kubernetes v1.36 pkg/kubelet/status/status_manager.go; not modelled: the GET before each patch.
import type { Pod, PodCondition, PodStatus } from "../api/generated/types.ts";
import type { ApiResponse } from "../api/wire.ts";
import { deleteRequest, patchRequest } from "../client/requests.ts";
import { get, remove, set } from "../kernel/sorted-map.ts";
import { timed } from "./conditions.ts";
import { STATUS_RETRY_MILLIS } from "./constants.ts";
import { rfc3339 } from "../api/time.ts";
import { send } from "./send.ts";
import type { StatusEntry, Turn } from "./state.ts";
import { isEqual } from "../api/semantic-equal.ts";
import { statusPatch } from "./status-patch.ts";

const PODS = { group: "", version: "v1", plural: "pods" } as const;

/** Sets what the kubelet says about a pod; it is written as soon as the last write is over. */
export function setStatus(turn: Turn, pod: Pod, status: PodStatus): void {
  const { uid = "" } = pod.metadata;
  const former = get(turn.state.statuses, uid);
  const entry: StatusEntry = former ?? {
    pod,
    status,
    written: pod.status ?? {},
    isDirty: true,
    isWriting: false,
    isFinished: false,
    isDeleting: false,
  };
  const isSame = former !== undefined && isEqual(former.status, status) && former.pod.metadata.uid === uid;
  const next = { ...entry, pod, status: isSame ? former.status : status, isDirty: entry.isDirty || !isSame };
  turn.state = { ...turn.state, statuses: set(turn.state.statuses, uid, next) };
  writeStatus(turn, uid);
}

/** The worker is done with the pod: once this is known to the API, the object may go. */
export function finishStatus(turn: Turn, uid: string): void {
  const entry = get(turn.state.statuses, uid);
  if (entry === undefined) return;
  turn.state = {
    ...turn.state,
    statuses: set(turn.state.statuses, uid, { ...entry, isFinished: true, isDirty: true }),
  };
  writeStatus(turn, uid);
}

export function writeStatus(turn: Turn, uid: string): void {
  const entry = get(turn.state.statuses, uid);
  if (entry === undefined || entry.isWriting || !entry.isDirty) return;
  const { namespace, name } = entry.pod.metadata;
  if (namespace === undefined || name === undefined || get(turn.state.staticPods, uid) !== undefined) return;
  const merged = merge(turn, uid, entry);
  const body = statusPatch(entry.written, merged);
  if (body === undefined) {
    keep(turn, uid, { ...entry, isDirty: false });
    deleteFinished(turn, uid);
    return;
  }
  keep(turn, uid, { ...entry, isDirty: false, isWriting: true });
  const target = { resource: PODS, namespace, name, subresource: "status" };
  const request = patchRequest(target, { dialect: "strategic", body: { metadata: { uid }, status: body } });
  send(turn, { kind: "status", uid }, request);
}

/** Source: mergePodStatus: a pod whose containers may still run is not called Succeeded or Failed yet. */
function merge(turn: Turn, uid: string, entry: StatusEntry): PodStatus {
  const { status, written } = entry;
  const stage = get(turn.state.workers, uid)?.stage;
  const couldRun = stage === "syncing" || stage === "terminating";
  const isTerminal = (phase: string | undefined): boolean => phase === "Succeeded" || phase === "Failed";
  const merged: PodStatus = { ...status, ...preserved(written) };
  if (!couldRun || !isTerminal(status.phase) || isTerminal(written.phase)) return merged;
  const { reason, message, ...rest } = merged;
  void reason;
  void message;
  return {
    ...rest,
    phase: written.phase ?? "Pending",
    ...(written.reason === undefined ? {} : { reason: written.reason }),
    ...(written.message === undefined ? {} : { message: written.message }),
  };
}

/** What others write into the status. */
function preserved(written: PodStatus): Partial<PodStatus> {
  const { qosClass, nominatedNodeName, resourceClaimStatuses } = written;
  return {
    ...(qosClass === undefined ? {} : { qosClass }),
    ...(nominatedNodeName === undefined ? {} : { nominatedNodeName }),
    ...(resourceClaimStatuses === undefined ? {} : { resourceClaimStatuses }),
  };
}

function keep(turn: Turn, uid: string, entry: StatusEntry): void {
  turn.state = { ...turn.state, statuses: set(turn.state.statuses, uid, entry) };
}

/** The answer to a status patch. */
export function receiveStatusAnswer(turn: Turn, uid: string, response: ApiResponse | undefined): void {
  const entry = get(turn.state.statuses, uid);
  if (entry === undefined) return;
  if (response === undefined || response.code >= 400) {
    const isGone = response?.code === 404;
    keep(turn, uid, { ...entry, isWriting: false, isDirty: !isGone });
    if (!isGone) turn.effects.push({ kind: "wake", key: `status ${uid}`, at: turn.now + STATUS_RETRY_MILLIS });
    return;
  }
  const { status } = response.body as Pod;
  keep(turn, uid, { ...entry, isWriting: false, written: status });
  writeStatus(turn, uid);
  deleteFinished(turn, uid);
}

/** What the API says about the pod, from the watch. */
export function noteWritten(turn: Turn, pod: Pod): void {
  const { uid = "" } = pod.metadata;
  const entry = get(turn.state.statuses, uid);
  if (entry === undefined || entry.isWriting || entry.written === pod.status) return;
  const isReverted = hasForeignReady(entry, pod);
  keep(turn, uid, { ...entry, written: pod.status ?? {}, isDirty: entry.isDirty || isReverted });
  writeStatus(turn, uid);
}

/** The node controller has set Ready to False behind the kubelet's back: it is set right again. */
function hasForeignReady(entry: StatusEntry, pod: Pod): boolean {
  const ready = (conditions: readonly PodCondition[] | undefined): string | undefined =>
    conditions?.find((it) => it.type === "Ready")?.status;
  return ready(entry.status.conditions) !== ready(pod.status?.conditions);
}

/** Source: canBeDeleted: marked for deletion, known to be over, and everything that ran is gone. */
export function deleteFinished(turn: Turn, uid: string): void {
  const entry = get(turn.state.statuses, uid);
  const { deletionTimestamp, namespace, name } = entry?.pod.metadata ?? {};
  if (entry === undefined || deletionTimestamp === undefined || !entry.isFinished || entry.isDirty) return;
  if (entry.isWriting || entry.isDeleting || namespace === undefined || name === undefined) return;
  keep(turn, uid, { ...entry, isDeleting: true });
  const request = deleteRequest({ resource: PODS, namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid } });
  send(turn, { kind: "delete", uid }, request);
}

/** Forgets a pod that the API no longer has. */
export function forgetStatus(turn: Turn, uid: string): void {
  turn.state = { ...turn.state, statuses: remove(turn.state.statuses, uid) };
}

/** Sets one condition of a status. */
export function withCondition(
  turn: Turn,
  pod: Pod,
  status: PodStatus,
  verdict: {
    readonly type: string;
    readonly status: "True" | "False";
    readonly reason?: string;
    readonly message?: string;
  },
): PodStatus {
  const conditions = status.conditions ?? [];
  const at = { date: rfc3339(turn.state.epochMillis + turn.now), generation: pod.metadata.generation };
  const [condition] = timed([verdict], conditions, at);
  if (condition === undefined) return status;
  const index = conditions.findIndex((it) => it.type === verdict.type);
  const next =
    index < 0 ? [...conditions, condition] : conditions.map((it, place) => (place === index ? condition : it));
  return { ...status, conditions: next };
}
