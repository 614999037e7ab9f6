// After kubernetes v1.36 pkg/controller/job/job_controller.go, trackJobStatusAndRemoveFinalizers.
import type { Job, Pod } from "../../api/generated/types.ts";
import { patchRequest, updateRequest } from "../../client/requests.ts";
import { get, remove, set } from "../../kernel/sorted-map.ts";
import { phaseOf } from "../pods.ts";
import { isSuccess, objectOf, recordEvent, remember, send, sendAll, type Sync, whyRefused } from "../sync.ts";
import { jobs, pods as watchedPods } from "../watched.ts";
import { isFailed, judgeFailure } from "./failure.ts";
import { indexOf, isIndexed, printIndexes, validIndexOf } from "./indexes.ts";
import {
  conditionAt,
  conditionOf,
  ensureCondition,
  isTracked,
  JOB,
  type JobMemory,
  type JobWork,
  setStatus,
  statusOf,
  TRACKING_FINALIZER,
} from "./work.ts";

/** Source: job_controller.go MaxUncountedPods. */
const UNCOUNTED_MAX = 500;

/**
 * Counts finished pods exactly once: first their uids are written into the status, then their finalizers are taken off, then they are
 * moved from the list into the counters, and only then may the job end.
 */
export function* track(work: JobWork, isChanged: boolean): Sync<string | undefined> {
  const held = new Set(
    work.pods.filter((pod) => isTracked(pod) && get(work.released, uidOf(pod)) === undefined).map(uidOf),
  );
  let needsFlush = countReleased(work, held) || isChanged;
  const counted = countFinished(work);
  needsFlush = counted.isChanged || needsFlush;
  needsFlush = noteOutcome(work) || needsFlush;
  if (needsFlush) {
    const refused = yield* writeStatus(work);
    if (refused !== undefined) return `adding uncounted pods to status: ${refused}`;
    const { key, record } = work;
    yield* remember<JobMemory>((memory) => ({ ...memory, backoff: set(memory.backoff, key, record) }));
    needsFlush = false;
  }
  const failure = yield* releasePods(work, counted.pods, held);
  needsFlush = countReleased(work, held) || needsFlush;
  if (failure !== undefined) {
    if (needsFlush) yield* writeStatus(work);
    return failure;
  }
  const isOver = !counted.isFull && end(work);
  if (!needsFlush && !isOver) return undefined;
  const refused = yield* writeStatus(work);
  if (refused !== undefined) return refused;
  if (isOver) yield* announceEnd(work);
  return undefined;
}

function uidOf(pod: Pod): string {
  return pod.metadata.uid ?? "";
}

/** Moves pods that hold no finalizer any more from the lists into the counters. */
function countReleased(work: JobWork, held: ReadonlySet<string>): boolean {
  const { uncountedTerminatedPods: uncounted = {}, succeeded = 0, failed = 0 } = statusOf(work);
  const stillSucceeded = (uncounted.succeeded ?? []).filter((uid) => held.has(uid));
  const stillFailed = (uncounted.failed ?? []).filter((uid) => held.has(uid));
  const newSucceeded = (uncounted.succeeded ?? []).length - stillSucceeded.length;
  const newFailed = (uncounted.failed ?? []).length - stillFailed.length;
  if (newSucceeded === 0 && newFailed === 0) return false;
  setStatus(work, {
    succeeded: succeeded + newSucceeded || undefined,
    failed: failed + newFailed || undefined,
    uncountedTerminatedPods: listsOf(stillSucceeded, stillFailed),
  });
  return true;
}

function listsOf(
  succeeded: readonly string[],
  failed: readonly string[],
): NonNullable<ReturnType<typeof statusOf>["uncountedTerminatedPods"]> {
  return { ...(succeeded.length === 0 ? {} : { succeeded }), ...(failed.length === 0 ? {} : { failed }) };
}

interface Counted {
  /** The pods whose finalizer goes. */
  readonly pods: readonly Pod[];
  readonly isChanged: boolean;
  readonly isFull: boolean;
}

