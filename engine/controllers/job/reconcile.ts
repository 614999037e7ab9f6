// After kubernetes v1.36 pkg/controller/job/job_controller.go; not modelled: managedBy other than this controller.
import type { Job, Pod } from "../../api/generated/types.ts";
import { controllerOf, keyOf } from "../../api/object.ts";
import { get, remove } from "../../kernel/sorted-map.ts";
import { type Lister, orphansOf } from "../cache.ts";
import { claim } from "../claim.ts";
import { type Controller, type Reaction, type Wish, watch } from "../controller.ts";
import { dateOf, parseDate, printDate } from "../dates.ts";
import { isSame } from "../edit.ts";
import { areSatisfied, forgetExpectations, sawAnyDeletion, sawCreation } from "../expectations.ts";
import { isActive, isDeleting, isReady, isTerminating, phaseOf } from "../pods.ts";
import { selects } from "../selector.ts";
import {
  again,
  DONE,
  isSuccess,
  recordEvent,
  remember,
  retry,
  send,
  type Situation,
  type Sync,
  whyRefused,
} from "../sync.ts";
import { jobs, pods } from "../watched.ts";
import { isFailed, isIndexFailed, isPastLimitOnFailure, judgeFailure, nextRecord, successMessage } from "./failure.ts";
import { hasLimitPerIndex, isIndexed, parseIndexes, validIndexOf } from "./indexes.ts";
import { delayedPods, deleteActive, manage } from "./manage.ts";
import { releaseRequest, track, withoutRelease } from "./track.ts";
import {
  conditionAt,
  conditionOf,
  ensureCondition,
  isFinished,
  isSuspended,
  isTracked,
  JOB,
  type JobMemory,
  type JobWork,
  setStatus,
  statusOf,
  TRACKING_FINALIZER,
} from "./work.ts";

/** Source: job_controller.go syncJobBatchPeriod: changes of pods within a second are looked at together. */
export const BATCH_MILLIS = 1000;

/** Runs Jobs to their end. */
export const job: Controller<JobMemory> = {
  name: "job",
  identity: "job-controller",
  workers: 5,
  memory: { expectations: null, backoff: null, finalizers: null },
  waitsForOwnWrites: true,
  watches: [
    watch(jobs, ({ before, after, key }, { lister }) => {
      if (after === undefined && before !== undefined) return { wishes: [key, ...orphansOfJob(before, lister)] };
      if (before !== undefined && after !== undefined && before.metadata.generation === after.metadata.generation) {
        return { wishes: [{ key, afterMillis: BATCH_MILLIS }] };
      }
      return { wishes: [key] };
    }),
    watch(pods, (change, situation) => whenPodChanges(change.before, change.after, situation)),
  ],
  sync: (key, situation) =>
    key.startsWith(ORPHAN) ? freeOrphan(key.slice(ORPHAN.length), situation) : syncJob(key, situation),
};

const ORPHAN = "orphan ";

/** Pods that the tracking of a job that has gone still holds. */
function orphansOfJob(gone: Job, lister: Lister): readonly string[] {
  return lister
    .by(pods, "controller", gone.metadata.uid ?? "")
    .filter(isTracked)
    .map((pod) => `${ORPHAN}${keyOf(pod)}`);
}

function* freeOrphan(key: string, { lister }: Situation<JobMemory>): Sync {
  const pod = lister.get(pods, key);
  if (pod === undefined || !isTracked(pod) || ownerOf(pod, lister) !== undefined) return DONE;
  const response = yield* send(releaseRequest(pod));
  return isSuccess(response) || response.code === 404 ? DONE : retry(whyRefused(response));
}

function whenPodChanges(
  before: Pod | undefined,
  after: Pod | undefined,
  { lister, memory }: Situation<JobMemory>,
): Reaction<JobMemory> {
  const pod = after ?? before;
  if (pod === undefined) return { wishes: [] };
  const owner = ownerOf(pod, lister);
  if (owner === undefined) return { wishes: wishesForOrphan(before, after, lister) };
  const key = keyOf(owner);
  const isGoing = after === undefined || isDeleting(after);
  let next = memory;
  if (isGoing) next = { ...next, expectations: sawAnyDeletion(next.expectations, key) };
  else if (before === undefined) next = { ...next, expectations: sawCreation(next.expectations, key) };
  if (after === undefined || !isTracked(after)) next = withoutRelease(next, key, pod.metadata.uid ?? "");
  return { wishes: [{ key, afterMillis: BATCH_MILLIS }], memory: next };
}

