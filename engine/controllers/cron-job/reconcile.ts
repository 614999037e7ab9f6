// After kubernetes v1.36 pkg/controller/cronjob/cronjob_controllerv2.go, utils.go; time zones: see zone.ts.
import type { CronJob, Job, ObjectReference } from "../../api/generated/types.ts";
import { controllerOf } from "../../api/object.ts";
import { createRequest, deleteRequest, getRequest, updateRequest } from "../../client/requests.ts";
import { type Controller, watch } from "../controller.ts";
import { dateOf, parseDate, printDate } from "../dates.ts";
import { edit } from "../edit.ts";
import { controllerReference, isNamespaceTerminating, type OwnerKind } from "../pod-control.ts";
import { isDeleting } from "../pods.ts";
import {
  again,
  DONE,
  isSuccess,
  objectOf,
  recordEvent,
  retry,
  send,
  type Situation,
  type Sync,
  tell,
  whyRefused,
} from "../sync.ts";
import { cronJobs, jobs } from "../watched.ts";
import { nextTime, parseSchedule, type Schedule } from "./schedule.ts";
import { UTC, type Zone, zoneNamed } from "./zone.ts";

const CRON_JOB: OwnerKind = { apiVersion: "batch/v1", kind: "CronJob" };

/** Source: cronjob_controllerv2.go nextScheduleDelta: a little later than due, so that it is surely due. */
export const SCHEDULE_DELTA_MILLIS = 100;

/** Starts Jobs by the clock. */
export const cronJob: Controller<null> = {
  name: "cron-job",
  identity: "cronjob-controller",
  workers: 5,
  memory: null,
  watches: [
    watch(cronJobs, ({ before, after, key }, situation) => {
      const isRescheduled =
        before !== undefined &&
        after !== undefined &&
        (before.spec.schedule !== after.spec.schedule || before.spec.timeZone !== after.spec.timeZone);
      const clock = isRescheduled ? clockOf(after) : undefined;
      if (!isRescheduled || clock === undefined || typeof clock === "string") return { wishes: [key] };
      const date = dateOf(situation);
      const next = nextTime(clock.schedule, date, clock.zone) ?? date;
      return { wishes: [{ key, afterMillis: next + SCHEDULE_DELTA_MILLIS - date }] };
    }),
    watch(jobs, ({ before, after }) => ({ wishes: [...new Set([...ownersOf(before), ...ownersOf(after)])] })),
  ],
  sync: syncCronJob,
};

function ownersOf(job: Job | undefined): readonly string[] {
  const reference = job === undefined ? undefined : controllerOf(job);
  return reference?.kind === "CronJob" ? [`${job?.metadata.namespace ?? ""}/${reference.name}`] : [];
}

interface Clock {
  readonly schedule: Schedule;
  readonly zone: Zone;
}

/** The schedule and its zone, or what is wrong with either. */
function clockOf(cron: CronJob): Clock | string {
  const { schedule, timeZone } = cron.spec;
  const zone = timeZone === undefined ? UTC : zoneNamed(timeZone);
  if (zone === undefined) return `invalid timeZone: "${timeZone ?? ""}": not modelled: time zone ${timeZone ?? ""}`;
  const parsed = parseSchedule(schedule);
  return typeof parsed === "string" ? `unparseable schedule: "${schedule}" : ${parsed}` : { schedule: parsed, zone };
}

/** One sync; `cron` carries the changes of the status made so far. */
interface Work {
  cron: CronJob;
  isChanged: boolean;
  readonly date: number;
}

type Next = number | undefined | { readonly failure: string };

function* syncCronJob(key: string, situation: Situation<null>): Sync {
  const { lister } = situation;
  const found = lister.get(cronJobs, key);
  if (found === undefined) return DONE;
  const { uid = "", namespace = "", name = "" } = found.metadata;
  const children = lister.by(jobs, "controller", uid);
  const work: Work = { cron: found, isChanged: false, date: dateOf(situation) };
  yield* cleanUp(work, children);
  const next = yield* workOn(work, children);
  if (work.isChanged) {
    const target = { resource: cronJobs.resource, namespace, name, subresource: "status" };
    const response = yield* send(updateRequest(target, { ...CRON_JOB, ...work.cron }));
    if (!isSuccess(response)) return retry(whyRefused(response));
  }
  if (typeof next === "object") return retry(next.failure);
  if (next !== undefined) yield* again(key, next);
  return DONE;
}

