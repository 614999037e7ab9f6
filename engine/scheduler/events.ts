// After client-go tools/events event_broadcaster.go, event_recorder.go; not modelled: the heartbeat of a series every 30 minutes.
import type { Pod } from "../api/generated/types.ts";
import { rfc3339Micro } from "../api/time.ts";
import type { ApiRequest } from "../api/wire.ts";
import { createRequest, patchRequest } from "../client/requests.ts";
import type { Millis } from "../kernel/process.ts";
import { get, set, type SortedMap } from "../kernel/sorted-map.ts";

/** What was said already: a repeated event becomes a series, and only its beginning is written. */
export interface EventSeriesCache {
  readonly known: SortedMap<string, KnownEvent>;
  /** Makes names unique among events of one millisecond. */
  readonly serial: number;
}

interface KnownEvent {
  readonly name: string;
  readonly namespace: string;
  readonly count: number;
  readonly at: Millis;
}

export const noEvents: EventSeriesCache = { known: null, serial: 0 };

/** Source: event_broadcaster.go finishTime: after six quiet minutes the same event is a new one. */
export const SERIES_MILLIS_MAX: Millis = 360_000;

export interface SchedulerEvent {
  readonly pod: Pod;
  readonly related?: Pod;
  readonly type: "Normal" | "Warning";
  readonly reason: "Scheduled" | "FailedScheduling" | "Preempted";
  readonly action: "Binding" | "Scheduling" | "Preempting";
  readonly note: string;
}

const EVENTS = { group: "events.k8s.io", version: "v1", plural: "events" } as const;

/** The request that says it, if anything is to be written. */
export function eventRequest(
  cache: EventSeriesCache,
  event: SchedulerEvent,
  moment: { readonly now: Millis; readonly epochMillis: number; readonly host: string; readonly controller: string },
): { readonly cache: EventSeriesCache; readonly request: ApiRequest | undefined } {
  const { uid = "", name = "", namespace = "" } = event.pod.metadata;
  const key = [uid, event.type, event.reason, event.action, event.related?.metadata.uid ?? ""].join(" ");
  const former = get(cache.known, key);
  const time = rfc3339Micro(moment.epochMillis + moment.now);
  if (former !== undefined && moment.now - former.at <= SERIES_MILLIS_MAX) {
    const count = former.count + 1;
    const known = set(cache.known, key, { ...former, count, at: moment.now });
    const body = { series: { count, lastObservedTime: time } };
    const target = { resource: EVENTS, namespace: former.namespace, name: former.name };
    const request = former.count === 1 ? patchRequest(target, { dialect: "strategic", body }) : undefined;
    return { cache: { ...cache, known }, request };
  }
  const serial = cache.serial + 1;
  const stamp = BigInt(moment.epochMillis + moment.now) * 1_000_000n + BigInt(serial % 1_000_000);
  const eventName = `${name}.${stamp.toString(16)}`;
  const known = set(cache.known, key, { name: eventName, namespace, count: 1, at: moment.now });
  const body = {
    kind: "Event",
    apiVersion: "events.k8s.io/v1",
    metadata: { name: eventName, namespace },
    eventTime: time,
    reportingController: moment.controller,
    reportingInstance: `${moment.controller}-${moment.host}`,
    action: event.action,
    reason: event.reason,
    regarding: referenceOf(event.pod),
    ...(event.related === undefined ? {} : { related: referenceOf(event.related) }),
    note: event.note,
    type: event.type,
  };
  return { cache: { known, serial }, request: createRequest({ resource: EVENTS, namespace }, body) };
}

function referenceOf({ metadata }: Pod): object {
  const { namespace = "", name = "", uid = "", resourceVersion = "" } = metadata;
  return { kind: "Pod", namespace, name, uid, apiVersion: "v1", resourceVersion };
}
