import type { Address, Birth, Effect, Millis, Moment, Outcome, Process } from "../kernel/process.ts";
import { forEach, remove, set, type SortedMap } from "../kernel/sorted-map.ts";
import type { Answer, Exchange, ToHost } from "../network/exchange.ts";

/** A machine outside the cluster, such as a database server: it answers on its ports, or it does not. */
export interface OutsideHostSettings {
  readonly ports: readonly number[];
  readonly latencyMillis: Millis;
}

export interface OutsideHostState {
  readonly settings: OutsideHostSettings;
  readonly condition: HostCondition;
  readonly observers: SortedMap<string, Observer>;
}

/** `up` answers, `hung` accepts and stays silent, `down` is gone from the network. */
export type HostCondition = "up" | "hung" | "down";

interface Observer {
  readonly client: Address;
  readonly id: number;
  readonly exchange: Exchange;
}

type Message = ToHost | { readonly kind: "set-condition"; readonly condition: HostCondition };

export const outsideHost: Process<OutsideHostState, Message> = { name: "outside-host", start, step };

function start(birth: Birth): Outcome<OutsideHostState> {
  const settings = birth.settings as OutsideHostSettings;
  return { state: { settings, condition: "up", observers: null }, effects: [] };
}

function step(state: OutsideHostState, message: Message, moment: Moment): Outcome<OutsideHostState> {
  switch (message.kind) {
    case "connect": {
      const answer = answerOf(state, message.exchange);
      return { state, effects: [reply(moment.from, { kind: "connected", id: message.id, answer })] };
    }
    case "observe": {
      const observer = { client: moment.from, id: message.id, exchange: message.exchange };
      const observers = set(state.observers, `${moment.from} ${message.id}`, observer);
      return { state: { ...state, observers }, effects: [show(state, observer)] };
    }
    case "unobserve":
      return {
        state: { ...state, observers: remove(state.observers, `${moment.from} ${message.id}`) },
        effects: [],
      };
    case "set-condition":
      return changeCondition(state, message.condition);
  }
}

function changeCondition(state: OutsideHostState, condition: HostCondition): Outcome<OutsideHostState> {
  if (condition === state.condition) return { state, effects: [] };
  const next = { ...state, condition };
  const effects: Effect[] = [{ kind: "note", note: { reason: "OutsideHostChanged", facts: { condition } } }];
  forEach(state.observers, (observer) => effects.push(show(next, observer)));
  return { state: next, effects };
}

function show(state: OutsideHostState, observer: Observer): Effect {
  const answer = answerOf(state, observer.exchange);
  return reply(observer.client, { kind: "observed", id: observer.id, answer });
}

function reply(to: Address, message: unknown): Effect {
  return { kind: "send", to, message };
}

function answerOf(state: OutsideHostState, exchange: Exchange): Answer {
  if (state.condition === "down") return { kind: "unreachable" };
  if (!state.settings.ports.includes(exchange.port)) return { kind: "refused" };
  if (state.condition === "hung") return { kind: "silent" };
  const { latencyMillis } = state.settings;
  return exchange.kind === "http" ? { kind: "http", status: 200, latencyMillis } : { kind: "accepted", latencyMillis };
}
