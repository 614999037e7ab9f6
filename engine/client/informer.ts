// After client-go tools/cache shared_informer.go, reflector.go; not modelled: resync, transformers.
import type { KubernetesObject } from "../api/object.ts";
import { keyOf } from "../api/object.ts";
import type { FromServer, WatchEvent } from "../api/wire.ts";
import type { Address, Effect, Millis } from "../kernel/process.ts";
import { get, remove, set, type SortedMap } from "../kernel/sorted-map.ts";
import { asCaller, type Caller, pathOf, type Resource } from "./requests.ts";

/**
 * An informer is a bookmark: it holds the collection as it was at `resourceVersion`, and that is all. It opens one
 * watch that begins with the present state (a streaming list, the default of client-go since 1.35) and applies what the watch tells. When the
 * watch breaks or has become too old (410 Gone), it opens a new one and reports the difference, so its user sees every net
 * change exactly once and never an inconsistent collection.
 *
 * What it promises: `items` is a state that the collection really had; it never goes backwards; changes are
 * reported in the order in which they happened. What it does not promise: that the state is the present one.
 */
export interface Informer<Kind extends KubernetesObject> {
  readonly source: InformerSource;
  readonly items: SortedMap<string, Kind>;
  readonly resourceVersion: number;
  /** False until the first complete state has arrived. */
  readonly synced: boolean;
  /** While a new state is being received after a break: what has arrived of it so far. */
  readonly incoming: SortedMap<string, Kind> | undefined;
}

/** What an informer watches, over which connection. */
export interface InformerSource {
  readonly resource: Resource;
  readonly server: Address;
  readonly caller: Caller;
  /** The number of the exchange on the connection; unique within the process. */
  readonly id: number;
  readonly namespace?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}

/** One net change of the collection. A deletion has no `after`, an addition no `before`. */
export interface Change<Kind extends KubernetesObject> {
  readonly key: string;
  readonly before: Kind | undefined;
  readonly after: Kind | undefined;
}

export interface Informed<Kind extends KubernetesObject> {
  readonly informer: Informer<Kind>;
  readonly changes: readonly Change<Kind>[];
  readonly effects: readonly Effect[];
}

/** How long a broken watch waits before it is opened again. Source: client-go reflector.go, initial backoff 800 ms. */
export const RECONNECT_MILLIS: Millis = 800;

/** A new informer, and the request that opens its watch. */
export function openInformer<Kind extends KubernetesObject>(source: InformerSource): Informed<Kind> {
  const informer = { source, items: null, resourceVersion: 0, synced: false, incoming: undefined };
  return { informer, changes: [], effects: [openWatch(source)] };
}

/** Whether the message belongs to this informer: an answer on its exchange, or its reconnect wake. */
export function isFor(informer: Informer<KubernetesObject>, message: unknown): boolean {
  const {
    id,
    kind,
    key,
    message: inner,
  } = message as Partial<Record<string, unknown>> & {
    readonly message?: { readonly id?: unknown };
  };
  if (kind === "wake") return key === reconnectKey(informer.source);
  return kind === "refused" ? inner?.id === informer.source.id : id === informer.source.id;
}

/** Takes in a message that `isFor` it. */
export function receive<Kind extends KubernetesObject>(
  informer: Informer<Kind>,
  message: unknown,
  now: Millis,
): Informed<Kind> {
  const incoming = message as FromServer | { readonly kind: "wake" } | { readonly kind: "refused" };
  switch (incoming.kind) {
    case "wake":
      return { informer: { ...informer, incoming: null }, changes: [], effects: [openWatch(informer.source)] };
    case "events":
      return apply(informer, incoming, now);
    case "response":
      return incoming.response.code === 200 ? unchanged(informer) : reconnect(informer, now);
    case "closed":
    case "refused":
      return reconnect(informer, now);
    case "stream":
      return unchanged(informer);
  }
}

function unchanged<Kind extends KubernetesObject>(informer: Informer<Kind>): Informed<Kind> {
  return { informer, changes: [], effects: [] };
}

function reconnect<Kind extends KubernetesObject>(informer: Informer<Kind>, now: Millis): Informed<Kind> {
  const wake: Effect = { kind: "wake", key: reconnectKey(informer.source), at: now + RECONNECT_MILLIS };
  return { informer, changes: [], effects: [wake] };
}

