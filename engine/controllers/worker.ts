import type { KubernetesObject } from "../api/object.ts";
import type { ApiRequest, ApiResponse, FromServer } from "../api/wire.ts";
import { printDate } from "./dates.ts";
import { openRecorder, receiveAnswer, record, sendNext } from "../client/event-recorder.ts";
import { openFlowControl, reserve } from "../client/flow-control.ts";
import { type Informer, isFor, openInformer, receive } from "../client/informer.ts";
import { asCaller } from "../client/requests.ts";
import {
  dequeue,
  emptyQueue,
  enqueue,
  enqueueAt,
  enqueueRateLimited,
  finish,
  forget,
  nextDue,
  releaseDue,
} from "../client/work-queue.ts";
import type { Birth, Effect, Millis, Moment, Outcome } from "../kernel/process.ts";
import { forEach, get, remove, set, size } from "../kernel/sorted-map.ts";
import { API_SERVER, callerOf, collectionOf } from "./connection.ts";
import { emptyStore, listerOf, storeName, withChanges } from "./cache.ts";
import type { Controller, ControllerSettings, Reaction } from "./controller.ts";
import type { ControllerState, Conversation, Exchange, Place, Turn } from "./controller-state.ts";
import { type Answer, type Ask, type Finish, NO_ANSWER, type Situation } from "./sync.ts";

/** kube-controller-manager --kube-api-qps and --kube-api-burst. */
const QPS = 20;
const BURST = 30;

/** golang.org/x/net/http2: a dead connection is found after ReadIdleTimeout 30 s and PingTimeout 15 s (k8s apimachinery util/net). */
const CONNECTION_TIMEOUT_MILLIS: Millis = 45_000;

const FIRST_REQUEST_ID = 1000;

/** How many questions one sync may ask; a longer one is a mistake. */
const QUESTIONS_MAX = 20_000;
export function startController<Memory>(
  controller: Controller<Memory>,
  birth: Birth,
): Outcome<ControllerState<Memory>> {
  const settings = (birth.settings ?? {}) as ControllerSettings;
  const effects: Effect[] = [];
  const informers: Informer<KubernetesObject>[] = [];
  for (const [index, { watched }] of controller.watches.entries()) {
    const { resource } = watched;
    const source = {
      resource,
      server: settings.server ?? API_SERVER,
      caller: callerOf(controller.identity),
      id: index + 1,
    };
    const opened = openInformer(source);
    informers.push(opened.informer);
    effects.push(...opened.effects);
  }
  for (const [index, tick] of (controller.ticks ?? []).entries()) {
    effects.push({ kind: "wake", key: `tick ${index}`, at: birth.now + (tick.firstMillis ?? 0) });
  }
  const factor = controller.rateFactor ?? 1;
  const limits = { qps: (settings.qps ?? QPS) * factor, burst: (settings.burst ?? BURST) * factor };
  const state: ControllerState<Memory> = {
    birth: { epochMillis: birth.epochMillis, settings },
    informers,
    stores: null,
    queue: emptyQueue,
    conversations: null,
    exchanges: null,
    nextId: FIRST_REQUEST_ID,
    memory: controller.memory,
    recorder: openRecorder(controller.component ?? controller.identity),
    flow: openFlowControl(limits, birth.now),
    written: null,
    wakeAt: undefined,
    isWatching: false,
  };
  return { state, effects };
}

export function stepController<Memory>(
  controller: Controller<Memory>,
  state: ControllerState<Memory>,
  delivery: { readonly message: unknown; readonly moment: Moment },
): Outcome<ControllerState<Memory>> {
  const turn: Turn<Memory> = { controller, now: delivery.moment.now, effects: [], state };
  takeIn(turn, delivery.message);
  work(turn);
  scheduleWakes(turn);
  return { state: turn.state, effects: turn.effects };
}

