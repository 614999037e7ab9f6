import { openInformer } from "../client/informer.ts";
import type { Pod } from "../api/generated/types.ts";
import type { CriReply } from "../runtime/cri.ts";
import { relist, seeContainer, seeSandbox } from "./pleg.ts";
import type { Turn } from "./state.ts";

/** A restarted kubelet has learned what runs: now it asks for its pods, and finds them as they are. */
export function recover(turn: Turn, list: Extract<CriReply, { readonly kind: "list" }>): void {
  for (const sandbox of list.sandboxes) seeSandbox(turn, sandbox);
  for (const container of list.containers.toSorted((one, other) => one.createdAt - other.createdAt))
    seeContainer(turn, container);
  relist(turn);
  turn.state = { ...turn.state, isRecovering: false };
  const opened = openInformer<Pod>(turn.state.pods.source);
  turn.state = { ...turn.state, pods: opened.informer };
  turn.effects.push(...opened.effects);
}
