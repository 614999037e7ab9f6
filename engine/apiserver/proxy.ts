// After kubernetes v1.36 staging/src/k8s.io/apimachinery/pkg/util/proxy/upgradeaware.go: requests that a kubelet answers.
import type { ApiRequest, FromServer, ToServer } from "../api/wire.ts";
import type { Address, Refused } from "../kernel/process.ts";
import { get, remove, set } from "../kernel/sorted-map.ts";
import { answerStatus, internalError } from "./failure.ts";
import type { Exchange, Turn } from "./state.ts";
import { closeWatch, streamKey } from "./watch-request.ts";

/** Source: kubeadm's certificate apiserver-kubelet-client. */
const SERVER_IDENTITY = { user: "kube-apiserver-kubelet-client", groups: ["kubeadm:cluster-admins"] } as const;

/**
 * Carries the exchange on with the server at `to`: each message of either side is passed to the other under the number that it knows. To that
 * server the API server is itself a client.
 */
export function relay(
  turn: Turn,
  exchange: Exchange,
  target: { readonly to: Address; readonly request: ApiRequest },
): void {
  const number = turn.state.exchanges + 1;
  const { client, id } = exchange;
  turn.state = {
    ...turn.state,
    exchanges: number,
    streams: set(turn.state.streams, streamKey(client, id), { kind: "proxy", to: target.to, number }),
    relays: set(turn.state.relays, number, { client, id }),
  };
  const message: ToServer = { kind: "request", id: number, request: target.request, identity: SERVER_IDENTITY };
  turn.effects.push({ kind: "send", to: target.to, message });
}

/** The client ends a watch or a stream. */
export function hangUp(turn: Turn, id: number): void {
  const key = streamKey(turn.moment.from, id);
  const stream = get(turn.state.streams, key);
  if (stream?.kind === "watch") return closeWatch(turn, key, stream.prefix);
  if (stream === undefined) return;
  turn.effects.push({ kind: "send", to: stream.to, message: { kind: "hang-up", id: stream.number } });
  forget(turn, stream.number);
}

/** Bytes for a stream: from the client to the other server, or from that server to the client. */
export function passStream(turn: Turn, message: Extract<ToServer, { readonly kind: "stream" }>): void {
  const { from } = turn.moment;
  const stream = get(turn.state.streams, streamKey(from, message.id));
  if (stream?.kind === "proxy") {
    turn.effects.push({ kind: "send", to: stream.to, message: { ...message, id: stream.number } });
    return;
  }
  const relayed = get(turn.state.relays, message.id);
  if (relayed === undefined) return;
  const back = get(turn.state.streams, streamKey(relayed.client, relayed.id));
  if (back?.kind === "proxy" && back.to === from) passToClient(turn, message);
}

/** What the other server answers. */
export function passToClient(turn: Turn, message: FromServer): void {
  const found = get(turn.state.relays, message.id);
  if (found === undefined) return;
  turn.effects.push({ kind: "send", to: found.client, message: { ...message, id: found.id } });
  const isOver = message.kind === "closed" || (message.kind === "response" && message.response.body !== undefined);
  if (isOver) forget(turn, message.id);
}

/** Nobody listens where something was sent: a kubelet that is not there, or a client that is gone. */
export function relayRefused(turn: Turn, message: Refused): void {
  const { id = 0, kind } = message.message as { readonly id?: number; readonly kind?: string };
  const found = get(turn.state.relays, id);
  if (kind === "request" && found !== undefined) {
    const response = answerStatus(internalError(dialProblem(message.to)));
    turn.effects.push({ kind: "send", to: found.client, message: { kind: "response", id: found.id, response } });
    return forget(turn, id);
  }
  const key = streamKey(message.to, id);
  const stream = get(turn.state.streams, key);
  if (stream?.kind === "watch") closeWatch(turn, key, stream.prefix);
}

/** Source: net/http dial errors; a kubelet listens on port 10250. */
function dialProblem(to: Address): string {
  return `error dialing backend: dial tcp ${to.slice(0, to.indexOf("/"))}:10250: connect: connection refused`;
}

function forget(turn: Turn, number: number): void {
  const found = get(turn.state.relays, number);
  const { streams, relays } = turn.state;
  if (found === undefined) return;
  turn.state = {
    ...turn.state,
    relays: remove(relays, number),
    streams: remove(streams, streamKey(found.client, found.id)),
  };
}
