// After kubernetes v1.36 pkg/scheduler/framework/types.go NodeInfo, pkg/scheduler/backend/cache/node_tree.go, snapshot.go.
import type { Node, Taint } from "../api/generated/types.ts";
import { get, keys, remove, set, size, type SortedMap } from "../kernel/sorted-map.ts";
import type { PodInfo } from "./pod-info.ts";
import { addResources, allocatableOf, NO_RESOURCES, type Resources, subtractResources } from "./resources.ts";

/** A node with the pods on it, and sums that are kept up to date as pods come and go. */
export interface NodeInfo {
  readonly name: string;
  readonly node: Node;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly allocatable: Resources;
  readonly podsMax: number;
  readonly requested: Resources;
  readonly scoreRequested: Resources;
  readonly pods: SortedMap<string, PodInfo>;
  /** How many pods of each group are here, with one of them as a sample. */
  readonly groups: SortedMap<string, { readonly count: number; readonly sample: PodInfo }>;
  /** How many pods here have affinity terms of their own, required anti-affinity among them, host ports, claims. */
  readonly withAffinity: number;
  readonly withAntiAffinity: number;
  readonly withPorts: number;
}

/** All nodes at one moment. */
export interface Snapshot {
  /** In the order in which they are tried: zone by zone in turn. */
  readonly nodes: readonly NodeInfo[];
  /** The place of each node in that list. */
  readonly places: SortedMap<string, number>;
  /** The names of the nodes on which some pod has affinity, and required anti-affinity. */
  readonly affinityNodes: SortedMap<string, true>;
  readonly antiAffinityNodes: SortedMap<string, true>;
  /** How many nodes have each image, by its normalised name. */
  readonly images: SortedMap<string, number>;
  /** The order in which nodes were first seen: zones take turns in it. */
  readonly arrivals: readonly string[];
}

export const emptySnapshot: Snapshot = {
  nodes: [],
  places: null,
  affinityNodes: null,
  antiAffinityNodes: null,
  images: null,
  arrivals: [],
};

const NO_LABELS: Readonly<Record<string, string>> = {};

/** The node of that name, if it is known. */
export function nodeNamed(snapshot: Snapshot, name: string): NodeInfo | undefined {
  const place = get(snapshot.places, name);
  return place === undefined ? undefined : snapshot.nodes[place];
}

/** A node without pods. */
export function emptyNodeInfo(node: Node): NodeInfo {
  return {
    ...factsOf(node),
    requested: NO_RESOURCES,
    scoreRequested: NO_RESOURCES,
    pods: null,
    groups: null,
    withAffinity: 0,
    withAntiAffinity: 0,
    withPorts: 0,
  };
}

function factsOf(node: Node): Pick<NodeInfo, "name" | "node" | "labels" | "taints" | "allocatable" | "podsMax"> {
  const { resources, podsMax } = allocatableOf(node);
  return {
    name: node.metadata.name ?? "",
    node,
    labels: node.metadata.labels ?? NO_LABELS,
    taints: node.spec.taints ?? [],
    allocatable: resources,
    podsMax,
  };
}

function hasAffinity(pod: PodInfo): boolean {
  const lists = [pod.requiredAffinity, pod.requiredAntiAffinity, pod.preferredAffinity, pod.preferredAntiAffinity];
  return lists.some((list) => list.length > 0);
}

/** The node with one more pod; the same node when the pod is there already. */
export function withPod(info: NodeInfo, pod: PodInfo): NodeInfo {
  const former = get(info.pods, pod.key);
  if (former === pod) return info;
  return changePods(former === undefined ? info : withoutPod(info, former), pod, 1);
}

/** The node without the pod; the same node when it is not there. */
export function withoutPod(info: NodeInfo, pod: Pick<PodInfo, "key">): NodeInfo {
  const former = get(info.pods, pod.key);
  return former === undefined ? info : changePods(info, former, -1);
}

function changePods(info: NodeInfo, pod: PodInfo, step: 1 | -1): NodeInfo {
  const change = step === 1 ? addResources : subtractResources;
  const count = (get(info.groups, pod.group)?.count ?? 0) + step;
  return {
    ...info,
    requested: change(info.requested, pod.requests),
    scoreRequested: change(info.scoreRequested, pod.scoreRequests),
    pods: step === 1 ? set(info.pods, pod.key, pod) : remove(info.pods, pod.key),
    groups: count === 0 ? remove(info.groups, pod.group) : set(info.groups, pod.group, { count, sample: pod }),
    withAffinity: info.withAffinity + (hasAffinity(pod) ? step : 0),
    withAntiAffinity: info.withAntiAffinity + (pod.requiredAntiAffinity.length > 0 ? step : 0),
    withPorts: info.withPorts + (pod.hostPorts.length > 0 ? step : 0),
  };
}

