import type { ApiRequest } from "../api/wire.ts";
import { asCaller, type Caller } from "../client/requests.ts";
import { set } from "../kernel/sorted-map.ts";
import type { CriCall } from "../runtime/cri.ts";
import type { KubeletSettings } from "./settings.ts";
import type { CallPurpose, Purpose, Turn } from "./state.ts";

/** Who a kubelet is to the API server. Source: Kubernetes docs, Node authorization. */
export function callerOf(settings: KubeletSettings): Caller {
  return {
    identity: { user: `system:node:${settings.node.name}`, groups: ["system:nodes", "system:authenticated"] },
    userAgent: "kubelet/v1.36.2 (linux/amd64) kubernetes/1c33ad4",
  };
}

/** Sends a request to the API server; the answer comes back with its purpose. */
export function send(turn: Turn, purpose: Purpose, request: ApiRequest): void {
  const { state } = turn;
  const id = state.nextId;
  const caller = callerOf(state.settings);
  turn.state = { ...state, nextId: id + 1, requests: set(state.requests, id, purpose) };
  const message = { kind: "request", id, request: asCaller(request, caller), identity: caller.identity };
  turn.effects.push({ kind: "send", to: state.settings.server, message });
}

/** Calls the runtime. */
export function callRuntime(turn: Turn, purpose: CallPurpose, call: CriCall): void {
  const { state } = turn;
  const id = state.nextId;
  turn.state = { ...state, nextId: id + 1, calls: set(state.calls, id, purpose) };
  turn.effects.push({ kind: "send", to: state.settings.runtime, message: { kind: "cri", id, call } });
}
