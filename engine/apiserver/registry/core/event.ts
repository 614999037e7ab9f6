// After kubernetes v1.36 pkg/registry/core/event/strategy.go, pkg/apis/core/validation/events.go, pkg/apis/events/v1/conversion.go.
import type * as api from "../../../api/generated/types.ts";
import { dnsSubdomainProblems, labelKeyProblems, pathSegmentProblems } from "../../../api/names.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import { ageOf } from "../../../api/time.ts";
import { nameOf } from "../cells.ts";
import type { DecodedObject } from "../decoded.ts";
import { type FieldError, invalid, required } from "../field-error.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { allowPrefix } from "../metadata.ts";
import { type Errors, isSet, sayInvalid } from "../rules.ts";
import type { Cell, Strategy } from "../strategy.ts";

type Event = DecodedObject<api.Event>;
type EventsEvent = DecodedObject<api.EventsEvent>;

export const events: Strategy<Event> = kindStrategy<Event>({
  place: ["", "v1", "events"],
  nameRule: allowPrefix(pathSegmentProblems),
  createOnUpdate: true,
  validate: (event) => validate(event, "reportingComponent"),
  cells,
  fields: fieldsBy((event) => event),
});

/** The same objects in the shape of events.k8s.io/v1. */
export const newEvents: Strategy<EventsEvent> = kindStrategy<EventsEvent>({
  place: ["events.k8s.io", "v1", "events"],
  nameRule: allowPrefix(pathSegmentProblems),
  createOnUpdate: true,
  stored: { group: "", version: "v1", plural: "events", toStored: toCore, fromStored: fromCore },
  validate: (event) => validateNew(toCore(event)),
  cells: (event, now) => cells(toCore(event), now),
  fields: fieldsBy((event: EventsEvent) => toCore(event as KubernetesObject) as unknown as Event),
});

function fieldsBy<Kind extends KubernetesObject>(core: (event: Kind) => Event): Strategy<Kind>["fields"] {
  const of =
    (key: keyof NonNullable<Event["involvedObject"]>) =>
    (event: Kind): string =>
      core(event).involvedObject?.[key] ?? "";
  return {
    "involvedObject.kind": of("kind"),
    "involvedObject.namespace": of("namespace"),
    "involvedObject.name": of("name"),
    "involvedObject.uid": of("uid"),
    "involvedObject.apiVersion": of("apiVersion"),
    "involvedObject.resourceVersion": of("resourceVersion"),
    "involvedObject.fieldPath": of("fieldPath"),
    reason: (event) => core(event).reason ?? "",
    reportingComponent: (event) => core(event).reportingComponent ?? "",
    source: (event) => core(event).source?.component || (core(event).reportingComponent ?? ""),
    type: (event) => core(event).type ?? "",
  };
}

/** Source: reportingInstanceLengthLimit and its neighbours in events.go. */
const WORD_MAX = 128;
const NOTE_MAX = 1024;

function validate(event: Event, controllerField: string): readonly FieldError[] {
  const errors: Errors = [];
  const { namespace = "" } = event.metadata;
  const involved = event.involvedObject?.namespace ?? "";
  const isSame = involved === "" ? namespace === "" || namespace === "default" : involved === namespace;
  if (!isSame) errors.push(invalid("involvedObject.namespace", involved, "does not match event.namespace"));
  if (isSet(event.eventTime ?? undefined)) validateModern(event, controllerField, errors);
  sayInvalid(dnsSubdomainProblems(namespace), namespace, "namespace", errors);
  return errors;
}

