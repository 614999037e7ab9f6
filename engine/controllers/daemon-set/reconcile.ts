// After kubernetes v1.36 pkg/controller/daemon/daemon_controller.go, update.go; not modelled: the garbage collection of back-off records.
import type { ControllerRevision, DaemonSet, Node, Pod } from "../../api/generated/types.ts";
import { controllerOf, keyOf } from "../../api/object.ts";
import { podTemplateHash, revisionData } from "../../api/hash.ts";
import { updateRequest } from "../../client/requests.ts";
import { get, set as put, type SortedMap } from "../../kernel/sorted-map.ts";
import { type Lister, orphansOf } from "../cache.ts";
import { claim } from "../claim.ts";
import { type Controller, ownKey, type Reaction, watch } from "../controller.ts";
import { dateOf } from "../dates.ts";
import { compareStrings, isSame } from "../edit.ts";
import {
  areSatisfied,
  expectBoth,
  type Expectations,
  forgetExpectations,
  sawAnyDeletion,
  sawCreation,
} from "../expectations.ts";
import {
  controllerReference,
  createInBatches,
  deletePodRequest,
  podFromTemplate,
  recordDeletion,
} from "../pod-control.ts";
import { isAvailable, isDeleting, isReady, isTerminal, phaseOf } from "../pods.ts";
import { byRevision, createRevision, hasSameData, renumber, truncate } from "../revisions.ts";
import { isEmptySelector, selects } from "../selector.ts";
import {
  again,
  DONE,
  isSuccess,
  recall,
  recordEvent,
  relist,
  remember,
  retry,
  send,
  sendAll,
  type Situation,
  type Sync,
  tell,
  whyRefused,
} from "../sync.ts";
import { controllerRevisions, daemonSets, nodes, pods } from "../watched.ts";
import { affinityTo, daemonTolerations, placementOn, targetNode } from "./placement.ts";
import {
  byAge,
  type Changes,
  DAEMON_SET,
  HASH_LABEL,
  maxSurgeOf,
  replaceBySurge,
  replaceInPlace,
  type Scene,
} from "./plan.ts";
import { writeStatus } from "./status.ts";

interface Memory {
  readonly expectations: Expectations;
  /** Failed pods are killed later each time: until when to wait, and the delay, by set and node. */
  readonly backoff: SortedMap<string, { readonly until: number; readonly delay: number }>;
}

/** Source: daemon_controller.go BurstReplicas; cmd/kube-controller-manager: failedPodsBackoff 1 s to 15 min. */
const BURST_REPLICAS = 250;
const BACKOFF_MILLIS = 1000;
const BACKOFF_MILLIS_MAX = 900_000;

const GENERATION_LABEL = "pod-template-generation";
const GENERATION_ANNOTATION = "deprecated.daemonset.template.generation";

/** Keeps one pod on every node that fits. */
export const daemonSet: Controller<Memory> = {
  name: "daemon-set",
  identity: "daemon-set-controller",
  component: "daemonset-controller",
  workers: 2,
  memory: { expectations: null, backoff: null },
  waitsForOwnWrites: true,
  watches: [
    watch(daemonSets, (change, { memory }) =>
      change.after === undefined
        ? {
            wishes: [change.key],
            memory: { ...memory, expectations: forgetExpectations(memory.expectations, change.key) },
          }
        : ownKey(change),
    ),
    watch(pods, ({ before, after }, situation) => whenPodChanges(before, after, situation)),
    watch(nodes, ({ before, after }, { lister }) => ({ wishes: setsOfNode(before, after, lister) })),
    { watched: controllerRevisions as never, react: () => ({ wishes: [] }) },
  ],
  sync: syncDaemonSet,
};