function finishedType(job: Job): string | undefined {
  return job.status?.conditions?.find(
    ({ type, status }) => (type === "Complete" || type === "Failed") && status === "True",
  )?.type;
}

/** Deletes finished jobs beyond the history limits, the oldest first. */
function* cleanUp(work: Work, children: readonly Job[]): Sync<void> {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = work.cron.spec;
  for (const [type, limit] of [
    ["Complete", successfulJobsHistoryLimit],
    ["Failed", failedJobsHistoryLimit],
  ] as const) {
    if (limit === undefined) continue;
    const finished = children
      .filter((job) => finishedType(job) === type)
      .toSorted((one, other) => (parseDate(one.status?.startTime) ?? 0) - (parseDate(other.status?.startTime) ?? 0));
    for (const job of finished.slice(0, Math.max(0, finished.length - limit))) yield* deleteJob(work, job);
  }
}

function* deleteJob(work: Work, job: Job): Sync<boolean> {
  const { namespace = "", name = "", uid } = job.metadata;
  const target = { resource: jobs.resource, namespace, name };
  const response = yield* send(deleteRequest(target, { propagationPolicy: "Background" }));
  if (!isSuccess(response)) {
    const message = `Deleted job: ${whyRefused(response)}`;
    yield* recordEvent({ object: work.cron, type: "Warning", reason: "FailedDelete", message });
    return false;
  }
  setActive(
    work,
    (work.cron.status?.active ?? []).filter((reference) => reference.uid !== uid),
  );
  yield* recordEvent({ object: work.cron, type: "Normal", reason: "SuccessfulDelete", message: `Deleted job ${name}` });
  work.isChanged = true;
  return true;
}

function setActive(work: Work, active: readonly ObjectReference[]): void {
  const status = edit(work.cron.status ?? {}, { active: active.length === 0 ? undefined : active });
  work.cron = { ...work.cron, status };
}

/** Notes how the jobs are, starts one where it is due, and says when to look again. */
function* workOn(work: Work, children: readonly Job[]): Sync<Next> {
  yield* noteChildren(work, children);
  const missing = yield* dropMissing(work, children);
  if (missing !== undefined) return missing;
  const { cron, date } = work;
  if (isDeleting(cron)) return undefined;
  const clock = clockOf(cron);
  if (typeof clock === "string") {
    const reason = clock.startsWith("invalid timeZone") ? "UnknownTimeZone" : "UnparseableSchedule";
    yield* recordEvent({ object: cron, type: "Warning", reason, message: clock });
    return undefined;
  }
  if (cron.spec.suspend === true) return undefined;
  const due = mostRecent(cron, clock, { date, honoursDeadline: true });
  const wait = (): number => waitMillis(work.cron, clock, date);
  if (due.time === undefined) return wait();
  if (due.isTooMany) {
    const message = "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew";
    yield* recordEvent({ object: cron, type: "Warning", reason: "TooManyMissedTimes", message });
  }
  const { startingDeadlineSeconds } = cron.spec;
  if (startingDeadlineSeconds !== undefined && due.time + startingDeadlineSeconds * 1000 < date) {
    const message = `Missed scheduled time to start a job: ${printDate(due.time)}`;
    yield* recordEvent({ object: cron, type: "Warning", reason: "MissSchedule", message });
    return wait();
  }
  return yield* start(work, due.time, wait);
}

function* noteChildren(work: Work, children: readonly Job[]): Sync<void> {
  for (const job of children) {
    const active = work.cron.status?.active ?? [];
    const isListed = active.some(({ uid }) => uid === job.metadata.uid);
    const finished = finishedType(job);
    const { name = "" } = job.metadata;
    if (!isListed && finished === undefined) {
      yield* wonderAt(work, job);
    } else if (isListed && finished !== undefined) {
      setActive(
        work,
        active.filter(({ uid }) => uid !== job.metadata.uid),
      );
      work.isChanged = true;
      const message = `Saw completed job: ${name}, condition: ${finished}`;
      yield* recordEvent({ object: work.cron, type: "Normal", reason: "SawCompletedJob", message });
    } else if (finished === "Complete") noteSuccess(work, job);
  }
}

