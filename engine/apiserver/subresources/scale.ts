// After kubernetes v1.36 pkg/registry/apps/deployment/storage/storage.go ScaleREST and its like.
import type { Scale } from "../../api/generated/types.ts";
import { applyJsonPatch, type JsonPatchOperation } from "../../api/json-patch.ts";
import { applyMergePatch } from "../../api/merge-patch.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { ageOf } from "../../api/time.ts";
import { shapeOf } from "../accept.ts";
import { readBody, readValue } from "../body.ts";
import { answerStatus, badRequest, conflict, OPTIMISTIC_LOCK_MESSAGE, unsupportedMediaType } from "../failure.ts";
import { findObject } from "../objects.ts";
import { missing } from "../read.ts";
import { invalid } from "../registry/field-error.ts";
import { invalidStatus } from "../registry/status-error.ts";
import type { ScaleAccess } from "../registry/strategy.ts";
import { scaleOf } from "../scale-object.ts";
import { isStatus } from "../selection.ts";
import { type Call, respond, timeOf, type Turn } from "../state.ts";
import { partialOf } from "../table.ts";
import { updateFrom } from "../update.ts";

const EXPECTED = { apiVersion: "autoscaling/v1", kind: "Scale", schema: "Scale" } as const;

/** GET, PUT and PATCH of `…/scale`. */
export function handleScale(turn: Turn, call: Call, access: ScaleAccess): void {
  const { exchange, info } = call;
  const old = findObject(turn.state, call);
  if (old === undefined) return respond(turn, exchange, missing(call));
  const scale = scaleOf(old, access);
  if (info.verb === "get")
    return respond(turn, exchange, { code: 200, body: shownScale(call, scale, access.statusReplicas(old)) });
  const wanted = info.verb === "update" ? readBody(call, EXPECTED) : patched(call, scale);
  if (wanted.kind === "refused") return respond(turn, exchange, answerStatus(wanted.status));
  rescale(turn, call, { old, access, wanted: wanted.object as unknown as Scale });
}

/** Source: kubernetes pkg/printers/internalversion/printers.go printScale. */
function shownScale(call: Call, scale: KubernetesObject, available: number): object {
  const shape = shapeOf(call.exchange.request.headers?.["accept"]);
  if (isStatus(shape) || shape.kind !== "table") return scale;
  const desired = (scale.spec as { readonly replicas?: number }).replicas ?? 0;
  const cells = [
    scale.metadata.name ?? "",
    desired,
    available,
    ageOf(scale.metadata.creationTimestamp, timeOf(call.moment)),
  ];
  const metadata = { resourceVersion: scale.metadata.resourceVersion ?? "" };
  const rows = [{ cells, object: partialOf(scale) }];
  return { kind: "Table", apiVersion: "meta.k8s.io/v1", metadata, columnDefinitions: SCALE_COLUMNS, rows };
}

const SCALE_COLUMNS = [
  { name: "Name", type: "string", format: "name", description: "", priority: 0 },
  { name: "Desired", type: "integer", format: "", description: "", priority: 0 },
  { name: "Available", type: "integer", format: "", description: "", priority: 0 },
  { name: "Age", type: "string", format: "", description: "", priority: 0 },
] as const;

function rescale(
  turn: Turn,
  call: Call,
  step: { readonly old: KubernetesObject; readonly access: ScaleAccess; readonly wanted: Scale },
): void {
  const { old, access, wanted } = step;
  const { exchange, info, served } = call;
  const { resourceVersion = "" } = wanted.metadata;
  if (resourceVersion !== "" && resourceVersion !== old.metadata.resourceVersion) {
    const { group, plural } = served.strategy.resource;
    const status = conflict({ group, resource: plural }, info.name, { message: OPTIMISTIC_LOCK_MESSAGE });
    return respond(turn, exchange, answerStatus(status));
  }
  const replicas = (wanted.spec as { readonly replicas?: number } | undefined)?.replicas ?? 0;
  if (replicas < 0) {
    const problem = invalid("spec.replicas", replicas, "must be greater than or equal to 0");
    return respond(
      turn,
      exchange,
      answerStatus(invalidStatus({ group: "autoscaling", kind: "Scale" }, info.name, [problem])),
    );
  }
  const main: Call = { ...call, info: { ...info, subresource: "" } };
  const object = access.withReplicas(old, replicas);
  updateFrom(turn, main, { old, object, operation: "update", as: "scale" });
}

function patched(call: Call, scale: KubernetesObject): ReturnType<typeof readBody> {
  const { body, headers } = call.exchange.request;
  const type = headers?.["content-type"] ?? "";
  if (type.startsWith("application/json-patch+json")) {
    const result = applyJsonPatch(scale, Array.isArray(body) ? (body as readonly JsonPatchOperation[]) : []);
    if (result.kind === "problem") return { kind: "refused", status: badRequest(result.message) };
    return readValue(call, { value: result.value, expected: EXPECTED, known: undefined });
  }
  if (type.startsWith("application/merge-patch+json") || type.startsWith("application/strategic-merge-patch+json")) {
    return readValue(call, { value: applyMergePatch(scale, body), expected: EXPECTED, known: undefined });
  }
  return {
    kind: "refused",
    status: unsupportedMediaType([
      "application/json-patch+json",
      "application/merge-patch+json",
      "application/strategic-merge-patch+json",
      "application/apply-patch+yaml",
    ]),
  };
}
