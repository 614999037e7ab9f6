// After kubernetes v1.36 pkg/kubelet/kubelet.go syncLoopIteration; not modelled: device plugins, cgroup management, image garbage collection.
import type { Pod, Service } from "../api/generated/types.ts";
import type { FromServer, ToServer } from "../api/wire.ts";
import { openInformer, receive, isFor } from "../client/informer.ts";
import { openRecorder } from "../client/event-recorder.ts";
import { drawBelow } from "../kernel/prng.ts";
import type { Birth, Moment, Outcome, Process, Wake } from "../kernel/process.ts";
import { get, values } from "../kernel/sorted-map.ts";
import type { FromHost } from "../network/exchange.ts";
import type { FromRuntime } from "../runtime/cri.ts";
import { answerCall } from "./answers.ts";
import { receiveAnswer } from "./api-answers.ts";
import { RELIST_MILLIS, START_UP_MILLIS, SYNC_TICK_MILLIS } from "./constants.ts";
import { noteExcess } from "./eviction.ts";
import { register } from "./node.ts";
import { receivePods } from "./pods.ts";
import { relist, seeContainer, seeSandbox } from "./pleg.ts";
import { planProbes, receiveCheck } from "./probe-manager.ts";
import { callerOf } from "./send.ts";
import { passLines, serve } from "./server.ts";
import type { KubeletSettings } from "./settings.ts";
import type { KubeletState, Turn } from "./state.ts";
import { handleWake } from "./wakes.ts";
import { resumeWaiting, updateWorker } from "./worker.ts";

type Message =
  | FromServer
  | ToServer
  | FromRuntime
  | FromHost
  | Wake
  | { readonly kind: "refused"; readonly message: unknown };

/** The numbers of the kubelet's watches on its connection to the API server. */
const POD_WATCH = 1;
const SERVICE_WATCH = 2;
const FIRST_ID = 10;

/**
 * The kubelet of a node: watches the pods that are bound to it, makes the runtime hold them, probes them, restarts and kills them, and says what
 * it sees. Its clocks (relist, sync ticker, probe tickers, resync) are grids in time: it wakes at the next point of a grid at which there is something to do.
 */
export const kubelet: Process<KubeletState, Message> = { name: "kubelet", start, step, restart };

function start(birth: Birth): Outcome<KubeletState> {
  return begin(birth, false);
}

/** A restarted kubelet finds its containers running and asks the runtime for them. */
function restart(_: KubeletState, birth: Birth): Outcome<KubeletState> {
  return begin(birth, true);
}

function begin(birth: Birth, isRecovering: boolean): Outcome<KubeletState> {
  const settings = birth.settings as KubeletSettings;
  const caller = callerOf(settings);
  const relistDraw = drawBelow(birth.prng, RELIST_MILLIS);
  const syncDraw = drawBelow(relistDraw.prng, SYNC_TICK_MILLIS);
  const pods = openInformer<Pod>({
    resource: { group: "", version: "v1", plural: "pods" },
    server: settings.server,
    caller,
    id: POD_WATCH,
    fieldSelector: `spec.nodeName=${settings.node.name}`,
  });
  const services = openInformer<Service>({
    resource: { group: "", version: "v1", plural: "services" },
    server: settings.server,
    caller,
    id: SERVICE_WATCH,
  });
  const state: KubeletState = {
    settings,
    self: birth.self,
    epochMillis: birth.epochMillis,
    startedAt: birth.now,
    prng: syncDraw.prng,
    relistPhaseMillis: settings.relistPhaseMillis ?? relistDraw.value,
    syncPhaseMillis: settings.syncPhaseMillis ?? syncDraw.value,
    pods: pods.informer,
    services: services.informer,
    nextId: FIRST_ID,
    workers: null,
    actual: null,
    cached: null,
    changed: null,
    statuses: null,
    probes: null,
    results: null,
    crashBackOff: null,
    imageBackOff: null,
    reasons: null,
    recorder: openRecorder("kubelet", settings.node.name),
    requests: null,
    calls: null,
    pulls: [],
    configs: null,
    node: { object: undefined, lease: undefined, isRegistered: false },
    staticPods: null,
    visitors: null,
    isRecovering,
  };
  const turn: Turn = { state, effects: [], now: birth.now, syncs: [], looks: [] };
  if (isRecovering) {
    turn.effects.push({ kind: "wake", key: "start-up", at: birth.now + START_UP_MILLIS }, ...services.effects);
    return finish(turn);
  }
  register(turn);
  turn.effects.push(...pods.effects, ...services.effects);
  return finish(turn);
}

