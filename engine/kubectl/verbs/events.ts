// After kubectl pkg/cmd/events/events.go, event_printer.go.
import { ageOf, parseTime } from "../../api/time.ts";
import { failureOfResponse, refusal, thrown } from "../failure.ts";
import { boolFlag, listFlag, textFlag } from "../flag-set.ts";
import { at, number, rowsAt, text, textAt, type Fields } from "../json.ts";
import { collectionPath, mappingFor } from "../mapping.ts";
import { printerOf } from "../printers/printer.ts";
import { TABLE_LAYOUT, tabulate } from "../tabulate.ts";
import { arrival, complain, exchange, now, open, print, type Session, type Talk } from "../talk.ts";

export function* runEvents(session: Session): Talk<number> {
  const { flags, config } = session;
  const types = listFlag(flags, "types");
  for (const type of types)
    if (!["normal", "warning"].includes(type.toLowerCase())) throw refusal("valid --types are Normal or Warning");
  const target = textFlag(flags, "for");
  if (target !== "" && !/^[^/]+\/[^/]+$/.test(target)) throw refusal("--for must be in resource/name form");
  const all = boolFlag(flags, "all-namespaces");
  const mapping = yield* mappingFor(session, "events");
  const query = yield* queryOf(session);
  const path = collectionPath({ ...mapping, group: "", version: "v1" }, all ? "" : config.namespace);
  const response = yield* exchange(session, { method: "GET", path, query: { ...query, limit: "500" } });
  if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
  const listed = rowsAt(response.body, "items").filter((event) => fits(event, types));
  const isTable = textFlag(flags, "output") === "";
  if (listed.length === 0 && !boolFlag(flags, "watch")) {
    yield* complain(all ? "No events found.\n" : `No events found in ${config.namespace} namespace.\n`);
    return 0;
  }
  const sorted = listed.toSorted((one, other) => lastSeen(one) - lastSeen(other));
  if (isTable) yield* printTableOf(session, sorted, !boolFlag(flags, "no-headers"));
  else
    yield* print(
      (yield* printerOf(session, {})).print({
        apiVersion: "v1",
        items: sorted.map((item) => ({ apiVersion: "v1", kind: "Event", ...item })),
        kind: "List",
        metadata: {},
      }),
    );
  return boolFlag(flags, "watch")
    ? yield* watchEvents(session, { path, query, version: textAt(response.body, "metadata", "resourceVersion"), types })
    : 0;
}

function* queryOf(session: Session): Talk<Readonly<Record<string, string>>> {
  const written = textFlag(session.flags, "for");
  if (written === "") return {};
  const [type = "", name = ""] = written.split("/");
  const mapping = yield* mappingFor(session, type);
  const apiVersion = mapping.group === "" ? mapping.version : `${mapping.group}/${mapping.version}`;
  return {
    fieldSelector: `involvedObject.apiVersion=${apiVersion},involvedObject.kind=${mapping.kind},involvedObject.name=${name}`,
  };
}

function fits(event: Fields, types: readonly string[]): boolean {
  return types.length === 0 || types.some((type) => type.toLowerCase() === text(event["type"]).toLowerCase());
}

function lastSeen(event: Fields): number {
  return (
    parseTime(
      textAt(event, "series", "lastObservedTime") || text(event["lastTimestamp"]) || text(event["eventTime"]),
    ) ?? 0
  );
}

function* printTableOf(session: Session, events: readonly Fields[], withHeaders: boolean): Talk<void> {
  const all = boolFlag(session.flags, "all-namespaces");
  const date = yield* now();
  const headers = withHeaders ? `${all ? "NAMESPACE\t" : ""}LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE\n` : "";
  const lines = events.map(
    (event) => `${all ? `${textAt(event, "metadata", "namespace")}\t` : ""}${rowOf(event, date)}\n`,
  );
  yield* print(tabulate(headers + lines.join(""), TABLE_LAYOUT));
}

function rowOf(event: Fields, date: number): string {
  const object = `${textAt(event, "involvedObject", "kind")}/${textAt(event, "involvedObject", "name")}`;
  return `${intervalOf(event, date)}\t${text(event["type"])}\t${text(event["reason"])}\t${object}\t${text(event["message"]).trim()}`;
}

function intervalOf(event: Fields, date: number): string {
  const age = (value: unknown): string => ageOf(typeof value === "string" ? value : undefined, date);
  const first =
    event["firstTimestamp"] === undefined || event["firstTimestamp"] === null
      ? age(event["eventTime"])
      : age(event["firstTimestamp"]);
  const series = at(event, "series");
  if (series !== undefined && series !== null)
    return `${age(at(series, "lastObservedTime"))} (x${number(at(series, "count"))} over ${first})`;
  const count = number(event["count"]);
  return count > 1 ? `${age(event["lastTimestamp"])} (x${count} over ${first})` : first;
}

interface Watch {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly version: string;
  readonly types: readonly string[];
}

function* watchEvents(session: Session, { path, query, version, types }: Watch): Talk<number> {
  const opened = yield* open(session, {
    method: "GET",
    path,
    query: { ...query, watch: "true", resourceVersion: version },
  });
  for (;;) {
    const arrived = yield* arrival(opened.stream);
    if (arrived.kind === "closed") return 0;
    if (arrived.kind !== "event" || arrived.event.type === "DELETED" || arrived.event.type === "BOOKMARK") continue;
    const event = arrived.event.object as unknown as Fields;
    if (fits(event, types)) yield* printTableOf(session, [event], false);
  }
}
