// After kubernetes v1.36 pkg/kubelet/eviction/eviction_manager.go localStorageEviction; not modelled: signals of the node as a whole.
import type { Pod } from "../api/generated/types.ts";
import type { Millis } from "../kernel/process.ts";
import { get, set } from "../kernel/sorted-map.ts";
import { EVICTION_MILLIS, VOLUME_STATS_MILLIS } from "./constants.ts";
import { speakOfPod } from "./speak.ts";
import type { Turn } from "./state.ts";
import { updateWorker } from "./worker.ts";

/** The first point of a grid that begins with the kubelet. */
function gridAfter(turn: Turn, at: Millis, step: Millis): Millis {
  const { startedAt } = turn.state;
  return startedAt + Math.ceil((at - startedAt) / step) * step;
}

/** A limit is passed: seen when the usage is next measured, acted upon at the eviction manager's next round. */
export function noteExcess(turn: Turn, uid: string, volume: string | undefined): void {
  const worker = get(turn.state.workers, uid);
  if (worker === undefined || worker.stage !== "syncing") return;
  const { namespace = "", name = "" } = worker.pod.metadata;
  const measured = gridAfter(turn, turn.now + 1, volume === undefined ? EVICTION_MILLIS : VOLUME_STATS_MILLIS);
  const recorded = turn.state.settings.recordedEvictions?.[`${namespace}/${name}`];
  const at = recorded !== undefined && recorded > turn.now ? recorded : gridAfter(turn, measured + 1, EVICTION_MILLIS);
  turn.effects.push({ kind: "wake", key: `evict ${uid} ${volume ?? ""}`, at });
}

export function evict(turn: Turn, uid: string, volume: string): void {
  const worker = get(turn.state.workers, uid);
  if (worker === undefined || worker.stage !== "syncing") return;
  const message = volume === "" ? containersMessage(worker.pod) : volumeMessage(worker.pod, volume);
  const ending = { reason: "Evicted", message, graceSeconds: 0, isEviction: true };
  speakOfPod(turn, worker.pod, { type: "Warning", reason: "Evicted", message });
  turn.state = { ...turn.state, workers: set(turn.state.workers, uid, { ...worker, ending }) };
  updateWorker(turn, uid);
}

/** Source of the texts: golden/g-kubelet/40-emptydir-limit-eviction-long, with the blank at their end. */
function volumeMessage(pod: Pod, volume: string): string {
  const limit = pod.spec.volumes?.find((it) => it.name === volume)?.emptyDir?.sizeLimit ?? "";
  return `Usage of EmptyDir volume "${volume}" exceeds the limit "${limit}". `;
}

function containersMessage(pod: Pod): string {
  const limit =
    pod.spec.containers.map((it) => it.resources?.limits?.["ephemeral-storage"]).find((it) => it !== undefined) ?? "";
  return `Pod ephemeral local storage usage exceeds the total limit of containers ${limit}. `;
}
