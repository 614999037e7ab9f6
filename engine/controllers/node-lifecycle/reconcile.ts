// After kubernetes v1.36 pkg/controller/nodelifecycle/node_lifecycle_controller.go.
import type { Node, Pod, Taint } from "../../api/generated/types.ts";
import { getRequest, patchRequest, updateRequest } from "../../client/requests.ts";
import { forEach, get, remove, set, type SortedMap } from "../../kernel/sorted-map.ts";
import type { Lister } from "../cache.ts";
import { type Controller, watch, listen } from "../controller.ts";
import { dateOf, printDate } from "../dates.ts";
import { hasTaint, isSameTaint, swapTaints, taintAt, zoneOf } from "../node-taints.ts";
import {
  again,
  DONE,
  isSuccess,
  objectOf,
  readClock,
  recall,
  recordEvent,
  remember,
  retry,
  send,
  type Situation,
  type Sync,
  tell,
  whyRefused,
} from "../sync.ts";
import { leases, nodes, podsByNode } from "../watched.ts";
import { diagnose, type Health, readyOf } from "./health.ts";
import { newZone, rateIn, stateOf, tryAccept, withRate, type Zone } from "./zones.ts";

interface Memory {
  readonly health: SortedMap<string, Health>;
  readonly zones: SortedMap<string, Zone>;
  /** Nodes that have been greeted. */
  readonly known: SortedMap<string, string>;
  /** Nodes whose pods could not all be marked. */
  readonly unfinished: SortedMap<string, true>;
}

/** Source: kube-controller-manager --node-monitor-period. */
export const MONITOR_PERIOD_MILLIS = 5000;
/** Source: nodelifecycle/scheduler rate_limited_queue.go NodeEvictionPeriod. */
export const EVICTION_PERIOD_MILLIS = 100;

const NOT_READY = "node.kubernetes.io/not-ready";
const UNREACHABLE = "node.kubernetes.io/unreachable";
const MONITOR = "monitor";

/** Watches over nodes: silent ones become Unknown, and taints say what is wrong with them. */
export const nodeLifecycle: Controller<Memory> = {
  name: "node-lifecycle",
  identity: "node-controller",
  workers: 8,
  memory: { health: null, zones: null, known: null, unfinished: null },
  ticks: [{ key: MONITOR, everyMillis: MONITOR_PERIOD_MILLIS, firstMillis: MONITOR_PERIOD_MILLIS }],
  watches: [
    watch(nodes, ({ after, key }) => ({ wishes: after === undefined ? [] : [`node ${key}`] })),
    listen(leases),
    listen(podsByNode),
  ],
  sync: (key, situation) => {
    if (key === MONITOR) return monitor(situation);
    const [task, name = ""] = key.split(" ");
    return task === "node" ? taintByConditions(name, situation) : evictZone(key.slice("evict ".length), situation);
  },
};

/** Every five seconds: who is there, who has been silent, how are the zones. */
function* monitor(situation: Situation<Memory>): Sync {
  const { lister, memory } = situation;
  const present = lister.list(nodes);
  yield* greet(present, memory, situation);
  const conditions = new Map<string, { ready: number; notReady: number }>();
  for (const node of present) {
    const current = yield* examine(node, situation);
    if (node.metadata.labels?.["node.kubernetes.io/exclude-disruption"] !== undefined) continue;
    const zone = zoneOf(node);
    const counts = conditions.get(zone) ?? { ready: 0, notReady: 0 };
    if (current === "True") counts.ready += 1;
    else counts.notReady += 1;
    conditions.set(zone, counts);
  }
  yield* judgeZones(present, conditions, situation);
  return DONE;
}

function* greet(present: readonly Node[], memory: Memory, { lister, now }: Situation<Memory>): Sync<void> {
  for (const node of present) {
    const { name = "", uid = "" } = node.metadata;
    const zone = zoneOf(node);
    if (get(memory.known, name) !== undefined) continue;
    const message = `Node ${name} event: Registered Node ${name} in Controller`;
    yield* recordEvent({ object: node, type: "Normal", reason: "RegisteredNode", message });
    yield* remember<Memory>((current) => ({
      ...current,
      known: set(current.known, name, uid),
      zones: get(current.zones, zone) === undefined ? set(current.zones, zone, newZone(now)) : current.zones,
    }));
  }
  yield* sayFarewell(memory, lister);
}

