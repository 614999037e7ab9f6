// After cli-runtime pkg/resource/visitor.go, selector.go, helper.go: fetches what a selection names, one object after another.
import { goQuote } from "../api/go-quote.ts";
import { pathOf, resourceText, type Each, type Info } from "./info.ts";
import { collectionPath } from "./mapping.ts";
import type { ResourceMapping } from "./resource-mapping.ts";
import { failureOf, failureOfResponse, messageOf, reasonOf, together, thrown, type Failure } from "./failure.ts";
import { at, fields, rowsAt, text, textAt, type Fields } from "./json.ts";
import { documentsOf } from "./documents.ts";
import { planOf, type Plan, type Selection } from "./selection.ts";
import { exchange, send, type Session, type Talk } from "./talk.ts";
import { matchesLabels } from "./labels.ts";

/** Calls `each` for every object; with `continueOnError` what fails is gathered and thrown at the end. */
export function* visit(session: Session, selection: Selection, each: Each): Talk<Plan> {
  const plan = yield* planOf(session, selection);
  const failures: Failure[] = [];
  const guarded = selection.continueOnError === true ? guard(each, failures) : each;
  switch (plan.kind) {
    case "paths":
      yield* documentsOf(
        session,
        { ...selection, filenames: plan.paths },
        withLatest(session, selection, filtered(plan, guarded)),
        failures,
      );
      break;
    case "lists":
      yield* visitLists(session, { selection, plan, failures }, guarded);
      break;
    case "named":
      yield* visitNamed(session, { selection, plan, failures }, guarded);
      break;
  }
  const failure = together(failures);
  if (failure !== undefined) throw thrown(failure);
  return plan;
}

/** All objects of a selection; the failure of what could not be fetched comes beside them. */
export interface Gathered {
  readonly infos: readonly Info[];
  readonly failure: Failure | undefined;
  /** The line names exactly one object. */
  readonly single: boolean;
}

export function* gather(session: Session, selection: Selection): Talk<Gathered> {
  const infos: Info[] = [];
  try {
    const plan = yield* visit(session, selection, function* collect(info) {
      infos.push(info);
    });
    return { infos, failure: undefined, single: plan.kind !== "lists" && plan.single };
  } catch (caught) {
    return { infos, failure: failureOf(caught), single: false };
  }
}

/** All objects of a selection, or its failure thrown. */
export function* infosOf(session: Session, selection: Selection): Talk<readonly Info[]> {
  const gathered = yield* gather(session, selection);
  if (gathered.failure !== undefined) throw thrown(gathered.failure);
  return gathered.infos;
}

function guard(each: Each, failures: Failure[]): Each {
  return function* guarded(info) {
    try {
      yield* each(info);
    } catch (caught) {
      const failure = failureOf(caught);
      if (failure.kind === "plain") throw caught;
      failures.push(failure);
    }
  };
}

function filtered(plan: Extract<Plan, { readonly kind: "paths" }>, each: Each): Each {
  const { labelSelector } = plan;
  if (labelSelector === undefined || labelSelector === "") return each;
  return function* matching(info) {
    if (matchesLabels(labelSelector, fields(at(info.object, "metadata", "labels")))) yield* each(info);
  };
}

function withLatest(session: Session, selection: Selection, each: Each): Each {
  if (selection.latest !== true) return each;
  return function* latest(info) {
    const response = yield* send(session, {
      method: "GET",
      path: pathOf(info, selection.subresource),
      ...tableHeaders(selection),
    });
    yield* each({ ...info, object: response.body as Fields });
  };
}

interface Visiting<Kind extends Plan["kind"]> {
  readonly selection: Selection;
  readonly plan: Extract<Plan, { readonly kind: Kind }>;
  readonly failures: Failure[];
}