/** A job that is not on the list: it may have been put there meanwhile. */
function* wonderAt(work: Work, job: Job): Sync<void> {
  const { namespace = "", name = "", uid } = job.metadata;
  const target = { resource: cronJobs.resource, namespace, name: work.cron.metadata.name ?? "" };
  const fresh = yield* send(getRequest(target));
  const latest = isSuccess(fresh) ? objectOf<CronJob>(fresh) : undefined;
  if (latest?.status?.active?.some((reference) => reference.uid === uid) === true) {
    work.cron = latest;
    return;
  }
  const message = `Saw a job that the controller did not create or forgot: ${name}`;
  yield* recordEvent({ object: work.cron, type: "Warning", reason: "UnexpectedJob", message });
}

function noteSuccess(work: Work, job: Job): void {
  const { completionTime } = job.status ?? {};
  const { lastSuccessfulTime } = work.cron.status ?? {};
  if (completionTime === undefined) return;
  if (lastSuccessfulTime !== undefined && (parseDate(completionTime) ?? 0) <= (parseDate(lastSuccessfulTime) ?? 0))
    return;
  work.cron = { ...work.cron, status: { ...work.cron.status, lastSuccessfulTime: completionTime } };
  work.isChanged = true;
}

function* dropMissing(work: Work, children: readonly Job[]): Sync<{ readonly failure: string } | undefined> {
  for (const reference of work.cron.status?.active ?? []) {
    if (children.some(({ metadata }) => metadata.uid === reference.uid)) continue;
    const target = { resource: jobs.resource, namespace: reference.namespace ?? "", name: reference.name ?? "" };
    const response = yield* send(getRequest(target));
    if (isSuccess(response)) continue;
    if (response.code !== 404) return { failure: whyRefused(response) };
    const message = `Active job went missing: ${reference.name ?? ""}`;
    yield* recordEvent({ object: work.cron, type: "Normal", reason: "MissingJob", message });
    setActive(
      work,
      (work.cron.status?.active ?? []).filter(({ uid }) => uid !== reference.uid),
    );
    work.isChanged = true;
  }
  return undefined;
}

function* start(work: Work, time: number, wait: () => number): Sync<Next> {
  const { cron } = work;
  const { namespace = "" } = cron.metadata;
  const job = jobOf(cron, time);
  const active = cron.status?.active ?? [];
  const isProcessed =
    active.some(({ name }) => name === job.metadata.name) || parseDate(cron.status?.lastScheduleTime) === time;
  if (isProcessed) return wait();
  if (cron.spec.concurrencyPolicy === "Forbid" && active.length > 0) {
    const message = "Not starting job because prior execution is running and concurrency policy is Forbid";
    yield* recordEvent({ object: cron, type: "Normal", reason: "JobAlreadyActive", message });
    return wait();
  }
  if (cron.spec.concurrencyPolicy === "Replace") {
    const stuck = yield* stopActive(work, namespace);
    if (stuck !== undefined) return stuck;
  }
  const response = yield* send(createRequest({ resource: jobs.resource, namespace }, job));
  if (isNamespaceTerminating(response)) return { failure: whyRefused(response) };
  if (!isSuccess(response) && response.code !== 409) {
    const message = `Error creating job: ${whyRefused(response)}`;
    yield* recordEvent({ object: cron, type: "Warning", reason: "FailedCreate", message });
    return { failure: whyRefused(response) };
  }
  yield* listAsActive(work, { job, time, created: isSuccess(response) ? objectOf<Job>(response) : undefined });
  return wait();
}