function* sayFarewell(memory: Memory, lister: Lister): Sync<void> {
  const gone: (readonly [string, string])[] = [];
  forEach(memory.known, (uid, name) => {
    if (lister.get(nodes, name) === undefined) gone.push([name, uid]);
  });
  for (const [name, uid] of gone) {
    const object = { apiVersion: "v1", kind: "Node", metadata: { name, uid } };
    const message = `Node ${name} event: Removing Node ${name} from Controller`;
    yield* recordEvent({ object, type: "Normal", reason: "RemovingNode", message });
    yield* remember<Memory>((current) => ({
      ...current,
      known: remove(current.known, name),
      health: remove(current.health, name),
    }));
  }
}

/** Source: node_lifecycle_controller.go NodeHealthUpdateRetry. */
const UPDATE_TRIES = 5;

/** One node: its health, its status where it has been silent, its pods where it has just become not ready. */
function* examine(found: Node, situation: Situation<Memory>): Sync<string> {
  const { lister, epochMillis } = situation;
  const { name = "" } = found.metadata;
  let node = found;
  for (let attempt = 0; attempt < UPDATE_TRIES; attempt++) {
    const now = yield* readClock();
    const memory = yield* recall<Memory>();
    const lease = lister.get(leases, `kube-node-lease/${name}`);
    const diagnosis = diagnose(node, lease, { health: get(memory.health, name), now, epochMillis });
    const { silent, observed, current } = diagnosis;
    if (silent !== undefined) {
      const target = { resource: nodes.resource, name, subresource: "status" };
      const response = yield* send(updateRequest(target, { ...silent, apiVersion: "v1", kind: "Node" }));
      const fresh = isSuccess(response) ? undefined : yield* send(getRequest({ resource: nodes.resource, name }));
      if (fresh !== undefined && !isSuccess(fresh)) return observed;
      if (fresh !== undefined) {
        node = objectOf<Node>(fresh);
        continue;
      }
      yield* tell({
        reason: "NodeSilent",
        object: { kind: "Node", name },
        facts: { sinceMillis: now - diagnosis.health.probedAt },
      });
    }
    yield* remember<Memory>((latest) => ({ ...latest, health: set(latest.health, name, diagnosis.health) }));
    if (current === "") return "Unknown";
    yield* planEviction(node, observed, situation);
    yield* markPods(node, { observed, current }, situation);
    return current;
  }
  return "Unknown";
}

function* planEviction(node: Node, observed: string, situation: Situation<Memory>): Sync<void> {
  const { name = "" } = node.metadata;
  const date = printDate(dateOf(situation));
  const zone = zoneOf(node);
  if (observed === "True") {
    for (const key of [UNREACHABLE, NOT_READY]) {
      if (hasTaint(node, { key, effect: "NoExecute" }))
        yield* swapTaints(node, { add: [], remove: [taintAt(key, "NoExecute", date)] });
    }
    yield* remember<Memory>((memory) => withoutWaiting(memory, zone, name));
    return;
  }
  const [wanted, other] = observed === "False" ? [NOT_READY, UNREACHABLE] : [UNREACHABLE, NOT_READY];
  if (hasTaint(node, { key: other, effect: "NoExecute" })) {
    const remove = [taintAt(other, "NoExecute", date)];
    yield* swapTaints(node, { add: [taintAt(wanted, "NoExecute", date)], remove });
    return;
  }
  if (hasTaint(node, { key: wanted, effect: "NoExecute" })) return;
  const memory = yield* recall<Memory>();
  if (get(memory.zones, zone)?.waiting.includes(name) === true) return;
  yield* remember<Memory>((current) => {
    const former = get(current.zones, zone) ?? newZone(situation.now);
    return { ...current, zones: set(current.zones, zone, { ...former, waiting: [...former.waiting, name] }) };
  });
  yield* again(`evict ${zone}`, EVICTION_PERIOD_MILLIS - (situation.now % EVICTION_PERIOD_MILLIS));
}

function withoutWaiting(memory: Memory, zone: string, name: string): Memory {
  const former = get(memory.zones, zone);
  if (former === undefined || !former.waiting.includes(name)) return memory;
  const waiting = former.waiting.filter((other) => other !== name);
  return { ...memory, zones: set(memory.zones, zone, { ...former, waiting }) };
}