function whenPodChanges(
  before: Pod | undefined,
  after: Pod | undefined,
  situation: Situation<Memory>,
): Reaction<Memory> {
  const { lister, memory } = situation;
  const pod = after ?? before;
  const owner = pod === undefined ? undefined : ownerOf(pod, lister);
  if (pod === undefined) return { wishes: [] };
  if (owner === undefined) {
    if (controllerOf(pod) !== undefined || after === undefined) return { wishes: [] };
    const suitors = lister.list(daemonSets, pod.metadata.namespace).filter((candidate) => matches(candidate, pod));
    return { wishes: suitors.map(keyOf) };
  }
  const key = keyOf(owner);
  const { expectations } = memory;
  if (after === undefined || isDeleting(after)) {
    return { wishes: [key], memory: { ...memory, expectations: sawAnyDeletion(expectations, key) } };
  }
  if (before === undefined)
    return { wishes: [key], memory: { ...memory, expectations: sawCreation(expectations, key) } };
  const minReadySeconds = owner.spec.minReadySeconds ?? 0;
  const hasBecomeReady = minReadySeconds > 0 && !isReady(before) && isReady(after);
  return { wishes: hasBecomeReady ? [key, { key, afterMillis: (minReadySeconds + 1) * 1000 }] : [key] };
}

function ownerOf(pod: Pod, lister: Lister): DaemonSet | undefined {
  const reference = controllerOf(pod);
  if (reference?.kind !== "DaemonSet") return undefined;
  const found = lister.get(daemonSets, `${pod.metadata.namespace ?? ""}/${reference.name}`);
  return found?.metadata.uid === reference.uid ? found : undefined;
}

function matches(candidate: DaemonSet, pod: Pod): boolean {
  return selects(candidate.spec.selector, pod.metadata.labels);
}

function setsOfNode(before: Node | undefined, after: Node | undefined, lister: Lister): readonly string[] {
  if (after === undefined) return [];
  const isPlain =
    isSame(before?.metadata.labels, after.metadata.labels) && isSame(before?.spec?.taints, after.spec?.taints);
  if (before !== undefined && isPlain) return [];
  return lister
    .list(daemonSets)
    .filter((candidate) => {
      const now = placementOn(after, candidate);
      const then = before === undefined ? { shouldRun: false, mayStay: true } : placementOn(before, candidate);
      return now.shouldRun !== then.shouldRun || (now.mayStay !== then.mayStay && !now.mayStay);
    })
    .map(keyOf);
}

function* syncDaemonSet(key: string, situation: Situation<Memory>): Sync {
  const { lister } = situation;
  const set = lister.get(daemonSets, key);
  if (set === undefined || isDeleting(set)) return DONE;
  if (isEmptySelector(set.spec.selector)) {
    const message = "This daemon set is selecting all pods. A non-empty selector is required.";
    yield* recordEvent({ object: set, type: "Warning", reason: "SelectingAll", message });
    return DONE;
  }
  const history = yield* findHistory(set, lister);
  if ("failure" in history) return retry(history.failure);
  const hash = history.current.metadata.labels?.[HASH_LABEL] ?? "";
  const scene: Scene = { key, set, hash, present: lister.list(nodes), date: dateOf(situation), now: situation.now };
  const isSatisfied = areSatisfied((yield* recall<Memory>()).expectations, key, situation.now);
  const failure = isSatisfied ? yield* bringAbout(scene, history.old) : undefined;
  const refused = yield* writeStatus(scene, isSatisfied, yield* podsByNode(scene));
  const why = failure ?? refused;
  return why === undefined ? DONE : retry(why);
}

interface History {
  readonly current: ControllerRevision;
  readonly old: readonly ControllerRevision[];
}

function* findHistory(set: DaemonSet, lister: Lister): Sync<History | { readonly failure: string }> {
  const data = revisionData(set.spec.template);
  const { name = "", namespace = "", annotations } = set.metadata;
  const hash = podTemplateHash(set.spec.template, set.status?.collisionCount);
  const all = lister.by(controllerRevisions, "controller", set.metadata.uid ?? "");
  const wanted = {
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: { ...set.spec.template.metadata?.labels, [HASH_LABEL]: hash },
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [controllerReference(set, DAEMON_SET)],
    },
    data,
  } as unknown as ControllerRevision;
  const current = all
    .filter((revision) => hasSameData(revision, wanted))
    .toSorted(byRevision)
    .at(-1);
  const old = all.filter((revision) => !hasSameData(revision, wanted));
  const number = Math.max(0, ...old.map(({ revision }) => revision)) + 1;
  if (current !== undefined) {
    const kept = current.revision < number ? yield* renumber(current, number) : current;
    return "failure" in kept ? kept : { current: kept, old };
  }
  const created = yield* createRevision(namespace, { ...wanted, revision: number });
  if (created !== "collides") return "failure" in created ? created : { current: created, old };
  const status = { ...set.status, collisionCount: (set.status?.collisionCount ?? 0) + 1 };
  const target = { resource: daemonSets.resource, namespace, name, subresource: "status" };
  yield* send(updateRequest(target, { ...DAEMON_SET, ...set, status }));
  return { failure: `the name ${name}-${hash} is taken` };
}

