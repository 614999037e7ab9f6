// After kubernetes v1.36 pkg/kubelet/kubelet_node_status.go, nodestatus/setters.go, component-helpers/apimachinery/lease; not modelled: volumes in use.
import type { Lease, Node, NodeCondition, NodeStatus } from "../api/generated/types.ts";
import { rfc3339, rfc3339Micro } from "../api/time.ts";
import type { ApiResponse } from "../api/wire.ts";
import { createRequest, getRequest, patchRequest, updateRequest } from "../client/requests.ts";
import type { Millis } from "../kernel/process.ts";
import {
  LEASE_RENEW_MILLIS,
  LEASE_RENEW_QUIET_MILLIS,
  LEASE_SECONDS,
  NODE_STATUS_MILLIS,
  NODE_STATUS_UPDATE_MILLIS,
} from "./constants.ts";
import { send } from "./send.ts";
import type { KubeletState, Purpose, Turn } from "./state.ts";

const NODES = { group: "", version: "v1", plural: "nodes" } as const;
const LEASES = { group: "coordination.k8s.io", version: "v1", plural: "leases" } as const;
const LEASE_NAMESPACE = "kube-node-lease";

/** What the kubelet keeps from pods of its node's memory. Source: golden/g-kubelet/42: 100 MiB, the hard eviction threshold. */
const MEMORY_RESERVED_BYTES = 100 * 1024 * 1024;

/** The node as the kubelet registers it. */
export function nodeObject(state: KubeletState, now: Millis): Node {
  const { node } = state.settings;
  const { name } = node;
  const labels = {
    "beta.kubernetes.io/arch": "amd64",
    "beta.kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    ...node.labels,
  };
  const annotations = { "volumes.kubernetes.io/controller-managed-attach-detach": "true" };
  const taints = (node.taints ?? []).map((taint) => ({ ...taint }));
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels, annotations },
    spec: { podCIDR: node.podCidr, podCIDRs: [node.podCidr], ...(taints.length === 0 ? {} : { taints }) },
    status: nodeStatus(state, now, undefined),
  } as unknown as Node;
}

/** Source of texts and fields: golden/g-kubelet/42-pod-running-own-node-objects. */
export function nodeStatus(state: KubeletState, now: Millis, former: NodeStatus | undefined): NodeStatus {
  const { node } = state.settings;
  const kibi = (bytes: number): string => `${Math.floor(bytes / 1024)}Ki`;
  const cpu = node.cpuMilli % 1000 === 0 ? String(node.cpuMilli / 1000) : `${node.cpuMilli}m`;
  const common = { cpu, "hugepages-1Gi": "0", "hugepages-2Mi": "0", pods: String(node.podsMax) };
  return {
    addresses: [
      { type: "InternalIP", address: node.ip },
      { type: "Hostname", address: node.name },
    ],
    allocatable: {
      ...common,
      "ephemeral-storage": "95551679124",
      memory: kibi(node.memoryBytes - MEMORY_RESERVED_BYTES),
    },
    capacity: { ...common, "ephemeral-storage": "103682900Ki", memory: kibi(node.memoryBytes) },
    conditions: nodeConditions(state, now, former?.conditions ?? []),
    daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
    nodeInfo: nodeInfo(node.name),
  } as unknown as NodeStatus;
}

function nodeInfo(name: string): Readonly<Record<string, string>> {
  const id = [...name]
    .reduce((sum, character) => (Math.imul(sum, 31) + character.charCodeAt(0)) >>> 0, 7)
    .toString(16)
    .padStart(8, "0")
    .repeat(4);
  return {
    machineID: id,
    systemUUID: id,
    bootID: id,
    kernelVersion: "6.12.0",
    osImage: "Debian GNU/Linux 12 (bookworm)",
    operatingSystem: "linux",
    architecture: "amd64",
    containerRuntimeVersion: "containerd://2.1.9",
    kubeletVersion: "v1.36.2",
    kubeProxyVersion: "",
  };
}

const HEALTHY: readonly {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}[] = [
  {
    type: "MemoryPressure",
    status: "False",
    reason: "KubeletHasSufficientMemory",
    message: "kubelet has sufficient memory available",
  },
  {
    type: "DiskPressure",
    status: "False",
    reason: "KubeletHasNoDiskPressure",
    message: "kubelet has no disk pressure",
  },
  {
    type: "PIDPressure",
    status: "False",
    reason: "KubeletHasSufficientPID",
    message: "kubelet has sufficient PID available",
  },
  { type: "Ready", status: "True", reason: "KubeletReady", message: "kubelet is posting ready status" },
];