/** What only an event with a time of its own must have. */
function validateModern(event: Event, controllerField: string, errors: Errors): void {
  const { reportingComponent = "", reportingInstance = "", action = "", reason = "", message = "" } = event;
  const atMost = (length: number): string => `can have at most ${length} characters`;
  if (reportingComponent === "") errors.push(required(controllerField));
  sayInvalid(labelKeyProblems(reportingComponent), reportingComponent, controllerField, errors);
  if (reportingInstance === "") errors.push(required("reportingInstance"));
  if (reportingInstance.length > WORD_MAX) errors.push(invalid("reportingInstance", "", atMost(WORD_MAX)));
  if (action === "") errors.push(required("action"));
  if (action.length > WORD_MAX) errors.push(invalid("action", "", atMost(WORD_MAX)));
  if (reason === "") errors.push(required("reason"));
  if (reason.length > WORD_MAX) errors.push(invalid("reason", "", atMost(WORD_MAX)));
  if (message.length > NOTE_MAX) errors.push(invalid("message", "", atMost(NOTE_MAX)));
}

function validateNew(event: Event): readonly FieldError[] {
  const errors: Errors = [...validate(event, "reportingController")];
  const { type = "", firstTimestamp, lastTimestamp, count, source } = event;
  const detail = "needs to be unset";
  if (!isSet(event.eventTime ?? undefined)) errors.push(required("eventTime"));
  if (type !== "Normal" && type !== "Warning") errors.push(invalid("type", "", `has invalid value: ${type}`));
  if (isSet(firstTimestamp ?? undefined)) errors.push(invalid("firstTimestamp", "", detail));
  if (isSet(lastTimestamp ?? undefined)) errors.push(invalid("lastTimestamp", "", detail));
  if (count !== undefined) errors.push(invalid("count", "", detail));
  if (source?.component !== undefined || source?.host !== undefined) errors.push(invalid("source", "", detail));
  return errors;
}

type Fields = Readonly<Record<string, unknown>>;

/** The names of the fields in the two groups: core's first. */
const names: readonly (readonly [core: string, events: string])[] = [
  ["involvedObject", "regarding"],
  ["message", "note"],
  ["reportingComponent", "reportingController"],
  ["source", "deprecatedSource"],
  ["firstTimestamp", "deprecatedFirstTimestamp"],
  ["lastTimestamp", "deprecatedLastTimestamp"],
  ["count", "deprecatedCount"],
];

function renamed(object: KubernetesObject, apiVersion: string, from: 0 | 1): KubernetesObject {
  const made: Record<string, unknown> = { ...(object as unknown as Fields), apiVersion };
  for (const pair of names) {
    const value = made[pair[from]];
    delete made[pair[from]];
    if (value !== undefined) made[pair[from === 0 ? 1 : 0]] = value;
  }
  return made as unknown as KubernetesObject;
}

function toCore(object: KubernetesObject): KubernetesObject {
  return renamed(object, "v1", 1);
}

function fromCore(object: KubernetesObject): KubernetesObject {
  return renamed(object, "events.k8s.io/v1", 0);
}

function cells(event: Event, now: number): readonly Cell[] {
  const { involvedObject = {}, series } = event;
  const first = ageOf(event.firstTimestamp ?? event.eventTime, now);
  const plainLast =
    event.lastTimestamp === undefined || event.lastTimestamp === null ? first : ageOf(event.lastTimestamp, now);
  const last = series === undefined ? plainLast : ageOf(series.lastObservedTime, now);
  const count = series?.count ?? event.count ?? 1;
  const kind = (involvedObject.kind ?? "").toLowerCase();
  const target = isSet(involvedObject.name) ? `${kind}/${involvedObject.name}` : kind;
  const { type = "", reason = "", message = "" } = event;
  return [
    last,
    type,
    reason,
    target,
    involvedObject.fieldPath ?? "",
    speakerOf(event),
    message.trim(),
    first,
    count,
    nameOf(event),
  ];
}

/** `kubelet, worker-1`. */
function speakerOf({ source = {}, reportingComponent = "", reportingInstance = "" }: Event): string {
  const component = isSet(source.component) ? source.component : reportingComponent;
  const instance = isSet(source.host) ? source.host : reportingInstance;
  return instance === "" ? component : `${component}, ${instance}`;
}
