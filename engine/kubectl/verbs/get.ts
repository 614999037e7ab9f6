// After kubectl pkg/cmd/get/get.go; watching is in get-watch.ts.
import { exit, failureOfResponse, refusal, thrown, together, usageRefusal, type Failure } from "../failure.ts";
import { boolFlag, intFlag, isGiven, textFlag } from "../flag-set.ts";
import { at, text, type Fields } from "../json.ts";
import type { ResourceMapping } from "../resource-mapping.ts";
import { printerOf } from "../printers/printer.ts";
import { printTable, type TablePrinter } from "../printers/print-table.ts";
import { relaxedExpression } from "../printers/json-path.ts";
import { hasNoFiles, selectionOf } from "../select-flags.ts";
import type { Selection } from "../selection.ts";
import { sortRows, sortObjects } from "../sorting.ts";
import { TABLE_LAYOUT, tabulate } from "../tabulate.ts";
import { complain, exchange, print, type Session, type Talk } from "../talk.ts";
import { gather } from "../visit.ts";
import type { Info } from "../info.ts";
import { asTable, isHumanReadable, tablePrinterFor } from "./get-table.ts";
import { watchObjects } from "./get-watch.ts";

export function* runGet(session: Session): Talk<number> {
  const { flags } = session;
  const raw = textFlag(flags, "raw");
  if (raw !== "") return yield* getRaw(session, raw);
  validate(session);
  const selection = getSelection(session);
  if (boolFlag(flags, "watch") || boolFlag(flags, "watch-only")) return yield* watchObjects(session, selection);
  return isHumanReadable(session) ? yield* printHuman(session, selection) : yield* printGeneric(session, selection);
}

function validate(session: Session): void {
  const { flags } = session;
  checkRequestTimeout(session);
  const isWatch = boolFlag(flags, "watch") || boolFlag(flags, "watch-only");
  if (boolFlag(flags, "output-watch-events") && !isWatch) {
    throw usageRefusal("kubectl get", "--output-watch-events option can only be used with --watch or --watch-only");
  }
  const human = isHumanReadable(session);
  if (boolFlag(flags, "show-labels") && !human) {
    throw refusal(`--show-labels option cannot be used with ${textFlag(flags, "output")} printer`);
  }
  if (session.args.length === 0 && hasNoFiles(session)) throw typeMissing("get");
}

/** Source: client-go tools/clientcmd ParseTimeout. */
export function checkRequestTimeout(session: Session): void {
  const written = textFlag(session.flags, "request-timeout");
  if (/^\d+$/.test(written) || /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(written)) return;
  throw refusal(
    "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)",
  );
}

/** No type was given. `get` tells more than the others. */
export function typeMissing(verb: string): Error {
  const what = `You must specify the type of resource to ${verb}. Use "kubectl api-resources" for a complete list of supported resources.`;
  if (verb !== "get") return refusal(what);
  const hint =
    'Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).';
  return exit(
    `${what}\n\nerror: Required resource not specified.\n${hint}\nSee 'kubectl get -h' for help and examples`,
  );
}

function getSelection(session: Session): Selection {
  const { flags } = session;
  const sorts = textFlag(flags, "sort-by") !== "";
  return {
    ...selectionOf(session),
    typeMeansAll: true,
    continueOnError: true,
    latest: true,
    chunkSize: isGiven(flags, "chunk-size") ? intFlag(flags, "chunk-size") : 500,
    ...(isHumanReadable(session) ? { table: sorts ? ("objects" as const) : ("metadata" as const) } : {}),
  };
}

function* getRaw(session: Session, raw: string): Talk<number> {
  const [path = "", query = ""] = raw.split("?");
  const parameters = Object.fromEntries(
    query
      .split("&")
      .filter((pair) => pair !== "")
      .map((pair) => {
        const [key = "", value = ""] = pair.split("=");
        return [key, decodeURIComponent(value)] as const;
      }),
  );
  const response = yield* exchange(session, { method: "GET", path, query: parameters });
  if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
  yield* print(typeof response.body === "string" ? response.body : `${JSON.stringify(response.body)}\n`);
  return 0;
}

