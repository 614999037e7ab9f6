import { expect, test } from "vitest";
import type { Container, Node, PersistentVolume, PersistentVolumeClaim, Pod } from "../api/generated/types.ts";
import { stream } from "../kernel/prng.ts";
import { fromEntries } from "../kernel/sorted-map.ts";
import { bestOf, type CycleSetting, decide, feasibleNodesToFind } from "./cycle.ts";
import { type Collections, NO_COLLECTIONS } from "./framework.ts";
import { unschedulableMessage } from "./outcome.ts";
import { defaultPlugins } from "./plugins/index.ts";
import { podInfoOf } from "./pod-info.ts";
import { pluginsOf } from "./profile.ts";
import { changeNodes, emptySnapshot, nodeNamed, replaceNode, withPod } from "./snapshot.ts";

function node(
  name: string,
  change: Partial<Node["spec"]> & { readonly labels?: Readonly<Record<string, string>> } = {},
): Node {
  const { labels, ...spec } = change;
  const allocatable = { cpu: "4", memory: "8Gi", pods: "110", "example.com/gpu": "2" };
  return { metadata: { name, labels: { "kubernetes.io/hostname": name, ...labels } }, spec, status: { allocatable } };
}

function pod(name: string, spec: Partial<Pod["spec"]> = {}, labels: Readonly<Record<string, string>> = {}): Pod {
  return {
    metadata: { name, namespace: "default", labels },
    spec: { containers: [{ name: "c" }], ...spec },
    status: {},
  };
}

function asking(requests: Readonly<Record<string, string>>): Container {
  return { name: "c", resources: { requests } };
}

function settingOf(nodes: readonly Node[], pods: readonly Pod[], collections: Partial<Collections> = {}): CycleSetting {
  let snapshot = changeNodes(emptySnapshot, new Map(nodes.map((one) => [one.metadata.name ?? "", one])));
  for (const one of pods) {
    const info = nodeNamed(snapshot, one.spec.nodeName ?? "");
    if (info !== undefined) snapshot = replaceNode(snapshot, withPod(info, podInfoOf(one)));
  }
  const sight = { snapshot, collections: { ...NO_COLLECTIONS, ...collections } };
  return { plugins: defaultPlugins, sight, nominations: new Map(), start: 0, percentageOfNodesToScore: 0 };
}

const spread = (change: object): Partial<Pod["spec"]> => ({
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: "zone",
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { app: "a" } },
      ...change,
    },
  ],
});

const claim = (name: string, spec: object, bound = true): readonly [string, PersistentVolumeClaim] => [
  `default/${name}`,
  {
    metadata: {
      name,
      namespace: "default",
      ...(bound ? { annotations: { "pv.kubernetes.io/bind-completed": "yes" } } : {}),
    },
    spec,
    status: {},
  },
];

const volume = (
  name: string,
  labels: Readonly<Record<string, string>>,
  spec: object = {},
): readonly [string, PersistentVolume] => [name, { metadata: { name, labels }, spec, status: { phase: "Bound" } }];

const using = (claimName: string): Partial<Pod["spec"]> => ({
  volumes: [{ name: "v", persistentVolumeClaim: { claimName } }],
});

const ports = [{ containerPort: 80, hostPort: 8080 }];

