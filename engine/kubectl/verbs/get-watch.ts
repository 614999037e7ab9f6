// After kubectl pkg/cmd/get/get.go watch().
import { goDurationOr } from "../timeouts.ts";
import { failureOfResponse, refusal, thrown } from "../failure.ts";
import { boolFlag } from "../flag-set.ts";
import { at, rowsAt, textAt, type Fields } from "../json.ts";
import { collectionPath } from "../mapping.ts";
import { printerOf, type Printer } from "../printers/printer.ts";
import { printTable } from "../printers/print-table.ts";
import type { Selection } from "../selection.ts";
import { TABLE_LAYOUT, tabulate, type Remembered } from "../tabulate.ts";
import { arrival, now, open, print, type Session, type Talk } from "../talk.ts";
import { gather, tableHeaders } from "../visit.ts";
import type { Info } from "../info.ts";
import { asTable, isHumanReadable, tablePrinterFor } from "./get-table.ts";

/** Shows one object or event; the columns keep their widths over all of them. */
type Show = (info: Info, event: string) => string;

export function* watchObjects(session: Session, selection: Selection): Talk<number> {
  const { infos, failure, single } = yield* gather(session, { ...selection, singleResourceType: true });
  if (failure !== undefined) throw thrown(failure);
  const [first] = infos;
  if (first === undefined) return yield* watchEmpty(session, selection);
  if (infos.length > 1 && isHumanReadable(session)) {
    throw refusal(
      "watch is only supported on individual resources and resource collections - more than 1 resource was found",
    );
  }
  const show = yield* showerOf(session, first);
  const withEvents = boolFlag(session.flags, "output-watch-events");
  if (!boolFlag(session.flags, "watch-only")) {
    for (const info of infos) yield* print(show(info, withEvents ? "ADDED" : ""));
  }
  return yield* follow(session, { selection, first, show, single, withEvents });
}

function* watchEmpty(_session: Session, _selection: Selection): Talk<number> {
  throw refusal("no resources found");
}

function* showerOf(session: Session, first: Info): Talk<Show> {
  if (!isHumanReadable(session)) return genericShower(yield* printerOf(session, { isGet: true }));
  const printer = tablePrinterFor(session, first.mapping, boolFlag(session.flags, "show-kind"));
  const remembered: Remembered = { widths: [] };
  return (info, event) => tabulate(printTable(printer, asTable(info), event), TABLE_LAYOUT, remembered);
}

function genericShower(printer: Printer): Show {
  return (info, event) =>
    printer.print(
      event === "" ? info.object : { type: event, object: info.object, apiVersion: "v1", kind: "WatchEvent" },
    );
}

interface Following {
  readonly selection: Selection;
  readonly first: Info;
  readonly show: Show;
  readonly single: boolean;
  readonly withEvents: boolean;
}

function* follow(session: Session, following: Following): Talk<number> {
  const { selection, first } = following;
  const opened = yield* open(session, watchRequest(following, selection));
  if (opened.response.code >= 400) throw thrown(failureOfResponse(opened.response.code, opened.response.body));
  const limit = goDurationOr(session, "request-timeout");
  const end = limit === undefined ? undefined : (yield* now()) + limit;
  let isQuiet = following.single;
  for (;;) {
    const arrived = yield* arrival(opened.stream, end === undefined ? undefined : end - (yield* now()));
    if (arrived.kind === "closed" || arrived.kind === "timeout") return 0;
    if (arrived.kind !== "event" || arrived.event.type === "BOOKMARK") continue;
    if (arrived.event.type === "ERROR") throw thrown(failureOfResponse(500, arrived.event.object));
    const object = arrived.event.object as unknown as Fields;
    const info: Info = { ...first, object, name: textAt(object, "metadata", "name") };
    if (!isQuiet) yield* print(following.show(info, following.withEvents ? arrived.event.type : ""));
    isQuiet = false;
  }
}

function watchRequest(following: Following, selection: Selection): Parameters<typeof open>[1] {
  const { first, single } = following;
  const name = first.name !== "" ? first.name : (rowNames(first.object)[0] ?? "");
  const query: Record<string, string> = { ...tableHeaders(selection).query, watch: "true" };
  query["resourceVersion"] = single ? "0" : textAt(first.object, "metadata", "resourceVersion");
  const fieldSelector = single ? `metadata.name=${name}` : (selection.fieldSelector ?? "");
  if (fieldSelector !== "") query["fieldSelector"] = fieldSelector;
  if (!single && (selection.labelSelector ?? "") !== "") query["labelSelector"] = selection.labelSelector ?? "";
  const namespace = single ? first.namespace : selection.namespace;
  return { method: "GET", path: collectionPath(first.mapping, namespace), query, ...headersOf(selection) };
}

function headersOf(selection: Selection): { readonly headers?: Readonly<Record<string, string>> } {
  const { headers } = tableHeaders(selection);
  return headers === undefined ? {} : { headers };
}

function rowNames(object: Fields): readonly string[] {
  return rowsAt(object, "rows").map((row) => textAt(at(row, "object"), "metadata", "name"));
}
