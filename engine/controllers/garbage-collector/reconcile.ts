// After kubernetes v1.36 pkg/controller/garbagecollector/garbagecollector.go, operations.go, patch.go; not modelled: collections of
// custom resources that are defined after the start, OwnerRefInvalidNamespace.
import type { KubernetesObject, OwnerReference } from "../../api/object.ts";
import { builtInKinds, resourceKindOf } from "../../api/resource-kind.ts";
import { deleteRequest, getRequest, patchRequest, type Target } from "../../client/requests.ts";
import { get, keys } from "../../kernel/sorted-map.ts";
import type { Watched } from "../cache.ts";
import { type Controller, type Reaction, watch, type Watch } from "../controller.ts";
import { isDeleting } from "../pods.ts";
import {
  again,
  DONE,
  isSuccess,
  objectOf,
  recall,
  remember,
  retry,
  send,
  sendAll,
  type Sync,
  tell,
  whyRefused,
} from "../sync.ts";
import {
  blockingDependents,
  dependentsOf,
  FOREGROUND_FINALIZER,
  type Graph,
  type GraphNode,
  grow,
  type Grown,
  ORPHAN_FINALIZER,
  withoutNode,
} from "./graph.ts";

/** Deletes what has lost its owners. */
export const garbageCollector: Controller<Graph> = {
  name: "garbage-collector",
  identity: "generic-garbage-collector",
  workers: 20,
  // Source: cmd/kube-controller-manager/app/core.go: two calls for each deletion.
  rateFactor: 2,
  memory: null,
  watches: monitors(),
  sync: syncItem,
};

/** All collections that can be listed, watched and deleted, but events. */
function monitors(): readonly Watch<Graph>[] {
  const seen = new Set<string>();
  const watches: Watch<Graph>[] = [];
  for (const { group, version, plural, kind, verbs } of builtInKinds) {
    const id = `${plural}.${group}`;
    if (seen.has(id) || plural === "events" || !["delete", "list", "watch"].every((verb) => verbs.includes(verb)))
      continue;
    seen.add(id);
    const collection = { resource: { group, version, plural }, kind };
    const watched: Watched<KubernetesObject> = { ...collection, indexes: {} };
    watches.push(watch(watched, (change, { memory }) => reactionTo(grow(memory, collection, change))));
  }
  return watches;
}

function reactionTo({ graph, toDelete, toOrphan }: Grown): Reaction<Graph> {
  return {
    memory: graph,
    wishes: [...toDelete.map((uid) => `delete ${uid}`), ...toOrphan.map((uid) => `orphan ${uid}`)],
  };
}

function* syncItem(key: string): Sync {
  const [task, uid = ""] = key.split(" ");
  const graph = yield* recall<Graph>();
  const node = get(graph, uid);
  if (node === undefined) return DONE;
  return task === "orphan" ? yield* orphan(graph, node) : yield* collect(graph, node);
}

function targetOf(node: GraphNode): Target | undefined {
  const kind = resourceKindOf(node.apiVersion, node.kind);
  const resource = node.resource ?? kind;
  if (resource === undefined) return undefined;
  const isNamespaced = kind?.namespaced ?? node.namespace !== "";
  return isNamespaced ? { resource, namespace: node.namespace, name: node.name } : { resource, name: node.name };
}

function* collect(graph: Graph, node: GraphNode): Sync {
  if (node.isBeingDeleted && !node.isDeletingDependents) return DONE;
  const target = targetOf(node);
  if (target === undefined) return retry(`no matches for kind "${node.kind}" in version "${node.apiVersion}"`);
  const response = yield* send(getRequest(target));
  if (response.code !== 404 && !isSuccess(response)) return retry(whyRefused(response));
  const latest = isSuccess(response) ? objectOf(response) : undefined;
  if (latest === undefined || latest.metadata.uid !== node.uid) return yield* forgetVirtual(node);
  return node.isDeletingDependents
    ? yield* finishForeground(graph, node, target)
    : yield* judge(graph, node, { target, latest });
}

/** An object that has no owner left goes; how depends on what its owners wait for. */
function* judge(
  graph: Graph,
  node: GraphNode,
  { target, latest }: { readonly target: Target; readonly latest: KubernetesObject },
): Sync {
  const owners = latest.metadata.ownerReferences ?? [];
  if (owners.length === 0) return DONE;
  const sorted = yield* classify(node, owners);
  if (typeof sorted === "string") return retry(sorted);
  if (sorted.solid.length > 0) return yield* keep(node, target, [...sorted.dangling, ...sorted.waiting]);
  const dependents = dependentsOf(graph, node);
  if (sorted.waiting.length > 0 && dependents.length > 0) {
    if (dependents.some((dependent) => dependent.isDeletingDependents)) yield* unblock(node, target);
    return yield* remove(node, target, { latest, policy: "Foreground" });
  }
  return yield* remove(node, target, { latest, policy: policyOf(latest) });
}

/** The owner that others name is not there: whoever it owned has lost it. */
function* forgetVirtual(node: GraphNode): Sync {
  yield* remember<Graph>((graph) => withoutNode(graph, node.uid).graph);
  for (const uid of keys(node.dependents)) yield* again(`delete ${uid}`, 0);
  return DONE;
}

interface Classified {
  readonly solid: readonly string[];
  readonly dangling: readonly string[];
  readonly waiting: readonly string[];
}

