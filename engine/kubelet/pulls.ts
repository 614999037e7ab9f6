// After kubernetes v1.36 pkg/kubelet/images/puller.go serialImagePuller: one pull at a time on a node.
import { callRuntime } from "./send.ts";
import type { Turn } from "./state.ts";

/** Puts a pull into the queue of the node. */
export function orderPull(turn: Turn, uid: string, image: string): void {
  const order = { uid, image, since: turn.now, startedAt: undefined };
  turn.state = { ...turn.state, pulls: [...turn.state.pulls, order] };
  startNext(turn);
}

function startNext(turn: Turn): void {
  const [first, ...rest] = turn.state.pulls;
  if (first === undefined || first.startedAt !== undefined) return;
  turn.state = { ...turn.state, pulls: [{ ...first, startedAt: turn.now }, ...rest] };
  callRuntime(turn, { kind: "job", uid: first.uid }, { call: "PullImage", image: first.image });
}

/** The first pull of the queue is over; how long its pod has waited in all, or undefined when the reply is not of a pull. */
export function endPull(turn: Turn, uid: string): number | undefined {
  const [first, ...rest] = turn.state.pulls;
  if (first === undefined || first.startedAt === undefined || first.uid !== uid) return undefined;
  turn.state = { ...turn.state, pulls: rest };
  startNext(turn);
  return turn.now - first.since;
}
