// After kubernetes v1.36 pkg/kubelet/kubelet.go HandlePodAdditions, HandlePodUpdates, HandlePodRemoves, active_deadline.go.
import type { Pod, PodStatus } from "../api/generated/types.ts";
import { parseTime, rfc3339 } from "../api/time.ts";
import type { Change, Informed } from "../client/informer.ts";
import { get, set, values } from "../kernel/sorted-map.ts";
import { admit } from "./admission.ts";
import { SYNC_TICK_MILLIS } from "./constants.ts";
import { considerResize } from "./resize.ts";
import { speakOfPod } from "./speak.ts";
import type { Turn } from "./state.ts";
import { noteWritten, setStatus } from "./status-manager.ts";
import { DEADLINE_MESSAGE, openWorker, removeWorker, updateWorker } from "./worker.ts";

/** Takes in what the watch of pods tells. */
export function receivePods(turn: Turn, informed: Informed<Pod>): void {
  turn.state = { ...turn.state, pods: informed.informer };
  turn.effects.push(...informed.effects);
  for (const change of informed.changes) receiveChange(turn, change);
}

function receiveChange(turn: Turn, { before, after }: Change<Pod>): void {
  if (before !== undefined && (after === undefined || after.metadata.uid !== before.metadata.uid))
    removePod(turn, before);
  if (after === undefined) return;
  const { uid = "" } = after.metadata;
  const worker = get(turn.state.workers, uid);
  if (worker === undefined) addPod(turn, after);
  else changePod(turn, after, worker.pod);
}

function removePod(turn: Turn, pod: Pod): void {
  const { uid = "" } = pod.metadata;
  const worker = get(turn.state.workers, uid);
  if (worker === undefined) return;
  turn.state = {
    ...turn.state,
    workers: set(turn.state.workers, uid, {
      ...worker,
      pod: worker.pod.metadata.deletionTimestamp === undefined ? pod : worker.pod,
    }),
  };
  removeWorker(turn, uid);
}

function isTerminal(status: PodStatus | undefined): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

export function addPod(turn: Turn, pod: Pod): void {
  const { uid = "" } = pod.metadata;
  if (isTerminal(pod.status) && pod.metadata.deletionTimestamp === undefined) return;
  const isKnown = get(turn.state.actual, uid) !== undefined;
  if (pod.metadata.deletionTimestamp === undefined && !isTerminal(pod.status) && !isKnown) {
    const others = values(turn.state.workers)
      .filter((worker) => worker.stage === "syncing" || worker.stage === "terminating")
      .map((worker) => worker.pod);
    const refusal = admit(pod, others, turn.state.settings, turn.state.node.object);
    if (refusal !== undefined) {
      refuse(turn, pod, refusal);
      return;
    }
  }
  openWorker(turn, pod);
  planDeadline(turn, pod);
  updateWorker(turn, uid);
}

/** The pod is not taken: Failed, with the reason and without conditions. Source: rejectPod; golden/g-kubelet/29. */
function refuse(
  turn: Turn,
  pod: Pod,
  { reason, message }: { readonly reason: string; readonly message: string },
): void {
  speakOfPod(turn, pod, { type: "Warning", reason, message });
  const { generation } = pod.metadata;
  const status: PodStatus = {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    phase: "Failed",
    reason,
    message: `Pod was rejected: ${message}`,
    startTime: rfc3339(turn.state.epochMillis + turn.now),
  };
  setStatus(turn, pod, status);
}

function changePod(turn: Turn, pod: Pod, former: Pod): void {
  const { uid = "" } = pod.metadata;
  const worker = get(turn.state.workers, uid);
  if (worker === undefined) return;
  turn.state = { ...turn.state, workers: set(turn.state.workers, uid, { ...worker, pod }) };
  const entry = get(turn.state.statuses, uid);
  if (entry !== undefined) turn.state = { ...turn.state, statuses: set(turn.state.statuses, uid, { ...entry, pod }) };
  noteWritten(turn, pod);
  if (pod.spec.activeDeadlineSeconds !== former.spec.activeDeadlineSeconds) planDeadline(turn, pod);
  if (pod.spec !== former.spec) considerResize(turn, uid);
  if (isChanged(pod, former)) updateWorker(turn, uid);
}

/** Whether more than the status has changed, or a condition that a readiness gate waits for. Source: pkg/kubelet/config checkAndUpdatePod. */
function isChanged(pod: Pod, former: Pod): boolean {
  const { metadata, spec } = pod;
  const old = former.metadata;
  if (spec !== former.spec || metadata.deletionTimestamp !== old.deletionTimestamp) return true;
  if (metadata.deletionGracePeriodSeconds !== old.deletionGracePeriodSeconds) return true;
  if (metadata.labels !== old.labels || metadata.annotations !== old.annotations) return true;
  return (spec.readinessGates ?? []).some(
    (gate) => statusOf(pod, gate.conditionType) !== statusOf(former, gate.conditionType),
  );
}

function statusOf(pod: Pod, type: string): string | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type)?.status;
}

/** A pod may be active for so long only: looked at once a second by the sync loop. */
function planDeadline(turn: Turn, pod: Pod): void {
  const { uid = "" } = pod.metadata;
  const seconds = pod.spec.activeDeadlineSeconds;
  const worker = get(turn.state.workers, uid);
  if (worker === undefined) return;
  if (seconds === undefined) {
    turn.effects.push({ kind: "cancel", key: `deadline ${uid}` });
    return;
  }
  const started = parseTime(get(turn.state.statuses, uid)?.status.startTime ?? pod.status?.startTime ?? "");
  const from = started === undefined ? turn.now : started - turn.state.epochMillis;
  const deadlineAt = from + seconds * 1000;
  turn.state = { ...turn.state, workers: set(turn.state.workers, uid, { ...worker, deadlineAt }) };
  const { syncPhaseMillis } = turn.state;
  const at = syncPhaseMillis + Math.ceil((deadlineAt - syncPhaseMillis) / SYNC_TICK_MILLIS) * SYNC_TICK_MILLIS;
  turn.effects.push({ kind: "wake", key: `deadline ${uid}`, at });
}

export function endByDeadline(turn: Turn, uid: string): void {
  const worker = get(turn.state.workers, uid);
  if (worker === undefined || worker.stage !== "syncing") return;
  const ending = { reason: "DeadlineExceeded", message: DEADLINE_MESSAGE, graceSeconds: undefined, isEviction: false };
  turn.state = { ...turn.state, workers: set(turn.state.workers, uid, { ...worker, ending }) };
  updateWorker(turn, uid);
}
