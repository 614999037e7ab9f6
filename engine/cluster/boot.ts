import type { Millis } from "../kernel/process.ts";
import { emptyWorld, spawn } from "../kernel/world.ts";
import type { OutsideHostSettings } from "../edge/outside-host.ts";
import { API_SERVER, ETCD, kubeletOf, outsideAt, proxyOf, runtimeOf, SCHEDULER } from "./addresses.ts";
import { controllerSpecs, type Spec } from "./control-plane.ts";
import { objectsIn } from "./objects.ts";
import { programs } from "./programs.ts";
import { DEFAULT_EPOCH_MILLIS, DEFAULT_NODE, nodeIpOf, podCidrOf, type Topology } from "./topology.ts";
import { advanceWhen } from "./time.ts";
import type { World } from "./world.ts";

/** How long a cluster may take to come up, in virtual time, before boot gives it as it is. */
export const BOOT_MILLIS_MAX: Millis = 60_000;

/**
 * A cluster that is up: the control plane answers and every node is Ready. The same topology and seed give the same
 * world, to the last draw of chance.
 */
export function boot(topology: Topology, options: { readonly seed: number }): World {
  let simulation = emptyWorld(options.seed, topology.epochMillis ?? DEFAULT_EPOCH_MILLIS);
  for (const spec of specsOf(topology)) simulation = spawn(simulation, spec, programs);
  const world: World = { topology, seed: options.seed, simulation, inputs: null, files: null, visitors: 0 };
  return advanceWhen(world, isUp, BOOT_MILLIS_MAX).world;
}

function specsOf(topology: Topology): readonly Spec[] {
  return [
    { address: ETCD, program: "etcd", settings: null },
    {
      address: API_SERVER,
      program: "kube-apiserver",
      settings: { etcd: ETCD, bootstrap: topology.bootstrap ?? "full" },
    },
    ...controllerSpecs(topology),
    { address: SCHEDULER, program: "kube-scheduler", settings: { ...topology.scheduler, server: API_SERVER } },
    ...(topology.outside ?? []).map((host): Spec => {
      const settings: OutsideHostSettings = { ports: host.ports, latencyMillis: host.latencyMillis ?? 2 };
      return { address: outsideAt(host.name), program: "outside-host", settings };
    }),
    ...topology.nodes.flatMap((_, index) => nodeSpecs(topology, index)),
  ];
}

/** The processes of the n-th node; each goes its own way from here on. */
function nodeSpecs(topology: Topology, index: number): readonly Spec[] {
  const spec = topology.nodes[index];
  if (spec === undefined) return [];
  const node = { ...DEFAULT_NODE, ...spec, ip: nodeIpOf(topology, index), podCidr: podCidrOf(index) };
  const { name } = spec;
  return [
    {
      address: runtimeOf(name),
      program: "containerd",
      settings: { node, kubelet: kubeletOf(name), outside: "outside" },
    },
    {
      address: kubeletOf(name),
      program: "kubelet",
      settings: {
        node,
        server: API_SERVER,
        runtime: runtimeOf(name),
        heartbeats: topology.heartbeats ?? "every",
        events: topology.events ?? "written",
      },
    },
    { address: proxyOf(name), program: "kube-proxy", settings: { server: API_SERVER, node: name } },
  ];
}

interface NodeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  readonly spec?: { readonly taints?: readonly unknown[] };
}

/** Whether every node is Ready and no longer tainted, and pods of the default namespace have their service account. */
function isUp(world: World): boolean {
  const nodes = objectsIn(world, { plural: "nodes" }) as readonly NodeObject[];
  if (nodes.length < world.topology.nodes.length) return false;
  const areReady = nodes.every((node) =>
    node.status?.conditions?.some((it) => it.type === "Ready" && it.status === "True"),
  );
  const areOpen = nodes.filter((node) => (node.spec?.taints?.length ?? 0) > 0).length <= taintedNodes(world);
  return areReady && areOpen && objectsIn(world, { plural: "serviceaccounts", namespace: "default" }).length > 0;
}

function taintedNodes(world: World): number {
  return world.topology.nodes.filter((node) => (node.taints?.length ?? 0) > 0).length;
}
