import type { Pod, ReplicaSet } from "../api/generated/types.ts";
import type { Watched } from "./cache.ts";
import type { OwnerKind } from "./pod-control.ts";

/**
 * What ReplicaSets and ReplicationControllers differ in; the latter are handled through an adapter upstream too. Only what both
 * have in common is read, so a ReplicationController passes as a ReplicaSet here.
 */
export interface ReplicaKind {
  readonly name: string;
  readonly identity: string;
  readonly watched: Watched<ReplicaSet>;
  readonly ownKind: OwnerKind;
  readonly matches: (set: ReplicaSet, pod: Pod) => boolean;
  readonly countsTerminating: boolean;
  readonly waitsForOwnWrites: boolean;
}