/** The daemon pods by node, as they are known now; pods that are over and being deleted are no concern any more. */
function* podsByNode(scene: Scene): Sync<ReadonlyMap<string, readonly Pod[]>> {
  const { set } = scene;
  const lister = yield* relist();
  const { uid = "", namespace = "" } = set.metadata;
  const claimed = yield* claim<Pod>(
    {
      owner: set,
      ownerKind: DAEMON_SET,
      ownerWatched: daemonSets as never,
      claimed: pods as never,
      matches: (pod) => matches(set, pod as Pod),
    },
    [...lister.by(pods, "controller", uid), ...lister.by(pods, "controller", orphansOf(namespace))],
  );
  const found = new Map<string, Pod[]>();
  for (const pod of claimed.objects) {
    if (isTerminal(pod) && isDeleting(pod)) continue;
    const node = targetNode(pod);
    found.set(node, [...(found.get(node) ?? []), pod]);
  }
  return found;
}

function* bringAbout(scene: Scene, old: readonly ControllerRevision[]): Sync<string | undefined> {
  const { key, set } = scene;
  const failure = yield* manage(scene, yield* podsByNode(scene));
  if (failure !== undefined) return failure;
  const isSatisfied = areSatisfied((yield* recall<Memory>()).expectations, key, scene.now);
  if (isSatisfied && set.spec.updateStrategy?.type !== "OnDelete") {
    const stuck = yield* roll(scene, yield* podsByNode(scene));
    if (stuck !== undefined) return stuck;
  }
  const live = new Set<string>();
  for (const all of (yield* podsByNode(scene)).values()) {
    for (const { metadata } of all) live.add(`${set.metadata.name ?? ""}-${metadata.labels?.[HASH_LABEL] ?? ""}`);
  }
  return yield* truncate(old, live, set.spec.revisionHistoryLimit ?? 10);
}

/** A pod on every node that should have one, none elsewhere. */
function* manage(scene: Scene, placed: ReadonlyMap<string, readonly Pod[]>): Sync<string | undefined> {
  const changes: Changes = { create: [], remove: [] };
  for (const node of scene.present) {
    const { name = "" } = node.metadata;
    const here = placed.get(name);
    const { shouldRun, mayStay } = placementOn(node, scene.set);
    if (shouldRun && here === undefined) changes.create.push(name);
    else if (mayStay) yield* tidy(scene, { node: name, here: here ?? [], shouldRun }, changes);
    else changes.remove.push(...(here ?? []).filter((pod) => !isDeleting(pod)));
  }
  const known = new Set(scene.present.map(({ metadata }) => metadata.name ?? ""));
  for (const [node, here] of placed) {
    if (!known.has(node))
      changes.remove.push(...here.filter((pod) => (pod.spec.nodeName ?? "") === "" && !isDeleting(pod)));
  }
  return yield* carryOut(scene, changes);
}

/** Takes away pods that have failed or ended, and those that are too many on one node. */
function* tidy(
  scene: Scene,
  place: { readonly node: string; readonly here: readonly Pod[]; readonly shouldRun: boolean },
  changes: Changes,
): Sync<void> {
  const running: Pod[] = [];
  for (const pod of place.here) {
    if (isDeleting(pod)) continue;
    if (!isTerminal(pod)) running.push(pod);
    else if (yield* mayKill(scene, place.node, pod)) changes.remove.push(pod);
  }
  running.sort(byAge);
  if (maxSurgeOf(scene) === 0) {
    changes.remove.push(...running.slice(1));
    return;
  }
  if (running.length === 0 && place.shouldRun) changes.create.push(place.node);
  if (running.length <= 1) return;
  const isNew = (pod: Pod): boolean => pod.metadata.labels?.[HASH_LABEL] === scene.hash;
  const newest = running.find(isNew);
  const oldest = running.find((pod) => !isNew(pod));
  changes.remove.push(...running.filter((pod) => pod !== newest && pod !== oldest));
  if (newest === undefined || oldest === undefined) return;
  if (!isReady(oldest) || isAvailable(newest, scene.set.spec.minReadySeconds ?? 0, scene.date))
    changes.remove.push(oldest);
}

