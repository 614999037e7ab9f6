// After kubernetes v1.36 pkg/scheduler/schedule_one.go handleBindingCycleError.
import { isTerminal } from "../api/pod.ts";
import { get, remove } from "../kernel/sorted-map.ts";
import { returnFailed } from "./queue.ts";
import { tell } from "./schedule.ts";
import { nodeNamed, replaceNode, withoutPod } from "./snapshot.ts";
import type { Assumed, Turn } from "./state.ts";

/** The room is given back, and the pod tries again after its backoff. */
export function undo(
  turn: Turn,
  key: string,
  { assumed, plugin, message }: { readonly assumed: Assumed; readonly plugin: string; readonly message: string },
): void {
  const { state, moment } = turn;
  const node = nodeNamed(state.snapshot, assumed.node);
  const pod = get(state.informers.pods.items, key);
  const stillWaits = pod !== undefined && (pod.spec.nodeName ?? "") === "" && !isTerminal(pod);
  turn.state = {
    ...state,
    snapshot: node === undefined ? state.snapshot : replaceNode(state.snapshot, withoutPod(node, { key })),
    assumed: remove(state.assumed, key),
    queue: stillWaits ? returnFailed(state.queue, assumed.queued, moment.now) : state.queue,
  };
  if (stillWaits)
    tell(turn, {
      pod,
      type: "Warning",
      reason: "FailedScheduling",
      action: "Scheduling",
      note: `running ${plugin}: ${message}`,
    });
}
