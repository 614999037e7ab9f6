// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/endpoints/handlers/get.go; not modelled: quorum reads (the one API server hears of every write before its writer does).
import type { KubernetesObject } from "../api/object.ts";
import type { Status } from "../api/status.ts";
import type { ApiResponse } from "../api/wire.ts";
import { shapeOf } from "./accept.ts";
import { findObject } from "./objects.ts";
import { type Call, type ServerState, timeOf } from "./state.ts";
import { versionProblem as problemOf } from "./resource-version.ts";
import { answerStatus, notFound } from "./failure.ts";
import { pageOf } from "./page.ts";
import type { Served } from "./served.ts";
import { isStatus, selectionOf } from "./selection.ts";
import { shownObject } from "./shown.ts";
import { partialOf, tableOf } from "./table.ts";
import { withWarnings } from "./warning-header.ts";

export function missing(call: Call): ApiResponse {
  const { group, plural } = call.served.strategy.resource;
  return answerStatus(notFound({ group, resource: plural }, call.info.name));
}

export function readOne(state: ServerState, call: Call): ApiResponse {
  const problem = readProblem(call, state);
  if (problem !== undefined) return answerStatus(problem);
  const object = findObject(state, call);
  if (object === undefined) return missing(call);
  return answerObject(call, { code: 200, object });
}

/** An answer that carries one object, in the shape that was asked for. */
export function answerObject(
  call: Call,
  answer: { readonly code: number; readonly object: KubernetesObject },
): ApiResponse {
  const { request } = call.exchange;
  const { served } = call;
  const shape = shapeOf(request.headers?.["accept"]);
  const object = shownObject(answer.object, served);
  const headers = withWarnings(call.warnings);
  if (isStatus(shape)) return answerStatus(shape);
  switch (shape.kind) {
    case "object":
      return { code: answer.code, body: object, ...headers };
    case "metadata":
      return { code: answer.code, body: partialOf(object), ...headers };
    case "table": {
      const view = { now: timeOf(call.moment), include: includeOf(request.query) };
      return { code: answer.code, body: tableOf([object], served, view), ...headers };
    }
  }
}

export function includeOf(query: Readonly<Record<string, string>> | undefined): "Metadata" | "Object" | "None" {
  const include = query?.["includeObject"];
  return include === "Object" || include === "None" ? include : "Metadata";
}

/** A revision that has not come yet cannot be read. Source: apiserver/pkg/storage/errors.go NewTooLargeResourceVersionError. */
function readProblem(call: Call, state: ServerState): Status | undefined {
  const text = call.exchange.request.query?.["resourceVersion"] ?? "";
  if (text === "" || text === "0") return undefined;
  return problemOf(text, state.revision);
}

interface FlowSchemaView {
  readonly matchingPrecedence?: number;
}

/** Flow schemas are shown in the order in which they are tried. Source: kubernetes pkg/printers/internalversion/printers.go printFlowSchemaList. */
function inTableOrder(items: readonly KubernetesObject[], served: Served): readonly KubernetesObject[] {
  if (served.prefix !== "flowschemas") return items;
  const precedence = (object: KubernetesObject): number =>
    (object.spec as FlowSchemaView | undefined)?.matchingPrecedence ?? 0;
  return items.toSorted((one, other) => precedence(one) - precedence(other));
}

export function readList(state: ServerState, call: Call): ApiResponse {
  const { served, info, exchange } = call;
  const { query, headers } = exchange.request;
  const selection = selectionOf(query, info, served);
  if (isStatus(selection)) return answerStatus(selection);
  const shape = shapeOf(headers?.["accept"]);
  if (isStatus(shape)) return answerStatus(shape);
  const page = pageOf(state, { served, selection, query });
  if (isStatus(page)) return answerStatus(page);
  const { items, metadata } = page;
  const { listKind } = served.strategy.resource;
  const warned = withWarnings(call.warnings);
  switch (shape.kind) {
    case "object":
      return { code: 200, body: { kind: listKind, apiVersion: served.apiVersion, metadata, items }, ...warned };
    case "metadata": {
      const body = {
        kind: "PartialObjectMetadataList",
        apiVersion: "meta.k8s.io/v1",
        metadata,
        items: items.map(partialOf),
      };
      return { code: 200, body, ...warned };
    }
    case "table": {
      const view = { now: timeOf(call.moment), include: includeOf(query), metadata };
      return { code: 200, body: tableOf(inTableOrder(items, served), served, view), ...warned };
    }
  }
}
