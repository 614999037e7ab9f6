// After client-go tools/record event.go, events_cache.go, tools/internal/events; not modelled: the LRU bound of 4096 keys.
import type { KubernetesObject } from "../api/object.ts";
import type { ApiRequest, ApiResponse } from "../api/wire.ts";
import type { Millis } from "../kernel/process.ts";
import { get, set, type SortedMap } from "../kernel/sorted-map.ts";
import { createRequest, patchRequest } from "./requests.ts";

/**
 * Tells people what a component did, as client-go's EventRecorder does: events wait in a queue and are written one after
 * another; a repeated event raises the count of the first, many similar ones are combined, and too many about one object are dropped.
 */
export interface EventRecorder {
  readonly component: string;
  readonly host: string;
  /** Waiting to be written, oldest first. */
  readonly pending: readonly CoreEvent[];
  /** The one that is being written. */
  readonly writing: { readonly event: CoreEvent; readonly isPatch: boolean } | undefined;
  /** Spam filter, aggregates and known events, by their keys. */
  readonly sources: SortedMap<string, SpamBucket>;
  readonly similar: SortedMap<string, Aggregate>;
  readonly known: SortedMap<string, Known>;
  /** Makes names unique among events of one millisecond. */
  readonly serial: number;
}

/** What a component has to say about an object. */
export interface EventNote {
  readonly object: KubernetesObject;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The part of the object it is about: `spec.containers{web}`. */
  readonly fieldPath?: string;
}

/** A core/v1 Event. */
export interface CoreEvent {
  readonly kind: "Event";
  readonly apiVersion: "v1";
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly involvedObject: Involved;
  readonly reason: string;
  readonly message: string;
  readonly source: { readonly component: string; readonly host?: string };
  readonly firstTimestamp: string;
  readonly lastTimestamp: string;
  readonly count: number;
  readonly type: string;
  readonly eventTime: null;
  readonly reportingComponent: string;
  readonly reportingInstance: string;
}

interface Involved {
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly apiVersion?: string;
  readonly resourceVersion?: string;
  readonly fieldPath?: string;
}

interface SpamBucket {
  /** In thousandths of a token, scaled by the refill time: see `spend`. */
  readonly tokens: number;
  readonly at: Millis;
}

interface Aggregate {
  readonly messages: readonly string[];
  readonly at: Millis;
}

interface Known {
  readonly name: string;
  readonly count: number;
  readonly firstTimestamp: string;
}

/** Sources: events_cache.go maxLruCacheEntries and the default* constants there. */
export const AGGREGATE_EVENTS_MAX = 10;
export const AGGREGATE_INTERVAL_MILLIS: Millis = 600_000;
export const SPAM_BURST = 25;
export const SPAM_REFILL_MILLIS: Millis = 300_000;

/** client-go event.go: a broadcaster keeps at most 1000 events and drops what comes when it is full. */
export const PENDING_MAX = 1000;

const AGGREGATE_PREFIX = "(combined from similar events): ";

export function openRecorder(component: string, host = ""): EventRecorder {
  return {
    component,
    host,
    pending: [],
    writing: undefined,
    sources: null,
    similar: null,
    known: null,
    serial: 0,
  };
}

/** Takes note of an event; `sendNext` writes it. */
export function record(
  recorder: EventRecorder,
  note: EventNote,
  moment: { readonly now: Millis; readonly epochMillis: number; readonly date: string },
): EventRecorder {
  if (recorder.pending.length >= PENDING_MAX) return recorder;
  const serial = recorder.serial + 1;
  const event = eventOf(recorder, note, { ...moment, serial });
  return { ...recorder, serial, pending: [...recorder.pending, event] };
}

/** The next request to write, unless one is under way or nothing is left to say. */
export function sendNext(
  recorder: EventRecorder,
  now: Millis,
): { readonly recorder: EventRecorder; readonly request: ApiRequest | undefined } {
  if (recorder.writing !== undefined) return { recorder, request: undefined };
  let current = recorder;
  while (current.pending.length > 0) {
    const [event, ...pending] = current.pending;
    if (event === undefined) break;
    const correlated = correlate({ ...current, pending }, event, now);
    current = correlated.recorder;
    if (correlated.event === undefined) continue;
    const isPatch = correlated.event.count > 1;
    const writing = { event: correlated.event, isPatch };
    return { recorder: { ...current, writing }, request: requestFor(writing) };
  }
  return { recorder: current, request: undefined };
}

/** Takes in the answer; asks again with a create when the event to patch is gone. */
export function receiveAnswer(
  recorder: EventRecorder,
  response: ApiResponse,
): { readonly recorder: EventRecorder; readonly request: ApiRequest | undefined } {
  const { writing } = recorder;
  if (writing === undefined) return { recorder, request: undefined };
  if (writing.isPatch && response.code === 404) {
    const again = { event: writing.event, isPatch: false };
    return { recorder: { ...recorder, writing: again }, request: requestFor(again) };
  }
  return { recorder: { ...recorder, writing: undefined }, request: undefined };
}

function requestFor(writing: { readonly event: CoreEvent; readonly isPatch: boolean }): ApiRequest {
  const { event } = writing;
  const resource = { group: "", version: "v1", plural: "events" };
  const { namespace, name } = event.metadata;
  if (!writing.isPatch) return createRequest({ resource, namespace }, event);
  const { count, lastTimestamp, message } = event;
  const body = message.startsWith(AGGREGATE_PREFIX) ? { count, lastTimestamp, message } : { count, lastTimestamp };
  return patchRequest({ resource, namespace, name }, { dialect: "strategic", body });
}

