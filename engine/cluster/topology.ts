import type { Millis } from "../kernel/process.ts";
import type { SchedulerSettings } from "../scheduler/profile.ts";
import type { Route } from "../network/route.ts";

/** What a world is built from: plain data, so that a lab or a recording can carry it. */
export interface Topology {
  readonly nodes: readonly NodeSpec[];
  /** Machines outside the cluster that programs depend on. */
  readonly outside?: readonly OutsideSpec[];
  /** Which controllers run, by name; all when absent. */
  readonly controllers?: readonly string[];
  /** The date of boot in milliseconds since 1970; `DEFAULT_EPOCH_MILLIS` when absent. */
  readonly epochMillis?: number;
  /** Whether the bulky objects of a fresh cluster (RBAC roles, flow schemas) are there: `full` costs more at boot. */
  readonly bootstrap?: "minimal" | "full";
  /** Profiles and limits of the scheduler, where they are not the defaults. */
  readonly scheduler?: Omit<SchedulerSettings, "server">;
  /**
   * Whether kubelets renew their leases every 10 s, or only as often as the lifecycle controller needs to hear (every fourth time). The second is for worlds in
   * which no node dies: there a dead node would be noticed earlier than in life.
   */
  readonly heartbeats?: "every" | "when-noticed" | "once";
  /** Whether kubelets write their Events to the API, or only to the trace: for schedules in which nobody reads them. */
  readonly events?: "written" | "traced";
}

export interface NodeSpec {
  readonly name: string;
  readonly cpuMilli?: number;
  readonly memoryBytes?: number;
  readonly podsMax?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly Taint[];
  /** Images that are there before anything is pulled. */
  readonly images?: readonly string[];
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

export interface OutsideSpec {
  readonly name: string;
  readonly ports: readonly number[];
  readonly latencyMillis?: Millis;
}

/** 2026-04-22T12:00:00Z: the day on which Kubernetes 1.36 was released, at noon. */
export const DEFAULT_EPOCH_MILLIS = 1_776_859_200_000;

/** Source: golden/INDEX.md: the recorded workers have 4 CPU, 8 GiB and 110 pods each. */
export const DEFAULT_NODE = {
  cpuMilli: 4000,
  memoryBytes: 8_589_934_592,
  podsMax: 110,
} as const;

/** A topology of `count` workers, named as in the recordings. */
export function workers(count: number): Topology {
  const nodes = Array.from({ length: count }, (_, index) => ({ name: `worker-${index + 1}` }));
  return { nodes };
}

/** The pod range of the n-th node. Source: kubeadm's cluster range 10.244.0.0/16 with a /24 for each node. */
export function podCidrOf(index: number): string {
  return `10.${244 + (index >> 8)}.${index & 255}.0/24`;
}

/** The name of the node that the control plane runs on, where it is a node at all. */
const CONTROL_PLANE = "control-plane";

/**
 * A topology of `count` nodes as kubeadm makes it and as it was recorded: a control plane that takes no pods of its own accord,
 * and workers. One node alone is a worker.
 */
export function cluster(count: number): Topology {
  if (count <= 1) return workers(1);
  const controlPlane: NodeSpec = {
    name: CONTROL_PLANE,
    labels: {
      "node-role.kubernetes.io/control-plane": "",
      "node.kubernetes.io/exclude-from-external-load-balancers": "",
    },
    taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }],
  };
  return { nodes: [controlPlane, ...workers(count - 1).nodes] };
}

/** The address of the n-th node. Source: golden/c-kubectl/002: the control plane is 192.168.64.2, workers follow. */
export function nodeIpOf(topology: Topology, index: number): string {
  const last = index + (topology.nodes[0]?.name === CONTROL_PLANE ? 2 : 3);
  return `192.168.${64 + (last >> 8)}.${last & 255}`;
}

/** Where each pod range lives. */
export function routesOf(topology: Topology): readonly Route[] {
  return topology.nodes.map((node, index) => ({ cidr: podCidrOf(index), via: `${node.name}/containerd` }));
}