function takeIn<Memory>(turn: Turn<Memory>, message: unknown): void {
  const { informers } = turn.state;
  const index = informers.findIndex((informer) => isFor(informer, message));
  if (index >= 0) {
    takeInChanges(turn, index, message);
    return;
  }
  const incoming = message as
    | FromServer
    | { readonly kind: "wake"; readonly key: string }
    | { readonly kind: "refused"; readonly message: { readonly id?: number } };
  if (incoming.kind === "wake") takeInWake(turn, incoming.key);
  if (incoming.kind === "refused") takeInResponse(turn, incoming.message.id ?? 0, NO_ANSWER);
  if (incoming.kind === "response") takeInResponse(turn, incoming.id, incoming.response);
}

function takeInChanges<Memory>(turn: Turn<Memory>, index: number, message: unknown): void {
  const { informers, stores } = turn.state;
  const informer = informers[index];
  const watching = turn.controller.watches[index];
  if (informer === undefined || watching === undefined) return;
  const informed = receive(informer, message, turn.now);
  turn.effects.push(...informed.effects);
  const next = [...informers];
  next[index] = informed.informer;
  turn.state = { ...turn.state, informers: next };
  if (informed.changes.length === 0 && informed.informer.items === informer.items) return;
  const name = storeName(watching.watched.resource);
  const store = withChanges(get(stores, name) ?? emptyStore, watching.watched, {
    items: informed.informer.items,
    changes: informed.changes,
  });
  turn.state = { ...turn.state, stores: set(stores, name, store) };
  for (const change of informed.changes) {
    apply(turn, watching.react(change, situationOf(turn)));
  }
}

function situationOf<Memory>(turn: Turn<Memory>): Situation<Memory> {
  const { memory, stores, birth } = turn.state;
  const { epochMillis, settings } = birth;
  return { lister: listerOf(stores), memory, now: turn.now, epochMillis, settings };
}

function apply<Memory>(turn: Turn<Memory>, reaction: Reaction<Memory>): void {
  if (reaction.memory !== undefined) turn.state = { ...turn.state, memory: reaction.memory };
  if (reaction.wishes.length === 0) return;
  let { queue } = turn.state;
  for (const wish of reaction.wishes) {
    if (typeof wish === "string") queue = enqueue(queue, wish);
    else
      queue =
        wish.afterMillis <= 0 ? enqueue(queue, wish.key) : enqueueAt(queue, wish.key, turn.now + wish.afterMillis);
  }
  turn.state = { ...turn.state, queue };
}

function takeInWake<Memory>(turn: Turn<Memory>, key: string): void {
  if (key === "queue") turn.state = { ...turn.state, wakeAt: undefined };
  if (key === "connections") giveUpLost(turn);
  if (!key.startsWith("tick ")) return;
  const index = Number(key.slice("tick ".length));
  const tick = turn.controller.ticks?.[index];
  if (tick === undefined) return;
  turn.effects.push({ kind: "wake", key, at: turn.now + tick.everyMillis });
  turn.state = { ...turn.state, queue: enqueue(turn.state.queue, tick.key) };
}

/** Requests whose answer was lost on the way end when the connection is found dead. */
function giveUpLost<Memory>(turn: Turn<Memory>): void {
  turn.state = { ...turn.state, isWatching: false };
  const lost: number[] = [];
  forEach(turn.state.exchanges, (exchange, id) => {
    if (exchange.sentAt + CONNECTION_TIMEOUT_MILLIS <= turn.now) lost.push(id);
  });
  for (const id of lost) takeInResponse(turn, id, NO_ANSWER);
}