/** One node `n` unless the case says otherwise; the sentences are upstream's. */
const refusals: readonly (readonly [
  string,
  Pod,
  string,
  Partial<{ nodes: readonly Node[]; pods: readonly Pod[]; collections: Partial<Collections> }>,
])[] = [
  ["a cordoned node", pod("p"), "1 node(s) were unschedulable", { nodes: [node("n", { unschedulable: true })] }],
  [
    "a taint",
    pod("p"),
    "1 node(s) had untolerated taint(s)",
    { nodes: [node("n", { taints: [{ key: "k", effect: "NoExecute" }] })] },
  ],
  [
    "a selector",
    pod("p", { nodeSelector: { disk: "ssd" } }),
    "1 node(s) didn't match Pod's node affinity/selector",
    {},
  ],
  [
    "two shortages",
    pod("p", { containers: [asking({ cpu: "5", memory: "9Gi" })] }),
    "1 Insufficient cpu, 1 Insufficient memory",
    {},
  ],
  [
    "an extended resource",
    pod("p", { containers: [asking({ "example.com/gpu": "3" })] }),
    "1 Insufficient example.com/gpu",
    {},
  ],
  [
    "a port in use",
    pod("p", { containers: [{ name: "c", ports }] }),
    "1 node(s) didn't have free ports for the requested pod ports",
    {
      pods: [
        pod("o", {
          nodeName: "n",
          containers: [{ name: "c", ports: [{ containerPort: 1, hostPort: 8080, hostIP: "10.0.0.1" }] }],
        }),
      ],
    },
  ],
  [
    "a missing topology label",
    pod("p", spread({})),
    "1 node(s) didn't match pod topology spread constraints (missing required label)",
    {},
  ],
  [
    "too few domains",
    pod("p", spread({ minDomains: 2 }), { app: "a" }),
    "1 node(s) didn't match pod topology spread constraints",
    { nodes: [node("n", { labels: { zone: "a" } })], pods: [pod("o", { nodeName: "n" }, { app: "a" })] },
  ],
  [
    "a claim that only one pod may use",
    pod("p", using("c")),
    "1 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode",
    {
      pods: [pod("o", { nodeName: "n", ...using("c") })],
      collections: {
        claims: fromEntries([claim("c", { volumeName: "v", accessModes: ["ReadWriteOncePod"] })]),
        volumes: fromEntries([volume("v", {})]),
      },
    },
  ],
  [
    "a volume of another zone",
    pod("p", using("c")),
    "1 node(s) had no available volume zone",
    {
      nodes: [node("n", { labels: { "topology.kubernetes.io/zone": "a" } })],
      collections: {
        claims: fromEntries([claim("c", { volumeName: "v" })]),
        volumes: fromEntries([volume("v", { "topology.kubernetes.io/zone": "b" })]),
      },
    },
  ],
  [
    "more volumes than the node can attach",
    pod("p", using("c")),
    "1 node(s) exceed max volume count",
    {
      pods: [pod("o", { nodeName: "n", ...using("d") })],
      collections: {
        csiNodes: fromEntries([
          [
            "n",
            { metadata: { name: "n" }, spec: { drivers: [{ name: "x", nodeID: "n", allocatable: { count: 1 } }] } },
          ],
        ]),
        claims: fromEntries([claim("c", { volumeName: "v" }), claim("d", { volumeName: "w" })]),
        volumes: fromEntries([
          volume("v", {}, { csi: { driver: "x", volumeHandle: "v" } }),
          volume("w", {}, { csi: { driver: "x", volumeHandle: "w" } }),
        ]),
      },
    },
  ],
  [
    "a volume that is gone",
    pod("p", using("c")),
    "1 node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)",
    { collections: { claims: fromEntries([claim("c", { volumeName: "v" })]) } },
  ],
];

test.each(refusals)(
  "%s is refused in upstream's words",
  (_, refused, reason, { nodes = [node("n")], pods = [], collections = {} }) => {
    const decision = decide(podInfoOf(refused), settingOf(nodes, pods, collections), stream(1, "s"));
    expect(decision.kind).toBe("none");
    expect(unschedulableMessage(decision.search, undefined, nodes.length)).toBe(
      `0/${nodes.length} nodes are available: ${reason}.`,
    );
  },
);

test("without nodes the message is another", () => {
  const decision = decide(podInfoOf(pod("p")), settingOf([], []), stream(1, "s"));
  expect(unschedulableMessage(decision.search, undefined, 0)).toBe("no nodes available to schedule pods");
});

test("a claim that waits for the volume controller refuses the pod everywhere", () => {
  const collections = { claims: fromEntries([claim("c", {}, false)]) };
  const decision = decide(podInfoOf(pod("p", using("c"))), settingOf([node("n")], [], collections), stream(1, "s"));
  expect(unschedulableMessage(decision.search, undefined, 1)).toBe(
    "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found",
  );
});

