// After kubernetes v1.36 pkg/controller/garbagecollector graph.go, graph_builder.go.
import type { KubernetesObject, OwnerReference } from "../../api/object.ts";
import type { Change } from "../../client/informer.ts";
import type { Resource } from "../../client/requests.ts";
import { get, keys, remove, set, type SortedMap } from "../../kernel/sorted-map.ts";
import { isSame } from "../edit.ts";
import { isDeleting } from "../pods.ts";

/** Who owns whom, by uid; kept up to date by the watches of all collections. */
export type Graph = SortedMap<string, GraphNode>;

export interface GraphNode {
  readonly uid: string;
  readonly resource: Resource | undefined;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly owners: readonly OwnerReference[];
  readonly dependents: SortedMap<string, true>;
  readonly isBeingDeleted: boolean;
  /** In foreground deletion: it waits for its dependents to go first. */
  readonly isDeletingDependents: boolean;
  /** Known only because others name it as their owner; nobody has seen it. */
  readonly isVirtual: boolean;
}

export const FOREGROUND_FINALIZER = "foregroundDeletion";
export const ORPHAN_FINALIZER = "orphan";

/** The graph after a change, and the nodes to look at: to delete, or to set their dependents free. */
export interface Grown {
  readonly graph: Graph;
  readonly toDelete: readonly string[];
  readonly toOrphan: readonly string[];
}

export interface Collection {
  readonly resource: Resource;
  readonly kind: string;
}

/** Mutable while one change is worked in. */
interface Draft {
  graph: Graph;
  readonly toDelete: string[];
  readonly toOrphan: string[];
}

export function grow(graph: Graph, collection: Collection, { before, after }: Change<KubernetesObject>): Grown {
  const draft: Draft = { graph, toDelete: [], toOrphan: [] };
  if (after === undefined) {
    if (before !== undefined) take(draft, before.metadata.uid ?? "");
    return draft;
  }
  // A new object under an old name: the old one has gone.
  if (before !== undefined && before.metadata.uid !== after.metadata.uid) take(draft, before.metadata.uid ?? "");
  put(draft, collection, after);
  noteDeletion(draft, before, after);
  return draft;
}

function put(draft: Draft, { resource, kind }: Collection, object: KubernetesObject): void {
  const { uid = "", namespace = "", name = "", ownerReferences: owners = [] } = object.metadata;
  const former = get(draft.graph, uid);
  if (former !== undefined && !former.isVirtual) {
    if (isDeleting(object) && !former.isBeingDeleted) update(draft, uid, { isBeingDeleted: true });
    if (former.owners !== owners && !isSame(former.owners, owners)) changeOwners(draft, former, owners);
    return;
  }
  const apiVersion = resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
  const node: GraphNode = {
    uid,
    resource,
    apiVersion,
    kind,
    namespace,
    name,
    owners,
    dependents: former?.dependents ?? null,
    isBeingDeleted: isDeleting(object),
    isDeletingDependents: false,
    isVirtual: false,
  };
  draft.graph = set(draft.graph, uid, node);
  for (const owner of owners) addDependent(draft, owner, node);
}

function update(draft: Draft, uid: string, fields: Partial<GraphNode>): void {
  const node = get(draft.graph, uid);
  if (node !== undefined) draft.graph = set(draft.graph, uid, { ...node, ...fields });
}

/** An owner that nobody has seen gets a node all the same, and is asked for at the server. */
function addDependent(draft: Draft, owner: OwnerReference, dependent: GraphNode): void {
  const found = get(draft.graph, owner.uid);
  if (found !== undefined) {
    update(draft, owner.uid, { dependents: set(found.dependents, dependent.uid, true) });
    return;
  }
  const { uid, apiVersion, kind, name } = owner;
  draft.graph = set(draft.graph, uid, {
    uid,
    resource: undefined,
    apiVersion,
    kind,
    namespace: dependent.namespace,
    name,
    owners: [],
    dependents: set(null, dependent.uid, true),
    isBeingDeleted: false,
    isDeletingDependents: false,
    isVirtual: true,
  });
  draft.toDelete.push(uid);
}

function changeOwners(draft: Draft, node: GraphNode, owners: readonly OwnerReference[]): void {
  update(draft, node.uid, { owners });
  const present = new Map(owners.map((owner) => [owner.uid, owner]));
  for (const old of node.owners) {
    const kept = present.get(old.uid);
    const wasBlocking = old.blockOwnerDeletion === true;
    if (wasBlocking && kept?.blockOwnerDeletion !== true) draft.toDelete.push(old.uid);
    if (kept === undefined) removeDependent(draft, old.uid, node.uid);
  }
  const former = new Set(node.owners.map(({ uid }) => uid));
  for (const owner of owners) if (!former.has(owner.uid)) addDependent(draft, owner, node);
}

function removeDependent(draft: Draft, owner: string, dependent: string): void {
  const found = get(draft.graph, owner);
  if (found !== undefined) update(draft, owner, { dependents: remove(found.dependents, dependent) });
}

/** A node goes: its dependents may have lost their last owner, and owners that waited for it may go on. */
function take(draft: Draft, uid: string): void {
  const node = get(draft.graph, uid);
  if (node === undefined) return;
  draft.graph = remove(draft.graph, uid);
  draft.toDelete.push(...keys(node.dependents));
  for (const { uid: owner } of node.owners) {
    removeDependent(draft, owner, uid);
    if (get(draft.graph, owner)?.isDeletingDependents === true) draft.toDelete.push(owner);
  }
}

/** The graph without a node that turned out not to exist. */
export function withoutNode(graph: Graph, uid: string): Grown {
  const draft: Draft = { graph, toDelete: [], toOrphan: [] };
  take(draft, uid);
  return draft;
}

function noteDeletion(draft: Draft, before: KubernetesObject | undefined, after: KubernetesObject): void {
  const uid = after.metadata.uid ?? "";
  if (beginsWith(before, after, ORPHAN_FINALIZER)) {
    draft.toOrphan.push(uid);
    return;
  }
  if (!beginsWith(before, after, FOREGROUND_FINALIZER)) return;
  update(draft, uid, { isDeletingDependents: true });
  draft.toDelete.push(...keys(get(draft.graph, uid)?.dependents ?? null), uid);
}

/** Whether the object has just come into deletion with that finalizer. */
function beginsWith(before: KubernetesObject | undefined, after: KubernetesObject, finalizer: string): boolean {
  if (!isDeleting(after) || !(after.metadata.finalizers ?? []).includes(finalizer)) return false;
  return before === undefined || !isDeleting(before) || !(before.metadata.finalizers ?? []).includes(finalizer);
}

/** The dependents that the deletion of their owner must wait for. */
export function blockingDependents(graph: Graph, node: GraphNode): readonly GraphNode[] {
  return dependentsOf(graph, node).filter((dependent) =>
    dependent.owners.some((owner) => owner.uid === node.uid && owner.blockOwnerDeletion === true),
  );
}

export function dependentsOf(graph: Graph, node: GraphNode): readonly GraphNode[] {
  return keys(node.dependents).flatMap((uid) => get(graph, uid) ?? []);
}
