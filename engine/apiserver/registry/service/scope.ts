import type * as api from "../../../api/generated/types.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";

export type Service = DecodedObject<api.Service>;
export type ServiceSpec = Decoded<api.ServiceSpec>;
export type ServicePort = Decoded<api.ServicePort>;

export function isHeadless(spec: ServiceSpec): boolean {
  const { clusterIPs = [] } = spec;
  return clusterIPs.length === 1 && clusterIPs[0] === "None";
}

/** Whether clients outside reach it: by a node port, a load balancer or external addresses. */
export function isExternallyAccessible(spec: ServiceSpec): boolean {
  const { type, externalIPs = [] } = spec;
  return type === "NodePort" || type === "LoadBalancer" || (type === "ClusterIP" && externalIPs.length > 0);
}

export function needsClusterIp(spec: ServiceSpec): boolean {
  return spec.type === "ClusterIP" || spec.type === "NodePort" || spec.type === "LoadBalancer";
}

export function needsNodePort(spec: ServiceSpec): boolean {
  return spec.type === "NodePort" || (spec.type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts !== false);
}

/** Whether the load balancer asks each node if it has an endpoint. */
export function needsHealthCheck(spec: ServiceSpec): boolean {
  return spec.type === "LoadBalancer" && spec.externalTrafficPolicy === "Local";
}
