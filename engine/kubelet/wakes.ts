import { endTurn, wakeJob } from "./answers.ts";
import { evict } from "./eviction.ts";
import { register, renewLease, reportNode } from "./node.ts";
import { endByDeadline } from "./pods.ts";
import { wakeProbe } from "./probe-manager.ts";
import { callRuntime } from "./send.ts";
import type { Turn } from "./state.ts";
import { writeStatus } from "./status-manager.ts";
import { lookAt, updateWorker } from "./worker.ts";

/** Does what is due. The first word of a key says what it is, the rest for whom. */
export function handleWake(turn: Turn, key: string, relist: (turn: Turn) => void): void {
  const space = key.indexOf(" ");
  const word = space < 0 ? key : key.slice(0, space);
  const rest = key.slice(space + 1);
  const [uid = "", branch] = rest.split(" ");
  switch (word) {
    case "relist":
      relist(turn);
      return;
    case "look":
      lookAt(turn, uid);
      return;
    case "work":
      updateWorker(turn, uid);
      return;
    case "job":
      wakeJob(turn, uid, undefined);
      return;
    case "kill":
      wakeJob(turn, uid, Number(branch));
      return;
    case "turn":
      endTurn(turn, uid, Number(branch));
      return;
    case "probe":
      wakeProbe(turn, rest);
      return;
    case "status":
      writeStatus(turn, uid);
      return;
    case "evict":
      evict(turn, uid, branch ?? "");
      return;
    case "deadline":
      endByDeadline(turn, uid);
      return;
    case "start-up":
      register(turn);
      callRuntime(turn, { kind: "list" }, { call: "List" });
      return;
    case "lease":
      renewLease(turn);
      return;
    case "node":
      if (turn.state.node.isRegistered) reportNode(turn);
      else register(turn);
      return;
    default:
  }
}
