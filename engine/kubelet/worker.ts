// After kubernetes v1.36 pkg/kubelet/pod_workers.go; not modelled: cancelling a sync that is under way.
import type { Pod } from "../api/generated/types.ts";
import { uint32At } from "../kernel/prng.ts";
import type { Millis } from "../kernel/process.ts";
import { get, remove, set } from "../kernel/sorted-map.ts";
import {
  FAILED_SYNC_MILLIS,
  POD_RELIST_MILLIS,
  RESYNC_MILLIS,
  SYNC_TICK_MILLIS,
  WORK_JITTER_PERCENT,
} from "./constants.ts";
import type { Answer, JobInput, JobKind, JobResult } from "./job.ts";
import { relistAtOrAfter, relistBefore, relistPod, wantRelist } from "./pleg.ts";
import { allocatedPod, allocationOf } from "./resize-rules.ts";
import { removeProbes } from "./probe-manager.ts";
import { pump } from "./run-job.ts";
import { callRuntime } from "./send.ts";
import { speakOfPod } from "./speak.ts";
import { NOTHING_RUNS } from "./pod-runtime.ts";
import type { Turn, Worker } from "./state.ts";
import { generateStatus } from "./status.ts";
import { finishStatus, forgetStatus, setStatus, writeStatus } from "./status-manager.ts";

/** A worker for a pod that is new to the node. */
export function openWorker(turn: Turn, pod: Pod): void {
  const { uid = "" } = pod.metadata;
  const worker: Worker = {
    uid,
    pod,
    stage: "syncing",
    job: undefined,
    isPending: false,
    isWaiting: false,
    lastEndAt: undefined,
    cachedAt: undefined,
    graceSeconds: 0,
    ending: undefined,
    isMounted: false,
    allocated: allocationOf(pod),
    actuated: {},
    pendingResize: undefined,
    removed: {},
    isRemoved: false,
    deadlineAt: undefined,
    kills: [],
  };
  keep(turn, worker);
}

function keep(turn: Turn, worker: Worker): void {
  turn.state = { ...turn.state, workers: set(turn.state.workers, worker.uid, worker) };
}

/** Something about the pod wants work: now, or when the work under way is over. */
export function updateWorker(turn: Turn, uid: string): void {
  const worker = get(turn.state.workers, uid);
  if (worker === undefined || worker.stage === "finished") return;
  if (worker.job !== undefined || worker.isWaiting) keep(turn, { ...worker, isPending: true });
  else takeUp(turn, worker);
}

/** The worker takes up the latest news of its pod. */
function takeUp(turn: Turn, worker: Worker): void {
  const told = beginTermination(turn, worker);
  keep(turn, told);
  startOrWait(turn, told);
}

/** A pod that is marked for deletion, evicted or gone from the API goes over to being terminated; there is no way back. */
function beginTermination(turn: Turn, worker: Worker): Worker {
  const { metadata, spec } = worker.pod;
  const isEnding = metadata.deletionTimestamp !== undefined || worker.ending?.isEviction === true || worker.isRemoved;
  if (worker.stage !== "syncing" || !isEnding) return worker;
  // pod_workers.go calculateEffectiveGracePeriod: never less than 1.
  const wanted =
    worker.ending === undefined
      ? (metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 1)
      : (worker.ending.graceSeconds ?? spec.terminationGracePeriodSeconds ?? 1);
  turn.effects.push({ kind: "cancel", key: `work ${worker.uid}` });
  return { ...worker, stage: "terminating", graceSeconds: Math.max(1, wanted) };
}

/** Begins the next job, once the PLEG has looked at the runtime since the last one ended. Source: podCache.GetNewerThan. */
function startOrWait(turn: Turn, worker: Worker): void {
  const { lastEndAt } = worker;
  const lookedAt = Math.max(relistBefore(turn.state, turn.now), worker.cachedAt ?? 0);
  if (lastEndAt === undefined || worker.isRemoved || lookedAt > lastEndAt) {
    startJob(turn, worker);
    return;
  }
  keep(turn, { ...worker, isWaiting: true });
  wantRelist(turn, relistAtOrAfter(turn.state, Math.max(lastEndAt, turn.now) + 1));
}

/** The PLEG has looked: what waited for it begins. */
export function resumeWaiting(turn: Turn, uid: string): void {
  const worker = get(turn.state.workers, uid);
  if (worker === undefined || !worker.isWaiting || worker.job !== undefined) return;
  if (worker.lastEndAt !== undefined && turn.now <= worker.lastEndAt) return;
  startJob(turn, { ...worker, isWaiting: false });
}

