// After kubernetes v1.36 pkg/controller/job/job_controller.go, manageJob.
import type { Container, Job, Pod, PodTemplateSpec } from "../../api/generated/types.ts";

import { expectBoth, type Expectations, sawAnyDeletion, sawCreation } from "../expectations.ts";
import {
  controllerReference,
  createInBatches,
  deletePodRequest,
  podFromTemplate,
  recordDeletion,
} from "../pod-control.ts";
import { compareForDeletion, isDeleting, isReady } from "../pods.ts";
import { again, isSuccess, remember, sendAll, type Sync, tell, whyRefused } from "../sync.ts";
import { finishedAt, judgeFailure, remainingMillis, replacesOnlyFailed } from "./failure.ts";
import {
  countAnnotated,
  FAILURE_COUNT_ANNOTATION,
  firstPending,
  hasLimitPerIndex,
  IGNORED_COUNT_ANNOTATION,
  INDEX_ANNOTATION,
  indexOf,
  isIndexed,
  validIndexOf,
} from "./indexes.ts";
import { releaseRequest } from "./track.ts";
import { isSuspended, JOB, type JobMemory, type JobWork, TRACKING_FINALIZER } from "./work.ts";

/** Source: job_controller.go MaxPodCreateDeletePerSync. */
const PODS_PER_SYNC_MAX = 500;

export interface Managed {
  readonly active: number;
  readonly failure: string | undefined;
}

/** Creates pods that are missing or deletes those that are too many; never both in one sync. */
export function* manage(work: JobWork): Sync<Managed> {
  const active = work.active.length;
  if (isSuspended(work.job)) return yield* removePods(work, active);
  const wanted = wantedActive(work);
  const surplus = Math.max(0, active - wanted);
  if (surplus > 0) return yield* removePods(work, surplus);
  const terminating = replacesOnlyFailed(work.job) ? work.terminating : 0;
  const missing = wanted - terminating - active;
  return missing > 0 ? yield* addPods(work, missing) : { active, failure: undefined };
}

function wantedActive({ job, succeeded, active }: JobWork): number {
  const { completions, parallelism = 1 } = job.spec ?? {};
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism;
  return Math.max(0, Math.min(completions - succeeded, parallelism));
}

function* removePods(work: JobWork, count: number): Sync<Managed> {
  const { key, now, job, date } = work;
  const active = work.active.length;
  const victims = (count >= active ? work.active : [...forRemoval(work, date)].slice(0, count)).slice(
    0,
    PODS_PER_SYNC_MAX,
  );
  if (victims.length === 0) return { active, failure: undefined };
  yield* changeExpectations((expectations) =>
    expectBoth(expectations, key, { creations: 0, deletions: victims.length, now }),
  );
  let failure: string | undefined;
  let removed = 0;
  const tracked = victims.filter((pod) => (pod.metadata.finalizers ?? []).includes(TRACKING_FINALIZER));
  const released = yield* sendAll(tracked.map(releaseRequest));
  const stuck = new Set(tracked.filter((_, index) => !isSuccess(released[index] ?? { code: 0, body: undefined })));
  for (const response of released) if (!isSuccess(response) && response.code !== 404) failure ??= whyRefused(response);
  const free = victims.filter((pod) => !stuck.has(pod));
  const responses = yield* sendAll(free.map(deletePodRequest));
  for (const [index, response] of responses.entries()) {
    const pod = free[index];
    if (pod === undefined) continue;
    yield* recordDeletion(job, pod, response);
    if (isSuccess(response)) {
      removed += 1;
      if (isReady(pod)) work.ready -= 1;
    } else if (response.code !== 404) failure ??= whyRefused(response);
  }
  const lost = victims.length - removed;
  if (lost > 0) yield* changeExpectations((expectations) => sawAnyDeletion(expectations, key, lost));
  work.terminating += removed;
  return { active: active - removed, failure };
}

function forRemoval(work: JobWork, date: number): readonly Pod[] {
  return [...work.active]
    .map((pod) => ({ pod, rank: 0 }))
    .toSorted((one, other) => compareForDeletion(one, other, date))
    .map(({ pod }) => pod);
}

function* changeExpectations(change: (expectations: Expectations) => Expectations): Sync<void> {
  yield* remember<JobMemory>((memory) => ({ ...memory, expectations: change(memory.expectations) }));
}

function* addPods(work: JobWork, missing: number): Sync<Managed> {
  const { key, job, now, date } = work;
  const active = work.active.length;
  const waitMillis = hasLimitPerIndex(job) ? 0 : remainingMillis(work.record, date);
  if (waitMillis > 0) {
    yield* again(key, waitMillis);
    return { active: 0, failure: undefined };
  }
  const count = Math.min(missing, PODS_PER_SYNC_MAX);
  const planned = isIndexed(job) ? yield* indexesToAdd(work, count) : undefined;
  const podsToCreate =
    planned === undefined
      ? Array.from({ length: count }, () => podOf(job))
      : planned.map((index) => podAtIndex(work, index));
  if (podsToCreate.length === 0) return { active, failure: undefined };
  const creations = podsToCreate.length;
  yield* tell({
    reason: "JobNeedsPods",
    object: { kind: "Job", name: job.metadata.name ?? "" },
    facts: { count: creations },
  });
  yield* changeExpectations((expectations) => expectBoth(expectations, key, { creations, deletions: 0, now }));
  const { created, failure } = yield* createInBatches(job, podsToCreate);
  const lost = creations - created;
  if (lost > 0) yield* changeExpectations((expectations) => sawCreation(expectations, key, lost));
  return { active: active + created, failure };
}

