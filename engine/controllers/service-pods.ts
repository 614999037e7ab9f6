// After kubernetes v1.36 staging/src/k8s.io/endpointslice util and pkg/controller/util/endpoint; shared by endpoint-slice and endpoints.
import type { Pod, Service, ServicePort } from "../api/generated/types.ts";
import { keyOf } from "../api/object.ts";
import type { Change } from "../client/informer.ts";
import type { Lister } from "./cache.ts";
import { parseDate } from "./dates.ts";
import { isSame } from "./edit.ts";
import { isDeleting, isReady, isTerminal, podCondition } from "./pods.ts";
import { selectsAll } from "./selector.ts";
import { services } from "./watched.ts";

/** The keys of the services that a change of a pod concerns. */
export function servicesOfChange({ before, after }: Change<Pod>, lister: Lister): readonly string[] {
  if (before === undefined || after === undefined) {
    const pod = after ?? before;
    return pod === undefined ? [] : servicesOf(pod, lister);
  }
  const isRelabeled = !isSame(before.metadata.labels, after.metadata.labels) || !hasSameHostname(before, after);
  if (!isRelabeled && !hasEndpointChanged(before, after)) return [];
  const present = servicesOf(after, lister);
  if (!isRelabeled) return present;
  const former = servicesOf(before, lister);
  return hasEndpointChanged(before, after)
    ? [...new Set([...present, ...former])]
    : [...present.filter((key) => !former.includes(key)), ...former.filter((key) => !present.includes(key))];
}

function hasSameHostname(before: Pod, after: Pod): boolean {
  return before.spec.hostname === after.spec.hostname && before.spec.subdomain === after.spec.subdomain;
}

function hasEndpointChanged(before: Pod, after: Pod): boolean {
  return (
    isDeleting(before) ||
    isDeleting(after) ||
    isReady(before) !== isReady(after) ||
    !isSame(before.status?.podIPs, after.status?.podIPs)
  );
}

function servicesOf(pod: Pod, lister: Lister): readonly string[] {
  return lister
    .list(services, pod.metadata.namespace ?? "")
    .filter((service) => isSelecting(service) && selectsAll(service.spec.selector, pod.metadata.labels))
    .map(keyOf);
}

export function isSelecting(service: Service): boolean {
  return service.spec.selector !== undefined;
}

/** Pods that are over or have no address are no endpoints. */
export function isEndpoint(pod: Pod): boolean {
  const { podIP = "", podIPs = [] } = pod.status ?? {};
  return !isTerminal(pod) && (podIP !== "" || podIPs.length > 0);
}

/** The number of a service's port at a pod; a name is looked up in its containers. */
export function portAt(pod: Pod, port: ServicePort): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === "number") return target === 0 ? port.port : target;
  const sidecars = (pod.spec.initContainers ?? []).filter((container) => container.restartPolicy === "Always");
  for (const container of [...pod.spec.containers, ...sidecars]) {
    for (const { name, protocol = "TCP", containerPort } of container.ports ?? []) {
      if (name === target && protocol === (port.protocol ?? "TCP")) return containerPort;
    }
  }
  return undefined;
}

export function hasOwnHostname(pod: Pod, service: Service): boolean {
  const { hostname = "", subdomain } = pod.spec;
  return (
    hostname !== "" && subdomain === service.metadata.name && service.metadata.namespace === pod.metadata.namespace
  );
}

/** The times of the changes that led to a service's endpoints, as far as they are known. */
export interface TriggerTimes {
  readonly service: number;
  readonly pods: Readonly<Record<string, number>>;
}

/** The earliest change since the last time, and what to remember for the next time. Zero: none. */
export function triggerTime(
  service: Service,
  pods: readonly Pod[],
  former: TriggerTimes | undefined,
): { readonly at: number; readonly times: TriggerTimes } {
  const created = parseDate(service.metadata.creationTimestamp) ?? 0;
  const times: Record<string, number> = {};
  let earliest = 0;
  for (const pod of pods) {
    const at = parseDate(podCondition(pod, "Ready")?.lastTransitionTime);
    const { name = "" } = pod.metadata;
    if (at === undefined) continue;
    times[name] = at;
    if (at > (former?.pods[name] ?? 0)) earliest = earliest === 0 ? at : Math.min(earliest, at);
  }
  if (created > (former?.service ?? 0)) earliest = earliest === 0 ? created : Math.min(earliest, created);
  return { at: former === undefined ? created : earliest, times: { service: created, pods: times } };
}

export const TRIGGER_ANNOTATION = "endpoints.kubernetes.io/last-change-trigger-time";