function reconnectKey(source: InformerSource): string {
  return `reconnect ${source.id}`;
}

function openWatch(source: InformerSource): Effect {
  const query: Record<string, string> = {
    watch: "true",
    allowWatchBookmarks: "true",
    sendInitialEvents: "true",
    resourceVersionMatch: "NotOlderThan",
  };
  if (source.fieldSelector !== undefined) query["fieldSelector"] = source.fieldSelector;
  if (source.labelSelector !== undefined) query["labelSelector"] = source.labelSelector;
  const target = source.namespace === undefined ? source : { ...source, namespace: source.namespace };
  const request = asCaller({ method: "GET", path: pathOf(target), query }, source.caller);
  const message = { kind: "request", id: source.id, request, identity: source.caller.identity };
  return { kind: "send", to: source.server, message };
}

function apply<Kind extends KubernetesObject>(
  informer: Informer<Kind>,
  batch: {
    readonly events: readonly WatchEvent[];
    readonly resourceVersion: number;
    readonly items?: SortedMap<string, KubernetesObject>;
  },
  now: Millis,
): Informed<Kind> {
  if (batch.events.some((event) => event.type === "ERROR")) return reconnect(informer, now);
  const isInitial = !informer.synced || informer.incoming !== undefined;
  if (isInitial) return receiveInitial(informer, batch);
  let { items } = informer;
  const changes: Change<Kind>[] = [];
  for (const event of batch.events) {
    if (event.type === "BOOKMARK") continue;
    const object = event.object as Kind;
    const key = keyOf(object);
    const before = get(items, key);
    const after = event.type === "DELETED" ? undefined : object;
    items = after === undefined ? remove(items, key) : set(items, key, after);
    if (before !== undefined || after !== undefined)
      changes.push({ key, before: before ?? deletedForm(event, object), after });
  }
  const whole = batch.items as SortedMap<string, Kind> | undefined;
  return {
    informer: { ...informer, items: whole === undefined ? items : whole, resourceVersion: batch.resourceVersion },
    changes,
    effects: [],
  };
}

function deletedForm<Kind>(event: WatchEvent, object: Kind): Kind | undefined {
  return event.type === "DELETED" ? object : undefined;
}

/** Until the bookmark that ends the initial events, what arrives is gathered; then the difference is reported at once. */
function receiveInitial<Kind extends KubernetesObject>(
  informer: Informer<Kind>,
  batch: {
    readonly events: readonly WatchEvent[];
    readonly resourceVersion: number;
    readonly items?: SortedMap<string, KubernetesObject>;
  },
): Informed<Kind> {
  let gathered = informer.incoming ?? null;
  for (const event of batch.events) {
    if (event.type === "ADDED" || event.type === "MODIFIED")
      gathered = set(gathered, keyOf(event.object), event.object as Kind);
    if (event.type === "DELETED") gathered = remove(gathered, keyOf(event.object));
  }
  const isComplete = batch.events.some((event) => event.type === "BOOKMARK");
  if (!isComplete) return unchanged({ ...informer, incoming: gathered });
  const items = (batch.items as SortedMap<string, Kind> | undefined) ?? gathered;
  return {
    informer: { ...informer, items, resourceVersion: batch.resourceVersion, synced: true, incoming: undefined },
    changes: difference(informer.items, items),
    effects: [],
  };
}

/** The net changes between two states, in the order of the keys. */
export function difference<Kind extends KubernetesObject>(
  before: SortedMap<string, Kind>,
  after: SortedMap<string, Kind>,
): readonly Change<Kind>[] {
  const changes: Change<Kind>[] = [];
  visit(before, (key, object) => {
    if (get(after, key) === undefined) changes.push({ key, before: object, after: undefined });
  });
  visit(after, (key, object) => {
    const old = get(before, key);
    if (old !== object) changes.push({ key, before: old, after: object });
  });
  return changes;
}

function visit<Kind>(map: SortedMap<string, Kind>, each: (key: string, object: Kind) => void): void {
  if (map === null) return;
  visit(map.left, each);
  each(map.key, map.value);
  visit(map.right, each);
}