function nodeConditions(state: KubeletState, now: Millis, former: readonly NodeCondition[]): readonly NodeCondition[] {
  const date = rfc3339(state.epochMillis + now);
  return HEALTHY.map((condition) => {
    const old = former.find((it) => it.type === condition.type);
    const lastTransitionTime = old?.status === condition.status ? old.lastTransitionTime : date;
    return { ...condition, lastHeartbeatTime: date, lastTransitionTime } as unknown as NodeCondition;
  });
}

/** Registers the node, or takes over the one that is there. */
export function register(turn: Turn): void {
  send(turn, { kind: "node-create" }, createRequest({ resource: NODES }, nodeObject(turn.state, turn.now)));
}

export function receiveNodeAnswer(turn: Turn, purpose: Purpose, response: ApiResponse): void {
  const { name } = turn.state.settings.node;
  if (purpose.kind === "node-create" && response.code === 409) {
    send(turn, { kind: "node-get" }, getRequest({ resource: NODES, name }));
    return;
  }
  if (response.code >= 400) {
    const isLost = response.code === 404;
    if (isLost) register(turn);
    else turn.effects.push({ kind: "wake", key: "node", at: turn.now + NODE_STATUS_UPDATE_MILLIS });
    return;
  }
  const object = response.body as Node;
  const wasRegistered = turn.state.node.isRegistered;
  turn.state = { ...turn.state, node: { ...turn.state.node, object, isRegistered: true } };
  if (purpose.kind === "node-create" || purpose.kind === "node-get") reportNode(turn);
  if (!wasRegistered) renewLease(turn);
}

/** Writes the node's status: at the beginning, when something has changed, and every five minutes. */
export function reportNode(turn: Turn): void {
  const { state, now } = turn;
  const { object } = state.node;
  const status = nodeStatus(state, now, object?.status);
  const { name } = state.settings.node;
  send(
    turn,
    { kind: "node-status" },
    patchRequest({ resource: NODES, name, subresource: "status" }, { dialect: "strategic", body: { status } }),
  );
  if (state.settings.heartbeats === "once") return;
  turn.effects.push({ kind: "wake", key: "node", at: now + NODE_STATUS_MILLIS });
}

/** The lease that renewals write: held by the node, owned by the Node object. */
function leaseObject(state: KubeletState, renewAt: Millis): Lease {
  const { name } = state.settings.node;
  const uid = state.node.object?.metadata.uid;
  const owner = uid === undefined ? {} : { ownerReferences: [{ apiVersion: "v1", kind: "Node", name, uid }] };
  const former = state.node.lease;
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: former?.metadata ?? { name, namespace: LEASE_NAMESPACE, ...owner },
    spec: {
      holderIdentity: name,
      leaseDurationSeconds: LEASE_SECONDS,
      renewTime: rfc3339Micro(state.epochMillis + renewAt),
    },
  };
}

/**
 * Renews the node's lease. With heartbeats "when-noticed" three of four renewals are skipped: the controller's verdict on a living node stays
 * the same, but a node that dies is found out 10 to 50 s later instead of 40 to 50 s. Worlds about dying nodes need heartbeats "every".
 * With "once" the first renewal is the last: for worlds without a node-lifecycle controller.
 */
export function renewLease(turn: Turn): void {
  const { state, now } = turn;
  const { name } = state.settings.node;
  const target = { resource: LEASES, namespace: LEASE_NAMESPACE };
  const lease = leaseObject(state, now);
  if (state.node.lease === undefined) send(turn, { kind: "lease-create" }, createRequest(target, lease));
  else send(turn, { kind: "lease" }, updateRequest({ ...target, name }, lease));
  if (state.settings.heartbeats === "once") return;
  const isEach = state.settings.heartbeats === "every";
  turn.effects.push({ kind: "wake", key: "lease", at: now + (isEach ? LEASE_RENEW_MILLIS : LEASE_RENEW_QUIET_MILLIS) });
}

export function receiveLeaseAnswer(turn: Turn, purpose: Purpose, response: ApiResponse): void {
  const { name } = turn.state.settings.node;
  const target = { resource: LEASES, namespace: LEASE_NAMESPACE, name };
  if (purpose.kind === "lease-create" && response.code === 409) {
    send(turn, { kind: "lease-get" }, getRequest(target));
    return;
  }
  if (response.code >= 400) {
    const { lease, ...rest } = turn.state.node;
    void lease;
    turn.state = { ...turn.state, node: { ...rest, lease: undefined } };
    turn.effects.push({ kind: "wake", key: "lease", at: turn.now + LEASE_RETRY_MILLIS });
    return;
  }
  turn.state = { ...turn.state, node: { ...turn.state.node, lease: response.body as Lease } };
  if (purpose.kind === "lease-get") renewLease(turn);
}

/** Source: component-helpers lease controller, backoff of a renewal that failed: up to 7 s. */
const LEASE_RETRY_MILLIS: Millis = 7000;
