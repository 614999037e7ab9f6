// After kubernetes v1.36 pkg/printers/internalversion/printers.go printNode, pkg/util/node.
import type { Node, NodeCondition } from "./generated/types.ts";
import { ageOf } from "./time.ts";

export function nodeCondition(node: Node, type: string): NodeCondition | undefined {
  return node.status.conditions?.find((condition) => condition.type === type);
}

/** The node's address of that type: `InternalIP`, `ExternalIP`, `Hostname`. */
export function nodeAddress(node: Node, type: string): string | undefined {
  return node.status.addresses?.find((address) => address.type === type)?.address;
}

const ROLE_PREFIX = "node-role.kubernetes.io/";
const ROLE_LABEL = "kubernetes.io/role";

/** The roles that the node's labels give it, in order. */
export function nodeRoles(node: Node): readonly string[] {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
    if (key.startsWith(ROLE_PREFIX) && key.length > ROLE_PREFIX.length) roles.add(key.slice(ROLE_PREFIX.length));
    else if (key === ROLE_LABEL && value !== "") roles.add(value);
  }
  return [...roles].toSorted();
}

/** The cells of a node's row in a table. */
export interface NodeCells {
  readonly name: string;
  readonly status: string;
  readonly roles: string;
  readonly age: string;
  readonly version: string;
  readonly internalIp: string;
  readonly externalIp: string;
  readonly osImage: string;
  readonly kernelVersion: string;
  readonly containerRuntime: string;
}

export function nodeCells(node: Node, epochMillis: number): NodeCells {
  const info = node.status.nodeInfo;
  const roles = nodeRoles(node).join(",");
  return {
    name: node.metadata.name ?? "",
    status: statusCell(node),
    roles: roles === "" ? "<none>" : roles,
    age: ageOf(node.metadata.creationTimestamp, epochMillis),
    version: info?.kubeletVersion ?? "",
    internalIp: nodeAddress(node, "InternalIP") ?? "<none>",
    externalIp: nodeAddress(node, "ExternalIP") ?? "<none>",
    osImage: orUnknown(info?.osImage),
    kernelVersion: kernelCell(info?.kernelVersion, info?.architecture),
    containerRuntime: orUnknown(info?.containerRuntimeVersion),
  };
}

function orUnknown(text: string | undefined): string {
  return text === undefined || text === "" ? "<unknown>" : text;
}

/** Since 1.35 the architecture stands behind the kernel's version. */
function kernelCell(version: string | undefined, architecture: string | undefined): string {
  const known = orUnknown(version);
  return architecture === undefined || architecture === "" ? known : `${known} (${architecture})`;
}

function statusCell(node: Node): string {
  const ready = nodeCondition(node, "Ready");
  const status = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
  return node.spec.unschedulable === true ? `${status},SchedulingDisabled` : status;
}