/** The PLEG looks at one pod: what waited for it begins, and what it sees is an event of its own. */
export function lookAt(turn: Turn, uid: string): void {
  const worker = get(turn.state.workers, uid);
  if (worker === undefined) return;
  keep(turn, { ...worker, cachedAt: turn.now });
  const events = relistPod(turn, uid);
  resumeWaiting(turn, uid);
  for (let event = 0; event < events; event++) updateWorker(turn, uid);
}

const JOB_OF_STAGE = { syncing: "sync", terminating: "terminate", terminated: "finish" } as const satisfies Record<
  string,
  JobKind
>;

function startJob(turn: Turn, worker: Worker): void {
  if (worker.stage === "finished") return;
  const { uid, pod } = worker;
  turn.effects.push({ kind: "cancel", key: `work ${uid}` });
  keep(turn, worker);
  const runtime = (worker.isRemoved ? get(turn.state.actual, uid) : get(turn.state.cached, uid)) ?? NOTHING_RUNS;
  if (!worker.isRemoved) {
    const isOver = worker.stage === "terminated";
    const status = generateStatus(turn, worker, { runtime, isOver });
    if (isPastDeadline(turn, worker)) speakOfDeadline(turn, pod);
    setStatus(turn, pod, status);
    turn.looks.push({ uid, isManual: worker.stage === "syncing" });
    if (worker.stage === "syncing" && (status.phase === "Succeeded" || status.phase === "Failed")) {
      endPod(turn, uid);
      return;
    }
  }
  if (worker.stage === "terminating") removeProbes(turn, uid, ["liveness", "startup"]);
  const kind = JOB_OF_STAGE[worker.stage];
  const job = { kind, input: inputOf(turn, worker, runtime), answers: [], ask: undefined };
  keep(turn, { ...(get(turn.state.workers, uid) ?? worker), job, kills: [] });
  goOn(turn, uid, []);
}

function inputOf(turn: Turn, worker: Worker, runtime: JobInput["runtime"]): JobInput {
  const { state } = turn;
  return {
    pod: allocatedPod(worker.pod, worker.allocated),
    runtime,
    status: get(state.statuses, worker.uid)?.status ?? worker.pod.status ?? {},
    results: state.results,
    services: state.services.items,
    settings: state.settings,
    graceSeconds: worker.graceSeconds,
    isMounted: worker.isMounted,
    removed: worker.removed,
    actuated: worker.actuated,
  };
}

function isPastDeadline(turn: Turn, worker: Worker): boolean {
  return worker.ending?.reason === "DeadlineExceeded" && turn.now >= (worker.deadlineAt ?? Number.POSITIVE_INFINITY);
}

function speakOfDeadline(turn: Turn, pod: Pod): void {
  speakOfPod(turn, pod, { type: "Normal", reason: "DeadlineExceeded", message: DEADLINE_MESSAGE });
}

/** Source: pkg/kubelet/active_deadline.go. */
export const DEADLINE_MESSAGE = "Pod was active on the node longer than the specified deadline";

/** Every container has ended for good: the pod goes on to be terminated. */
function endPod(turn: Turn, uid: string): void {
  const worker = get(turn.state.workers, uid);
  if (worker === undefined) return;
  const ended: Worker = {
    ...worker,
    stage: "terminating",
    job: undefined,
    isPending: false,
    lastEndAt: turn.now,
    graceSeconds: Math.max(1, worker.pod.spec.terminationGracePeriodSeconds ?? 1),
  };
  keep(turn, ended);
  startOrWait(turn, ended);
}

/** Hands a job its answer. */
export function goOn(turn: Turn, uid: string, answers: readonly Answer[]): void {
  const result = pump(turn, uid, answers);
  if (result !== undefined) endJob(turn, uid, result);
}

function endJob(turn: Turn, uid: string, result: JobResult): void {
  const worker = get(turn.state.workers, uid);
  if (worker === undefined) return;
  const kind = worker.job?.kind;
  const ended: Worker = { ...worker, job: undefined, kills: [], lastEndAt: turn.now };
  keep(turn, ended);
  if (kind === "sync" && result.kind === "done" && result.hasActed) {
    turn.effects.push({ kind: "wake", key: `look ${uid}`, at: turn.now + POD_RELIST_MILLIS });
  }
  if (kind === "terminate") return afterTermination(turn, ended);
  if (kind === "finish") return afterFinish(turn, ended);
  if (ended.isPending) takeUp(turn, { ...ended, isPending: false });
  else queueWork(turn, ended, result);
}

/** When the pod is looked at again. Source: completeWork; for a back-off the time until it ends, at most a minute. */
function queueWork(turn: Turn, worker: Worker, result: JobResult): void {
  if (result.kind === "done") {
    if (needsResync(turn, worker)) plan(turn, worker, RESYNC_MILLIS);
    return;
  }
  const { backOffUntil } = result;
  plan(
    turn,
    worker,
    backOffUntil === undefined ? FAILED_SYNC_MILLIS : Math.min(Math.max(0, backOffUntil - turn.now), RESYNC_MILLIS),
  );
}

