// After kubernetes v1.36 pkg/kubelet/allocation/allocation_manager.go, KEP-1287; not modelled: pod-level resources, swap, retries when others leave.
import { isEqual } from "../api/semantic-equal.ts";
import { get, set, values } from "../kernel/sorted-map.ts";
import { resourceRefusal } from "./admission.ts";
import { speakOfPod } from "./speak.ts";
import { allocatedPod, allocationOf, printed } from "./resize-rules.ts";
import type { Turn, Worker } from "./state.ts";

/** The pod asks for other resources: they are allocated when they fit, else the wish waits. Source of the texts: golden/g-kubelet/27. */
export function considerResize(turn: Turn, uid: string): void {
  const worker = get(turn.state.workers, uid);
  if (worker === undefined || isEqual(allocationOf(worker.pod), worker.allocated)) return;
  const others = values(turn.state.workers)
    .filter((other) => other.uid !== uid && (other.stage === "syncing" || other.stage === "terminating"))
    .map((other) => allocatedPod(other.pod, other.allocated));
  const refusal = resourceRefusal(worker.pod, others, turn.state.settings);
  const wish = {
    containers: worker.pod.spec.containers.filter((it) => it.resources !== undefined).map(printed),
    generation: worker.pod.metadata.generation,
  };
  if (refusal === undefined) {
    keep(turn, { ...worker, allocated: allocationOf(worker.pod), pendingResize: undefined });
    say(turn, worker, {
      type: "Normal",
      reason: "ResizeStarted",
      message: `Pod resize started: ${JSON.stringify(wish)}`,
    });
    return;
  }
  keep(turn, { ...worker, pendingResize: refusal.message });
  const message = `Pod resize ${refusal.reason}: ${JSON.stringify({ ...wish, error: refusal.message })}`;
  say(turn, worker, { type: "Warning", reason: "ResizeDeferred", message });
}

function keep(turn: Turn, worker: Worker): void {
  turn.state = { ...turn.state, workers: set(turn.state.workers, worker.uid, worker) };
}

function say(
  turn: Turn,
  worker: Worker,
  note: { readonly type: "Normal" | "Warning"; readonly reason: string; readonly message: string },
): void {
  speakOfPod(turn, worker.pod, note);
}