function* stopActive(work: Work, namespace: string): Sync<{ readonly failure: string } | undefined> {
  for (const { name = "" } of work.cron.status?.active ?? []) {
    const found = yield* send(getRequest({ resource: jobs.resource, namespace, name }));
    if (!isSuccess(found)) return { failure: whyRefused(found) };
    if (!(yield* deleteJob(work, objectOf<Job>(found))))
      return { failure: `could not replace job ${namespace}/${name}` };
  }
  return undefined;
}

function* listAsActive(
  work: Work,
  { job, time, created }: { readonly job: Job; readonly time: number; readonly created: Job | undefined },
): Sync<void> {
  const { namespace = "", name = "" } = job.metadata;
  const found =
    created ??
    objectOf<Job>(
      yield* send(getRequest({ resource: jobs.resource, namespace: work.cron.metadata.namespace ?? namespace, name })),
    );
  if (created !== undefined) {
    yield* tell({ reason: "CronJobDue", object: { kind: "Job", name }, facts: { scheduled: printDate(time) } });
    yield* recordEvent({
      object: work.cron,
      type: "Normal",
      reason: "SuccessfulCreate",
      message: `Created job ${name}`,
    });
  }
  const { uid = "", resourceVersion = "" } = found.metadata;
  const reference = {
    kind: "Job",
    namespace: work.cron.metadata.namespace ?? "",
    name,
    uid,
    apiVersion: "batch/v1",
    resourceVersion,
  };
  setActive(work, [...(work.cron.status?.active ?? []), reference]);
  work.cron = { ...work.cron, status: { ...work.cron.status, lastScheduleTime: printDate(time) } };
  work.isChanged = true;
}

function jobOf(cron: CronJob, time: number): Job {
  const { name = "", namespace = "" } = cron.metadata;
  const { metadata, spec } = cron.spec.jobTemplate;
  const annotations = { ...metadata?.annotations, "batch.kubernetes.io/cronjob-scheduled-timestamp": printDate(time) };
  return {
    kind: "Job",
    apiVersion: "batch/v1",
    metadata: {
      name: `${name}-${Math.floor(time / 60_000)}`,
      namespace,
      ...(metadata?.labels === undefined ? {} : { labels: metadata.labels }),
      annotations,
      ownerReferences: [controllerReference(cron, CRON_JOB)],
    },
    spec,
    status: {},
  } as Job;
}

interface Due {
  readonly earliest: number;
  readonly time: number | undefined;
  readonly isTooMany: boolean;
  readonly hasMissed: boolean;
}

/** Source: utils.go mostRecentScheduleTime: more than 100 missed starts are worth a warning. */
const MISSED_MAX = 100;

/** The last time at which the job should have started and has not. */
function mostRecent(
  cron: CronJob,
  { schedule, zone }: Clock,
  when: { readonly date: number; readonly honoursDeadline: boolean },
): Due {
  const { date, honoursDeadline } = when;
  let earliest = parseDate(cron.status?.lastScheduleTime) ?? parseDate(cron.metadata.creationTimestamp) ?? 0;
  const deadline = cron.spec.startingDeadlineSeconds;
  if (honoursDeadline && deadline !== undefined) earliest = Math.max(earliest, date - deadline * 1000);
  const none = { earliest, time: undefined, isTooMany: false, hasMissed: false };
  const first = nextTime(schedule, earliest, zone);
  if (first === undefined || date < first) return none;
  const second = nextTime(schedule, first, zone);
  if (second === undefined || date < second) return { ...none, time: first };
  const interval = Math.max(1000, second - first);
  const missed = Math.floor((date - first) / interval) + 1;
  let time: number | undefined;
  let candidate = nextTime(schedule, first + (missed - 2) * interval, zone);
  while (candidate !== undefined && candidate <= date) {
    time = candidate;
    candidate = nextTime(schedule, candidate, zone);
  }
  return { earliest, time, isTooMany: missed > MISSED_MAX, hasMissed: true };
}

function waitMillis(cron: CronJob, clock: Clock, date: number): number {
  const due = mostRecent(cron, clock, { date, honoursDeadline: false });
  const base = due.time ?? (due.hasMissed ? date : due.earliest);
  const next = nextTime(clock.schedule, base, clock.zone) ?? date;
  return next + SCHEDULE_DELTA_MILLIS - date;
}
