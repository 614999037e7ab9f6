import type { EndpointView, PodView, ServiceView, View } from "@workbook/engine";

/** What a picture and a table both say, so that they cannot disagree. */
export interface Scene {
  readonly nodes: readonly NodeScene[];
  readonly unplaced: readonly PodScene[];
  readonly services: readonly ServiceScene[];
}

export interface NodeScene {
  readonly name: string;
  readonly isReady: boolean;
  readonly isSchedulable: boolean;
  readonly taints: readonly string[];
  readonly pods: readonly PodScene[];
}

export type Look = "good" | "waiting" | "bad" | "leaving" | "done";

export interface PodScene {
  readonly key: string;
  readonly name: string;
  readonly status: string;
  readonly look: Look;
  readonly isReady: boolean;
  readonly restarts: number;
  readonly node: string | undefined;
  readonly ip: string | undefined;
  readonly containers: readonly { readonly name: string; readonly look: Look; readonly says: string }[];
}

export interface ServiceScene {
  readonly key: string;
  readonly name: string;
  readonly address: string;
  readonly endpoints: readonly { readonly name: string; readonly isReady: boolean }[];
}

/** Namespaces that run the cluster itself: not what a lab is about. */
const hidden = new Set(["kube-system", "kube-public", "kube-node-lease"]);

export function sceneOf(view: View): Scene {
  const pods = view.pods.filter((pod) => !hidden.has(pod.namespace)).map(podScene);
  return {
    nodes: view.nodes.map((node) => ({ ...node, pods: pods.filter((pod) => pod.node === node.name) })),
    unplaced: pods.filter((pod) => pod.node === undefined || pod.node === ""),
    services: view.services
      .filter((service) => !hidden.has(service.namespace) && service.name !== "kubernetes")
      .map(serviceScene),
  };
}

function podScene(pod: PodView): PodScene {
  return {
    key: `${pod.namespace}/${pod.name}`,
    name: pod.namespace === "default" ? pod.name : `${pod.namespace}/${pod.name}`,
    status: pod.status,
    look: lookOf(pod),
    isReady: pod.isReady,
    restarts: pod.restarts,
    node: pod.node,
    ip: pod.ip,
    containers: pod.containers.map((container) => ({
      name: container.name,
      look:
        container.state === "running"
          ? container.isReady
            ? "good"
            : "waiting"
          : lookOfState(container.state, container.reason),
      says: container.reason ?? container.state,
    })),
  };
}

function lookOf(pod: PodView): Look {
  if (pod.isTerminating) return "leaving";
  if (pod.isReady) return "good";
  if (pod.status === "Completed") return "done";
  return /Err|Crash|BackOff|Failed|Evicted|OOM/.test(pod.status) ? "bad" : "waiting";
}

function lookOfState(state: string, reason: string | undefined): Look {
  if (state === "terminated") return reason === "Completed" ? "done" : "bad";
  return /Err|Crash|BackOff/.test(reason ?? "") ? "bad" : "waiting";
}

function serviceScene(service: ServiceView): ServiceScene {
  const address = service.clusterIp === undefined ? "" : `${service.clusterIp} ${service.ports.join(", ")}`;
  return {
    key: `${service.namespace}/${service.name}`,
    name: service.namespace === "default" ? service.name : `${service.namespace}/${service.name}`,
    address: address.trim(),
    endpoints: service.endpoints.map((endpoint: EndpointView) => ({
      name: endpoint.pod ?? endpoint.ip,
      isReady: endpoint.isReady,
    })),
  };
}
