import type { Job, JobCondition, JobStatus, Pod } from "../../api/generated/types.ts";
import type { Millis } from "../../kernel/process.ts";
import type { SortedMap } from "../../kernel/sorted-map.ts";
import type { OwnerKind } from "../pod-control.ts";
import type { Expectations } from "../expectations.ts";
import { printDate } from "../dates.ts";
import { edit } from "../edit.ts";
import type { BackoffRecord } from "./failure.ts";

/** What the job controller keeps beside its caches. */
export interface JobMemory {
  readonly expectations: Expectations;
  readonly backoff: SortedMap<string, BackoffRecord>;
  /** Pods from which the tracking finalizer was taken, until that is seen: by job, then by uid. */
  readonly finalizers: SortedMap<string, SortedMap<string, true>>;
}

export const JOB: OwnerKind = { apiVersion: "batch/v1", kind: "Job" };
export const TRACKING_FINALIZER = "batch.kubernetes.io/job-tracking";

/** One sync of a job; `job` carries the changes made so far, as upstream's deep copy does. */
export interface JobWork {
  readonly key: string;
  job: Job;
  readonly pods: readonly Pod[];
  readonly active: readonly Pod[];
  readonly date: number;
  readonly now: Millis;
  readonly isSatisfied: boolean;
  /** Pods whose finalizer is being taken off. */
  readonly released: SortedMap<string, true>;
  readonly uncounted: { readonly succeeded: readonly string[]; readonly failed: readonly string[] };
  ready: number;
  terminating: number;
  succeeded: number;
  failed: number;
  record: BackoffRecord;
  finished: JobCondition | undefined;
  /** For indexed jobs: what the status says, and with the pods that are now over. */
  formerSucceeded: ReadonlySet<number>;
  succeededIndexes: ReadonlySet<number>;
  failedIndexes: ReadonlySet<number> | undefined;
  /** The failed pods that stay until their successor is there, by index. */
  delayed: ReadonlyMap<number, Pod>;
}

export function statusOf(work: JobWork): JobStatus {
  return work.job.status ?? {};
}

/** Changes fields of the status; undefined takes a field out. */
export function setStatus(
  work: JobWork,
  fields: { readonly [Key in keyof JobStatus]?: JobStatus[Key] | undefined },
): void {
  work.job = { ...work.job, status: edit(statusOf(work), fields) };
}

export function conditionOf(job: Job, type: string): JobCondition | undefined {
  return job.status?.conditions?.find((condition) => condition.type === type);
}

export function conditionAt(
  work: Pick<JobWork, "date">,
  said: { readonly type: string; readonly status?: string; readonly reason: string; readonly message: string },
): JobCondition {
  const now = printDate(work.date);
  const { type, status = "True", reason, message } = said;
  return { type, status, lastProbeTime: now, lastTransitionTime: now, reason, message };
}

/** Sets a condition; false where it is so already. A condition that is not there is not added as False. */
export function ensureCondition(work: JobWork, condition: JobCondition): boolean {
  const conditions = statusOf(work).conditions ?? [];
  const index = conditions.findIndex(({ type }) => type === condition.type);
  const former = conditions[index];
  if (former === undefined) {
    if (condition.status === "False") return false;
    setStatus(work, { conditions: [...conditions, condition] });
    return true;
  }
  if (
    former.status === condition.status &&
    former.reason === condition.reason &&
    former.message === condition.message
  ) {
    return false;
  }
  setStatus(work, { conditions: conditions.with(index, condition) });
  return true;
}

export function isTracked(pod: Pod): boolean {
  return (pod.metadata.finalizers ?? []).includes(TRACKING_FINALIZER);
}

export function isSuspended(job: Job): boolean {
  return job.spec?.suspend === true;
}

export function isFinished(job: Job): boolean {
  return (job.status?.conditions ?? []).some(
    ({ type, status }) => (type === "Complete" || type === "Failed") && status === "True",
  );
}
