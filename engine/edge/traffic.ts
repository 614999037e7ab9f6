import type { Address, Birth, Effect, Millis, Moment, Outcome, Process } from "../kernel/process.ts";
import { get, remove, set, type SortedMap } from "../kernel/sorted-map.ts";
import type { Answer, Endpoint, Exchange, FromHost } from "../network/exchange.ts";
import type { FromProxy } from "../network/resolve.ts";
import { type Route, routeFor } from "../network/route.ts";
import { settle, type Tally, type Target } from "./flow.ts";

/**
 * An open-loop client on a node: it sends requests at a fixed rate to one address and counts what came back.
 *
 * Between two changes of routing or of a backend's answer the outcome of every request is fixed by its number, so the
 * client takes no step per request: it follows the node's rules (`kube-proxy`) and observes the backends, and settles the
 * account whenever one of them changes. A test holds this against sending each request on its own.
 */
export interface TrafficSettings {
  readonly name: string;
  /** `ip:port` of a Service, resolved by the rules of the client's node; or of a Pod, reached directly. */
  readonly address: string;
  readonly exchange: Exchange;
  readonly ratePerSecond: number;
  readonly timeoutMillis: Millis;
  /** The node's proxy, or undefined to reach a Pod IP past all Services. */
  readonly proxy: Address | undefined;
  readonly routes: readonly Route[];
  /** Keep to the first backend as long as it lives, as one kept-alive connection does. */
  readonly isKeptAlive: boolean;
}

export interface TrafficState {
  readonly settings: TrafficSettings;
  /** Chooses the backend of request n: the n-th number of this stream. */
  readonly choice: number;
  readonly startedAt: Millis;
  /** How many requests are settled. */
  readonly settledRequests: number;
  readonly targets: readonly Target[];
  readonly observed: SortedMap<string, Observed>;
  /** The number of the next observation. */
  readonly observations: number;
  readonly tally: Tally;
  /** The backend of the kept-alive connection. */
  readonly connectedTo: Endpoint | undefined;
}

interface Observed {
  readonly id: number;
  readonly host: Address;
  readonly answer: Answer | undefined;
}

type Message =
  | FromHost
  | FromProxy
  | { readonly kind: "settle" }
  | { readonly kind: "refused"; readonly message: unknown };

export const traffic: Process<TrafficState, Message> = { name: "traffic", start, step };

function start(birth: Birth): Outcome<TrafficState> {
  const settings = birth.settings as TrafficSettings;
  const state: TrafficState = {
    settings,
    choice: birth.prng.key,
    startedAt: birth.now,
    settledRequests: 0,
    targets: [],
    observed: null,
    observations: 0,
    tally: { requests: 0, failed: 0, firstFailureAt: undefined, lastFailureAt: undefined, spans: [] },
    connectedTo: undefined,
  };
  if (settings.proxy === undefined) return retarget(state, [endpointOf(settings.address)]);
  const message = { kind: "follow", id: 0, address: settings.address };
  return { state, effects: [{ kind: "send", to: settings.proxy, message }] };
}

function endpointOf(address: string): Endpoint {
  const colon = address.lastIndexOf(":");
  return { ip: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}

function step(state: TrafficState, message: Message, moment: Moment): Outcome<TrafficState> {
  const settled = settleUntil(state, moment.now);
  switch (message.kind) {
    case "backends":
      return retarget(settled, chosen(settled, message.backends ?? []));
    case "observed":
      return observe(settled, message.id, message.answer);
    case "refused": {
      const { kind, id } = message.message as { readonly kind: string; readonly id: number };
      return kind === "observe" ? observe(settled, id, { kind: "unreachable" }) : { state: settled, effects: [] };
    }
    case "connected":
    case "settle":
      return { state: settled, effects: [] };
  }
}

/** A kept-alive connection stays where it is until its backend is gone from the network. */
function chosen(state: TrafficState, backends: readonly Endpoint[]): readonly Endpoint[] {
  const { connectedTo } = state;
  if (!state.settings.isKeptAlive || connectedTo === undefined) return backends;
  const answer = get(state.observed, keyOf(connectedTo))?.answer;
  const isGone = answer?.kind === "refused" || answer?.kind === "unreachable";
  return isGone ? backends : [connectedTo];
}

/** Brings the account up to date: every request that was due before `now` gets its outcome. */
export function settleUntil(state: TrafficState, now: Millis): TrafficState {
  const { ratePerSecond } = state.settings;
  const due = Math.floor(((now - state.startedAt) * ratePerSecond) / 1000);
  if (due <= state.settledRequests) return state;
  const tally = settle(state.tally, {
    from: state.settledRequests,
    to: due,
    targets: state.targets,
    choice: state.choice,
    timeoutMillis: state.settings.timeoutMillis,
    timeOf: (request) => state.startedAt + Math.floor((request * 1000) / ratePerSecond),
  });
  return { ...state, settledRequests: due, tally };
}

function keyOf(endpoint: Endpoint): string {
  return `${endpoint.ip}:${endpoint.port}`;
}

function retarget(state: TrafficState, backends: readonly Endpoint[]): Outcome<TrafficState> {
  const effects: Effect[] = [];
  let { observed, observations } = state;
  for (const endpoint of backends) {
    if (get(observed, keyOf(endpoint)) !== undefined) continue;
    const host = routeFor(state.settings.routes, endpoint.ip)?.via;
    observations += 1;
    observed = set(observed, keyOf(endpoint), {
      id: observations,
      host: host ?? "",
      answer: host === undefined ? { kind: "unreachable" } : undefined,
    });
    if (host === undefined) continue;
    const exchange = { ...state.settings.exchange, port: endpoint.port };
    effects.push({ kind: "send", to: host, message: { kind: "observe", id: observations, ip: endpoint.ip, exchange } });
  }
  for (const target of state.targets) {
    const key = keyOf(target.endpoint);
    const old = get(observed, key);
    if (old === undefined || backends.some((endpoint) => keyOf(endpoint) === key)) continue;
    observed = remove(observed, key);
    if (old.host !== "") effects.push({ kind: "send", to: old.host, message: { kind: "unobserve", id: old.id } });
  }
  const targets = backends.map((endpoint) => ({ endpoint, answer: get(observed, keyOf(endpoint))?.answer }));
  return { state: connect({ ...state, targets, observed, observations }), effects };
}

/** A kept-alive client picks one backend and stays. */
function connect(state: TrafficState): TrafficState {
  const first = state.targets[state.choice % (state.targets.length || 1)];
  if (!state.settings.isKeptAlive || first === undefined) return state;
  return { ...state, targets: [first], connectedTo: first.endpoint };
}

function observe(state: TrafficState, id: number, answer: Answer): Outcome<TrafficState> {
  let { observed } = state;
  const targets = state.targets.map((target) => {
    const known = get(observed, keyOf(target.endpoint));
    if (known?.id !== id) return target;
    observed = set(observed, keyOf(target.endpoint), { ...known, answer });
    return { ...target, answer };
  });
  return { state: { ...state, observed, targets }, effects: [] };
}
