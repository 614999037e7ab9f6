// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/storage/errors.go and api_object_versioner.go.
import type { Status } from "../api/status.ts";

/** What is wrong with a resourceVersion that a client asks for. */
export function versionProblem(text: string, revision: number): Status | undefined {
  const wanted = Number(text);
  if (!Number.isSafeInteger(wanted) || wanted < 0 || text.trim() !== text) {
    const message = `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      reason: "BadRequest",
      code: 400,
    };
  }
  if (wanted <= revision) return undefined;
  const message = `Too large resource version: ${text}, current: ${String(revision)}`;
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: `Timeout: ${message}`,
    reason: "Timeout",
    details: {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    },
    code: 504,
  };
}
