// After kubernetes v1.36 staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go.
import type { Status } from "../api/status.ts";
import type { ApiRequest } from "../api/wire.ts";
import { failure } from "./failure.ts";

/** Whether the request asks for everything but the write. */
export function isDryRun(request: ApiRequest): boolean {
  return request.query?.["dryRun"] === "All" || deleteOptionsOf(request)?.dryRun?.includes("All") === true;
}

/** What is wrong with the options of a write. */
export function optionsProblem(request: ApiRequest, kind: string): Status | undefined {
  const { query } = request;
  if (query === undefined) return undefined;
  const dryRun = query["dryRun"] ?? "";
  if (dryRun !== "" && dryRun !== "All") {
    return invalidOptions(kind, {
      field: "dryRun",
      value: dryRun,
      detail: 'supported values: "All"',
      word: "Unsupported value",
      reason: "FieldValueNotSupported",
      list: true,
    });
  }
  const mode = query["fieldValidation"] ?? "";
  if (mode !== "" && mode !== "Ignore" && mode !== "Warn" && mode !== "Strict") {
    const detail = 'supported values: "", "Ignore", "Warn", "Strict"';
    return invalidOptions(kind, {
      field: "fieldValidation",
      value: mode,
      detail,
      word: "Unsupported value",
      reason: "FieldValueNotSupported",
      list: false,
    });
  }
  return undefined;
}

interface OptionProblem {
  readonly field: string;
  readonly value: string;
  readonly detail: string;
  readonly word: string;
  readonly reason: string;
  readonly list: boolean;
}

function invalidOptions(kind: string, problem: OptionProblem): Status {
  const shown = problem.list ? JSON.stringify([problem.value]) : JSON.stringify(problem.value);
  const body = `${problem.word}: ${shown}: ${problem.detail}`;
  return failure(422, "Invalid", {
    message: `${kind}.meta.k8s.io "" is invalid: ${problem.field}: ${body}`,
    details: { group: "meta.k8s.io", kind, causes: [{ reason: problem.reason, message: body, field: problem.field }] },
  });
}

/** meta/v1 DeleteOptions, from the body or the query. */
export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: string;
  readonly orphanDependents?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: readonly string[];
}

export function deleteOptionsOf(request: ApiRequest): DeleteOptions | undefined {
  if (request.method !== "DELETE") return undefined;
  const { body, query = {} } = request;
  if (typeof body === "object" && body !== null) return body;
  const grace = query["gracePeriodSeconds"];
  const policy = query["propagationPolicy"];
  const orphan = query["orphanDependents"];
  return {
    ...(grace === undefined || !Number.isSafeInteger(Number(grace)) ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(policy === undefined ? {} : { propagationPolicy: policy }),
    ...(orphan === undefined ? {} : { orphanDependents: orphan === "true" }),
  };
}

/** The name under which fields are managed: the option, else what stands before the slash of the user agent. Source: handlers/create.go managerOrUserAgent. */
export function fieldManagerOf(request: ApiRequest): string {
  const option = request.query?.["fieldManager"] ?? "";
  if (option !== "") return option;
  const agent = request.headers?.["user-agent"] ?? "";
  const slash = agent.indexOf("/");
  return (slash < 0 ? agent : agent.slice(0, slash)).slice(0, 128);
}