function countFinished(work: JobWork): Counted {
  const { job } = work;
  const { uncountedTerminatedPods: uncounted = {} } = statusOf(work);
  const succeeded = [...(uncounted.succeeded ?? [])];
  const failed = [...(uncounted.failed ?? [])];
  const newIndexes = new Set<number>();
  const before = succeeded.length + failed.length;
  const found: Pod[] = [];
  let isFull = false;
  for (const pod of candidatesOf(work)) {
    found.push(pod);
    const verdict = verdictOn(work, pod);
    if (verdict === "index") newIndexes.add(indexOf(pod) ?? 0);
    if (verdict === "succeeded") succeeded.push(uidOf(pod));
    if (verdict === "failed") failed.push(uidOf(pod));
    isFull = newIndexes.size + succeeded.length + failed.length >= UNCOUNTED_MAX;
    if (isFull) break;
  }
  const isLonger = succeeded.length + failed.length > before;
  if (isLonger) setStatus(work, { uncountedTerminatedPods: listsOf(succeeded, failed) });
  const isOther = isIndexed(job) && noteIndexes(work, newIndexes);
  return { pods: found, isChanged: isLonger || newIndexes.size > 0 || isOther, isFull };
}

/** The pods that are still held and may be let go; those of an indexed job by index. */
function candidatesOf(work: JobWork): readonly Pod[] {
  const held = work.pods.filter(
    (pod) => isTracked(pod) && get(work.released, uidOf(pod)) === undefined && mayRelease(work, pod),
  );
  return isIndexed(work.job) ? held.toSorted((one, other) => (indexOf(one) ?? -1) - (indexOf(other) ?? -1)) : held;
}

/** Whether all that must be known about a pod is known, so that it may go. */
function mayRelease(work: JobWork, pod: Pod): boolean {
  const { job, finished } = work;
  if (job.metadata.deletionTimestamp !== undefined || finished !== undefined || phaseOf(pod) === "Succeeded")
    return true;
  if (!isFailed(pod, job)) return false;
  return work.delayed.get(indexOf(pod) ?? -1) !== pod;
}

function verdictOn(work: JobWork, pod: Pod): "index" | "succeeded" | "failed" | undefined {
  const { job, uncounted, finished } = work;
  const index = validIndexOf(pod, job);
  if (phaseOf(pod) === "Succeeded" && !uncounted.failed.includes(uidOf(pod))) {
    if (isIndexed(job)) return index !== undefined && !work.formerSucceeded.has(index) ? "index" : undefined;
    return uncounted.succeeded.includes(uidOf(pod)) ? undefined : "succeeded";
  }
  const endsBadly = finished !== undefined && finished.type !== "SuccessCriteriaMet";
  if (!isFailed(pod, job) && !endsBadly) return undefined;
  if (uncounted.failed.includes(uidOf(pod)) || (isIndexed(job) && index === undefined)) return undefined;
  return judgeFailure(job, pod).counts ? "failed" : undefined;
}

function noteIndexes(work: JobWork, added: ReadonlySet<number>): boolean {
  const { completedIndexes = "", failedIndexes } = statusOf(work);
  const all = new Set([...work.formerSucceeded, ...added]);
  const completed = printIndexes(all);
  const failed = work.failedIndexes === undefined ? undefined : printIndexes(work.failedIndexes);
  setStatus(work, {
    succeeded: all.size === 0 ? undefined : all.size,
    completedIndexes: completed === "" ? undefined : completed,
    failedIndexes: failed,
  });
  return completed !== completedIndexes || failed !== failedIndexes;
}

/** Writes down how the job will end before its pods are let go. */
function noteOutcome(work: JobWork): boolean {
  const { finished } = work;
  if (finished?.type === "FailureTarget") {
    setStatus(work, { conditions: [...(statusOf(work).conditions ?? []), finished] });
    work.finished = conditionAt(work, {
      type: "Failed",
      reason: finished.reason ?? "",
      message: finished.message ?? "",
    });
    return true;
  }
  if (finished?.type !== "SuccessCriteriaMet") return false;
  const isNew = conditionOf(work.job, "SuccessCriteriaMet") === undefined;
  if (isNew) setStatus(work, { conditions: [...(statusOf(work).conditions ?? []), finished] });
  work.finished = conditionAt(work, {
    type: "Complete",
    reason: finished.reason ?? "",
    message: finished.message ?? "",
  });
  return isNew;
}

