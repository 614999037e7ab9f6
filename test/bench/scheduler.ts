import type { Node, Pod, ReplicaSet } from "../../engine/api/generated/types.ts";
import { stream } from "../../engine/kernel/prng.ts";
import { set } from "../../engine/kernel/sorted-map.ts";
import { decide } from "../../engine/scheduler/cycle.ts";
import { NO_COLLECTIONS } from "../../engine/scheduler/framework.ts";
import { defaultPlugins } from "../../engine/scheduler/plugins/index.ts";
import { podInfoOf } from "../../engine/scheduler/pod-info.ts";
import { changeNodes, emptySnapshot, nodeNamed, replaceNode, withPod } from "../../engine/scheduler/snapshot.ts";
import type { Benchmark } from "./measure.ts";

const NODES = 1000;
const PODS = 2000;

function nodeOf(index: number): Node {
  const name = `node-${index}`;
  const labels = { "kubernetes.io/hostname": name, "topology.kubernetes.io/zone": `zone-${index % 3}` };
  return { metadata: { name, labels }, spec: {}, status: { allocatable: { cpu: "32", memory: "64Gi", pods: "110" } } };
}

function podOf(index: number): Pod {
  const ownerReferences = [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: "web", controller: true }];
  const resources = { requests: { cpu: "100m", memory: "100Mi" } };
  return {
    metadata: { name: `pod-${index}`, namespace: "default", labels: { app: "web" }, ownerReferences },
    spec: { containers: [{ name: "c", image: "nginx", resources }] },
    status: {},
  };
}

const owner: ReplicaSet = {
  metadata: { name: "web", namespace: "default" },
  spec: { selector: { matchLabels: { app: "web" } } },
  status: { replicas: 0 },
};

/** The goal of the project: 10,000 pods on 1,000 nodes in 10 s, that is 1,000 pods a second. */
export const schedulerCycles: Benchmark = {
  name: "scheduler: pods of a ReplicaSet on 1,000 nodes",
  unit: "pods",
  prepare: () => {
    const nodes = Array.from({ length: NODES }, (_, index) => nodeOf(index));
    const empty = changeNodes(emptySnapshot, new Map(nodes.map((node) => [node.metadata.name ?? "", node])));
    const collections = { ...NO_COLLECTIONS, replicaSets: set(null, "default/web", owner) };
    return () => {
      let snapshot = empty;
      let prng = stream(7, "scheduler");
      let start = 0;
      for (let index = 0; index < PODS; index++) {
        const pod = podInfoOf(podOf(index));
        const sight = { snapshot, collections };
        const setting = { plugins: defaultPlugins, sight, nominations: new Map(), start, percentageOfNodesToScore: 0 };
        const decision = decide(pod, setting, prng);
        if (decision.kind === "none") throw new Error("every pod fits");
        const node = nodeNamed(snapshot, decision.node);
        if (node !== undefined) snapshot = replaceNode(snapshot, withPod(node, pod));
        prng = decision.prng;
        start = (start + decision.search.examined) % NODES;
      }
      return PODS;
    };
  },
};