/** A pod whose job has gone is set free; one that never had a job may be adopted. */
function wishesForOrphan(before: Pod | undefined, after: Pod | undefined, lister: Lister): readonly Wish[] {
  const pod = after ?? before;
  const controller = pod === undefined ? undefined : controllerOf(pod);
  if (pod === undefined) return [];
  if (controller !== undefined) {
    const isHeld = controller.kind === "Job" && after !== undefined && isTracked(after);
    return isHeld ? [`${ORPHAN}${keyOf(pod)}`] : [];
  }
  const isNews = before === undefined || after === undefined || !isSame(before.metadata.labels, after.metadata.labels);
  const suitors = isNews
    ? lister.list(jobs, pod.metadata.namespace).filter((candidate) => matches(candidate, pod))
    : [];
  return suitors.map((candidate) => ({ key: keyOf(candidate), afterMillis: BATCH_MILLIS }));
}

function ownerOf(pod: Pod, lister: Lister): Job | undefined {
  const reference = controllerOf(pod);
  if (reference?.kind !== "Job") return undefined;
  const found = lister.get(jobs, `${pod.metadata.namespace ?? ""}/${reference.name}`);
  return found?.metadata.uid === reference.uid ? found : undefined;
}

function matches(candidate: Job, pod: Pod): boolean {
  return selects(candidate.spec?.selector, pod.metadata.labels);
}

function* syncJob(key: string, situation: Situation<JobMemory>): Sync {
  const found = situation.lister.get(jobs, key);
  if (found === undefined || isFinished(found)) {
    yield* remember<JobMemory>((memory) => ({
      ...memory,
      backoff: remove(memory.backoff, key),
      ...(found === undefined
        ? { expectations: forgetExpectations(memory.expectations, key), finalizers: remove(memory.finalizers, key) }
        : {}),
    }));
    return DONE;
  }
  const { lister, memory } = situation;
  const { uid = "", namespace = "" } = found.metadata;
  const candidates = [...lister.by(pods, "controller", uid), ...lister.by(pods, "controller", orphansOf(namespace))];
  const claimed = yield* claim<Pod>(
    {
      owner: found,
      ownerKind: JOB,
      ownerWatched: jobs as never,
      claimed: pods as never,
      matches: (pod) => matches(found, pod as Pod),
      finalizers: [TRACKING_FINALIZER],
    },
    candidates,
  );
  if (claimed.failure !== undefined) return retry(claimed.failure);
  const isSatisfied = areSatisfied(memory.expectations, key, situation.now);
  const work = begin(found, claimed.objects, { key, situation, isSatisfied });
  const failure = yield* workOn(work);
  return failure === undefined ? DONE : retry(failure);
}

function begin(
  found: Job,
  claimed: readonly Pod[],
  scene: { readonly key: string; readonly situation: Situation<JobMemory>; readonly isSatisfied: boolean },
): JobWork {
  const { key, situation, isSatisfied } = scene;
  const date = dateOf(situation);
  const status = found.status ?? {};
  const { succeeded: succeededUids = [], failed: failedUids = [] } = status.uncountedTerminatedPods ?? {};
  const active = claimed.filter(isActive);
  const startTime = status.startTime ?? (isSuspended(found) ? undefined : printDate(date));
  const work: JobWork = {
    key,
    job: { ...found, status: { ...status, uncountedTerminatedPods: status.uncountedTerminatedPods ?? {} } },
    pods: claimed,
    active,
    date,
    now: situation.now,
    isSatisfied,
    released: get(situation.memory.finalizers, key) ?? null,
    uncounted: { succeeded: succeededUids, failed: failedUids },
    ready: active.filter(isReady).length,
    terminating: claimed.filter(isTerminating).length,
    succeeded: 0,
    failed: 0,
    record: { failures: 0, lastFailure: undefined },
    finished: undefined,
    formerSucceeded: new Set(),
    succeededIndexes: new Set(),
    failedIndexes: undefined,
    delayed: new Map(),
  };
  if (startTime !== undefined) setStatus(work, { startTime });
  count(work, get(situation.memory.backoff, key));
  return work;
}