test("a pod that names its node by field looks at that node alone", () => {
  const terms = {
    nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In" as const, values: ["b"] }] }],
  };
  const named = pod("p", { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } } });
  const decision = decide(podInfoOf(named), settingOf([node("a"), node("b")], []), stream(1, "s"));
  expect(decision).toMatchObject({ kind: "chosen", node: "b" });
  expect(decision.search.rejections[0]?.rejection.reasons).toEqual(["node(s) didn't satisfy plugin(s) [NodeAffinity]"]);
});

test("MostAllocated packs where LeastAllocated spreads", () => {
  const full = pod("o", { nodeName: "a", containers: [asking({ cpu: "2", memory: "4Gi" })] });
  const wish = podInfoOf(pod("p", { containers: [asking({ cpu: "1", memory: "1Gi" })] }));
  const bestBy = (type: "LeastAllocated" | "MostAllocated" | "RequestedToCapacityRatio"): readonly string[] => {
    const resources = [{ name: "cpu", weight: 1 }];
    const shape = [
      { utilization: 0, score: 0 },
      { utilization: 100, score: 10 },
    ];
    const disabled = ["NodeResourcesBalancedAllocation"];
    const plugins = pluginsOf({ schedulerName: "s", disabled, scoringStrategy: { type, resources, shape } });
    const decision = decide(wish, { ...settingOf([node("a"), node("b")], [full]), plugins }, stream(1, "s"));
    return decision.kind === "chosen" ? bestOf(decision.scores) : [];
  };
  expect([bestBy("LeastAllocated"), bestBy("MostAllocated"), bestBy("RequestedToCapacityRatio")]).toEqual([
    ["b"],
    ["a"],
    ["a"],
  ]);
});

test.each([
  [5, 0, 5],
  [99, 0, 99],
  [150, 0, 100],
  [1000, 0, 420],
  [6000, 0, 300],
  [6000, 50, 3000],
])("of %i nodes at %i %%, %i feasible ones are enough", (nodes, percentage, enough) => {
  expect(feasibleNodesToFind(nodes, percentage)).toBe(enough);
});

function scoresOf(one: Pod, plugin: string, setting: CycleSetting): Readonly<Record<string, number | undefined>> {
  const decision = decide(podInfoOf(one), setting, stream(1, "s"));
  const rows = decision.kind === "chosen" ? decision.scores : [];
  return Object.fromEntries(
    rows.map(({ node: name, scores }) => [name, scores.find((score) => score.plugin === plugin)?.normalized]),
  );
}

test("an image counts by its size, from 23 Mi to 1000 Mi a container, and less when few nodes have it", () => {
  const withImage = (name: string, mebibytes: number): Node => {
    const plain = node(name);
    const images = [{ names: ["big:latest"], sizeBytes: mebibytes * 1024 * 1024 }];
    return { ...plain, status: { ...plain.status, images } };
  };
  const wish = pod("p", { containers: [{ name: "c", image: "big" }] });
  const setting = settingOf([withImage("a", 2000), withImage("b", 30), withImage("c", 523), node("d")], []);
  // Three of four nodes have it, so three quarters of its size count.
  expect(scoresOf(wish, "ImageLocality", setting)).toEqual({ a: 100, b: 0, c: 37, d: 0 });
});

test("a pod draws others that it requires near it, with the weight of one", () => {
  const term = (app: string): object => ({
    topologyKey: "kubernetes.io/hostname",
    labelSelector: { matchLabels: { app } },
  });
  const friend = pod("f", {
    nodeName: "a",
    affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term("x") as never] } },
  });
  const preferred = [{ weight: 3, podAffinityTerm: term("y") as never }];
  const wish = pod(
    "p",
    { affinity: { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } } },
    { app: "x" },
  );
  const other = pod("y", { nodeName: "b" }, { app: "y" });
  expect(scoresOf(wish, "InterPodAffinity", settingOf([node("a"), node("b"), node("c")], [friend, other]))).toEqual({
    a: 33,
    b: 100,
    c: 0,
  });
});
