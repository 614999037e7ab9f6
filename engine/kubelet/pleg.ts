// After kubernetes v1.36 pkg/kubelet/pleg/generic.go: it relists once a second; here only when there is something to see.
import type { Millis } from "../kernel/process.ts";
import { forEach, get, remove, set } from "../kernel/sorted-map.ts";
import type { ContainerView, SandboxView } from "../runtime/cri.ts";
import { DEAD_CONTAINERS_KEPT, RELIST_MILLIS } from "./constants.ts";
import { callRuntime } from "./send.ts";
import { NOTHING_RUNS, type PodRuntime } from "./pod-runtime.ts";
import type { KubeletState, Turn } from "./state.ts";

/** The last relist at or before a time. */
export function relistBefore(state: KubeletState, at: Millis): Millis {
  const grid = gridAt(state, at);
  const round = Math.floor((at - grid.from) / grid.step) + 1;
  return pointOf(grid, round) <= at ? pointOf(grid, round) : pointOf(grid, round - 1);
}

/** The first relist at or after a time. */
export function relistAtOrAfter(state: KubeletState, at: Millis): Millis {
  const grid = gridAt(state, at);
  const round = Math.floor((at - grid.from) / grid.step);
  return pointOf(grid, round) >= at ? pointOf(grid, round) : pointOf(grid, round + 1);
}

function pointOf({ from, step }: Grid, round: number): Millis {
  return from + Math.floor(round * step);
}

interface Grid {
  readonly from: Millis;
  readonly step: number;
}

/** Relists come once a second. In a replay they pass through the recorded ones, evenly spread: on a busy machine a second is longer. */
function gridAt(state: KubeletState, at: Millis): Grid {
  const recorded = state.settings.recordedRelists;
  const from = recorded?.findLast((it) => it <= at);
  const to = recorded?.find((it) => it > at);
  if (from === undefined)
    return to === undefined
      ? { from: state.relistPhaseMillis, step: RELIST_MILLIS }
      : { from: to, step: BUSY_RELIST_MILLIS };
  if (to === undefined) return { from, step: RELIST_MILLIS };
  return { from, step: (to - from) / Math.max(1, Math.floor((to - from + SLACK_MILLIS) / RELIST_MILLIS)) };
}

/** A relist on a busy machine, start to start. */
const BUSY_RELIST_MILLIS: Millis = 1060;

/** By how much a recorded second may seem too short. */
const SLACK_MILLIS: Millis = 60;

export function wantRelist(turn: Turn, at: Millis): void {
  turn.effects.push({ kind: "wake", key: `relist ${at}`, at });
}

function edit(turn: Turn, uid: string, change: (runtime: PodRuntime) => PodRuntime): void {
  const { state } = turn;
  const former = get(state.actual, uid) ?? NOTHING_RUNS;
  turn.state = { ...state, actual: set(state.actual, uid, change(former)) };
}

/** Something happened in a pod that the next relist will see. */
function mark(turn: Turn, uid: string, container: string | undefined): void {
  const former = get(turn.state.changed, uid);
  const known = former ?? [];
  const next = container === undefined || known.includes(container) ? known : [...known, container];
  turn.state = { ...turn.state, changed: set(turn.state.changed, uid, next) };
  if (former === undefined) wantRelist(turn, relistAtOrAfter(turn.state, turn.now + 1));
}

export function seeSandbox(turn: Turn, sandbox: SandboxView): void {
  edit(turn, sandbox.uid, (runtime) => ({
    ...runtime,
    sandboxes: [sandbox, ...runtime.sandboxes.filter((it) => it.id !== sandbox.id)].toSorted(
      (one, other) => other.createdAt - one.createdAt,
    ),
  }));
  mark(turn, sandbox.uid, undefined);
}

export function seeContainer(turn: Turn, view: ContainerView): void {
  const former = get(turn.state.actual, view.uid)?.containers.find((it) => it.id === view.id);
  edit(turn, view.uid, (runtime) => ({ ...runtime, containers: withView(runtime.containers, view) }));
  if (view.state !== "created" && former?.state !== view.state) mark(turn, view.uid, view.id);
}

/** The newest first, as the kubelet sorts them by their creation. */
function withView(views: readonly ContainerView[], view: ContainerView): readonly ContainerView[] {
  const index = views.findIndex((it) => it.id === view.id);
  if (index >= 0) return views.map((it, place) => (place === index ? view : it));
  return [view, ...views];
}

/** What the PLEG has to tell about a pod: one event for each container, and one for all that happened before its workers can look. */
export interface Seen {
  readonly uid: string;
  readonly events: number;
}

/** Two events about a pod are taken up one after the other; what comes on top is one with the second. */
const EVENTS_MAX = 2;

function eventsOf(containers: readonly string[]): number {
  return Math.min(EVENTS_MAX, Math.max(1, containers.length));
}

/** Takes over what has happened since the last relist, and says in which pods. */
export function relist(turn: Turn): readonly Seen[] {
  const seen: Seen[] = [];
  forEach(turn.state.changed, (containers, uid) => seen.push({ uid, events: eventsOf(containers) }));
  for (const { uid } of seen) {
    const runtime = get(turn.state.actual, uid) ?? NOTHING_RUNS;
    turn.state = { ...turn.state, cached: set(turn.state.cached, uid, runtime) };
  }
  turn.state = { ...turn.state, changed: null };
  for (const { uid } of seen) removeOld(turn, uid);
  return seen;
}

/** Takes over what has happened in one pod; gives the number of events. */
export function relistPod(turn: Turn, uid: string): number {
  const containers = get(turn.state.changed, uid);
  const runtime = get(turn.state.actual, uid) ?? NOTHING_RUNS;
  turn.state = {
    ...turn.state,
    cached: set(turn.state.cached, uid, runtime),
    changed: remove(turn.state.changed, uid),
  };
  return containers === undefined ? 0 : eventsOf(containers);
}

/** Old dead containers are removed when the next one of their name has died. Source: containerDeletor. */
function removeOld(turn: Turn, uid: string): void {
  const runtime = get(turn.state.actual, uid) ?? NOTHING_RUNS;
  const kept = new Map<string, number>();
  const gone: string[] = [];
  for (const view of runtime.containers) {
    if (view.state !== "exited") continue;
    const count = (kept.get(view.name) ?? 0) + 1;
    kept.set(view.name, count);
    const isNewestDead = runtime.containers.find((it) => it.name === view.name)?.state === "exited";
    if (isNewestDead && count > DEAD_CONTAINERS_KEPT + 1) gone.push(view.id);
  }
  if (gone.length === 0) return;
  for (const id of gone) callRuntime(turn, { kind: "none" }, { call: "RemoveContainer", container: id });
  edit(turn, uid, (it) => ({ ...it, containers: it.containers.filter((view) => !gone.includes(view.id)) }));
}
