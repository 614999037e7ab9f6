import type { Pod } from "../api/generated/types.ts";
import { invariant } from "../kernel/invariant.ts";
import { get, remove, set } from "../kernel/sorted-map.ts";
import { isBackingOff, nextBackOff } from "./back-off.ts";
import { fetchConfig } from "./configs.ts";
import type { Answer, Ask, JobInput, JobKind, JobResult, JobScript } from "./job.ts";
import { beginKills } from "./kill.ts";
import { addProbes } from "./probe-manager.ts";
import { orderPull } from "./pulls.ts";
import { callRuntime } from "./send.ts";
import { speak } from "./speak.ts";
import type { Job, Turn, Worker } from "./state.ts";
import { setStatus, withCondition } from "./status-manager.ts";
import { syncPod } from "./sync-pod.ts";
import { finishPod, terminatePod } from "./termination.ts";

const SCRIPTS: Readonly<Record<JobKind, (input: JobInput) => JobScript>> = {
  sync: syncPod,
  terminate: terminatePod,
  finish: finishPod,
};

/** How many questions a job may ask before it is called broken. */
const ASKS_MAX = 2000;

/** Takes a job as far as it goes without waiting. Gives its result when it is over. */
export function pump(turn: Turn, uid: string, answered: readonly Answer[]): JobResult | undefined {
  const worker = get(turn.state.workers, uid);
  invariant(worker?.job !== undefined, "a job that is pumped exists");
  const { job } = worker;
  const answers = [...job.answers, ...answered];
  const script = SCRIPTS[job.kind](job.input);
  let standing = script.next();
  for (const answer of answers) {
    if (standing.done === true) break;
    standing = script.next(answer);
  }
  for (let asks = 0; asks < ASKS_MAX; asks++) {
    if (standing.done === true) return standing.value;
    const answer = answerNow(turn, uid, standing.value);
    if (answer === undefined) {
      keep(turn, uid, { ...job, answers, ask: standing.value });
      return undefined;
    }
    answers.push(answer);
    standing = script.next(answer);
  }
  invariant(false, "a job of a pod worker ends");
}

function keep(turn: Turn, uid: string, job: Job): void {
  const worker = get(turn.state.workers, uid);
  if (worker !== undefined) turn.state = { ...turn.state, workers: set(turn.state.workers, uid, { ...worker, job }) };
}

/** Answers what can be answered at once; begins what takes time. */
function answerNow(turn: Turn, uid: string, ask: Ask): Answer | undefined {
  const done: Answer = { kind: "done", at: turn.now };
  switch (ask.kind) {
    case "call":
      callRuntime(turn, { kind: "job", uid }, ask.call);
      return undefined;
    case "sleep":
      turn.effects.push({ kind: "wake", key: `job ${uid}`, at: turn.now + ask.millis });
      return undefined;
    case "pull":
      orderPull(turn, uid, ask.image);
      return undefined;
    case "kill":
      return beginKills(turn, uid, ask.orders) ? undefined : done;
    case "config":
      return fetchConfig(turn, uid, ask.key);
    case "http":
      turn.effects.push({
        kind: "send",
        to: turn.state.settings.runtime,
        message: { kind: "connect", id: connectId(turn, uid), ip: ask.ip, exchange: ask.exchange },
      });
      return undefined;
    case "event":
      speak(turn, ask.note);
      return done;
    default:
      return answerFromState(turn, uid, ask) ?? done;
  }
}

function connectId(turn: Turn, uid: string): number {
  const id = turn.state.nextId;
  turn.state = { ...turn.state, nextId: id + 1, calls: set(turn.state.calls, id, { kind: "job", uid }) };
  return id;
}

type StateAsk = Extract<
  Ask,
  {
    readonly kind:
      | "sandbox-ready"
      | "mounted"
      | "probes"
      | "crash-back-off"
      | "image-back-off"
      | "reason"
      | "now"
      | "remove-all"
      | "actuated";
  }