/** Which owners are there, which are gone, and which wait for their dependents to go. */
function* classify(node: GraphNode, owners: readonly OwnerReference[]): Sync<Classified | string> {
  const solid: string[] = [];
  const dangling: string[] = [];
  const waiting: string[] = [];
  for (const owner of owners) {
    const target = targetOf({ ...node, ...owner, resource: undefined });
    if (target === undefined) return `no matches for kind "${owner.kind}" in version "${owner.apiVersion}"`;
    const response = yield* send(getRequest(target));
    if (response.code !== 404 && !isSuccess(response)) return whyRefused(response);
    const found = isSuccess(response) ? objectOf(response) : undefined;
    if (found === undefined || found.metadata.uid !== owner.uid) dangling.push(owner.uid);
    else if (isDeleting(found) && hasFinalizer(found, FOREGROUND_FINALIZER)) waiting.push(owner.uid);
    else solid.push(owner.uid);
  }
  return { solid, dangling, waiting };
}

function hasFinalizer(object: KubernetesObject, finalizer: string): boolean {
  return (object.metadata.finalizers ?? []).includes(finalizer);
}

function policyOf(object: KubernetesObject): "Orphan" | "Foreground" | "Background" {
  if (hasFinalizer(object, ORPHAN_FINALIZER)) return "Orphan";
  return hasFinalizer(object, FOREGROUND_FINALIZER) ? "Foreground" : "Background";
}

/** One owner is left, so it stays; references to owners that have gone are taken out. */
function* keep(node: GraphNode, target: Target, lost: readonly string[]): Sync {
  if (lost.length === 0) return DONE;
  const response = yield* send(withoutOwners(node, target, lost));
  return isSuccess(response) || response.code === 404 ? DONE : retry(whyRefused(response));
}

function withoutOwners(node: GraphNode, target: Target, owners: readonly string[]): ReturnType<typeof patchRequest> {
  const ownerReferences = owners.map((uid) => ({ $patch: "delete", uid }));
  return patchRequest(target, { dialect: "strategic", body: { metadata: { ownerReferences, uid: node.uid } } });
}

/** A circle of owners that wait for each other is broken by not blocking any more. */
function* unblock(node: GraphNode, target: Target): Sync<void> {
  const ownerReferences = node.owners.map((owner) => ({ ...owner, blockOwnerDeletion: false }));
  const body = { metadata: { ownerReferences, uid: node.uid } };
  yield* send(patchRequest(target, { dialect: "strategic", body }));
}

function* remove(
  node: GraphNode,
  target: Target,
  how: { readonly latest: KubernetesObject; readonly policy: "Orphan" | "Foreground" | "Background" },
): Sync {
  const { latest, policy } = how;
  const { kind, namespace, name, uid } = node;
  const object = { kind, namespace, name, uid };
  yield* tell({ reason: "OwnerGone", object, facts: { owners: node.owners.map((owner) => owner.name).join(", ") } });
  const { resourceVersion } = latest.metadata;
  const preconditions = resourceVersion === undefined ? { uid } : { uid, resourceVersion };
  const response = yield* send(deleteRequest(target, { preconditions, propagationPolicy: policy }));
  return isSuccess(response) || response.code === 404 ? DONE : retry(whyRefused(response));
}

/** Foreground: when no blocking dependent is left, the finalizer is taken off and the object goes. */
function* finishForeground(graph: Graph, node: GraphNode, target: Target): Sync {
  const blocking = blockingDependents(graph, node);
  if (blocking.length === 0) return yield* removeFinalizer(node, target, FOREGROUND_FINALIZER);
  for (const dependent of blocking) {
    if (!dependent.isDeletingDependents) yield* again(`delete ${dependent.uid}`, 0);
  }
  return DONE;
}

/** Orphan: every dependent forgets the owner, then the finalizer is taken off. */
function* orphan(graph: Graph, node: GraphNode): Sync {
  const target = targetOf(node);
  if (target === undefined) return DONE;
  const requests = dependentsOf(graph, node).flatMap((dependent) => {
    const place = targetOf(dependent);
    return place === undefined ? [] : [withoutOwners(dependent, place, [node.uid])];
  });
  for (const response of yield* sendAll(requests)) {
    if (!isSuccess(response) && response.code !== 404 && response.code !== 422) return retry(whyRefused(response));
  }
  yield* tell({
    reason: "DependentsOrphaned",
    object: { kind: node.kind, name: node.name },
    facts: { count: requests.length },
  });
  return yield* removeFinalizer(node, target, ORPHAN_FINALIZER);
}

/** Source: operations.go removeFinalizer: retry.DefaultBackoff tries five times. */
const FINALIZER_TRIES = 5;

function* removeFinalizer(node: GraphNode, target: Target, finalizer: string): Sync {
  for (let attempt = 0; attempt < FINALIZER_TRIES; attempt++) {
    const found = yield* send(getRequest(target));
    if (found.code === 404) return DONE;
    if (!isSuccess(found)) return retry(whyRefused(found));
    const { metadata } = objectOf(found);
    if (!(metadata.finalizers ?? []).includes(finalizer)) return DONE;
    const left = (metadata.finalizers ?? []).filter((other) => other !== finalizer);
    const body = {
      metadata: { resourceVersion: metadata.resourceVersion, finalizers: left.length === 0 ? null : left },
    };
    const response = yield* send(patchRequest(target, { dialect: "merge", body }));
    if (isSuccess(response) || response.code === 404) return DONE;
    if (response.code !== 409) return retry(whyRefused(response));
  }
  return retry(`the finalizer ${finalizer} of ${node.name} could not be removed`);
}