function* visitNamed(session: Session, visiting: Visiting<"named">, each: Each): Talk<void> {
  const { selection, plan, failures } = visiting;
  for (const object of plan.objects) {
    const info: Info = { ...object, source: "", object: {} };
    if (selection.unfetched === true) {
      yield* each(info);
      continue;
    }
    const request = { method: "GET", path: pathOf(object, selection.subresource), ...tableHeaders(selection) } as const;
    const response = yield* exchange(session, request);
    if (response.code < 400) {
      yield* each({ ...info, object: response.body as Fields });
      continue;
    }
    const failure = failureOfResponse(response.code, response.body);
    if (selection.continueOnError !== true) throw thrown(failure);
    failures.push(failure);
  }
}

const TABLE_ACCEPT =
  "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

/** The headers and query that ask for a table. */
export function tableHeaders(selection: Selection): {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
} {
  if (selection.table === undefined) return {};
  const headers = { accept: TABLE_ACCEPT };
  return selection.table === "objects" ? { headers, query: { includeObject: "Object" } } : { headers };
}

function* visitLists(session: Session, visiting: Visiting<"lists">, each: Each): Talk<void> {
  const { selection, plan, failures } = visiting;
  for (const mapping of plan.mappings) {
    try {
      yield* visitList(session, { mapping, selection, plan }, each);
    } catch (caught) {
      const failure = failureOf(caught);
      if (selection.continueOnError !== true || failure.kind === "unreachable") throw caught;
      failures.push(failure);
    }
  }
}

interface Listing {
  readonly mapping: ResourceMapping;
  readonly selection: Selection;
  readonly plan: Extract<Plan, { readonly kind: "lists" }>;
}

/** Source: kubectl, --chunk-size: "Return large lists in chunks rather than all at once". */
const CHUNK_SIZE = 500;

function* visitList(session: Session, listing: Listing, each: Each): Talk<void> {
  const { mapping, selection, plan } = listing;
  const namespace = mapping.namespaced ? selection.namespace : "";
  let next = "";
  do {
    const extra = tableHeaders(selection);
    const query: Record<string, string> = { ...extra.query };
    if (plan.labelSelector !== "") query["labelSelector"] = plan.labelSelector;
    if (plan.fieldSelector !== "") query["fieldSelector"] = plan.fieldSelector;
    const limit = selection.chunkSize ?? CHUNK_SIZE;
    if (limit > 0) query["limit"] = String(limit);
    if (next !== "") query["continue"] = next;
    const response = yield* exchange(session, {
      ...extra,
      method: "GET",
      path: collectionPath(mapping, namespace),
      query,
    });
    if (response.code >= 400) throw thrown(listFailure(listing, failureOfResponse(response.code, response.body)));
    const body = response.body as Fields;
    next = textAt(body, "metadata", "continue");
    yield* eachItem({ mapping, namespace, body }, each);
  } while (next !== "");
}

function* eachItem(
  page: { readonly mapping: ResourceMapping; readonly namespace: string; readonly body: Fields },
  each: Each,
): Talk<void> {
  const { mapping, namespace, body } = page;
  if (body["kind"] === "Table") {
    yield* each({ mapping, namespace, name: "", source: "", object: body });
    return;
  }
  const apiVersion = text(body["apiVersion"]);
  for (const item of rowsAt(body, "items")) {
    const object = item["kind"] === undefined ? { apiVersion, kind: mapping.kind, ...item } : item;
    yield* each({
      mapping,
      namespace: textAt(item, "metadata", "namespace"),
      name: textAt(item, "metadata", "name"),
      source: "",
      object,
    });
  }
}

function listFailure(listing: Listing, failure: Failure): Failure {
  if (failure.kind !== "status" || !["BadRequest", "NotFound"].includes(reasonOf(failure))) return failure;
  const { labelSelector, fieldSelector } = listing.plan;
  const what = goQuote(resourceText(listing.mapping));
  const message =
    labelSelector === "" && fieldSelector === ""
      ? `Unable to list ${what}: ${messageOf(failure)}`
      : `Unable to find ${what} that match label selector ${goQuote(labelSelector)}, field selector ${goQuote(fieldSelector)}: ${messageOf(failure)}`;
  return { kind: "status", status: { ...failure.status, message } };
}