/** The indexes to start now; those in back-off come later. */
function* indexesToAdd(work: JobWork, count: number): Sync<readonly number[]> {
  const { job, date } = work;
  const pending = firstPending(takenIndexes(work), count, job.spec?.completions ?? 0);
  if (!hasLimitPerIndex(job)) return pending;
  const ready: number[] = [];
  let soonest: number | undefined;
  for (const index of pending) {
    const former = work.delayed.get(index);
    const failures = former === undefined ? 0 : countAnnotated(former, FAILURE_COUNT_ANNOTATION) + 1;
    const lastFailure = former === undefined ? undefined : finishedAt(former, date);
    const left = remainingMillis({ failures, lastFailure }, date);
    if (left === 0) ready.push(index);
    else if (soonest === undefined || left < soonest) soonest = left;
  }
  if (soonest !== undefined) yield* again(work.key, soonest);
  return ready;
}

/** Indexes that somebody works on, or that are over. */
function takenIndexes(work: JobWork): ReadonlySet<number> {
  const taken = new Set([...work.succeededIndexes, ...(work.failedIndexes ?? [])]);
  const going = replacesOnlyFailed(work.job) ? work.pods.filter((pod) => isDeleting(pod)) : [];
  for (const pod of [...work.active, ...going]) taken.add(indexOf(pod) ?? -1);
  return taken;
}

function podOf(job: Job, template?: PodTemplateSpec): Pod {
  const used = template ?? job.spec?.template;
  const finalizers = [...(used?.metadata?.finalizers ?? []), TRACKING_FINALIZER];
  const pod = podFromTemplate(used, job, controllerReference(job, JOB));
  return { ...pod, metadata: { ...pod.metadata, finalizers } };
}

function podAtIndex(work: JobWork, index: number): Pod {
  const { job } = work;
  const { name = "" } = job.metadata;
  const pod = podOf(job);
  const { spec, metadata } = pod;
  return {
    ...pod,
    metadata: {
      ...metadata,
      generateName: `${name}-${index}-`,
      labels: { ...metadata.labels, [INDEX_ANNOTATION]: String(index) },
      annotations: { ...metadata.annotations, [INDEX_ANNOTATION]: String(index), ...failureCounts(work, index) },
    },
    spec: {
      ...spec,
      hostname: `${name}-${index}`,
      containers: spec.containers.map(withIndexVariable),
      ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(withIndexVariable) }),
    },
  };
}

const INDEX_VARIABLE = "JOB_COMPLETION_INDEX";

function withIndexVariable(container: Container): Container {
  const env = container.env ?? [];
  if (env.some(({ name }) => name === INDEX_VARIABLE)) return container;
  const fieldRef = { apiVersion: "v1", fieldPath: `metadata.labels['${INDEX_ANNOTATION}']` };
  return { ...container, env: [...env, { name: INDEX_VARIABLE, valueFrom: { fieldRef } }] };
}

/** How often the index failed before, carried from pod to pod. */
function failureCounts(work: JobWork, index: number): Readonly<Record<string, string>> {
  if (!hasLimitPerIndex(work.job)) return {};
  const former = work.delayed.get(index);
  if (former === undefined) return { [FAILURE_COUNT_ANNOTATION]: "0" };
  const { counts } = judgeFailure(work.job, former);
  const failures = countAnnotated(former, FAILURE_COUNT_ANNOTATION) + (counts ? 1 : 0);
  const ignored = countAnnotated(former, IGNORED_COUNT_ANNOTATION) + (counts ? 0 : 1);
  return {
    [FAILURE_COUNT_ANNOTATION]: String(failures),
    ...(ignored === 0 ? {} : { [IGNORED_COUNT_ANNOTATION]: String(ignored) }),
  };
}

/** Deletes all active pods of a job that is at its end. */
export function* deleteActive(work: JobWork): Sync<Managed & { readonly deleted: number }> {
  const { job } = work;
  const responses = yield* sendAll(work.active.map(deletePodRequest));
  let failure: string | undefined;
  let deleted = 0;
  for (const [index, response] of responses.entries()) {
    const pod = work.active[index];
    if (pod === undefined) continue;
    yield* recordDeletion(job, pod, response);
    if (!isSuccess(response) && response.code !== 404) {
      failure ??= whyRefused(response);
      continue;
    }
    deleted += 1;
    if (isReady(pod)) work.ready -= 1;
  }
  work.terminating += deleted;
  return { active: work.active.length - deleted, deleted, failure };
}

/** The failed pods that must stay until their successor carries their count on. */
export function delayedPods(work: JobWork, failed: readonly Pod[]): ReadonlyMap<number, Pod> {
  const found = new Map<number, Pod>();
  if (!hasLimitPerIndex(work.job)) return found;
  const activeIndexes = new Set(work.active.map(indexOf));
  for (const pod of failed) {
    const index = validIndexOf(pod, work.job);
    if (index === undefined || activeIndexes.has(index)) continue;
    if (work.succeededIndexes.has(index) || work.failedIndexes?.has(index) === true) continue;
    const former = found.get(index);
    const isLater =
      former === undefined ||
      countAnnotated(pod, FAILURE_COUNT_ANNOTATION) >= countAnnotated(former, FAILURE_COUNT_ANNOTATION);
    if (isLater) found.set(index, pod);
  }
  return found;
}