/** Counts what is new since the last sync. */
function count(work: JobWork, former: JobWork["record"] | undefined): void {
  const { job: found, uncounted, date } = work;
  const { succeeded = 0, failed = 0 } = statusOf(work);
  const newSucceeded = fresh(work, uncounted.succeeded).filter((pod) => phaseOf(pod) === "Succeeded");
  const newFailed = fresh(work, uncounted.failed).filter((pod) => isFailed(pod, found));
  work.succeeded = succeeded + newSucceeded.length + uncounted.succeeded.length;
  const counting = newFailed.filter((pod) => judgeFailure(found, pod).counts);
  work.failed = failed + counting.length + uncounted.failed.length;
  work.record = nextRecord(former, { succeeded: newSucceeded, failed: newFailed, date });
}

/** Pods that are not counted yet and may be. */
function fresh(work: JobWork, counted: readonly string[]): readonly Pod[] {
  return work.pods.filter((pod) => {
    const { uid = "" } = pod.metadata;
    if (!isTracked(pod) || counted.includes(uid) || get(work.released, uid) !== undefined) return false;
    return !isIndexed(work.job) || validIndexOf(pod, work.job) !== undefined;
  });
}

function* workOn(work: JobWork): Sync<string | undefined> {
  work.finished = outcomeSoFar(work);
  if (work.finished === undefined) yield* comeBackAtDeadline(work);
  if (isIndexed(work.job)) judgeIndexes(work);
  const former = statusOf(work);
  const step = work.finished === undefined ? yield* goOn(work) : yield* windUp(work);
  const { active, isTurned, failure } = step;
  const isChanged =
    isTurned ||
    active !== (former.active ?? 0) ||
    work.ready !== former.ready ||
    work.terminating !== former.terminating;
  setStatus(work, { active: active === 0 ? undefined : active, ready: work.ready, terminating: work.terminating });
  const refused = yield* track(work, isChanged);
  return refused === undefined ? failure : `tracking status: ${refused}`;
}

interface Step {
  readonly active: number;
  readonly isTurned: boolean;
  readonly failure: string | undefined;
}

function outcomeSoFar(work: JobWork): JobWork["finished"] {
  const { job: found, pods: all, failed } = work;
  const met = conditionOf(found, "SuccessCriteriaMet");
  if (met !== undefined) return met;
  const target = conditionOf(found, "FailureTarget");
  if (target?.status === "True") {
    return conditionAt(work, { type: "Failed", reason: target.reason ?? "", message: target.message ?? "" });
  }
  for (const pod of all.filter((candidate) => isFailed(candidate, found))) {
    const { message } = judgeFailure(found, pod);
    if (message !== undefined) return conditionAt(work, { type: "FailureTarget", reason: "PodFailurePolicy", message });
  }
  if (failed > (found.spec?.backoffLimit ?? 6) || isPastLimitOnFailure(found, all)) {
    return failureTarget(work, "BackoffLimitExceeded", "Job has reached the specified backoff limit");
  }
  if (deadlineLeft(work) !== undefined && (deadlineLeft(work) ?? 0) <= 0) {
    return failureTarget(work, "DeadlineExceeded", "Job was active longer than specified deadline");
  }
  return undefined;
}

function failureTarget(work: JobWork, reason: string, message: string): NonNullable<JobWork["finished"]> {
  return conditionAt(work, { type: "FailureTarget", reason, message });
}

function deadlineLeft(work: JobWork): number | undefined {
  const { activeDeadlineSeconds } = work.job.spec ?? {};
  const started = parseDate(statusOf(work).startTime);
  if (activeDeadlineSeconds === undefined || started === undefined || isSuspended(work.job)) return undefined;
  return started + activeDeadlineSeconds * 1000 - work.date;
}

