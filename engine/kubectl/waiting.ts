// After kubectl pkg/cmd/wait/delete.go, condition.go: watches one object until something holds.
import { failureOfResponse, refusal, thrown } from "./failure.ts";
import { textAt, type Fields } from "./json.ts";
import { collectionPath } from "./mapping.ts";
import type { ResourceMapping } from "./resource-mapping.ts";
import { arrival, exchange, now, open, type Session, type Talk } from "./talk.ts";
import { pathOf, type Info } from "./info.ts";
import type { NamedObject } from "./selection.ts";

export const TIMED_OUT = "timed out waiting for the condition";

export function timeoutOn(object: NamedObject): Error {
  return refusal(`${TIMED_OUT} on ${object.mapping.plural}/${object.name}`);
}

/** Waits until the object is gone, or another one has its name. `end` is a date; undefined waits for ever. */
export function* untilDeleted(
  session: Session,
  target: { readonly info: NamedObject; readonly uid: string },
  end: number | undefined,
): Talk<void> {
  const { info, uid } = target;
  for (;;) {
    const found = yield* exchange(session, { method: "GET", path: pathOf(info) });
    if (found.code === 404) return;
    if (found.code >= 400) throw thrown(failureOfResponse(found.code, found.body));
    if (uid !== "" && textAt(found.body, "metadata", "uid") !== uid) return;
    if (end !== undefined && end <= (yield* now())) throw timeoutOn(info);
    const gone = yield* watchOne(session, { info, from: found.body as Fields, end }, (event) => event === "DELETED");
    if (gone !== "closed") return;
  }
}

/** Waits until `holds` says so of the object or of what happened to it. Answers the object that it holds of. */
export function* untilHolds(
  session: Session,
  target: { readonly info: Info; readonly end: number },
  holds: (object: Fields) => boolean,
): Talk<Fields> {
  const { info, end } = target;
  for (;;) {
    const found = yield* exchange(session, { method: "GET", path: pathOf(info) });
    if (found.code >= 400) throw thrown(failureOfResponse(found.code, found.body));
    const object = found.body as Fields;
    if (holds(object)) return object;
    if (end <= (yield* now())) throw timeoutOn(info);
    const outcome = yield* watchOne(
      session,
      { info, from: object, end },
      (event, seen) => event !== "DELETED" && holds(seen),
    );
    if (outcome !== "closed") return outcome;
  }
}

interface Watching {
  readonly info: NamedObject;
  readonly from: Fields;
  readonly end: number | undefined;
}

/** Follows one object; answers what `done` accepted, or that the stream ended. */
export function* watchOne(
  session: Session,
  watching: Watching,
  done: (event: string, object: Fields) => boolean,
): Talk<Fields | "closed"> {
  const { info, from, end } = watching;
  const opened = yield* open(
    session,
    watchRequest(info.mapping, info.namespace, {
      fieldSelector: `metadata.name=${info.name}`,
      resourceVersion: textAt(from, "metadata", "resourceVersion"),
    }),
  );
  if (opened.response.code >= 400) throw thrown(failureOfResponse(opened.response.code, opened.response.body));
  for (;;) {
    const arrived = yield* arrival(opened.stream, end === undefined ? undefined : end - (yield* now()));
    if (arrived.kind === "closed") return "closed";
    if (arrived.kind === "timeout") throw timeoutOn(info);
    if (arrived.kind !== "event" || arrived.event.type === "BOOKMARK") continue;
    if (arrived.event.type === "ERROR") return "closed";
    const object = arrived.event.object as unknown as Fields;
    if (done(arrived.event.type, object)) return object;
  }
}

export function watchRequest(
  mapping: ResourceMapping,
  namespace: string,
  query: Readonly<Record<string, string>>,
): Parameters<typeof open>[1] {
  return { method: "GET", path: collectionPath(mapping, namespace), query: { ...query, watch: "true" } };
}
