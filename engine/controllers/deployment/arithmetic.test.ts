import { expect, test } from "vitest";
import type { Deployment, ReplicaSet } from "../../api/generated/types.ts";
import {
  activeOrLatest,
  beyondHistory,
  maxSurge,
  maxUnavailable,
  newSize,
  proportionOf,
  sortOut,
} from "./arithmetic.ts";

function deploymentOf(
  replicas: number,
  maxSurgeValue: number | string,
  maxUnavailableValue: number | string,
): Deployment {
  const rollingUpdate = { maxSurge: maxSurgeValue, maxUnavailable: maxUnavailableValue };
  const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "nginx:2" }] } };
  return {
    metadata: { name: "web" },
    spec: {
      replicas,
      selector: {},
      template,
      strategy: { type: "RollingUpdate", rollingUpdate },
      revisionHistoryLimit: 1,
    },
  } as unknown as Deployment;
}

function setOf(
  name: string,
  replicas: number,
  more: { revision?: string; max?: string; image?: string; created?: string } = {},
): ReplicaSet {
  const { revision = "1", max, image = "nginx:1", created = "2026-01-01T00:00:00Z" } = more;
  const annotations = {
    "deployment.kubernetes.io/revision": revision,
    ...(max === undefined ? {} : { "deployment.kubernetes.io/max-replicas": max }),
  };
  const template = {
    metadata: { labels: { app: "web", "pod-template-hash": name } },
    spec: { containers: [{ name: "c", image }] },
  };
  return {
    metadata: { name, annotations, creationTimestamp: created },
    spec: { replicas, template },
    status: { replicas },
  } as unknown as ReplicaSet;
}

// Source: kubernetes.io/docs/concepts/workloads/controllers/deployment: surge is rounded up, unavailability down.
type Rounding = readonly [string, number, number | string, number | string, number, number];

test.each<Rounding>([
  ["25 % of 4 is one pod each way", 4, "25%", "25%", 1, 1],
  ["25 % of 10 rounds up for surge and down for unavailability", 10, "25%", "25%", 3, 2],
  ["25 % of 3 leaves no unavailable pod", 3, "25%", "25%", 1, 0],
  ["both zero would never move, so one may be unavailable", 3, 0, "0%", 0, 1],
  ["unavailability is at most everything", 3, 0, 9, 0, 3],
  ["nothing is unavailable of nothing", 0, "25%", "50%", 0, 0],
])("%s", (...row) => {
  const [, replicas, surge, unavailable, expectedSurge, expectedUnavailable] = row;
  const deployment = deploymentOf(replicas, surge, unavailable);
  expect([maxSurge(deployment), maxUnavailable(deployment)]).toEqual([expectedSurge, expectedUnavailable]);
});

test.each<readonly [string, number, readonly ReplicaSet[], number, number]>([
  ["a new set starts with the surge", 4, [setOf("a", 4)], 0, 1],
  ["it never grows beyond the goal", 4, [setOf("a", 0)], 3, 4],
  ["without room it stays", 4, [setOf("a", 4), setOf("b", 1)], 1, 1],
])("%s", (...row) => {
  const [, replicas, all, current, expected] = row;
  expect(newSize(deploymentOf(replicas, 1, 0), all, current)).toBe(expected);
});

test("new replicas are spread in proportion to the sets, never more than are left", () => {
  const deployment = deploymentOf(15, 3, 2);
  const share = (size: number, added: number): number =>
    proportionOf(setOf("a", size, { max: "13" }), deployment, { toAdd: 5, added });
  expect([share(8, 0), share(5, 3), share(0, 0)]).toEqual([3, 2, 0]);
});

test("the new set is the one with the Deployment's template, whatever its hash label says", () => {
  const old = setOf("a", 2);
  const fresh = setOf("b", 1, { image: "nginx:2" });
  const sorted = sortOut(deploymentOf(3, 1, 1), [old, fresh]);
  expect([sorted.newSet, sorted.oldSets]).toEqual([fresh, [old]]);
});

test("with several sets in use there is no single active one", () => {
  expect(activeOrLatest(setOf("b", 1), [setOf("a", 1)])).toBeUndefined();
  expect(activeOrLatest(setOf("b", 0), [setOf("a", 1)])?.metadata.name).toBe("a");
  expect(
    activeOrLatest(undefined, [setOf("a", 0), setOf("c", 0, { created: "2026-01-02T00:00:00Z" })])?.metadata.name,
  ).toBe("c");
});

test("history beyond the limit goes by revision, and only where no pod is left", () => {
  const sets = [setOf("c", 0, { revision: "3" }), setOf("a", 0, { revision: "1" }), setOf("b", 2, { revision: "2" })];
  expect(beyondHistory(deploymentOf(3, 1, 1), sets).map(({ metadata }) => metadata.name)).toEqual(["a"]);
});
