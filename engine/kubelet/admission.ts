// After kubernetes v1.36 pkg/kubelet/lifecycle/predicate.go, pkg/kubelet/sysctl; not modelled: topology, devices, feature declarations.
import type { Node, Pod } from "../api/generated/types.ts";
import { milliValue, wholeValue } from "../api/quantity.ts";
import { initContainersOf, isSidecar } from "./pod-spec.ts";
import type { KubeletSettings } from "./settings.ts";

/** Why the node does not take a pod. */
export interface Refusal {
  readonly reason: string;
  readonly message: string;
}

/** Whether the node takes the pod beside those that it has. */
export function admit(
  pod: Pod,
  others: readonly Pod[],
  settings: KubeletSettings,
  node: Node | undefined,
): Refusal | undefined {
  return (
    sysctlRefusal(pod) ??
    resourceRefusal(pod, others, settings) ??
    selectorRefusal(pod, node) ??
    portRefusal(pod, others) ??
    taintRefusal(pod, node)
  );
}

/** Source: pkg/kubelet/sysctl/safe_sysctls.go. */
const SAFE_SYSCTLS: readonly string[] = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_wmem",
];

function sysctlRefusal(pod: Pod): Refusal | undefined {
  const unsafe = pod.spec.securityContext?.sysctls?.find((it) => !SAFE_SYSCTLS.includes(it.name));
  return unsafe === undefined
    ? undefined
    : { reason: "SysctlForbidden", message: `forbidden sysctl: "${unsafe.name}" not allowlisted` };
}

export interface Demand {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
}

/** What a pod asks for: the sum of its containers and sidecars, or the largest init container. Source: resourcehelper.PodRequests. */
export function demandOf(pod: Pod): Demand {
  const of = (requests: Readonly<Record<string, string>> | undefined): Demand => ({
    cpuMilli: milliValue(requests?.["cpu"] ?? "0"),
    memoryBytes: wholeValue(requests?.["memory"] ?? "0"),
  });
  const plus = (one: Demand, other: Demand): Demand => ({
    cpuMilli: one.cpuMilli + other.cpuMilli,
    memoryBytes: one.memoryBytes + other.memoryBytes,
  });
  const most = (one: Demand, other: Demand): Demand => ({
    cpuMilli: Math.max(one.cpuMilli, other.cpuMilli),
    memoryBytes: Math.max(one.memoryBytes, other.memoryBytes),
  });
  let sidecars: Demand = { cpuMilli: 0, memoryBytes: 0 };
  let init: Demand = sidecars;
  for (const container of initContainersOf(pod)) {
    const own = of(container.resources?.requests);
    if (isSidecar(container)) sidecars = plus(sidecars, own);
    init = most(init, isSidecar(container) ? sidecars : plus(sidecars, own));
  }
  const main = pod.spec.containers.reduce((sum, container) => plus(sum, of(container.resources?.requests)), sidecars);
  return plus(most(main, init), of(pod.spec.overhead));
}

/** Why what a pod asks for does not fit beside the others. */
export function resourceRefusal(pod: Pod, others: readonly Pod[], settings: KubeletSettings): Refusal | undefined {
  const { node } = settings;
  if (others.length + 1 > node.podsMax)
    return insufficient("pods", { requested: 1, used: others.length, capacity: node.podsMax });
  const demand = demandOf(pod);
  let cpuUsed = 0;
  let memoryUsed = 0;
  for (const other of others) {
    const taken = demandOf(other);
    cpuUsed += taken.cpuMilli;
    memoryUsed += taken.memoryBytes;
  }
  if (demand.cpuMilli > 0 && cpuUsed + demand.cpuMilli > node.cpuMilli) {
    return insufficient("cpu", { requested: demand.cpuMilli, used: cpuUsed, capacity: node.cpuMilli });
  }
  if (demand.memoryBytes > 0 && memoryUsed + demand.memoryBytes > node.memoryBytes) {
    return insufficient("memory", { requested: demand.memoryBytes, used: memoryUsed, capacity: node.memoryBytes });
  }
  return undefined;
}

function insufficient(
  resource: string,
  { requested, used, capacity }: { readonly requested: number; readonly used: number; readonly capacity: number },
): Refusal {
  const message = `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`;
  return { reason: `OutOf${resource}`, message };
}

function predicate(reason: string, message: string): Refusal {
  return { reason, message: `Predicate ${reason} failed: ${message}` };
}

function selectorRefusal(pod: Pod, node: Node | undefined): Refusal | undefined {
  const labels = node?.metadata.labels ?? {};
  const misfits = Object.entries(pod.spec.nodeSelector ?? {}).some(([key, value]) => labels[key] !== value);
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const isUnwanted =
    terms !== undefined && !terms.some((term) => (term.matchExpressions ?? []).every((it) => matches(labels, it)));
  if (node === undefined || (!misfits && !isUnwanted)) return undefined;
  return predicate("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");
}

function matches(
  labels: Readonly<Record<string, string>>,
  rule: { readonly key: string; readonly operator: string; readonly values?: readonly string[] },
): boolean {
  const value = labels[rule.key];
  const values = rule.values ?? [];
  switch (rule.operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return value !== undefined && Number(value) > Number(values[0]);
    default:
      return value !== undefined && Number(value) < Number(values[0]);
  }
}

function hostPortsOf(pod: Pod): readonly string[] {
  return pod.spec.containers.flatMap((container) =>
    (container.ports ?? []).flatMap((port) => {
      const number = port.hostPort ?? (pod.spec.hostNetwork === true ? port.containerPort : undefined);
      return number === undefined || number === 0 ? [] : [`${port.protocol ?? "TCP"} ${number}`];
    }),
  );
}

function portRefusal(pod: Pod, others: readonly Pod[]): Refusal | undefined {
  const taken = new Set(others.flatMap(hostPortsOf));
  const isTaken = hostPortsOf(pod).some((port) => taken.has(port));
  return isTaken ? predicate("NodePorts", "node(s) didn't have free ports for the requested pod ports") : undefined;
}

function taintRefusal(pod: Pod, node: Node | undefined): Refusal | undefined {
  const taints = (node?.spec?.taints ?? []).filter((taint) => taint.effect === "NoExecute");
  const isTolerated = (taint: (typeof taints)[number]): boolean =>
    (pod.spec.tolerations ?? []).some(
      (it) =>
        (it.effect === undefined || it.effect === taint.effect) &&
        (it.key === undefined || it.key === "" || it.key === taint.key) &&
        (it.operator === "Exists" || (it.value ?? "") === (taint.value ?? "")),
    );
  return taints.every(isTolerated) ? undefined : predicate("TaintToleration", "node(s) had untolerated taint(s)");
}
