// After kubernetes v1.36 pkg/controller/daemon/update.go.
import type { DaemonSet, Node, Pod } from "../../api/generated/types.ts";
import { scaledValueUp } from "../../api/int-or-string.ts";
import { parseDate } from "../dates.ts";
import { compareStrings } from "../edit.ts";
import type { OwnerKind } from "../pod-control.ts";
import { isAvailable, isDeleting } from "../pods.ts";
import { placementOn } from "./placement.ts";

export const DAEMON_SET: OwnerKind = { apiVersion: "apps/v1", kind: "DaemonSet" };
export const HASH_LABEL = "controller-revision-hash";

/** One sync of a daemon set. */
export interface Scene {
  readonly key: string;
  readonly set: DaemonSet;
  readonly hash: string;
  readonly present: readonly Node[];
  readonly date: number;
  readonly now: number;
}

/** Nodes that get a pod, and pods that go. */
export interface Changes {
  readonly create: string[];
  readonly remove: Pod[];
}

/** The oldest first; pods that are on their node before those that are not. */
export function byAge(one: Pod, other: Pod): number {
  const isHere = (pod: Pod): number => ((pod.spec.nodeName ?? "") === "" ? 1 : 0);
  return (
    isHere(one) - isHere(other) ||
    (parseDate(one.metadata.creationTimestamp) ?? 0) - (parseDate(other.metadata.creationTimestamp) ?? 0) ||
    compareStrings(one.metadata.name ?? "", other.metadata.name ?? "")
  );
}

export function maxSurgeOf({ set, present }: Scene): number {
  const { maxSurge } = set.spec.updateStrategy?.rollingUpdate ?? {};
  const most = maxSurge === undefined ? 0 : scaledValueUp(maxSurge, desiredOn(set, present));
  return typeof most === "number" ? most : 0;
}

function maxUnavailableOf({ set, present }: Scene): number {
  const most = scaledValueUp(set.spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, desiredOn(set, present));
  const number = typeof most === "number" ? most : 1;
  // Both nothing would never move. Source: update.go updatedDesiredNodeCounts.
  return number;
}

function desiredOn(set: DaemonSet, present: readonly Node[]): number {
  return present.filter((node) => placementOn(node, set).shouldRun).length;
}

/** The new and the old pod of a node; undefined where there are several of a kind. */
function pairOn({ hash }: Scene, here: readonly Pod[]): { fresh?: Pod; outdated?: Pod } | undefined {
  const staying = here.filter((pod) => !isDeleting(pod));
  const fresh = staying.filter((pod) => pod.metadata.labels?.[HASH_LABEL] === hash);
  const outdated = staying.filter((pod) => pod.metadata.labels?.[HASH_LABEL] !== hash);
  if (fresh.length > 1 || outdated.length > 1) return undefined;
  return {
    ...(fresh[0] === undefined ? {} : { fresh: fresh[0] }),
    ...(outdated[0] === undefined ? {} : { outdated: outdated[0] }),
  };
}

export type Placed = readonly (readonly [string, readonly Pod[]])[];

export function replaceInPlace(scene: Scene, placed: Placed): Changes {
  const most = maxUnavailableOf(scene);
  const seconds = scene.set.spec.minReadySeconds ?? 0;
  let unavailable = 0;
  const urgent: Pod[] = [];
  const candidates: Pod[] = [];
  for (const [, here] of placed) {
    const pair = pairOn(scene, here);
    const { fresh, outdated } = pair ?? {};
    if (pair === undefined || (fresh === undefined) === (outdated === undefined)) unavailable += 1;
    else if (fresh !== undefined) unavailable += isAvailable(fresh, seconds, scene.date) ? 0 : 1;
    else if (outdated !== undefined && !isAvailable(outdated, seconds, scene.date)) {
      urgent.push(outdated);
      unavailable += 1;
    } else if (outdated !== undefined && unavailable < most) candidates.push(outdated);
  }
  return { create: [], remove: [...urgent, ...candidates.slice(0, Math.max(0, most - unavailable))] };
}

export function replaceBySurge(scene: Scene, placed: Placed): Changes {
  const most = maxSurgeOf(scene);
  const seconds = scene.set.spec.minReadySeconds ?? 0;
  let surging = 0;
  const urgent: string[] = [];
  const candidates: string[] = [];
  const remove: Pod[] = [];
  for (const [node, here] of placed) {
    const pair = pairOn(scene, here);
    const { fresh, outdated } = pair ?? {};
    if (pair === undefined) surging += 1;
    else if (outdated === undefined) continue;
    else if (fresh === undefined) {
      if (!isAvailable(outdated, seconds, scene.date)) urgent.push(node);
      else if (surging < most) candidates.push(node);
    } else if (isAvailable(fresh, seconds, scene.date)) remove.push(outdated);
    else surging += 1;
  }
  return { create: [...urgent, ...candidates.slice(0, Math.max(0, most - surging))], remove };
}
