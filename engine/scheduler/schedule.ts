// After kubernetes v1.36 pkg/scheduler/schedule_one.go.
import type { Pod } from "../api/generated/types.ts";
import { keyOf } from "../api/object.ts";
import { remove, set, values } from "../kernel/sorted-map.ts";
import { type CycleSetting, decide, type Decision, type Nominations, type Search } from "./cycle.ts";
import { eventRequest, type SchedulerEvent } from "./events.ts";
import { explanationOf } from "./explanation.ts";
import { pluginsFor } from "./observe.ts";
import { unschedulableMessage } from "./outcome.ts";
import { volumePlanOf } from "./plugins/volume-binding/volume-binding.ts";
import type { VolumePlan } from "./plugins/volume-binding/volume-match.ts";
import type { PodInfo } from "./pod-info.ts";
import { preempt, type Preemption } from "./preemption.ts";
import { popNext, type QueuedPod, returnRefused } from "./queue.ts";
import {
  bindRequest,
  bindVolumeRequest,
  disruptionRequest,
  evictRequest,
  provisionRequest,
  statusRequest,
} from "./requests.ts";
import { nodeNamed, replaceNode, withPod } from "./snapshot.ts";
import { collectionsOf, send, sendEvent, type Turn } from "./state.ts";

/** How many pods one step schedules before others get their turn. A choice of this model; it changes no result. */
export const PODS_PER_STEP_MAX = 100;

/** Schedules the pods whose turn it is. True when some are left. */
export function scheduleSome(turn: Turn): boolean {
  for (let count = 0; count < PODS_PER_STEP_MAX; count++) {
    const next = popNext(turn.state.queue);
    if (next === undefined) return false;
    turn.state = { ...turn.state, queue: next.queue };
    scheduleOne(turn, next.queued);
  }
  return popNext(turn.state.queue) !== undefined;
}

function scheduleOne(turn: Turn, queued: QueuedPod): void {
  const { state } = turn;
  const { pod } = queued;
  if (pod.pod.metadata.deletionTimestamp !== undefined) return;
  const setting: CycleSetting = {
    plugins: pluginsFor(turn, pod.pod),
    sight: { snapshot: state.snapshot, collections: collectionsOf(state.informers) },
    nominations: nominationsOf(turn),
    start: state.start,
    percentageOfNodesToScore: state.settings.percentageOfNodesToScore ?? 0,
  };
  const decision = decide(pod, setting, state.prng);
  const nodes = Math.max(state.snapshot.nodes.length, 1);
  turn.state = { ...state, start: (state.start + decision.search.examined) % nodes };
  if (decision.kind === "chosen") assume(turn, queued, { decision, setting });
  else refuse(turn, queued, { found: decision.search, setting, decision });
}

/** Most clusters have no nominations most of the time: then nothing is built. */
function nominationsOf({ state }: Turn): Nominations {
  const nominations = new Map<string, PodInfo[]>();
  if (state.nominations === null) return nominations;
  for (const { node, pod } of values(state.nominations)) {
    const others = nominations.get(node);
    if (others === undefined) nominations.set(node, [pod]);
    else others.push(pod);
  }
  return nominations;
}

/** The pod takes its room at once, in thought; the API server is asked to bind it. */
function assume(
  turn: Turn,
  queued: QueuedPod,
  {
    decision,
    setting,
  }: { readonly decision: Extract<Decision, { readonly kind: "chosen" }>; readonly setting: CycleSetting },
): void {
  const { state } = turn;
  const { node } = decision;
  const info = nodeNamed(state.snapshot, node);
  if (info === undefined) return;
  const { pod } = queued;
  const placed: PodInfo = { ...pod, pod: { ...pod.pod, spec: { ...pod.pod.spec, nodeName: node } } };
  const plan = volumePlanOf(pod, info, setting.sight);
  const unanswered = plan.bindings.length + plan.provisions.length;
  turn.state = {
    ...state,
    prng: decision.prng,
    snapshot: replaceNode(state.snapshot, withPod(info, placed)),
    nominations: remove(state.nominations, pod.key),
    assumed: set(state.assumed, pod.key, {
      pod: placed,
      node,
      queued,
      ...(unanswered > 0 ? { volumes: { unanswered, since: turn.moment.now, checkAt: undefined } } : {}),
    }),
  };
  note(turn, pod.pod, { reason: "PodAssumed", decision, facts: { node, ties: decision.ties } });
  if (unanswered > 0) bindVolumes(turn, pod, { plan, node });
  else send(turn, bindRequest(pod.pod, node), { kind: "bind", key: pod.key });
}

/** That takes a while, so the pod's status says meanwhile which node is expected. Source: KEP-5278. */
function bindVolumes(
  turn: Turn,
  { key, pod }: PodInfo,
  { plan, node }: { readonly plan: VolumePlan; readonly node: string },
): void {
  const request = statusRequest(pod, { nominatedNodeName: node }, turn.moment.epochMillis + turn.moment.now);
  if (request !== undefined) send(turn, request, { kind: "forget" });
  for (const { volume, claim } of plan.bindings) send(turn, bindVolumeRequest(volume, claim), { kind: "volume", key });
  for (const claim of plan.provisions) send(turn, provisionRequest(claim, node), { kind: "volume", key });
}