/** Pods of a node that has become not ready are not ready either. */
function* markPods(
  node: Node,
  { observed, current }: { readonly observed: string; readonly current: string },
  { lister, memory, epochMillis }: Situation<Memory>,
): Sync<void> {
  const { name = "" } = node.metadata;
  const hasTurned = current !== "True" && observed === "True";
  if (hasTurned) {
    const message = `Node ${name} status is now: NodeNotReady`;
    yield* recordEvent({ object: node, type: "Normal", reason: "NodeNotReady", message });
  } else if (get(memory.unfinished, name) === undefined || observed === "True") return;
  let isFinished = true;
  for (const pod of lister.by(podsByNode, "node", name)) isFinished = (yield* markPod(pod, epochMillis)) && isFinished;
  yield* remember<Memory>((latest) => ({
    ...latest,
    unfinished: isFinished ? remove(latest.unfinished, name) : set(latest.unfinished, name, true),
  }));
}

function* markPod(pod: Pod, epochMillis: number): Sync<boolean> {
  const { namespace = "", name = "", generation } = pod.metadata;
  const conditions = pod.status?.conditions ?? [];
  const index = conditions.findIndex(({ type }) => type === "Ready");
  const ready = conditions[index];
  if (ready === undefined || ready.status === "False") return true;
  const date = printDate(epochMillis + (yield* readClock()));
  const marked = {
    ...ready,
    status: "False",
    lastTransitionTime: date,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  };
  const body = {
    ...pod,
    apiVersion: "v1",
    kind: "Pod",
    status: { ...pod.status, conditions: conditions.with(index, marked) },
  };
  const target = { resource: podsByNode.resource, namespace, name, subresource: "status" };
  const response = yield* send(updateRequest(target, body));
  if (response.code === 404) return true;
  if (!isSuccess(response)) return false;
  yield* recordEvent({ object: pod, type: "Warning", reason: "NodeNotReady", message: "Node is not ready" });
  return true;
}

/** Zones in which too much is broken are spared: then it is more likely the network than the nodes. */
function* judgeZones(
  present: readonly Node[],
  counts: ReadonlyMap<string, { readonly ready: number; readonly notReady: number }>,
  situation: Situation<Memory>,
): Sync<void> {
  const { now } = situation;
  const states = new Map([...counts].map(([zone, count]) => [zone, stateOf(count)] as const));
  const memory = yield* recall<Memory>();
  const areAllDown = [...states.values()].every((state) => state === "FullDisruption");
  const wereAllDown = [...states.keys()].every((zone) => get(memory.zones, zone)?.state === "FullDisruption");
  if (areAllDown && wereAllDown) return;
  if (areAllDown) for (const node of present) yield* planEviction(node, "True", situation);
  yield* remember<Memory>((current) => {
    let { zones, health } = current;
    for (const [zone, state] of states) {
      const { ready, notReady } = counts.get(zone) ?? { ready: 0, notReady: 0 };
      const former = get(zones, zone) ?? newZone(now);
      if (former.state === state && !wereAllDown && !areAllDown) continue;
      const rate = areAllDown ? 0 : rateIn(state, ready + notReady);
      zones = set(zones, zone, { ...withRate(former, rate, now), state });
    }
    if (wereAllDown) {
      for (const node of present) {
        const { name = "" } = node.metadata;
        const known = get(health, name);
        if (known !== undefined) health = set(health, name, { ...known, probedAt: now });
      }
    }
    return { ...current, zones, health };
  });
  for (const zone of states.keys()) {
    if ((get(memory.zones, zone)?.waiting.length ?? 0) > 0) yield* again(`evict ${zone}`, EVICTION_PERIOD_MILLIS);
  }
}