/** A failed pod is not killed again and again at once: the kubelet might be refusing it. */
function* mayKill(scene: Scene, node: string, pod: Pod): Sync<boolean> {
  const { key, set, now } = scene;
  const { namespace = "", name = "" } = pod.metadata;
  if (phaseOf(pod) === "Succeeded") {
    const message = `Found succeeded daemon pod ${namespace}/${name} on node ${node}, will try to delete it`;
    yield* recordEvent({ object: set, type: "Normal", reason: "SucceededDaemonPod", message });
    return true;
  }
  const id = `${key} ${node}`;
  const former = get((yield* recall<Memory>()).backoff, id);
  if (former !== undefined && now < former.until) {
    yield* again(key, former.until - now);
    return false;
  }
  const isStale = former !== undefined && now - former.until > BACKOFF_MILLIS_MAX;
  const delay = former === undefined || isStale ? BACKOFF_MILLIS : Math.min(BACKOFF_MILLIS_MAX, former.delay * 2);
  yield* remember<Memory>((memory) => ({ ...memory, backoff: put(memory.backoff, id, { until: now + delay, delay }) }));
  const message = `Found failed daemon pod ${namespace}/${name} on node ${node}, will try to kill it`;
  yield* recordEvent({ object: set, type: "Warning", reason: "FailedDaemonPod", message });
  return true;
}

function* carryOut(scene: Scene, changes: Changes): Sync<string | undefined> {
  const { key, set, now } = scene;
  const create = changes.create.slice(0, BURST_REPLICAS);
  const victims = changes.remove.slice(0, BURST_REPLICAS);
  if (create.length + victims.length > 0) {
    const facts = { create: create.length, remove: victims.length };
    yield* tell({ reason: "DaemonPodsPlanned", object: { kind: "DaemonSet", name: set.metadata.name ?? "" }, facts });
  }
  const wanted = { creations: create.length, deletions: victims.length, now };
  yield* changeExpectations((expectations) => expectBoth(expectations, key, wanted));
  const { created, failure } = yield* createInBatches(
    set,
    create.map((node) => podFor(scene, node)),
  );
  const lost = create.length - created;
  if (lost > 0) yield* changeExpectations((expectations) => sawCreation(expectations, key, lost));
  let why = failure;
  for (const [index, response] of (yield* sendAll(victims.map(deletePodRequest))).entries()) {
    const pod = victims[index];
    if (pod === undefined) continue;
    yield* recordDeletion(set, pod, response);
    if (isSuccess(response)) continue;
    yield* changeExpectations((expectations) => sawAnyDeletion(expectations, key));
    if (response.code !== 404) why ??= whyRefused(response);
  }
  return why;
}

function* changeExpectations(change: (expectations: Expectations) => Expectations): Sync<void> {
  yield* remember<Memory>((memory) => ({ ...memory, expectations: change(memory.expectations) }));
}

function podFor({ set, hash }: Scene, node: string): Pod {
  const pod = podFromTemplate(set.spec.template, set, controllerReference(set, DAEMON_SET));
  const generation = set.metadata.annotations?.[GENERATION_ANNOTATION];
  const generationLabel = generation === undefined ? {} : { [GENERATION_LABEL]: generation };
  return {
    ...pod,
    metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...generationLabel, [HASH_LABEL]: hash } },
    spec: { ...pod.spec, affinity: affinityTo(node, pod.spec.affinity), tolerations: daemonTolerations(pod.spec) },
  };
}

function* roll(scene: Scene, placed: ReadonlyMap<string, readonly Pod[]>): Sync<string | undefined> {
  const ordered = [...placed].toSorted(([one], [other]) => compareStrings(one, other));
  const changes = maxSurgeOf(scene) === 0 ? replaceInPlace(scene, ordered) : replaceBySurge(scene, ordered);
  return yield* carryOut(scene, changes);
}
