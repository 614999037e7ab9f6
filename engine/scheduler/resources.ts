// After kubernetes v1.36 component-helpers/resource/helpers.go, pkg/scheduler/framework/types.go Resource;
// not modelled: resources of a resize in progress, init containers of pods already running.
import type { Container, Node, Pod } from "../api/generated/types.ts";
import { milliValue, wholeValue } from "../api/quantity.ts";
import { isSidecar } from "../api/pod.ts";

/** Amounts of what a node has and a pod asks for, as integers. */
export interface Resources {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
  readonly ephemeralBytes: number;
  /** Extended resources, huge pages and attachable volumes, by name. */
  readonly scalars: Readonly<Record<string, number>>;
}

export const NO_RESOURCES: Resources = { cpuMilli: 0, memoryBytes: 0, ephemeralBytes: 0, scalars: {} };

/** What a container without a request counts as when nodes are compared. Source: pkg/scheduler/util/pod_resources.go. */
export const DEFAULT_REQUEST: { readonly cpuMilli: number; readonly memoryBytes: number } = {
  cpuMilli: 100,
  memoryBytes: 200 * 1024 * 1024,
};

type List = Readonly<Record<string, string>> | undefined;

function resourcesOf(list: List): Resources {
  if (list === undefined) return NO_RESOURCES;
  let { cpuMilli, memoryBytes, ephemeralBytes } = NO_RESOURCES;
  let scalars: Record<string, number> | undefined;
  for (const name of Object.keys(list)) {
    const text = list[name] ?? "0";
    if (name === "cpu") cpuMilli = milliValue(text);
    else if (name === "memory") memoryBytes = wholeValue(text);
    else if (name === "ephemeral-storage") ephemeralBytes = wholeValue(text);
    else if (name !== "pods") (scalars ??= {})[name] = wholeValue(text);
  }
  return { cpuMilli, memoryBytes, ephemeralBytes, scalars: scalars ?? NO_RESOURCES.scalars };
}

/** What the node can give to pods, and how many pods it takes. */
export function allocatableOf(node: Node): { readonly resources: Resources; readonly podsMax: number } {
  const list = node.status.allocatable ?? node.status.capacity;
  return { resources: resourcesOf(list), podsMax: wholeValue(list?.["pods"] ?? "0") };
}

function combine(one: Resources, other: Resources, join: (one: number, other: number) => number): Resources {
  return {
    cpuMilli: join(one.cpuMilli, other.cpuMilli),
    memoryBytes: join(one.memoryBytes, other.memoryBytes),
    ephemeralBytes: join(one.ephemeralBytes, other.ephemeralBytes),
    scalars: combineScalars(one.scalars, other.scalars, join),
  };
}

function combineScalars(
  one: Resources["scalars"],
  other: Resources["scalars"],
  join: (one: number, other: number) => number,
): Resources["scalars"] {
  if (other === NO_RESOURCES.scalars) return one;
  const joined: Record<string, number> = { ...one };
  for (const name of Object.keys(other)) joined[name] = join(one[name] ?? 0, other[name] ?? 0);
  return joined;
}

export function addResources(one: Resources, other: Resources): Resources {
  return combine(one, other, (left, right) => left + right);
}

export function subtractResources(one: Resources, other: Resources): Resources {
  return combine(one, other, (left, right) => left - right);
}

function larger(one: Resources, other: Resources): Resources {
  return combine(one, other, (left, right) => (left > right ? left : right));
}

/**
 * What a pod asks for: the sum of its containers and sidecars, or the largest moment of its initialisation if that is
 * more, plus its overhead. Requests of the pod as a whole replace the sum.
 */
export function podRequests(pod: Pod): Resources {
  return requestsWith(pod, (container) => resourcesOf(container.resources?.requests));
}

/** As `podRequests`, but a container that asks for no CPU or no memory counts with a default: the measure of scores. */
export function podRequestsForScore(pod: Pod): Resources {
  const whole = pod.spec.resources?.requests;
  return requestsWith(pod, (container) => {
    const requests = resourcesOf(container.resources?.requests);
    const list = container.resources?.requests;
    const lacks = (name: string): boolean => list?.[name] === undefined && whole?.[name] === undefined;
    if (!lacks("cpu") && !lacks("memory")) return requests;
    return {
      ...requests,
      cpuMilli: lacks("cpu") ? DEFAULT_REQUEST.cpuMilli : requests.cpuMilli,
      memoryBytes: lacks("memory") ? DEFAULT_REQUEST.memoryBytes : requests.memoryBytes,
    };
  });
}

function requestsWith(pod: Pod, requestsOf: (container: Container) => Resources): Resources {
  let sum = NO_RESOURCES;
  for (const container of pod.spec.containers) sum = addResources(sum, requestsOf(container));
  let sidecars = NO_RESOURCES;
  let peak = NO_RESOURCES;
  for (const container of pod.spec.initContainers ?? []) {
    const requests = requestsOf(container);
    if (isSidecar(container)) sidecars = addResources(sidecars, requests);
    const moment = isSidecar(container) ? sidecars : addResources(sidecars, requests);
    peak = larger(peak, moment);
  }
  const needed = larger(addResources(sum, sidecars), peak);
  const whole = withPodLevel(needed, pod);
  return pod.spec.overhead === undefined ? whole : addResources(whole, resourcesOf(pod.spec.overhead));
}

/** Requests of the pod as a whole exist for CPU, memory and huge pages. Source: KEP-2837. */
function withPodLevel(needed: Resources, pod: Pod): Resources {
  const list = pod.spec.resources?.requests;
  if (list === undefined) return needed;
  const level = resourcesOf(list);
  return {
    ...needed,
    cpuMilli: list["cpu"] === undefined ? needed.cpuMilli : level.cpuMilli,
    memoryBytes: list["memory"] === undefined ? needed.memoryBytes : level.memoryBytes,
    scalars: { ...needed.scalars, ...level.scalars },
  };
}