function takeInResponse<Memory>(turn: Turn<Memory>, id: number, response: ApiResponse): void {
  const exchange = get(turn.state.exchanges, id);
  if (exchange === undefined) return;
  turn.state = { ...turn.state, exchanges: remove(turn.state.exchanges, id) };
  if (exchange.key === undefined) {
    const { recorder, request } = receiveAnswer(turn.state.recorder, response);
    turn.state = { ...turn.state, recorder };
    if (request !== undefined) sendRequest(turn, request, { key: undefined, position: 0 });
    else writeEvents(turn);
    return;
  }
  const conversation = get(turn.state.conversations, exchange.key);
  if (conversation === undefined) return;
  if (exchange.writes !== undefined) noteWritten(turn, { key: exchange.key, collection: exchange.writes }, response);
  const responses = conversation.responses.with(exchange.position, response);
  const missing = conversation.missing - 1;
  if (missing > 0) return keepTalking(turn, exchange.key, { ...conversation, responses, missing });
  const answers: readonly Answer[] = [
    ...conversation.answers,
    { answer: "responses", responses: responses.map((found) => found ?? NO_ANSWER) },
  ];
  converse(turn, exchange.key, { ...conversation, answers, responses: [], missing: 0 });
}

function noteWritten<Memory>(
  turn: Turn<Memory>,
  place: { readonly key: string; readonly collection: string },
  response: ApiResponse,
): void {
  if (response.code < 200 || response.code > 299) return;
  const { metadata } = response.body as KubernetesObject;
  const version = Number(metadata?.resourceVersion ?? 0);
  const former = get(turn.state.written, place.key) ?? null;
  if (version <= (get(former, place.collection) ?? 0)) return;
  const written = set(turn.state.written, place.key, set(former, place.collection, version));
  turn.state = { ...turn.state, written };
}

/** Whether the collections show all that was written for the key. */
function seesOwnWrites<Memory>(turn: Turn<Memory>, key: string): boolean {
  const written = get(turn.state.written, key);
  if (written === undefined) return true;
  for (const [index, { watched }] of turn.controller.watches.entries()) {
    const version = get(written, storeName(watched.resource)) ?? 0;
    if (version > (turn.state.informers[index]?.resourceVersion ?? 0)) return false;
  }
  turn.state = { ...turn.state, written: remove(turn.state.written, key) };
  return true;
}

function keepTalking<Memory>(turn: Turn<Memory>, key: string, conversation: Conversation<Memory>): void {
  turn.state = { ...turn.state, conversations: set(turn.state.conversations, key, conversation) };
}

/** Starts work on ready keys while workers are free. Nothing starts before every collection is there. */
function work<Memory>(turn: Turn<Memory>): void {
  if (!turn.state.informers.every((informer) => informer.synced)) return;
  turn.state = { ...turn.state, queue: releaseDue(turn.state.queue, turn.now) };
  while (size(turn.state.conversations) < turn.controller.workers) {
    const next = dequeue(turn.state.queue);
    if (next === undefined) return;
    turn.state = { ...turn.state, queue: next.queue };
    if (!seesOwnWrites(turn, next.key)) {
      turn.state = { ...turn.state, queue: finish(enqueueRateLimited(turn.state.queue, next.key, turn.now), next.key) };
      continue;
    }
    const { stores, memory } = turn.state;
    converse(turn, next.key, { stores, memory, began: turn.now, answers: [], responses: [], missing: 0 });
  }
}

/** Runs the script of a key with the answers so far, up to where it must wait or ends. */
function converse<Memory>(turn: Turn<Memory>, key: string, conversation: Conversation<Memory>): void {
  const { stores, memory, began } = conversation;
  const { epochMillis, settings } = turn.state.birth;
  const script = turn.controller.sync(key, { lister: listerOf(stores), memory, now: began, epochMillis, settings });
  const answers = [...conversation.answers];
  let standing = script.next();
  for (let index = 0; index < QUESTIONS_MAX; index++) {
    if (standing.done === true) return end(turn, key, standing.value);
    const given = answers[index];
    if (given !== undefined) {
      standing = script.next(given);
      continue;
    }
    if (standing.value.ask === "requests") {
      const { requests } = standing.value;
      for (const [position, request] of requests.entries()) sendRequest(turn, request, { key, position });
      const waiting = { responses: requests.map(() => undefined), missing: requests.length };
      return keepTalking(turn, key, { ...conversation, answers, ...waiting });
    }
    const answer = answerAtOnce(turn, standing.value);
    answers.push(answer);
    standing = script.next(answer);
  }
}

