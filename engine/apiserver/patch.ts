// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go; not modelled: CBOR.
import { applyJsonPatch, JSON_PATCH_OPERATIONS_MAX, type JsonPatchOperation } from "../api/json-patch.ts";
import { applyMergePatch } from "../api/merge-patch.ts";
import type { KubernetesObject } from "../api/object.ts";
import { schemaNamed } from "../api/schema.ts";
import type { Status } from "../api/status.ts";
import { goPrint } from "../api/go-quote.ts";
import { applyStrategicMergePatch } from "../api/strategic-merge-patch.ts";
import { applyObject } from "./apply.ts";
import { expectedOf, jsonProblem, readValue } from "./body.ts";
import { mismatchOfNamespace } from "./create.ts";
import { answerStatus, badRequest, failure, unsupportedMediaType } from "./failure.ts";
import { findObject } from "./objects.ts";
import { optionsProblem } from "./options.ts";
import { missing } from "./read.ts";
import { invalid } from "./registry/field-error.ts";
import { invalidStatus } from "./registry/status-error.ts";
import { isStatus } from "./selection.ts";
import { shownObject } from "./shown.ts";
import { type Call, respond, type Turn } from "./state.ts";
import { updateFrom } from "./update.ts";

const MEDIA_TYPES = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
] as const;

/** PATCH of an object or of a subresource that carries the whole object. */
export function patchObject(turn: Turn, call: Call): void {
  const { exchange, served } = call;
  const problem = optionsProblem(exchange.request, "PatchOptions");
  if (problem !== undefined) return respond(turn, exchange, answerStatus(problem));
  const type = mediaTypeOf(call);
  if (!isPatchType(type)) return respond(turn, exchange, answerStatus(unsupportedPatch()));
  if (served.isCustom && type === MEDIA_TYPES[2]) return respond(turn, exchange, answerStatus(notForCustom()));
  if (type === "application/apply-patch+yaml") return applyObject(turn, call);
  const old = findObject(turn.state, call);
  if (old === undefined) return respond(turn, exchange, missing(call));
  const shown = shownObject(old, served);
  const patched = applyPatch(call, type, shown);
  if (typeof patched === "object" && patched !== null && isStatus(patched))
    return respond(turn, exchange, answerStatus(patched));
  const refuse = (problem: string): Status => undecodable(exchange.request.body, problem);
  const isStrategic = type === "application/strategic-merge-patch+json";
  const reading = { value: patched, expected: expectedOf(served), known: shown, ...(isStrategic ? { refuse } : {}) };
  const body = readValue(call, reading);
  if (body.kind === "refused") return respond(turn, exchange, answerStatus(body.status));
  const mismatch = mismatchOfNamespace(call, body.object);
  const renamed = mismatch === undefined ? renamedStatus(call, body.object) : badRequest(mismatch);
  if (renamed !== undefined) return respond(turn, exchange, answerStatus(renamed));
  updateFrom(turn, call, { old, object: body.object, operation: "update", isPatch: true });
}

/** A strategic patch that makes nonsense is itself what is invalid. Source: patch.go applyPatchToObject. */
function undecodable(patch: unknown, problem: string): Status {
  return invalidStatus({ group: "", kind: "" }, "", [
    invalid("patch", goPrint(spent(patch)), converterProblem(problem)),
  ]);
}

const SET_ORDER = "$setElementOrder/";

/** What is left of a patch after it was applied: ordered lists are taken out on the way. Source: strategicpatch/patch.go mergePatchIntoOriginal. */
function spent(patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const ordered = new Set(
    Object.keys(patch)
      .filter((key) => key.startsWith(SET_ORDER))
      .map((key) => key.slice(SET_ORDER.length)),
  );
  const left = Object.entries(patch).filter(([key]) => !key.startsWith(SET_ORDER) && !ordered.has(key));
  return Object.fromEntries(left.map(([key, value]) => [key, spent(value)]));
}