function eventOf(
  recorder: EventRecorder,
  note: EventNote,
  moment: { readonly now: Millis; readonly epochMillis: number; readonly date: string; readonly serial: number },
): CoreEvent {
  const { object } = note;
  const { component, host } = recorder;
  // An event about an object without a namespace is kept in "default": event.go makeEvent.
  const { namespace: home = "" } = object.metadata;
  const namespace = home === "" ? "default" : home;
  const stamp = BigInt(moment.epochMillis + moment.now) * 1_000_000n + BigInt(moment.serial);
  return {
    kind: "Event",
    apiVersion: "v1",
    metadata: {
      name: `${object.metadata.name ?? ""}.${stamp.toString(16)}`,
      namespace,
      ...(note.annotations === undefined ? {} : { annotations: note.annotations }),
    },
    involvedObject: involvedOf(object, note.fieldPath),
    reason: note.reason,
    message: note.message,
    source: host === "" ? { component } : { component, host },
    firstTimestamp: moment.date,
    lastTimestamp: moment.date,
    count: 1,
    type: note.type,
    eventTime: null,
    reportingComponent: component,
    reportingInstance: host,
  };
}

function involvedOf(object: KubernetesObject, fieldPath: string | undefined): Involved {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  return {
    ...(object.kind === undefined ? {} : { kind: object.kind }),
    ...(namespace === undefined || namespace === "" ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(uid === undefined ? {} : { uid }),
    ...(object.apiVersion === undefined ? {} : { apiVersion: object.apiVersion }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(fieldPath === undefined ? {} : { fieldPath }),
  };
}

interface Correlated {
  readonly recorder: EventRecorder;
  /** Undefined: dropped as spam. */
  readonly event: CoreEvent | undefined;
}

/** events_cache.go EventCorrelator.EventCorrelate: aggregate, count, filter. */
function correlate(recorder: EventRecorder, event: CoreEvent, now: Millis): Correlated {
  const aggregated = aggregate(recorder, event, now);
  const counted = count(aggregated.recorder, aggregated.event, aggregated.key);
  const spent = spend(counted.recorder, spamKey(event), now);
  return { recorder: spent.recorder, event: spent.isAllowed ? counted.event : undefined };
}

/** 1.36 counts normal events and warnings about an object apart: golden/g-kubelet/11 (25 warnings of 31 events), 31 (25 normal events). */
function spamKey(event: CoreEvent): string {
  return [sourceKey(event), event.type].join("\n");
}

function sourceKey(event: CoreEvent): string {
  const { kind = "", namespace = "", name = "", uid = "", apiVersion = "" } = event.involvedObject;
  return [event.source.component, event.source.host ?? "", kind, namespace, name, uid, apiVersion].join("\n");
}

/** EventAggregateByReasonFunc: similar events agree in all but the message. */
function aggregate(
  recorder: EventRecorder,
  event: CoreEvent,
  now: Millis,
): { readonly recorder: EventRecorder; readonly event: CoreEvent; readonly key: string } {
  const group = [sourceKey(event), event.involvedObject.fieldPath ?? "", event.type, event.reason].join("\n");
  const found = get(recorder.similar, group);
  const isFresh = found !== undefined && now - found.at <= AGGREGATE_INTERVAL_MILLIS;
  const former = isFresh ? found.messages : [];
  const messages = former.includes(event.message) ? former : [...former, event.message];
  const isAggregate = messages.length >= AGGREGATE_EVENTS_MAX;
  const kept = isAggregate ? messages.slice(1) : messages;
  const next = { ...recorder, similar: set(recorder.similar, group, { messages: kept, at: now }) };
  if (!isAggregate) return { recorder: next, event, key: `${group}\n${event.message}` };
  return { recorder: next, event: { ...event, message: AGGREGATE_PREFIX + event.message }, key: group };
}

function count(
  recorder: EventRecorder,
  event: CoreEvent,
  key: string,
): { readonly recorder: EventRecorder; readonly event: CoreEvent } {
  const former = get(recorder.known, key);
  const known =
    former === undefined
      ? { name: event.metadata.name, count: 1, firstTimestamp: event.firstTimestamp }
      : { ...former, count: former.count + 1 };
  const counted = {
    ...event,
    metadata: { ...event.metadata, name: known.name },
    count: known.count,
    firstTimestamp: known.firstTimestamp,
  };
  return { recorder: { ...recorder, known: set(recorder.known, key, known) }, event: counted };
}

/** EventSourceObjectSpamFilter: 25 events of one type at once about one object, then one in five minutes. */
function spend(
  recorder: EventRecorder,
  key: string,
  now: Millis,
): { readonly recorder: EventRecorder; readonly isAllowed: boolean } {
  const full = SPAM_BURST * SPAM_REFILL_MILLIS;
  const former = get(recorder.sources, key) ?? { tokens: full, at: now };
  const filled = Math.min(full, former.tokens + (now - former.at));
  const isAllowed = filled >= SPAM_REFILL_MILLIS;
  const tokens = isAllowed ? filled - SPAM_REFILL_MILLIS : filled;
  return { recorder: { ...recorder, sources: set(recorder.sources, key, { tokens, at: now }) }, isAllowed };
}