/** Taints waiting nodes of a zone NoExecute, no faster than the zone allows. */
function* evictZone(zone: string, situation: Situation<Memory>): Sync {
  for (const name of get(situation.memory.zones, zone)?.waiting ?? []) {
    const accepted = yield* accept(zone, situation.now);
    if (accepted !== 0) {
      if (accepted !== undefined) yield* again(`evict ${zone}`, accepted);
      return DONE;
    }
    const node = situation.lister.get(nodes, name);
    if (node !== undefined) {
      const status = readyOf(node)?.status;
      const date = printDate(dateOf(situation));
      const [wanted, other] = status === "False" ? [NOT_READY, UNREACHABLE] : [UNREACHABLE, NOT_READY];
      const isStillDown = status !== "True";
      const change = { add: [taintAt(wanted, "NoExecute", date)], remove: [taintAt(other, "NoExecute", date)] };
      const refused = isStillDown ? yield* swapTaints(node, change) : undefined;
      if (refused !== undefined) {
        yield* again(`evict ${zone}`, EVICTION_PERIOD_MILLIS);
        return DONE;
      }
    }
    yield* remember<Memory>((memory) => withoutWaiting(memory, zone, name));
  }
  return DONE;
}

function* accept(zone: string, now: number): Sync<number | undefined> {
  const memory = yield* recall<Memory>();
  const found = get(memory.zones, zone) ?? newZone(now);
  const { zone: next, waitMillis } = tryAccept(found, now);
  yield* remember<Memory>((current) => ({
    ...current,
    zones: set(current.zones, zone, { ...(get(current.zones, zone) ?? next), tokens: next.tokens, at: next.at }),
  }));
  return waitMillis;
}

/** Which condition means which taint. Source: node_lifecycle_controller.go nodeConditionToTaintKeyStatusMap. */
const TAINT_OF_CONDITION: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: NOT_READY, Unknown: UNREACHABLE },
  MemoryPressure: { True: "node.kubernetes.io/memory-pressure" },
  DiskPressure: { True: "node.kubernetes.io/disk-pressure" },
  NetworkUnavailable: { True: "node.kubernetes.io/network-unavailable" },
  PIDPressure: { True: "node.kubernetes.io/pid-pressure" },
};
const UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
const OWN_KEYS: readonly string[] = [
  ...Object.values(TAINT_OF_CONDITION).flatMap((keys) => Object.values(keys)),
  UNSCHEDULABLE,
];

/** Keeps the NoSchedule taints in line with the conditions, and the old labels with the new ones. */
function* taintByConditions(name: string, situation: Situation<Memory>): Sync {
  const node = situation.lister.get(nodes, name);
  if (node === undefined) return DONE;
  const date = printDate(dateOf(situation));
  const wanted = wantedTaints(node).map((key) => taintAt(key, "NoSchedule", date));
  const present = (node.spec?.taints ?? []).filter(
    ({ key, effect }) => effect === "NoSchedule" && OWN_KEYS.includes(key),
  );
  const add = wanted.filter((taint) => !present.some((other) => isSameTaint(taint, other)));
  const gone: readonly Taint[] = present.filter((taint) => !wanted.some((other) => isSameTaint(taint, other)));
  const refused = add.length + gone.length === 0 ? undefined : yield* swapTaints(node, { add, remove: gone });
  if (refused !== undefined) return retry(refused);
  return yield* repeatLabels(node);
}

function wantedTaints(node: Node): readonly string[] {
  const keys: string[] = [];
  for (const { type, status } of node.status?.conditions ?? []) {
    const key = TAINT_OF_CONDITION[type]?.[status];
    if (key !== undefined) keys.push(key);
  }
  return node.spec?.unschedulable === true ? [...keys, UNSCHEDULABLE] : keys;
}

/** Source: node_lifecycle_controller.go labelReconcileInfo. */
const REPEATED_LABELS = [
  ["kubernetes.io/os", "beta.kubernetes.io/os"],
  ["kubernetes.io/arch", "beta.kubernetes.io/arch"],
] as const;

function* repeatLabels(node: Node): Sync {
  const present = node.metadata.labels ?? {};
  const labels: Record<string, string> = {};
  for (const [stable, beta] of REPEATED_LABELS) {
    const value = present[stable];
    if (value !== undefined && present[beta] !== value) labels[beta] = value;
  }
  if (Object.keys(labels).length === 0) return DONE;
  const target = { resource: nodes.resource, name: node.metadata.name ?? "" };
  const response = yield* send(patchRequest(target, { dialect: "strategic", body: { metadata: { labels } } }));
  return isSuccess(response) ? DONE : retry(whyRefused(response));
}
