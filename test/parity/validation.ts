/** Compares what the registry says of bad objects with what a real API server said (recordings of Kubernetes v1.36.2). */
import { readFileSync } from "node:fs";
import type { KubernetesObject } from "../../engine/api/object.ts";
import type { Status } from "../../engine/api/status.ts";
import { create, kindOf, type Outcome } from "./registry.ts";

export interface Comparison {
  readonly id: string;
  /** Absent: equal. */
  readonly difference?: string;
}

interface CreateCase {
  readonly id: string;
  readonly input: unknown;
  readonly api: { readonly code: number; readonly body: unknown; readonly warning?: string; readonly path: string } | null;
}

/** Answers that admission gives, not the registry. */
const OF_ADMISSION = new Set(["sa-missing", "priorityclass-missing", "priority-set", "runtimeclass-missing", "pod-bad-namespace", "pod-namespace-mismatch"]);

export function compareCreates(folder: string): readonly Comparison[] {
  const cases = JSON.parse(readFileSync(`${folder}/create-invalid.json`, "utf8")) as readonly CreateCase[];
  return cases.filter((one) => one.api !== null && typeof one.input === "object" && !OF_ADMISSION.has(one.id)).map(compareCreate);
}

function compareCreate({ id, input, api }: CreateCase): Comparison {
  const body = input as KubernetesObject;
  const resource = kindOf(body);
  if (resource === undefined || api === null) return { id, difference: "no such kind" };
  const outcome = create(resource, body);
  return compare(id, outcome, { code: api.code, body: api.body, warning: api.warning });
}

interface Recorded {
  readonly code: number;
  readonly body: unknown;
  readonly warning: string | undefined;
}

function compare(id: string, outcome: Outcome, recorded: Recorded): Comparison {
  const found = outcome.kind === "stored" ? "accepted" : statusText(outcome.status);
  const expected = recorded.code < 300 ? "accepted" : statusText(recorded.body as Status);
  if (found !== expected) return { id, difference: `expected ${expected}\n   found ${found}` };
  return { id };
}

/** What must be equal: code, reason, message and causes, after masking what the server chooses. */
function statusText(status: Status): string {
  const { code, reason, message, details } = status;
  return mask(JSON.stringify({ code, reason, message, details: sortedDetails(details) }));
}

function sortedDetails(details: Status["details"]): unknown {
  if (details === undefined) return {};
  const { causes, ...rest } = details;
  const sorted = Object.fromEntries(Object.entries(rest).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  return causes === undefined ? sorted : { ...sorted, causes: causes.map(({ reason, message, field }) => ({ reason, message, field })) };
}

function mask(text: string): string {
  return text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uid>").replace(/Bad_[a-z0-9]{5}/g, "Bad_xxxxx");
}

interface UpdateCase {
  readonly id: string;
  readonly create: KubernetesObject;
  readonly patchType: string;
  readonly patch: unknown;
  readonly code: number;
  readonly body: unknown;
  readonly warning?: string;
}

