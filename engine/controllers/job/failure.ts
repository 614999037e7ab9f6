// After kubernetes v1.36 pkg/controller/job/pod_failure_policy.go, backoff_utils.go, success_policy.go.
import type { ContainerStatus, Job, Pod, PodFailurePolicyRule } from "../../api/generated/types.ts";
import { parseDate } from "../dates.ts";
import { isDeleting, isTerminal, phaseOf, podCondition } from "../pods.ts";
import { countAnnotated, FAILURE_COUNT_ANNOTATION, hasLimitPerIndex } from "./indexes.ts";

/** Whether only pods that have failed for good are replaced, and not those on their way out. */
export function replacesOnlyFailed(job: Job): boolean {
  return job.spec?.podReplacementPolicy === "Failed" || job.spec?.podFailurePolicy !== undefined;
}

export function isFailed(pod: Pod, job: Job): boolean {
  if (phaseOf(pod) === "Failed") return true;
  if (replacesOnlyFailed(job)) return false;
  return isDeleting(pod) && phaseOf(pod) !== "Succeeded";
}

/** What the pod failure policy says of a failed pod. */
export interface FailureVerdict {
  readonly action: string | undefined;
  readonly counts: boolean;
  readonly message: string | undefined;
}

export function judgeFailure(job: Job, pod: Pod): FailureVerdict {
  for (const [index, rule] of (job.spec?.podFailurePolicy?.rules ?? []).entries()) {
    const what = matchOf(rule, pod);
    if (what === undefined) continue;
    const { action } = rule;
    const message = action === "FailJob" ? `${what} matching ${action} rule at index ${index}` : undefined;
    return { action, counts: action !== "Ignore", message };
  }
  return { action: undefined, counts: true, message: undefined };
}

function matchOf(rule: PodFailurePolicyRule, pod: Pod): string | undefined {
  const { namespace = "", name = "" } = pod.metadata;
  if (rule.onExitCodes !== undefined) {
    const status = containerWithCode(rule, pod);
    const code = status?.state?.terminated?.exitCode;
    if (status === undefined) return undefined;
    return `Container ${status.name} for pod ${namespace}/${name} failed with exit code ${code}`;
  }
  for (const { type, status = "True" } of rule.onPodConditions ?? []) {
    if (podCondition(pod, type)?.status === status) return `Pod ${namespace}/${name} has condition ${type}`;
  }
  return undefined;
}

function containerWithCode({ onExitCodes }: PodFailurePolicyRule, pod: Pod): ContainerStatus | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  return [...containerStatuses, ...initContainerStatuses].find(({ name, state }) => {
    const code = state?.terminated?.exitCode;
    if (code === undefined || code === 0 || onExitCodes === undefined) return false;
    if (onExitCodes.containerName !== undefined && onExitCodes.containerName !== name) return false;
    return onExitCodes.values.includes(code) === (onExitCodes.operator === "In");
  });
}

/** Whether the index of a failed pod has had its last chance. */
export function isIndexFailed(job: Job, pod: Pod): boolean {
  if (!isFailed(pod, job) || !hasLimitPerIndex(job)) return false;
  const { action, counts } = judgeFailure(job, pod);
  if (action === "FailIndex") return true;
  const failures = countAnnotated(pod, FAILURE_COUNT_ANNOTATION) + (counts ? 1 : 0);
  return failures > (job.spec?.backoffLimitPerIndex ?? 0);
}

/** When a pod was over: when its last container ended, else when it was told to stop, else `otherwise`. */
export function finishedAt(pod: Pod, otherwise: number): number {
  const ends: number[] = [];
  for (const { state } of pod.status?.containerStatuses ?? []) {
    const end = parseDate(state?.terminated?.finishedAt);
    if (end !== undefined) ends.push(end);
  }
  if (ends.length > 0 && ends.length === (pod.status?.containerStatuses ?? []).length) return Math.max(...ends);
  const ready = parseDate(podCondition(pod, "Ready")?.lastTransitionTime);
  if (isTerminal(pod) && ready !== undefined) return ready;
  const deleted = parseDate(pod.metadata.deletionTimestamp);
  if (deleted !== undefined) return deleted - (pod.metadata.deletionGracePeriodSeconds ?? 0) * 1000;
  return otherwise;
}

/** How often a job failed since its last success, and when last. */
export interface BackoffRecord {
  readonly failures: number;
  readonly lastFailure: number | undefined;
}

/** Source: job_controller.go DefaultJobPodFailureBackOff, MaxJobPodFailureBackOff. */
export const FAILURE_BACKOFF_MILLIS = 10_000;
export const FAILURE_BACKOFF_MILLIS_MAX = 600_000;

export function nextRecord(
  former: BackoffRecord | undefined,
  news: { readonly succeeded: readonly Pod[]; readonly failed: readonly Pod[]; readonly date: number },
): BackoffRecord {
  const { succeeded, failed, date } = news;
  const known = former ?? { failures: 0, lastFailure: undefined };
  const failedAt = failed.map((pod) => finishedAt(pod, date)).toSorted((one, other) => one - other);
  if (succeeded.length === 0) {
    if (failedAt.length === 0) return known;
    return { failures: known.failures + failedAt.length, lastFailure: failedAt.at(-1) };
  }
  const lastSuccess = Math.max(...succeeded.map((pod) => finishedAt(pod, date)));
  const after = failedAt.filter((at) => at > lastSuccess);
  return { failures: after.length, lastFailure: after.at(-1) };
}

/** How long to wait before the next try. */
export function remainingMillis(record: BackoffRecord, date: number): number {
  if (record.failures === 0 || record.lastFailure === undefined) return 0;
  let delay = FAILURE_BACKOFF_MILLIS;
  for (let count = 1; count < record.failures && delay < FAILURE_BACKOFF_MILLIS_MAX; count++) delay *= 2;
  const left = Math.min(delay, FAILURE_BACKOFF_MILLIS_MAX) - (date - record.lastFailure);
  return left > 0 ? left : 0;
}

/** The message of the first rule of the success policy that the indexes meet. */
export function successMessage(
  job: Job,
  succeeded: ReadonlySet<number>,
  parse: (text: string) => ReadonlySet<number>,
): string | undefined {
  for (const [index, rule] of (job.spec?.successPolicy?.rules ?? []).entries()) {
    const wanted = rule.succeededIndexes === undefined ? succeeded : parse(rule.succeededIndexes);
    const matching = [...wanted].filter((candidate) => succeeded.has(candidate)).length;
    const needed = rule.succeededCount ?? wanted.size;
    if (matching >= needed && (rule.succeededIndexes !== undefined || rule.succeededCount !== undefined)) {
      return `Matched rules at index ${index}`;
    }
  }
  return undefined;
}

/** With restartPolicy OnFailure the kubelet retries; its restarts count. */
export function isPastLimitOnFailure(job: Job, pods: readonly Pod[]): boolean {
  if (job.spec?.template.spec?.restartPolicy !== "OnFailure") return false;
  let restarts = 0;
  for (const pod of pods) {
    const phase = phaseOf(pod);
    if (phase !== "Running" && phase !== "Pending") continue;
    const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
    for (const { restartCount } of [...initContainerStatuses, ...containerStatuses]) restarts += restartCount;
  }
  const limit = job.spec.backoffLimit ?? 6;
  return limit === 0 ? restarts > 0 : restarts >= limit;
}