export function podCount(info: NodeInfo): number {
  return size(info.pods);
}

/** The snapshot with another state of a node that it has. */
export function replaceNode(snapshot: Snapshot, info: NodeInfo): Snapshot {
  const place = get(snapshot.places, info.name);
  if (place === undefined || snapshot.nodes[place] === info) return snapshot;
  const mark = (marks: SortedMap<string, true>, count: number): SortedMap<string, true> =>
    count > 0 ? set(marks, info.name, true) : remove(marks, info.name);
  return {
    ...snapshot,
    nodes: snapshot.nodes.with(place, info),
    affinityNodes: mark(snapshot.affinityNodes, info.withAffinity),
    antiAffinityNodes: mark(snapshot.antiAffinityNodes, info.withAntiAffinity),
  };
}

/** The snapshot after nodes were added, changed or (undefined) deleted. Pods stay with a node that changes. */
export function changeNodes(snapshot: Snapshot, changes: ReadonlyMap<string, Node | undefined>): Snapshot {
  let next = snapshot;
  const moved = new Map<string, NodeInfo | undefined>();
  for (const [name, node] of changes) {
    const former = nodeNamed(snapshot, name);
    const info =
      node === undefined ? undefined : former === undefined ? emptyNodeInfo(node) : { ...former, ...factsOf(node) };
    if (info !== undefined && former !== undefined && staysInPlace(former.node, info.node))
      next = replaceNode(next, info);
    else if (info !== former) moved.set(name, info);
  }
  return moved.size === 0 ? next : arrange(next, moved);
}

export function changeNode(snapshot: Snapshot, name: string, node: Node | undefined): Snapshot {
  return changeNodes(snapshot, new Map([[name, node]]));
}

function staysInPlace(former: Node, node: Node): boolean {
  return zoneOf(former) === zoneOf(node) && former.status.images === node.status.images;
}

/** Source: component-helpers/node/topology GetZoneKey. */
function zoneOf(node: Node): string {
  const labels = node.metadata.labels ?? NO_LABELS;
  const zone = labels["topology.kubernetes.io/zone"] ?? "";
  const region = labels["topology.kubernetes.io/region"] ?? "";
  return zone === "" && region === "" ? "" : `${region}:\0:${zone}`;
}

/** Puts the nodes into their order anew: the first of each zone, then the second of each zone, and so on. */
function arrange(snapshot: Snapshot, moved: ReadonlyMap<string, NodeInfo | undefined>): Snapshot {
  const known = new Set(snapshot.arrivals);
  const newcomers = [...moved.keys()].filter((name) => !known.has(name));
  const arrivals = [...snapshot.arrivals, ...newcomers].filter(
    (name) => !moved.has(name) || moved.get(name) !== undefined,
  );
  const zones = new Map<string, NodeInfo[]>();
  for (const arrival of arrivals) {
    const one = moved.get(arrival) ?? nodeNamed(snapshot, arrival);
    if (one === undefined) continue;
    const zone = zones.get(zoneOf(one.node));
    if (zone === undefined) zones.set(zoneOf(one.node), [one]);
    else zone.push(one);
  }
  const nodes = inTurns([...zones.values()]);
  return { ...indexed(nodes), arrivals };
}

function inTurns(lists: readonly (readonly NodeInfo[])[]): readonly NodeInfo[] {
  const longest = lists.reduce((length, list) => Math.max(length, list.length), 0);
  const merged: NodeInfo[] = [];
  for (let turn = 0; turn < longest; turn++) {
    for (const list of lists) if (list[turn] !== undefined) merged.push(list[turn] as NodeInfo);
  }
  return merged;
}

function indexed(nodes: readonly NodeInfo[]): Omit<Snapshot, "arrivals"> {
  let places: SortedMap<string, number> = null;
  let affinityNodes: SortedMap<string, true> = null;
  let antiAffinityNodes: SortedMap<string, true> = null;
  let images: SortedMap<string, number> = null;
  for (const [place, info] of nodes.entries()) {
    places = set(places, info.name, place);
    if (info.withAffinity > 0) affinityNodes = set(affinityNodes, info.name, true);
    if (info.withAntiAffinity > 0) antiAffinityNodes = set(antiAffinityNodes, info.name, true);
    for (const image of new Set(imageNames(info.node))) {
      const count: number = get(images, image) ?? 0;
      images = set(images, image, count + 1);
    }
  }
  return { nodes, places, affinityNodes, antiAffinityNodes, images };
}

function imageNames(node: Node): readonly string[] {
  return (node.status.images ?? []).flatMap((image) => image.names ?? []);
}

/** The nodes of that mark, in the order of their names. */
export function markedNodes(snapshot: Snapshot, marks: SortedMap<string, true>): readonly NodeInfo[] {
  return keys(marks).flatMap((name) => nodeNamed(snapshot, name) ?? []);
}
