// After kubectl pkg/describe/describe.go DescribeEvents, searchEvents and client-go event_expansion.go.
import { ageOf } from "../../api/time.ts";
import { at, number, rowsAt, text, textAt, type Fields } from "../json.ts";
import { exchange, now, type Session, type Talk } from "../talk.ts";
import type { Info } from "../info.ts";
import { boolFlag } from "../flag-set.ts";
import { flush, write, type Writer } from "./writer.ts";

/** The events about an object, as the server lists them; undefined where events are not asked for. */
export function* eventsOf(session: Session, info: Info, uid?: string): Talk<readonly Fields[] | undefined> {
  if (!boolFlag(session.flags, "show-events")) return undefined;
  const namespace = textAt(info.object, "metadata", "namespace");
  const selector: Record<string, string> = { "involvedObject.name": info.name };
  if (info.mapping.kind !== "Pod") selector["involvedObject.kind"] = info.mapping.kind;
  if (namespace !== "") selector["involvedObject.namespace"] = namespace;
  selector["involvedObject.uid"] = uid ?? textAt(info.object, "metadata", "uid");
  const fieldSelector = Object.keys(selector)
    .toSorted()
    .map((key) => `${key}=${selector[key] ?? ""}`)
    .join(",");
  const path = namespace === "" ? "/api/v1/events" : `/api/v1/namespaces/${namespace}/events`;
  const response = yield* exchange(session, { method: "GET", path, query: { fieldSelector, limit: "500" } });
  return response.code < 400 ? rowsAt(response.body, "items") : [];
}

/** Prints them, oldest first. */
export function* writeEvents(writer: Writer, events: readonly Fields[] | undefined): Talk<void> {
  if (events === undefined) return;
  if (events.length === 0) {
    write(writer, 0, "Events:\t<none>\n");
    return;
  }
  flush(writer);
  write(writer, 0, "Events:\n  Type\tReason\tAge\tFrom\tMessage\n");
  write(writer, 1, "----\t------\t----\t----\t-------\n");
  const date = yield* now();
  for (const event of events.toSorted((one, other) => compareTimes(one, other))) {
    const from = textAt(event, "source", "component") || text(event["reportingComponent"]);
    write(
      writer,
      1,
      `${text(event["type"])}\t${text(event["reason"])}\t${intervalOf(event, date)}\t${from}\t${messageOfEvent(event)}\n`,
    );
  }
}

function compareTimes(one: Fields, other: Fields): number {
  const [left, right] = [text(one["lastTimestamp"]), text(other["lastTimestamp"])];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function messageOfEvent(event: Fields): string {
  const path = textAt(event, "involvedObject", "fieldPath");
  return (path === "" ? "" : `${path}: `) + text(event["message"]).trim();
}

function intervalOf(event: Fields, date: number): string {
  const age = (value: unknown): string => ageOf(typeof value === "string" ? value : undefined, date);
  const first =
    event["eventTime"] === undefined || event["eventTime"] === null
      ? age(event["firstTimestamp"])
      : age(event["eventTime"]);
  const series = at(event, "series");
  if (series !== undefined && series !== null)
    return `${age(at(series, "lastObservedTime"))} (x${number(at(series, "count"))} over ${first})`;
  const count = number(event["count"]);
  return count > 1 ? `${age(event["lastTimestamp"])} (x${count} over ${first})` : first;
}
