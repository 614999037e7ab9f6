import type { ApiResponse } from "../api/wire.ts";
import { get, remove } from "../kernel/sorted-map.ts";
import { configAnswer } from "./configs.ts";
import { receiveLeaseAnswer, receiveNodeAnswer } from "./node.ts";
import { receiveEventAnswer } from "./speak.ts";
import { receiveStatusAnswer } from "./status-manager.ts";
import type { Turn } from "./state.ts";
import { goOn } from "./worker.ts";

/** What stands for an answer when the API server cannot be reached. */
const UNREACHABLE: ApiResponse = { code: 503, body: undefined };

/** An answer of the API server, or the news that there is none. */
export function receiveAnswer(turn: Turn, id: number, response: ApiResponse | undefined): void {
  const purpose = get(turn.state.requests, id);
  if (purpose === undefined) return;
  turn.state = { ...turn.state, requests: remove(turn.state.requests, id) };
  const answer = response ?? UNREACHABLE;
  switch (purpose.kind) {
    case "event":
      receiveEventAnswer(turn, answer);
      return;
    case "status":
      receiveStatusAnswer(turn, purpose.uid, response);
      return;
    case "config":
      if (get(turn.state.workers, purpose.uid)?.job !== undefined) goOn(turn, purpose.uid, [configAnswer(answer)]);
      return;
    case "node":
    case "node-create":
    case "node-get":
    case "node-status":
      receiveNodeAnswer(turn, purpose, answer);
      return;
    case "lease":
    case "lease-create":
    case "lease-get":
      receiveLeaseAnswer(turn, purpose, answer);
      return;
    case "delete":
    case "refresh":
    case "mirror":
  }
}