/** Opens the watch of pods: at once, or when a restarted kubelet knows what runs. */
function step(state: KubeletState, message: Message, moment: Moment): Outcome<KubeletState> {
  const turn: Turn = { state, effects: [], now: moment.now, syncs: [], looks: [] };
  handle(turn, message, moment);
  return finish(turn);
}

/** How many rounds of follow-up work one step may have. */
const ROUNDS_MAX = 1000;

/** Does what the step has left to do: syncs of pods, and looks at probes. */
function finish(turn: Turn): Outcome<KubeletState> {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const uid = turn.syncs.shift();
    if (uid !== undefined) {
      updateWorker(turn, uid);
      continue;
    }
    const look = turn.looks.shift();
    if (look === undefined) break;
    planProbes(turn, look.uid, look.isManual);
  }
  return { state: turn.state, effects: turn.effects };
}

function handle(turn: Turn, message: Message, moment: Moment): void {
  if (isFor(turn.state.pods, message)) {
    receivePods(turn, receive(turn.state.pods, message, turn.now));
    return;
  }
  if (isFor(turn.state.services, message) && message.kind !== "request") {
    const informed = receive(turn.state.services, message, turn.now);
    turn.state = { ...turn.state, services: informed.informer };
    turn.effects.push(...informed.effects);
    return;
  }
  switch (message.kind) {
    case "wake":
      handleWake(turn, message.key, relistNow);
      return;
    case "response":
      receiveAnswer(turn, message.id, message.response);
      return;
    case "refused":
      receiveRefusal(turn, message.message);
      return;
    case "cri-reply":
      answerCall(turn, message.id, message.reply);
      return;
    case "container-changed":
      seeContainer(turn, message.container);
      return;
    case "sandbox-changed":
      seeSandbox(turn, message.sandbox);
      return;
    case "logged":
      passLines(turn, message);
      return;
    case "over-limit":
      noteExcess(turn, message.uid, message.volume);
      return;
    case "checked":
      receiveCheck(turn, message.id, message.result);
      return;
    case "connected":
      answerCall(turn, message.id, { kind: "exchanged", answer: message.answer });
      return;
    case "request":
    case "hang-up":
    case "stream":
      serve(turn, message, moment);
      return;
    case "removed":
    case "observed":
    case "events":
    case "closed":
  }
}

function receiveRefusal(turn: Turn, message: unknown): void {
  const { kind, id } = message as { readonly kind?: unknown; readonly id?: number };
  if (id === undefined) return;
  if (kind === "request") receiveAnswer(turn, id, undefined);
  else if (get(turn.state.calls, id) !== undefined) {
    answerCall(turn, id, {
      kind: "error",
      reason: "Unavailable",
      message: "rpc error: code = Unavailable desc = connection error: connection refused",
    });
  }
}

/** What the PLEG sees is told to the workers: first to those that waited for it, then as events of its own. */
function relistNow(turn: Turn): void {
  const seen = relist(turn);
  for (const worker of values(turn.state.workers)) if (worker.isWaiting) resumeWaiting(turn, worker.uid);
  for (const { uid, events } of seen) for (let event = 0; event < events; event++) updateWorker(turn, uid);
}