/** The same trouble in the words of apimachinery/pkg/runtime/converter.go, which reads records and not text. */
function converterProblem(problem: string): string {
  if (problem.startsWith("strict decoding error")) return problem;
  const mismatch = /^json: cannot unmarshal (\w+)(?: \S+)? into .* of type (\S+)$/.exec(problem);
  if (mismatch === null) return `error decoding from json: ${problem}`;
  const [, found = "", wanted = ""] = mismatch;
  if (wanted.startsWith("[]")) return `cannot restore slice from ${found}`;
  if (wanted.startsWith("map[")) return `cannot restore map from ${found}`;
  return wanted.includes(".") ? `cannot restore struct from: ${found}` : `unrecognized type: ${wanted}`;
}

function mediaTypeOf(call: Call): string {
  const header = call.exchange.request.headers?.["content-type"] ?? "";
  const semicolon = header.indexOf(";");
  return (semicolon < 0 ? header : header.slice(0, semicolon)).trim();
}

function isPatchType(type: string): type is (typeof MEDIA_TYPES)[number] {
  return (MEDIA_TYPES as readonly string[]).includes(type);
}

/** Source: golden/c-validation/upd-bad-content-type. */
function unsupportedPatch(): Status {
  return failure(415, "UnsupportedMediaType", { message: "415: Unsupported Media Type", details: {} });
}

/** Source: golden/c-kubectl/058: strategic merge needs the Go type. */
function notForCustom(): Status {
  return unsupportedMediaType(MEDIA_TYPES.filter((type) => type !== MEDIA_TYPES[2]));
}

/** The object after the patch, or why it does not apply. */
function applyPatch(call: Call, type: string, object: KubernetesObject): unknown {
  const { body, text } = call.exchange.request;
  if (body === undefined) return unreadable(type, text ?? "");
  switch (type) {
    case "application/json-patch+json":
      return jsonPatched(body, object);
    case "application/merge-patch+json":
      return isRecord(body) ? applyMergePatch(object, body) : badRequest("error decoding patch: Invalid JSON Patch");
    default:
      return strategicPatched(call, body, object);
  }
}

/** Source: golden/c-kubectl/030 and c-validation/upd-bad-json: only one of the dialects says that it was decoding. */
function unreadable(type: string, text: string): Status {
  const problem = jsonProblem(text);
  return badRequest(type === "application/strategic-merge-patch+json" ? problem : `error decoding patch: ${problem}`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function jsonPatched(body: unknown, object: KubernetesObject): unknown {
  if (!Array.isArray(body)) return badRequest("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
  if (!body.every(isRecord))
    return badRequest("error decoding patch: json: cannot unmarshal into Go value of type jsonpatch.Operation");
  if (body.length > JSON_PATCH_OPERATIONS_MAX) {
    const message = `The allowed maximum operations in a JSON patch is ${String(JSON_PATCH_OPERATIONS_MAX)}, got ${String(body.length)}`;
    return failure(413, "RequestEntityTooLarge", { message });
  }
  const patched = applyJsonPatch(object, body as readonly JsonPatchOperation[]);
  if (patched.kind === "patched") return patched.value;
  return failure(422, "Invalid", {
    message: `the server rejected our request due to an error in our request`,
    details: {},
  });
}

function strategicPatched(call: Call, body: unknown, object: KubernetesObject): unknown {
  const schema = call.served.schema === undefined ? undefined : schemaNamed(call.served.schema);
  if (schema === undefined) return unsupportedPatch();
  if (!isRecord(body))
    return badRequest("error decoding patch: json: cannot unmarshal into Go value of type map[string]interface {}");
  const patched = applyStrategicMergePatch(object, body, schema);
  if (patched.kind === "patched") return patched.value;
  return patched.code === 400 ? badRequest(patched.message) : failure(500, "", { message: patched.message });
}

function renamedStatus(call: Call, object: KubernetesObject): Status | undefined {
  const { name } = call.info;
  if (object.metadata.name === name) return undefined;
  return badRequest(
    `the name of the object (${object.metadata.name ?? ""}) does not match the name on the URL (${name})`,
  );
}
