import { expect, test } from "vitest";
import type { Pod } from "../api/generated/types.ts";
import { compareForDeletion, isAvailable, nextAvailabilityMillis } from "./pods.ts";

const NOW = Date.UTC(2026, 0, 1, 12);

interface Look {
  readonly node?: string;
  readonly phase?: string;
  readonly ready?: string;
  readonly cost?: string;
  readonly restarts?: number;
  readonly created?: string;
  readonly uid?: string;
}

function podOf({
  node = "n",
  phase = "Running",
  ready = "2026-01-01T10:00:00Z",
  cost,
  restarts = 0,
  created = "2026-01-01T09:00:00Z",
  uid = "u",
}: Look): Pod {
  const annotations = cost === undefined ? {} : { "controller.kubernetes.io/pod-deletion-cost": cost };
  const conditions = ready === "" ? [] : [{ type: "Ready", status: "True", lastTransitionTime: ready }];
  return {
    metadata: { name: "p", uid, annotations, creationTimestamp: created },
    spec: { nodeName: node, containers: [] },
    status: { phase, conditions, containerStatuses: [{ name: "c", restartCount: restarts }] },
  } as unknown as Pod;
}

// Source: kubernetes.io/docs/concepts/workloads/controllers/replicaset, "Scaling a ReplicaSet", and controller_utils.go ActivePodsWithRanks.
test.each<readonly [string, Look, Look, number, number]>([
  ["an unassigned pod goes before an assigned one", { node: "" }, {}, 0, 0],
  ["a pending pod goes before a running one", { phase: "Pending", ready: "" }, { ready: "" }, 0, 0],
  ["a pod that is not ready goes before a ready one", { ready: "" }, {}, 0, 0],
  ["the cheaper pod goes first", { cost: "-10" }, { cost: "5" }, 0, 0],
  ["an invalid cost counts as nothing", { cost: "-1" }, { cost: "1e3" }, 0, 0],
  ["a pod among many of its kind on a node goes first", {}, {}, 3, 1],
  ["the pod that became ready later goes first", { ready: "2026-01-01T11:59:00Z" }, {}, 0, 0],
  ["the pod with more restarts goes first", { restarts: 4 }, { restarts: 1 }, 0, 0],
  ["the younger pod goes first", { created: "2026-01-01T11:00:00Z", ready: "" }, { ready: "" }, 0, 0],
])("%s", (...row) => {
  const [, first, second, rank, otherRank] = row;
  const one = { pod: podOf(first), rank };
  const other = { pod: podOf(second), rank: otherRank };
  expect(compareForDeletion(one, other, NOW)).toBeLessThan(0);
  expect(compareForDeletion(other, one, NOW)).toBeGreaterThan(0);
});

test("ready times of the same power of two are a tie that the uid decides (KEP 2185)", () => {
  const one = { pod: podOf({ ready: "2026-01-01T10:00:00Z", uid: "b" }), rank: 0 };
  const other = { pod: podOf({ ready: "2026-01-01T10:05:00Z", uid: "a" }), rank: 0 };
  expect(compareForDeletion(one, other, NOW)).toBeGreaterThan(0);
});

test("a pod is available once it has been ready for minReadySeconds", () => {
  const pod = podOf({ ready: "2026-01-01T11:59:50Z" });
  expect([isAvailable(pod, 10, NOW), isAvailable(pod, 11, NOW), isAvailable(podOf({ ready: "" }), 0, NOW)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(nextAvailabilityMillis([pod], 15, NOW)).toBe(5000);
});
