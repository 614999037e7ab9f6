// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/server/config.go (the chain of handlers) and endpoints/installer.go; not modelled: audit, priority and fairness.
import type { FromServer, ToServer } from "../api/wire.ts";
import type { FromEtcd } from "../etcd/messages.ts";
import type { Birth, Moment, Outcome, Process, Refused, Wake } from "../kernel/process.ts";
import { hostOf } from "../kernel/process.ts";
import { breakConnections } from "./closing.ts";
import { handleEtcd, reconnect, RETRY_WAKE } from "./from-etcd.ts";
import { handleRequest } from "./handle-request.ts";
import type { ServerSettings, ServerState, Turn } from "./state.ts";
import { hangUp, passStream, passToClient, relayRefused } from "./proxy.ts";
import { handleWake } from "./wakes.ts";

/**
 * The front door of the cluster: it alone speaks to etcd. It reads from its cache, which etcd's watch feeds, and writes with
 * transactions that compare the revision which was read; a lost race is run again on the newer object.
 *
 * It promises: a client that was told of its write finds it in every later read and list; watchers hear every change once, in the order
 * of revisions; the note about a change stands in the trace before anyone is told of it.
 */
export const kubeApiServer: Process<ServerState, ServerMessage> = {
  name: "kube-apiserver",
  start: (birth) => begin(birth),
  step: (state, message, moment) => {
    const turn: Turn = { state, effects: [], moment };
    handle(turn, message);
    return { state: turn.state, effects: turn.effects };
  },
  closing: breakConnections,
};

export type ServerMessage = ToServer | FromEtcd | FromServer | Wake | Refused;

function begin(birth: Birth): Outcome<ServerState> {
  const settings = (birth.settings ?? {}) as ServerSettings;
  const etcd = settings.etcd ?? `${hostOf(birth.self)}/etcd`;
  const state: ServerState = {
    settings,
    etcd,
    prng: birth.prng,
    phase: "starting",
    held: [],
    revision: 0,
    collections: null,
    pending: null,
    exchanges: 0,
    streams: null,
    relays: null,
    groups: null,
  };
  const moment: Moment = { now: birth.now, self: birth.self, from: birth.self, epochMillis: birth.epochMillis };
  const turn: Turn = { state, effects: [], moment };
  reconnect(turn);
  return { state: turn.state, effects: turn.effects };
}

function handle(turn: Turn, message: ServerMessage): void {
  switch (message.kind) {
    case "request": {
      const { id, request, identity } = message;
      const known = identity === undefined ? {} : { identity };
      return handleRequest(turn, { client: turn.moment.from, id, request, ...known, attempt: 0 });
    }
    case "hang-up":
      return hangUp(turn, message.id);
    case "stream":
      return passStream(turn, message);
    case "response":
    case "events":
    case "closed":
      return passToClient(turn, message);
    case "wake":
      return message.key === RETRY_WAKE ? reconnect(turn) : handleWake(turn, message.key);
    case "refused":
      return refused(turn, message);
    default:
      return handleEtcd(turn, message);
  }
}

function refused(turn: Turn, message: Refused): void {
  if (message.to !== turn.state.etcd) return relayRefused(turn, message);
  handleEtcd(turn, {
    kind: "failed",
    id: (message.message as { readonly id?: number }).id ?? 0,
    error: "connection refused",
  });
}