function refuse(
  turn: Turn,
  queued: QueuedPod,
  { found, setting, decision }: { readonly found: Search; readonly setting: CycleSetting; readonly decision: Decision },
): void {
  const { state, moment } = turn;
  const { pod } = queued;
  const nodes = setting.sight.snapshot.nodes.length;
  const epochMillis = moment.epochMillis + moment.now;
  const mayPreempt = found.refusal === undefined && nodes > 0;
  const preemption = mayPreempt ? preempt(pod, { found, setting, prng: state.prng, epochMillis }) : undefined;
  const message = unschedulableMessage(found, preemption, nodes);
  const refusedBy = found.refusal === undefined ? refusers(found) : [found.refusal.plugin];
  turn.state = {
    ...state,
    queue: returnRefused(state.queue, queued, { refusedBy, now: moment.now }),
    ...(preemption?.kind === "nominated" ? { prng: preemption.prng } : {}),
  };
  note(turn, pod.pod, { reason: "PodUnschedulable", decision, facts: { message } });
  tell(turn, { pod: pod.pod, type: "Warning", reason: "FailedScheduling", action: "Scheduling", note: message });
  if (preemption?.kind === "nominated") evictVictims(turn, pod, preemption);
  writeRefusal(turn, pod.pod, { message, nomination: nominationAfter(pod, preemption), epochMillis });
}

function refusers(found: Search): readonly string[] {
  return [...new Set(found.rejections.map(({ plugin }) => plugin))];
}

function nominationAfter({ pod }: PodInfo, preemption: Preemption | undefined): string | undefined {
  if (preemption?.kind === "nominated") return preemption.node;
  const clears = preemption?.kind === "hopeless" && preemption.clearsNomination;
  return clears && (pod.status.nominatedNodeName ?? "") !== "" ? "" : undefined;
}

function writeRefusal(
  turn: Turn,
  pod: Pod,
  {
    message,
    nomination,
    epochMillis,
  }: { readonly message: string; readonly nomination: string | undefined; readonly epochMillis: number },
): void {
  const condition = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
  const change = nomination === undefined ? { condition } : { condition, nominatedNodeName: nomination };
  const request = statusRequest(pod, change, epochMillis);
  if (request !== undefined) send(turn, request, { kind: "forget" });
  if (nomination === "") turn.state = { ...turn.state, nominations: remove(turn.state.nominations, keyOf(pod)) };
}

/** Keeps the room for the preemptor, and asks each victim to go: first its status says why, then it is deleted. */
function evictVictims(
  turn: Turn,
  pod: PodInfo,
  { node, victims }: Extract<Preemption, { readonly kind: "nominated" }>,
): void {
  const { moment } = turn;
  const nominations = set(turn.state.nominations, pod.key, { pod, node });
  turn.state = { ...turn.state, nominations };
  for (const { pod: victim } of victims) {
    if (victim.metadata.deletionTimestamp !== undefined) continue;
    const pending = { victim, preemptor: pod.pod, node };
    const request = disruptionRequest(victim, pod.pod, moment.epochMillis + moment.now);
    if (request === undefined) send(turn, evictRequest(victim), { kind: "evict", ...pending });
    else send(turn, request, { kind: "disrupt", ...pending });
  }
  for (const one of values(nominations)) {
    if (one.node === node && one.pod.priority < pod.priority) withdrawNomination(turn, one.pod);
  }
}

/** A pod of lower priority loses the room that was kept for it on the same node. */
function withdrawNomination(turn: Turn, { key, pod }: PodInfo): void {
  turn.state = { ...turn.state, nominations: remove(turn.state.nominations, key) };
  const condition = pod.status.conditions?.find(({ type }) => type === "PodScheduled");
  if (condition === undefined) return;
  const change = { condition, nominatedNodeName: "" };
  const request = statusRequest(pod, change, turn.moment.epochMillis + turn.moment.now);
  if (request !== undefined) send(turn, request, { kind: "forget" });
}

/** Writes an event about a pod, unless it only repeats one. */
export function tell(turn: Turn, event: SchedulerEvent): void {
  const { state, moment } = turn;
  const controller = event.pod.spec.schedulerName ?? "default-scheduler";
  const said = eventRequest(state.events, event, {
    now: moment.now,
    epochMillis: moment.epochMillis,
    host: state.host,
    controller,
  });
  turn.state = { ...state, events: said.cache };
  if (said.request !== undefined) sendEvent(turn, said.request);
}

/** Puts the explanation into the trace: the table node × plugin as JSON in the fact `table`. */
function note(
  turn: Turn,
  { metadata }: Pod,
  {
    reason,
    decision,
    facts,
  }: {
    readonly reason: string;
    readonly decision: Decision;
    readonly facts: Readonly<Record<string, string | number>>;
  },
): void {
  const { name = "", namespace = "", uid = "" } = metadata;
  const table = JSON.stringify(explanationOf(decision));
  turn.effects.push({
    kind: "note",
    note: { reason, object: { kind: "Pod", namespace, name, uid }, facts: { ...facts, table } },
  });
}