function* comeBackAtDeadline(work: JobWork): Sync<void> {
  const left = deadlineLeft(work);
  if (left !== undefined) yield* again(work.key, left);
}

function judgeIndexes(work: JobWork): void {
  const { job: found, pods: all } = work;
  const completions = found.spec?.completions ?? 0;
  const { completedIndexes, failedIndexes } = statusOf(work);
  work.formerSucceeded = parseIndexes(completedIndexes, completions);
  const succeeded = new Set(work.formerSucceeded);
  for (const pod of all) {
    const index = validIndexOf(pod, found);
    if (index !== undefined && phaseOf(pod) === "Succeeded" && isTracked(pod)) succeeded.add(index);
  }
  work.succeededIndexes = succeeded;
  work.succeeded = succeeded.size;
  if (hasLimitPerIndex(found)) {
    const failed = new Set(parseIndexes(failedIndexes, completions));
    for (const pod of all) {
      const index = validIndexOf(pod, found);
      if (index !== undefined && isTracked(pod) && isIndexFailed(found, pod)) failed.add(index);
    }
    work.failedIndexes = failed;
    work.finished ??= indexFailure(work, completions);
    work.delayed = delayedPods(
      work,
      fresh(work, []).filter((pod) => isFailed(pod, found)),
    );
  }
  const message = successMessage(found, succeeded, (text) => parseIndexes(text, completions));
  if (work.finished === undefined && message !== undefined) {
    work.finished = conditionAt(work, { type: "SuccessCriteriaMet", reason: "SuccessPolicy", message });
  }
}

function indexFailure(work: JobWork, completions: number): JobWork["finished"] {
  const failed = work.failedIndexes?.size ?? 0;
  const { maxFailedIndexes } = work.job.spec ?? {};
  if (maxFailedIndexes !== undefined && failed > maxFailedIndexes) {
    const message = "Job has exceeded the specified maximal number of failed indexes";
    return failureTarget(work, "MaxFailedIndexesExceeded", message);
  }
  if (failed > 0 && failed + work.succeededIndexes.size >= completions) {
    return failureTarget(work, "FailedIndexes", "Job has failed indexes");
  }
  return undefined;
}

/** The job is at its end: the pods that still run are stopped. */
function* windUp(work: JobWork): Sync<Step> {
  const before = work.active.length;
  const { active, deleted, failure } = yield* deleteActive(work);
  // It cannot end while pods may be left that it has not seen.
  if (deleted !== before || !work.isSatisfied) work.finished = undefined;
  return { active, isTurned: false, failure };
}

function* goOn(work: JobWork): Sync<Step> {
  const isManaging = work.isSatisfied && !isDeleting(work.job);
  const managed = isManaging ? yield* manage(work) : { active: work.active.length, failure: undefined };
  const { completions } = work.job.spec ?? {};
  const isComplete =
    completions === undefined ? work.succeeded > 0 && managed.active === 0 : work.succeeded >= completions;
  if (isComplete) {
    if (completions !== undefined && managed.active > 0) {
      const message = "Too many active pods running after completion count reached";
      yield* recordEvent({ object: work.job, type: "Warning", reason: "TooManyActivePods", message });
    }
    const message = "Reached expected number of succeeded pods";
    work.finished = conditionAt(work, { type: "SuccessCriteriaMet", reason: "CompletionsReached", message });
    return { ...managed, isTurned: false };
  }
  return { ...managed, isTurned: isManaging && (yield* noteSuspension(work)) };
}

function* noteSuspension(work: JobWork): Sync<boolean> {
  const isNow = isSuspended(work.job);
  const condition = isNow
    ? conditionAt(work, { type: "Suspended", reason: "JobSuspended", message: "Job suspended" })
    : conditionAt(work, { type: "Suspended", status: "False", reason: "JobResumed", message: "Job resumed" });
  if (!ensureCondition(work, condition)) return false;
  const reason = isNow ? "Suspended" : "Resumed";
  yield* recordEvent({ object: work.job, type: "Normal", reason, message: condition.message ?? "" });
  // A resumed job starts anew: its deadline counts from now.
  if (!isNow) setStatus(work, { startTime: printDate(work.date) });
  return true;
}
