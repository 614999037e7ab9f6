// After kubernetes v1.36 pkg/controller/nodelifecycle/node_lifecycle_controller.go, tryUpdateNodeHealth.
import type { Lease, Node, NodeCondition } from "../../api/generated/types.ts";
import type { Millis } from "../../kernel/process.ts";
import { parseDate, printDate } from "../dates.ts";

/** When the controller last heard of a node. */
export interface Health {
  readonly ready: NodeCondition | undefined;
  readonly renewTime: string | undefined;
  /** Virtual time, not the node's: clocks of nodes are not trusted. */
  readonly probedAt: Millis;
}

/** Source: kube-controller-manager --node-monitor-grace-period (50 s since 1.32) and --node-startup-grace-period. */
export const MONITOR_GRACE_MILLIS = 50_000;
export const STARTUP_GRACE_MILLIS = 60_000;

export function readyOf(node: Node): NodeCondition | undefined {
  return node.status?.conditions?.find(({ type }) => type === "Ready");
}

/** What the node looks like, and what its status must become when it has been silent too long. */
export interface Diagnosis {
  readonly health: Health;
  readonly observed: string;
  readonly current: string;
  /** The node with its conditions Unknown, where they are not yet. */
  readonly silent: Node | undefined;
}

export function diagnose(
  node: Node,
  lease: Lease | undefined,
  past: { readonly health: Health | undefined; readonly now: Millis; readonly epochMillis: number },
): Diagnosis {
  const { now, epochMillis } = past;
  const ready = readyOf(node);
  const created = (parseDate(node.metadata.creationTimestamp) ?? epochMillis) - epochMillis;
  const health = heard(past.health, { ready, renewTime: lease?.spec?.renewTime, now, created });
  const graceMillis = ready === undefined ? STARTUP_GRACE_MILLIS : MONITOR_GRACE_MILLIS;
  const observed = ready?.status ?? "Unknown";
  if (now <= health.probedAt + graceMillis)
    return { health, observed, current: ready?.status ?? "", silent: undefined };
  const silent = silenced(node, printDate(epochMillis + now));
  const isOther = ready === undefined || ready.status !== "Unknown";
  return {
    health: { ...health, ready: readyOf(silent) },
    observed,
    current: "Unknown",
    silent: isOther ? silent : undefined,
  };
}

function heard(
  former: Health | undefined,
  seen: {
    readonly ready: NodeCondition | undefined;
    readonly renewTime: string | undefined;
    readonly now: Millis;
    readonly created: Millis;
  },
): Health {
  const { ready, renewTime, now, created } = seen;
  if (former === undefined) {
    return { ready, renewTime, probedAt: ready === undefined && renewTime === undefined ? created : now };
  }
  const hasBeat =
    (former.ready === undefined) !== (ready === undefined) ||
    former.ready?.lastHeartbeatTime !== ready?.lastHeartbeatTime;
  const isRenewed = renewTime !== undefined && renewTime !== former.renewTime;
  return { ready, renewTime: renewTime ?? former.renewTime, probedAt: hasBeat || isRenewed ? now : former.probedAt };
}

/** The conditions that the kubelet owns. */
const KUBELET_CONDITIONS = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

function silenced(node: Node, date: string): Node {
  const conditions = [...(node.status?.conditions ?? [])];
  for (const type of KUBELET_CONDITIONS) {
    const index = conditions.findIndex((condition) => condition.type === type);
    const former = conditions[index];
    if (former === undefined) {
      conditions.push({
        type,
        status: "Unknown",
        reason: "NodeStatusNeverUpdated",
        message: "Kubelet never posted node status.",
        lastHeartbeatTime: node.metadata.creationTimestamp ?? date,
        lastTransitionTime: date,
      });
    } else if (former.status !== "Unknown") {
      const message = "Kubelet stopped posting node status.";
      conditions[index] = {
        ...former,
        status: "Unknown",
        reason: "NodeStatusUnknown",
        message,
        lastTransitionTime: date,
      };
    }
  }
  return { ...node, status: { ...node.status, conditions } };
}