>;

function answerFromState(turn: Turn, uid: string, ask: StateAsk): Answer | undefined {
  const worker = get(turn.state.workers, uid);
  if (worker === undefined) return undefined;
  switch (ask.kind) {
    case "sandbox-ready":
      sandboxReady(turn, worker.pod);
      return undefined;
    case "mounted":
      turn.state = { ...turn.state, workers: set(turn.state.workers, uid, { ...worker, isMounted: true }) };
      return undefined;
    case "probes":
      addProbes(turn, worker);
      return undefined;
    case "crash-back-off":
      return crashBackOff(turn, ask);
    case "image-back-off":
      return imageBackOff(turn, ask);
    case "reason": {
      const key = `${uid} ${ask.name}`;
      const reasons =
        ask.reason === undefined ? remove(turn.state.reasons, key) : set(turn.state.reasons, key, ask.reason);
      turn.state = { ...turn.state, reasons };
      return undefined;
    }
    case "now":
      return undefined;
    case "actuated": {
      const actuated = { ...worker.actuated, [ask.name]: worker.allocated[ask.name] ?? {} };
      const changed = set(turn.state.changed, uid, get(turn.state.changed, uid) ?? []);
      turn.state = { ...turn.state, changed, workers: set(turn.state.workers, uid, { ...worker, actuated }) };
      return undefined;
    }
    case "remove-all":
      removeAll(turn, worker);
      return undefined;
  }
}

/** The sandbox is there: said at once, without the pod's address. Source: OnPodSandboxReady. */
function sandboxReady(turn: Turn, pod: Pod): void {
  const entry = get(turn.state.statuses, pod.metadata.uid ?? "");
  if (entry === undefined) return;
  setStatus(turn, pod, withCondition(turn, pod, entry.status, { type: "PodReadyToStartContainers", status: "True" }));
}

/** Source: KEP-5532, RestartAllContainers: what ran is gone, its counts go on. */
function removeAll(turn: Turn, worker: Worker): void {
  const runtime = get(turn.state.actual, worker.uid);
  const removed: Record<string, number> = { ...worker.removed };
  for (const view of (runtime?.containers ?? []).toReversed()) {
    removed[view.name] = view.attempt;
    callRuntime(turn, { kind: "none" }, { call: "RemoveContainer", container: view.id });
  }
  const left = { sandboxes: runtime?.sandboxes ?? [], containers: [] };
  const { state } = turn;
  const changed = set(state.changed, worker.uid, Object.keys(removed));
  turn.state = {
    ...state,
    changed,
    actual: set(state.actual, worker.uid, left),
    workers: set(state.workers, worker.uid, { ...worker, removed }),
  };
}

function crashBackOff(turn: Turn, ask: Extract<Ask, { readonly kind: "crash-back-off" }>): Answer {
  const entry = get(turn.state.crashBackOff, ask.key);
  if (isBackingOff(entry, ask.since, turn.now))
    return { kind: "back-off", millis: entry.millis, until: ask.since + entry.millis };
  const next = nextBackOff(entry, ask.since, turn.now);
  turn.state = { ...turn.state, crashBackOff: set(turn.state.crashBackOff, ask.key, next) };
  return { kind: "back-off", millis: undefined, until: turn.now };
}

function imageBackOff(turn: Turn, ask: Extract<Ask, { readonly kind: "image-back-off" }>): Answer {
  const entry = get(turn.state.imageBackOff, ask.key);
  if (ask.isFailure) {
    const next = nextBackOff(entry, turn.now, turn.now);
    turn.state = { ...turn.state, imageBackOff: set(turn.state.imageBackOff, ask.key, next) };
    return { kind: "done", at: turn.now };
  }
  if (!isBackingOff(entry, entry?.updatedAt ?? 0, turn.now))
    return { kind: "back-off", millis: undefined, until: turn.now };
  return { kind: "back-off", millis: entry.millis, until: entry.updatedAt + entry.millis };
}
