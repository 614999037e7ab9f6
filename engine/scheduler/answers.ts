// After kubernetes v1.36 pkg/scheduler/schedule_one.go bindingCycle, handleBindingCycleError; framework/preemption/executor.go.
import type { ApiResponse } from "../api/wire.ts";
import { get, remove, set } from "../kernel/sorted-map.ts";
import { evictRequest } from "./requests.ts";
import { tell } from "./schedule.ts";
import { type Assumed, type Pending, send, type Turn } from "./state.ts";
import { undo } from "./undo.ts";
import { checkLater } from "./volume-wait.ts";

/** Takes in the answer to one of the scheduler's own requests; undefined when the server could not be reached. */
export function receiveAnswer(turn: Turn, id: number, response: ApiResponse | undefined): void {
  const pending = get(turn.state.pending, id);
  if (pending === undefined) return;
  turn.state = { ...turn.state, pending: remove(turn.state.pending, id) };
  const isGood = response !== undefined && response.code < 300;
  if (pending.kind === "bind") receiveBinding(turn, pending.key, { isGood, response });
  else if (pending.kind === "volume") receiveVolume(turn, pending.key, isGood);
  else if (pending.kind !== "forget") receiveEviction(turn, pending, { isGood, code: response?.code });
}

function receiveBinding(
  turn: Turn,
  key: string,
  { isGood, response }: { readonly isGood: boolean; readonly response: ApiResponse | undefined },
): void {
  const assumed = get(turn.state.assumed, key);
  if (isGood) sayScheduled(turn, key, assumed);
  else if (assumed !== undefined) undo(turn, key, { assumed, plugin: BINDER, message: messageOf(response) });
}

/** The watch may have told of the binding before the answer came; then the pod is on its node already. */
function sayScheduled(turn: Turn, key: string, assumed: Assumed | undefined): void {
  const pod = assumed?.pod.pod ?? get(turn.state.informers.pods.items, key);
  if (pod === undefined) return;
  const node = assumed?.node ?? pod.spec.nodeName ?? "";
  const note = `Successfully assigned ${key} to ${node}`;
  tell(turn, { pod, type: "Normal", reason: "Scheduled", action: "Binding", note });
}

const BINDER = 'Bind plugin "DefaultBinder"';

function messageOf(response: ApiResponse | undefined): string {
  if (response === undefined) return "connection refused";
  const { message } = (response.body ?? {}) as { readonly message?: unknown };
  return typeof message === "string" ? message : `the server answered ${response.code}`;
}

/** Once all are answered, the claims are looked at every second. */
function receiveVolume(turn: Turn, key: string, isGood: boolean): void {
  const assumed = get(turn.state.assumed, key);
  if (assumed?.volumes === undefined) return;
  if (!isGood)
    return undo(turn, key, {
      assumed,
      plugin: 'PreBind plugin "VolumeBinding"',
      message: "the volumes could not be bound",
    });
  const next = { ...assumed, volumes: { ...assumed.volumes, unanswered: assumed.volumes.unanswered - 1 } };
  turn.state = { ...turn.state, assumed: set(turn.state.assumed, key, next) };
  if (next.volumes.unanswered === 0) checkLater(turn, next);
}

function receiveEviction(
  turn: Turn,
  pending: Extract<Pending, { readonly kind: "disrupt" | "evict" }>,
  { isGood, code }: { readonly isGood: boolean; readonly code: number | undefined },
): void {
  const { victim, preemptor, node } = pending;
  if (!isGood && code !== 404) return;
  if (pending.kind === "disrupt") {
    if (isGood) send(turn, evictRequest(victim), { ...pending, kind: "evict" });
    return;
  }
  const note = `Preempted by pod ${preemptor.metadata.uid ?? ""} on node ${node}`;
  if (isGood)
    tell(turn, { pod: victim, related: preemptor, type: "Normal", reason: "Preempted", action: "Preempting", note });
}
