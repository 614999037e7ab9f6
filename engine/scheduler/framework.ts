// After kubernetes v1.36 kube-scheduler/framework/interface.go; not modelled: Permit, extenders, pod groups.
import type {
  CSINode,
  Namespace,
  PersistentVolume,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  ReplicaSet,
  ReplicationController,
  Service,
  StatefulSet,
  StorageClass,
} from "../api/generated/types.ts";
import type { KubernetesObject } from "../api/object.ts";
import type { SortedMap } from "../kernel/sorted-map.ts";
import type { PodInfo } from "./pod-info.ts";
import type { NodeInfo, Snapshot } from "./snapshot.ts";

/** Source: framework/interface.go MaxNodeScore. */
export const NODE_SCORE_MAX = 100;

/** Why a pod cannot run on a node, or anywhere. Evicting pods may help against the one kind, never against the other. */
export interface Rejection {
  readonly kind: "unschedulable" | "unresolvable";
  readonly reasons: readonly string[];
}

export function unschedulable(...reasons: readonly string[]): Rejection {
  return { kind: "unschedulable", reasons };
}

export function unresolvable(...reasons: readonly string[]): Rejection {
  return { kind: "unresolvable", reasons };
}

/** What a plugin has to say before nodes are looked at one by one. */
export type PreFiltered<Prepared> =
  | {
      readonly kind: "prepared";
      readonly prepared: Prepared;
      /** The only nodes that come into question, where the plugin knows them by name. */
      readonly nodes?: readonly string[];
    }
  /** The plugin's filter has nothing to check for this pod. */
  | { readonly kind: "skip" }
  | Rejection;

export type PreScored<Prepared> =
  | { readonly kind: "prepared"; readonly prepared: Prepared }
  /** The plugin's score plays no part for this pod. */
  | { readonly kind: "skip" };

/** What plugins may look at besides nodes and pods: the scheduler's view of other collections. */
export interface Collections {
  readonly namespaces: SortedMap<string, Namespace>;
  readonly claims: SortedMap<string, PersistentVolumeClaim>;
  readonly volumes: SortedMap<string, PersistentVolume>;
  readonly storageClasses: SortedMap<string, StorageClass>;
  readonly csiNodes: SortedMap<string, CSINode>;
  readonly services: SortedMap<string, Service>;
  readonly replicationControllers: SortedMap<string, ReplicationController>;
  readonly replicaSets: SortedMap<string, ReplicaSet>;
  readonly statefulSets: SortedMap<string, StatefulSet>;
  readonly disruptionBudgets: SortedMap<string, PodDisruptionBudget>;
}

export const NO_COLLECTIONS: Collections = {
  namespaces: null,
  claims: null,
  volumes: null,
  storageClasses: null,
  csiNodes: null,
  services: null,
  replicationControllers: null,
  replicaSets: null,
  statefulSets: null,
  disruptionBudgets: null,
};

/** All that a scheduling cycle can see. */
export interface Sight {
  readonly snapshot: Snapshot;
  readonly collections: Collections;
}

/**
 * A plugin: one object with optional members for the extension points. `Prepared` is what its preFilter works out once for
 * all nodes; `Weighed` is what its preScore works out. Members are pure; a rejection explains itself.
 */
export interface Plugin<Prepared = unknown, Weighed = unknown> {
  readonly name: string;
  /** How much its score counts; 1 when absent. */
  readonly weight?: number;
  /** Keeps a pod out of the queue. */
  preEnqueue?(pod: PodInfo): Rejection | undefined;
  preFilter?(pod: PodInfo, sight: Sight): PreFiltered<Prepared>;
  filter?(pod: PodInfo, node: NodeInfo, prepared: Prepared): Rejection | undefined;
  /** What was prepared, as if `other` were on `node` too. For dry runs of preemption. */
  addPod?(prepared: Prepared, change: PodChange): Prepared;
  removePod?(prepared: Prepared, change: PodChange): Prepared;
  preScore?(pod: PodInfo, nodes: readonly NodeInfo[], sight: Sight): PreScored<Weighed>;
  score?(pod: PodInfo, node: NodeInfo, weighed: Weighed): number;
  /** The scores on a scale from 0 to 100. */
  normalize?(scores: readonly number[], nodes: readonly NodeInfo[], weighed: Weighed): readonly number[];
  /** Whether a change in the cluster may make a pod schedulable that the plugin rejected. Absent: it does not listen. */
  readonly hints?: readonly Hint[];
}

/** A pod that is taken from a node, or put on it, in thought. */
export interface PodChange {
  readonly pod: PodInfo;
  readonly other: PodInfo;
  readonly node: NodeInfo;
}

/** Something that happened in the cluster. */
export interface ClusterEvent {
  readonly resource: EventResource;
  readonly before: KubernetesObject | undefined;
  readonly after: KubernetesObject | undefined;
}

export type EventResource =
  /** A pod that has a node. */
  | "AssignedPod"
  /** The waiting pod itself. */
  | "UnscheduledPod"
  | "Node"
  | "PersistentVolumeClaim"
  | "PersistentVolume"
  | "StorageClass";

/** What a plugin listens to. `helps` is asked whether the event may help; absent: it always may. */
export interface Hint {
  readonly resource: EventResource;
  helps?(pod: PodInfo, event: ClusterEvent): boolean;
}

/** Source: framework/plugins/helper/normalize_score.go DefaultNormalizeScore. */
export function normalizeByMax(scores: readonly number[], isReversed: boolean): readonly number[] {
  const highest = scores.reduce((max, score) => (score > max ? score : max), 0);
  if (highest === 0) return isReversed ? scores.map(() => NODE_SCORE_MAX) : scores;
  return scores.map((score) => {
    const share = Math.trunc((NODE_SCORE_MAX * score) / highest);
    return isReversed ? NODE_SCORE_MAX - share : share;
  });
}