function* writeStatus(work: JobWork): Sync<string | undefined> {
  const { namespace = "", name = "" } = work.job.metadata;
  const target = { resource: jobs.resource, namespace, name, subresource: "status" };
  const response = yield* send(updateRequest(target, { ...JOB, ...work.job }));
  if (!isSuccess(response)) return whyRefused(response);
  work.job = objectOf<Job>(response);
  if (work.job.status?.uncountedTerminatedPods === undefined) setStatus(work, { uncountedTerminatedPods: {} });
  return undefined;
}

export const RELEASE_PATCH: unknown = { metadata: { "$deleteFromPrimitiveList/finalizers": [TRACKING_FINALIZER] } };

export function releaseRequest(pod: Pod): ReturnType<typeof patchRequest> {
  const { namespace = "", name = "" } = pod.metadata;
  return patchRequest(
    { resource: watchedPods.resource, namespace, name },
    { dialect: "strategic", body: RELEASE_PATCH },
  );
}

function* releasePods(work: JobWork, found: readonly Pod[], held: Set<string>): Sync<string | undefined> {
  if (found.length === 0) return undefined;
  const { key } = work;
  yield* remember<JobMemory>((memory) => {
    let uids = get(memory.finalizers, key) ?? null;
    for (const pod of found) uids = set(uids, uidOf(pod), true);
    return { ...memory, finalizers: set(memory.finalizers, key, uids) };
  });
  let failure: string | undefined;
  for (const [index, response] of (yield* sendAll(found.map(releaseRequest))).entries()) {
    const pod = found[index];
    if (pod === undefined) continue;
    if (isSuccess(response) || response.code === 404) {
      held.delete(uidOf(pod));
      continue;
    }
    failure ??= whyRefused(response);
    yield* remember<JobMemory>((memory) => withoutRelease(memory, key, uidOf(pod)));
  }
  return failure;
}

/** The memory once it is seen that a pod has lost its finalizer, or that it has not. */
export function withoutRelease(memory: JobMemory, key: string, uid: string): JobMemory {
  const uids = get(memory.finalizers, key);
  if (uids === undefined || get(uids, uid) === undefined) return memory;
  const rest = remove(uids, uid);
  const finalizers = rest === null ? remove(memory.finalizers, key) : set(memory.finalizers, key, rest);
  return { ...memory, finalizers };
}

/** The job ends when every pod is counted and none is still terminating. */
function end(work: JobWork): boolean {
  const { finished } = work;
  const { uncountedTerminatedPods: uncounted = {}, terminating = 0, active = 0 } = statusOf(work);
  if (finished === undefined || terminating > 0 || active > 0) return false;
  if ((uncounted.succeeded ?? []).length + (uncounted.failed ?? []).length > 0) return false;
  ensureCondition(work, finished);
  if (finished.type === "Complete") setStatus(work, { completionTime: finished.lastTransitionTime ?? "" });
  return true;
}

function* announceEnd(work: JobWork): Sync<void> {
  const { finished, job } = work;
  if (finished === undefined) return;
  if (finished.type === "Complete") {
    const { completions } = job.spec ?? {};
    if (completions !== undefined && (statusOf(work).succeeded ?? 0) > completions) {
      const message = "Too many succeeded pods running after completion count reached";
      yield* recordEvent({ object: job, type: "Warning", reason: "TooManySucceededPods", message });
    }
    yield* recordEvent({ object: job, type: "Normal", reason: "Completed", message: "Job completed" });
    return;
  }
  const { reason = "", message = "" } = finished;
  yield* recordEvent({ object: job, type: "Warning", reason, message });
}