/** Prints tables, a block for each run of the same resource. */
function* printHuman(session: Session, selection: Selection): Talk<number> {
  const { infos, failure } = yield* gather(session, selection);
  const failures: readonly Failure[] = failure === undefined ? [] : [failure];
  if (failure !== undefined && infos.length === 0) {
    if (isIgnored(session, failure)) return 0;
    throw thrown(failure);
  }
  const sortBy = textFlag(session.flags, "sort-by");
  const sorted = sortBy === "" ? infos : sortTables(infos, sortBy);
  const withKind = boolFlag(session.flags, "show-kind") || new Set(infos.map((info) => info.mapping)).size > 1;
  const out = blocksOf(session, sorted, withKind);
  yield* print(out);
  const rest = failures.filter((each) => !isIgnored(session, each));
  if (out === "" && rest.length === 0 && !boolFlag(session.flags, "ignore-not-found")) {
    yield* complain(noResources(session, infos));
  }
  const left = together(rest);
  if (left !== undefined) throw thrown(left);
  return 0;
}

function isIgnored(session: Session, failure: Failure): boolean {
  if (!boolFlag(session.flags, "ignore-not-found")) return false;
  const all = failure.kind === "several" ? failure.failures : [failure];
  return all.every((each) => each.kind === "status" && text(each.status["reason"]) === "NotFound");
}

function noResources(session: Session, infos: readonly Info[]): string {
  const isScoped = !boolFlag(session.flags, "all-namespaces") && infos.every((info) => info.mapping.namespaced);
  return isScoped ? `No resources found in ${session.config.namespace} namespace.\n` : "No resources found\n";
}

function blocksOf(session: Session, infos: readonly Info[], withKind: boolean): string {
  let out = "";
  let block = "";
  let last: ResourceMapping | undefined;
  let printer: TablePrinter | undefined;
  let separates = false;
  const flush = (): void => {
    const aligned = tabulate(block, TABLE_LAYOUT);
    if (aligned !== "") {
      out += (separates ? "\n" : "") + aligned;
      separates = false;
    }
    block = "";
  };
  for (const info of infos) {
    if (printer === undefined || info.mapping !== last) {
      flush();
      if (last !== undefined && !boolFlag(session.flags, "no-headers") && out !== "") separates = true;
      printer = tablePrinterFor(session, info.mapping, withKind);
      last = info.mapping;
    }
    block += printTable(printer, asTable(info));
  }
  flush();
  return out;
}

function sortTables(infos: readonly Info[], sortBy: string): readonly Info[] {
  const path = relaxedExpression(sortBy);
  const [first, ...others] = infos;
  if (first === undefined) return infos;
  const sameKind = others.every((info) => info.mapping === first.mapping);
  if (!sameKind) return infos.map((info) => ({ ...info, object: sortRows(info.object, path) }));
  const rows = infos.flatMap((info) => at(info.object, "rows") as readonly unknown[]);
  return [{ ...first, object: sortRows({ ...first.object, rows }, path) }];
}

/** -o json, yaml, name, jsonpath, custom-columns…: one object as itself, several as a List. */
function* printGeneric(session: Session, selection: Selection): Talk<number> {
  const printer = yield* printerOf(session, { isGet: true });
  const { infos, failure, single } = yield* gather(session, selection);
  if (failure !== undefined && isSingleName(selection, infos)) {
    if (isIgnored(session, failure)) return 0;
    throw thrown(failure);
  }
  if (infos.length === 0 && boolFlag(session.flags, "ignore-not-found") && failure === undefined) return 0;
  const [only] = infos;
  const shown: Fields =
    single && infos.length === 1 && only !== undefined ? only.object : listOf(sortedObjects(session, infos));
  if (shown !== only?.object && infos.length === 0 && failure !== undefined) throw thrown(failure);
  yield* print(printer.print(shown));
  if (failure !== undefined && !isIgnored(session, failure)) throw thrown(failure);
  return 0;
}

function sortedObjects(session: Session, infos: readonly Info[]): readonly Fields[] {
  const sortBy = textFlag(session.flags, "sort-by");
  const objects = infos.map((info) => info.object);
  return sortBy === "" ? objects : sortObjects(objects, relaxedExpression(sortBy));
}

function isSingleName(selection: Selection, infos: readonly Info[]): boolean {
  return (
    infos.length === 0 &&
    (selection.args.length === 2 || (selection.args.length === 1 && selection.args[0]?.includes("/") === true))
  );
}

export function listOf(items: readonly Fields[]): Fields {
  return { apiVersion: "v1", items, kind: "List", metadata: { resourceVersion: "" } };
}
