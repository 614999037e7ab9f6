import { expect, test } from "vitest";
import type { Node, Pod, PodDisruptionBudget } from "../api/generated/types.ts";
import { stream } from "../kernel/prng.ts";
import { fromEntries } from "../kernel/sorted-map.ts";
import { type CycleSetting, decide } from "./cycle.ts";
import { NO_COLLECTIONS } from "./framework.ts";
import { defaultPlugins } from "./plugins/index.ts";
import { podInfoOf } from "./pod-info.ts";
import { bestCandidates, type Candidate, preempt, type Preemption } from "./preemption.ts";
import { changeNodes, emptySnapshot, nodeNamed, replaceNode, withPod } from "./snapshot.ts";

function pod(name: string, cpu: string, priority: number, more: Partial<Pod["spec"]> = {}): Pod {
  return {
    metadata: { name, namespace: "default", labels: { app: name } },
    spec: { containers: [{ name: "c", resources: { requests: { cpu } } }], priority, ...more },
    status: { startTime: "2026-01-01T00:00:00Z" },
  };
}

function started(one: Pod, startTime: string): Pod {
  return { ...one, status: { startTime } };
}

function candidate(node: string, victims: readonly Pod[], violations = 0): Candidate {
  return { node, victims: victims.map(podInfoOf), violations };
}

const a = pod("a", "1", 1);

test.each<readonly [string, Candidate, Candidate]>([
  ["fewer violated budgets", candidate("good", [pod("x", "1", 9)]), candidate("bad", [a], 1)],
  ["a lower highest priority", candidate("good", [a, a]), candidate("bad", [pod("x", "1", 2)])],
  ["a lower sum of priorities", candidate("good", [a, pod("x", "1", 0)]), candidate("bad", [a, a])],
  ["fewer victims", candidate("good", [a]), candidate("bad", [a, pod("x", "1", -2_147_483_648)])],
  ["victims that began later", candidate("good", [started(a, "2026-01-02T00:00:00Z")]), candidate("bad", [a])],
])("%s wins", (_, good, bad) => {
  expect(bestCandidates([bad, good], Number.MAX_SAFE_INTEGER).map(({ node }) => node)).toEqual(["good"]);
});

function onOneNode(pods: readonly Pod[], budgets: readonly PodDisruptionBudget[] = []): CycleSetting {
  const node: Node = {
    metadata: { name: "n" },
    spec: {},
    status: { allocatable: { cpu: "4", memory: "8Gi", pods: "9" } },
  };
  let snapshot = changeNodes(emptySnapshot, new Map([["n", node]]));
  for (const one of pods) {
    const info = nodeNamed(snapshot, "n");
    if (info !== undefined) snapshot = replaceNode(snapshot, withPod(info, podInfoOf(one)));
  }
  const disruptionBudgets = fromEntries(budgets.map((budget) => [`default/${budget.metadata.name}`, budget] as const));
  const sight = { snapshot, collections: { ...NO_COLLECTIONS, disruptionBudgets } };
  return { plugins: defaultPlugins, sight, nominations: new Map(), start: 0, percentageOfNodesToScore: 0 };
}

function preemptionOf(one: Pod, setting: CycleSetting): Preemption {
  const info = podInfoOf(one);
  const found = decide(info, setting, stream(1, "s")).search;
  return preempt(info, { found, setting, prng: stream(1, "s"), epochMillis: 0 });
}

function victimsOf(preemption: Preemption): readonly string[] | string {
  if (preemption.kind === "hopeless") return preemption.message;
  return preemption.victims.map(({ pod: victim }) => victim.metadata.name ?? "");
}

test("only as many leave as must, and the less important ones first", () => {
  const setting = onOneNode([pod("low", "1", 1), pod("middle", "1", 2), pod("high", "1", 3), pod("peer", "1", 5)]);
  expect(victimsOf(preemptionOf(pod("p", "2", 5), setting))).toEqual(["middle", "low"]);
});

test("who is protected by a budget stays when another can go", () => {
  const budget: PodDisruptionBudget = {
    metadata: { name: "b", namespace: "default" },
    spec: { selector: { matchLabels: { app: "guarded" } } },
    status: { currentHealthy: 1, desiredHealthy: 1, disruptionsAllowed: 0, expectedPods: 1 },
  };
  const setting = onOneNode([pod("guarded", "2", 1), pod("free", "2", 1)], [budget]);
  expect(victimsOf(preemptionOf(pod("p", "2", 5), setting))).toEqual(["free"]);
});

test.each([
  ["a policy of Never", pod("p", "2", 5, { preemptionPolicy: "Never" }), "not eligible due to preemptionPolicy=Never."],
  [
    "too little room even then",
    pod("p", "9", 5),
    "0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
  ],
  [
    "nobody of lower priority",
    pod("p", "2", 1),
    "0/1 nodes are available: 1 No preemption victims found for incoming pod.",
  ],
  ["room only if equals left", pod("p", "4", 5), "0/1 nodes are available: 1 Insufficient cpu."],
])("%s makes it hopeless", (_, one, message) => {
  const setting = onOneNode([
    pod("x", "1", one.spec.priority === 1 ? 1 : 2),
    pod("y", "2", one.spec.priority === 1 ? 1 : 5),
  ]);
  expect(victimsOf(preemptionOf(one, setting))).toBe(message);
});