function answerAtOnce<Memory>(turn: Turn<Memory>, ask: Exclude<Ask, { readonly ask: "requests" }>): Answer {
  switch (ask.ask) {
    case "memory":
      return { answer: "memory", memory: turn.state.memory };
    case "now":
      return { answer: "now", now: turn.now };
    case "lister":
      return { answer: "stores", stores: turn.state.stores };
    default:
      carryOut(turn, ask);
      return { answer: "done" };
  }
}

function carryOut<Memory>(
  turn: Turn<Memory>,
  ask: Exclude<Ask, { readonly ask: "requests" | "memory" | "now" | "lister" }>,
): void {
  const { state, now } = turn;
  switch (ask.ask) {
    case "event": {
      const { epochMillis } = state.birth;
      const moment = { now, epochMillis, date: printDate(epochMillis + now) };
      turn.state = { ...state, recorder: record(state.recorder, ask.event, moment) };
      writeEvents(turn);
      return;
    }
    case "note":
      turn.effects.push({ kind: "note", note: ask.note });
      return;
    case "remember":
      turn.state = { ...state, memory: ask.change(state.memory) as Memory };
      return;
    case "again":
      apply(turn, { wishes: [{ key: ask.key, afterMillis: ask.afterMillis }] });
  }
}

function end<Memory>(turn: Turn<Memory>, key: string, result: Finish): void {
  const { controller, state, now } = turn;
  turn.state = { ...state, conversations: remove(state.conversations, key) };
  let { queue } = state;
  if (result.kind === "done") queue = forget(queue, key);
  else if ((get(queue.failures, key) ?? 0) < (controller.retriesMax ?? Number.MAX_SAFE_INTEGER)) {
    queue = enqueueRateLimited(queue, key, now);
    const facts = { controller: controller.name, key, why: result.why };
    turn.effects.push({ kind: "note", note: { reason: "SyncFailed", facts } });
  } else queue = forget(queue, key);
  turn.state = { ...turn.state, queue: finish(queue, key) };
}

function writeEvents<Memory>(turn: Turn<Memory>): void {
  const { recorder, request } = sendNext(turn.state.recorder, turn.now);
  turn.state = { ...turn.state, recorder };
  if (request !== undefined) sendRequest(turn, request, { key: undefined, position: 0 });
}

function sendRequest<Memory>(turn: Turn<Memory>, request: ApiRequest, place: Place): void {
  const { state, now, controller } = turn;
  const { flow, waitMillis } = reserve(state.flow, now);
  const id = state.nextId;
  const caller = callerOf(controller.identity);
  const message = { kind: "request", id, request: asCaller(request, caller), identity: caller.identity };
  const to = state.birth.settings.server ?? API_SERVER;
  turn.effects.push({ kind: "send", to, message, ...(waitMillis > 0 ? { delayMillis: waitMillis } : {}) });
  const exchange: Exchange = {
    ...place,
    sentAt: now + waitMillis,
    ...(controller.waitsForOwnWrites === true && request.method !== "GET"
      ? { writes: collectionOf(request.path) }
      : {}),
  };
  turn.state = { ...state, flow, nextId: id + 1, exchanges: set(state.exchanges, id, exchange) };
}

/** One wake for the queue, one for lost answers; each only where something waits for it. */
function scheduleWakes<Memory>(turn: Turn<Memory>): void {
  const due = nextDue(turn.state.queue);
  if (due !== turn.state.wakeAt) {
    if (due === undefined) turn.effects.push({ kind: "cancel", key: "queue" });
    else turn.effects.push({ kind: "wake", key: "queue", at: due });
    turn.state = { ...turn.state, wakeAt: due };
  }
  if (turn.state.isWatching || turn.state.exchanges === null) return;
  turn.effects.push({ kind: "wake", key: "connections", at: turn.now + CONNECTION_TIMEOUT_MILLIS });
  turn.state = { ...turn.state, isWatching: true };
}
