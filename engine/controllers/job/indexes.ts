// After kubernetes v1.36 pkg/controller/job/indexed_job_utils.go.
import type { Job, Pod } from "../../api/generated/types.ts";

export const INDEX_ANNOTATION = "batch.kubernetes.io/job-completion-index";
export const FAILURE_COUNT_ANNOTATION = "batch.kubernetes.io/job-index-failure-count";
export const IGNORED_COUNT_ANNOTATION = "batch.kubernetes.io/job-index-ignored-failure-count";

export function isIndexed(job: Job): boolean {
  return job.spec?.completionMode === "Indexed";
}

export function hasLimitPerIndex(job: Job): boolean {
  return job.spec?.backoffLimitPerIndex !== undefined;
}

/** The completion index of a pod, or undefined. */
export function indexOf(pod: Pod): number | undefined {
  const text = pod.metadata.annotations?.[INDEX_ANNOTATION];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The index of a pod where it is one of the job's. */
export function validIndexOf(pod: Pod, job: Job): number | undefined {
  const index = indexOf(pod);
  return index !== undefined && index < (job.spec?.completions ?? 0) ? index : undefined;
}

/** `0-2,4` as a set; what lies beyond the completions is dropped. */
export function parseIndexes(text: string | undefined, completions: number): ReadonlySet<number> {
  const found = new Set<number>();
  for (const part of (text ?? "").split(",")) {
    const [first = "", last = first] = part.split("-");
    if (first === "") continue;
    for (let index = Number(first); index <= Number(last) && index < completions; index++) found.add(index);
  }
  return found;
}

/** A set as `0-2,4`; two neighbours are written with a comma, three and more with a dash. */
export function printIndexes(indexes: ReadonlySet<number>): string {
  const sorted = [...indexes].toSorted((one, other) => one - other);
  const parts: string[] = [];
  for (let start = 0; start < sorted.length;) {
    let end = start;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end += 1;
    const first = sorted[start] ?? 0;
    const last = sorted[end] ?? 0;
    if (end === start) parts.push(String(first));
    else parts.push(end === start + 1 ? `${first},${last}` : `${first}-${last}`);
    start = end + 1;
  }
  return parts.join(",");
}

/** The first `count` indexes that nobody works on and that are not over. */
export function firstPending(taken: ReadonlySet<number>, count: number, completions: number): readonly number[] {
  const pending: number[] = [];
  for (let index = 0; index < completions && pending.length < count; index++)
    if (!taken.has(index)) pending.push(index);
  return pending;
}

export function countAnnotated(pod: Pod, annotation: string): number {
  return Number(pod.metadata.annotations?.[annotation] ?? "0") || 0;
}