/** A regular resync is seen only where volumes follow their sources or readiness probes are nudged; elsewhere it is left out. */
function needsResync(turn: Turn, worker: Worker): boolean {
  const hasSources = (worker.pod.spec.volumes ?? []).some(
    (it) => it.configMap !== undefined || it.secret !== undefined || it.downwardAPI !== undefined,
  );
  const status = get(turn.state.statuses, worker.uid)?.status;
  const isUnready = (status?.containerStatuses ?? []).some(
    (it) => !it.ready && get(turn.state.probes, `${worker.uid} ${it.name} readiness`) !== undefined,
  );
  return hasSources || isUnready;
}

function plan(turn: Turn, worker: Worker, base: Millis): void {
  const chosen = recordedSync(turn, worker, base);
  if (chosen !== undefined) {
    turn.effects.push({ kind: "wake", key: `work ${worker.uid}`, at: chosen });
    return;
  }
  const { prng, syncPhaseMillis } = turn.state;
  const jitter = Math.floor((uint32At(prng.key, prng.counter) / 0x1_0000_0000) * ((base * WORK_JITTER_PERCENT) / 100));
  turn.state = { ...turn.state, prng: { key: prng.key, counter: prng.counter + 1 } };
  const due = turn.now + base + jitter;
  const at = syncPhaseMillis + Math.ceil((due - syncPhaseMillis) / SYNC_TICK_MILLIS) * SYNC_TICK_MILLIS;
  turn.effects.push({ kind: "wake", key: `work ${worker.uid}`, at });
}

/** In a replay chance is what the recording shows, if the rule allows that time: between the wait and half as much again, and one tick. */
function recordedSync(turn: Turn, worker: Worker, base: Millis): Millis | undefined {
  const { namespace = "", name = "" } = worker.pod.metadata;
  const times = turn.state.settings.recordedSyncs?.[`${namespace}/${name}`];
  const last = turn.now + (base * (100 + WORK_JITTER_PERCENT)) / 100 + SYNC_TICK_MILLIS + RECORDED_TOLERANCE_MILLIS;
  return times?.find((at) => at >= turn.now + base - RECORDED_TOLERANCE_MILLIS && at <= last);
}

/** Recorded times are those at which an observer heard of it. */
const RECORDED_TOLERANCE_MILLIS: Millis = 500;

function afterTermination(turn: Turn, worker: Worker): void {
  const { uid, pod } = worker;
  removeProbes(turn, uid);
  const runtime = get(turn.state.actual, uid) ?? NOTHING_RUNS;
  const ended: Worker = { ...worker, stage: "terminated", isPending: false };
  keep(turn, ended);
  turn.state = { ...turn.state, cached: set(turn.state.cached, uid, runtime) };
  if (worker.isRemoved) return forget(turn, uid);
  if (isPastDeadline(turn, ended)) speakOfDeadline(turn, pod);
  setStatus(turn, pod, generateStatus(turn, ended, { runtime, isOver: true }));
  writeStatus(turn, uid);
  startOrWait(turn, ended);
}

function afterFinish(turn: Turn, worker: Worker): void {
  keep(turn, { ...worker, stage: "finished" });
  if (worker.isRemoved) return forget(turn, worker.uid);
  finishStatus(turn, worker.uid);
}

/** The API no longer has the pod: what still runs is stopped, then everything is forgotten. */
export function removeWorker(turn: Turn, uid: string): void {
  const worker = get(turn.state.workers, uid);
  if (worker === undefined) return;
  if (worker.stage === "finished") return forget(turn, uid);
  const removed = { ...worker, isRemoved: true };
  keep(turn, removed);
  forgetStatus(turn, uid);
  if (worker.stage === "syncing" && worker.job === undefined) updateWorker(turn, uid);
  else if (worker.stage === "syncing") keep(turn, { ...removed, isPending: true });
}

function forget(turn: Turn, uid: string): void {
  const runtime = get(turn.state.actual, uid);
  for (const sandbox of runtime?.sandboxes ?? [])
    callRuntime(turn, { kind: "none" }, { call: "RemovePodSandbox", sandbox: sandbox.id });
  forgetStatus(turn, uid);
  removeProbes(turn, uid);
  turn.effects.push({ kind: "cancel", key: `work ${uid}` });
  const { state } = turn;
  turn.state = {
    ...state,
    workers: remove(state.workers, uid),
    actual: remove(state.actual, uid),
    cached: remove(state.cached, uid),
    changed: remove(state.changed, uid),
  };
}
