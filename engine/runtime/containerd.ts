// After containerd 2.1 internal/cri/server; not modelled: snapshots, sandboxes of other runtimes, streaming of logs to files.
import type { Birth, Effect, Moment, Outcome, Process, Wake } from "../kernel/process.ts";
import { forEach, get, remove, set } from "../kernel/sorted-map.ts";
import type { FromHost, ToHost } from "../network/exchange.ts";
import { handleCall } from "./calls.ts";
import type { ToRuntime, ToWatch } from "./cri.ts";
import { type Disturbance, disturb } from "./disturb.ts";
import { fullImageName, imageNamed, imageView } from "./image-store.ts";
import { advanceContainer, startNow } from "./lifecycle.ts";
import { answerAt, refreshed, resultOf } from "./observe.ts";
import { withDependency } from "./server.ts";
import { withServers } from "./run.ts";
import { type RuntimeSettings, type RuntimeState, withContainer } from "./state.ts";

type Message =
  | ToRuntime
  | ToWatch
  | ToHost
  | FromHost
  | Disturbance
  | Wake
  | { readonly kind: "refused"; readonly message: unknown };

/**
 * The container runtime of a node. It speaks CRI to its kubelet, runs images as programs, gives pods their addresses, and answers for them to
 * whoever connects. Nothing in it ticks: each container has one wake, at the next time at which its programs change by themselves.
 */
export const containerd: Process<RuntimeState, Message> = { name: "containerd", start, step, restart };

function start(birth: Birth): Outcome<RuntimeState> {
  const settings = birth.settings as RuntimeSettings;
  let images: RuntimeState["images"] = null;
  for (const name of settings.node.images ?? []) {
    const image = imageNamed(name, settings.aliases ?? {});
    if (image !== undefined) images = set(images, fullImageName(name), imageView(name, image));
  }
  const state: RuntimeState = {
    settings,
    prng: birth.prng,
    epochMillis: birth.epochMillis,
    sandboxes: null,
    containers: null,
    images,
    nextHost: 2,
    watches: null,
    observers: null,
    followers: null,
    links: null,
    nextLink: 1,
    hostVolumes: null,
    pulls: null,
    brokenImages: null,
  };
  return { state, effects: [] };
}

/** Containers outlive containerd itself only with its shims; a machine that boots again has none. Not modelled: shims. */
function restart(state: RuntimeState, birth: Birth): Outcome<RuntimeState> {
  const fresh = start(birth).state;
  return {
    state: { ...fresh, images: state.images, hostVolumes: state.hostVolumes, nextHost: state.nextHost },
    effects: [],
  };
}

function step(state: RuntimeState, message: Message, moment: Moment): Outcome<RuntimeState> {
  switch (message.kind) {
    case "cri":
      return finish(state, handleCall(state, message, moment), moment);
    case "wake":
      return finish(state, wake(state, message.key, moment), moment);
    case "watch": {
      const { id, container, ip, check } = message;
      const result = resultOf(state, { container, ip, check }, moment.now);
      const watches = set(state.watches, id, { id, container, ip, check, last: result });
      return {
        state: { ...state, watches },
        effects: [{ kind: "send", to: moment.from, message: { kind: "checked", id, result } }],
      };
    }
    case "unwatch":
      return { state: { ...state, watches: remove(state.watches, message.id) }, effects: [] };
    case "follow": {
      const follower = { id: message.id, container: message.container, toldCount: 0 };
      return followed({ ...state, followers: set(state.followers, message.id, follower) });
    }
    case "unfollow":
      return { state: { ...state, followers: remove(state.followers, message.id) }, effects: [] };
    case "connect": {
      const answer = answerAt(state, message.ip, message.exchange, moment.now);
      return {
        state,
        effects: [{ kind: "send", to: moment.from, message: { kind: "connected", id: message.id, answer } }],
      };
    }
    case "observe":
      return observe(state, message, moment);
    case "unobserve":
      return { state: { ...state, observers: remove(state.observers, `${moment.from} ${message.id}`) }, effects: [] };
    case "observed":
      return finish(state, { state: linked(state, message), effects: [] }, moment);
    case "disturb":
      return finish(state, disturb(state, message, moment), moment);
    case "refused":
      return finish(state, { state: severed(state, message.message), effects: [] }, moment);
    case "connected":
      return { state, effects: [] };
  }
}

/** Whoever watches hears of what has changed by the step. */
function finish(before: RuntimeState, outcome: Outcome<RuntimeState>, moment: Moment): Outcome<RuntimeState> {
  if (outcome.state === before) return outcome;
  const seen = refreshed(before, outcome.state, moment.now);
  const told = followed(seen.state);
  return { state: told.state, effects: [...outcome.effects, ...seen.effects, ...told.effects] };
}

/** Sends new lines of followed logs. */
function followed(state: RuntimeState): Outcome<RuntimeState> {
  if (state.followers === null) return { state, effects: [] };
  let followers: RuntimeState["followers"] = state.followers;
  const effects: Effect[] = [];
  forEach(state.followers, (follower, id) => {
    const container = get(state.containers, follower.container);
    const isOver = container === undefined || container.view.state === "exited";
    const fresh = Math.min((container?.logCount ?? 0) - follower.toldCount, container?.log.length ?? 0);
    if (fresh <= 0 && !isOver) return;
    const lines = container?.log.slice(container.log.length - fresh) ?? [];
    effects.push({ kind: "send", to: state.settings.kubelet, message: { kind: "logged", id, lines, isOver } });
    followers = isOver ? remove(followers, id) : set(followers, id, { ...follower, toldCount: container.logCount });
  });
  return { state: { ...state, followers }, effects };
}

function wake(state: RuntimeState, key: string, moment: Moment): Outcome<RuntimeState> {
  const space = key.indexOf(" ");
  const id = key.slice(space + 1);
  const container = get(state.containers, id);
  if (container === undefined) return { state, effects: [] };
  return key.startsWith("start ") ? startNow(state, container, moment) : advanceContainer(state, container, moment);
}

function observe(
  state: RuntimeState,
  message: Extract<ToHost, { readonly kind: "observe" }>,
  moment: Moment,
): Outcome<RuntimeState> {
  const { id, ip, exchange } = message;
  const answer = answerAt(state, ip, exchange, moment.now);
  const observer = { client: moment.from, id, ip, exchange, last: JSON.stringify(answer) };
  const effects: readonly Effect[] = [{ kind: "send", to: moment.from, message: { kind: "observed", id, answer } }];
  return { state: { ...state, observers: set(state.observers, `${moment.from} ${id}`, observer) }, effects };
}

/** A program learns what its dependency answers now. */
function linked(state: RuntimeState, message: Extract<FromHost, { readonly kind: "observed" }>): RuntimeState {
  const link = get(state.links, message.id);
  const container = link === undefined ? undefined : get(state.containers, link.container);
  if (link === undefined || container?.main === undefined) return state;
  const main = withServers(container.main, (server) => withDependency(server, link.name, message.answer));
  return withContainer(state, { ...container, main });
}

/** Nothing listens where a dependency should be. */
function severed(state: RuntimeState, message: unknown): RuntimeState {
  const { kind, id } = message as { readonly kind?: unknown; readonly id?: number };
  if (kind !== "observe" || id === undefined) return state;
  return linked(state, { kind: "observed", id, answer: { kind: "unreachable" } });
}
