import { controllerOf } from "../api/object.ts";
import type { EndpointSlice, Node, Pod, Service } from "../api/generated/types.ts";
import { settleUntil, type TrafficState } from "../edge/traffic.ts";
import type { Span } from "../edge/flow.ts";
import { isReady, isTerminating, podCells } from "../api/pod.ts";
import type { HostCondition, OutsideHostState } from "../edge/outside-host.ts";
import type { Millis } from "../kernel/process.ts";
import { get } from "../kernel/sorted-map.ts";
import { outsideAt } from "./addresses.ts";
import { trafficAt } from "./inject.ts";
import { objectsIn } from "./objects.ts";
import type { World } from "./world.ts";

/** The cluster as a picture needs it: plain data, made anew from the world on each call. */
export interface View {
  readonly now: Millis;
  readonly nodes: readonly NodeView[];
  readonly pods: readonly PodView[];
  readonly services: readonly ServiceView[];
  readonly traffic: readonly TrafficView[];
  readonly outside: readonly OutsideView[];
}

export interface NodeView {
  readonly name: string;
  readonly isReady: boolean;
  readonly isSchedulable: boolean;
  /** As kubectl prints them: `key=value:NoSchedule`. */
  readonly taints: readonly string[];
}

export interface PodView {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly node: string | undefined;
  readonly ip: string | undefined;
  /** The STATUS column of `kubectl get pods`. */
  readonly status: string;
  readonly isReady: boolean;
  readonly isTerminating: boolean;
  readonly restarts: number;
  readonly owner: string | undefined;
  readonly containers: readonly ContainerView[];
}

export interface ContainerView {
  readonly name: string;
  readonly state: "waiting" | "running" | "terminated";
  /** The reason of the state, where it has one: `CrashLoopBackOff`, `Error`. */
  readonly reason: string | undefined;
  readonly isReady: boolean;
  readonly isStarted: boolean;
  readonly restarts: number;
}

export interface ServiceView {
  readonly namespace: string;
  readonly name: string;
  readonly clusterIp: string | undefined;
  readonly ports: readonly string[];
  readonly endpoints: readonly EndpointView[];
}

export interface EndpointView {
  readonly ip: string;
  readonly pod: string | undefined;
  readonly isReady: boolean;
  readonly isServing: boolean;
  readonly isTerminating: boolean;
}

export interface TrafficView {
  readonly name: string;
  readonly requests: number;
  readonly failed: number;
  readonly firstFailureAt: Millis | undefined;
  readonly lastFailureAt: Millis | undefined;
  readonly spans: readonly Span[];
}

export interface OutsideView {
  readonly name: string;
  readonly condition: HostCondition;
}

/** The picture of the world as it is now. */
export function view(world: World): View {
  const slices = objectsIn(world, { plural: "endpointslices" }) as readonly EndpointSlice[];
  const date = world.simulation.epochMillis + world.simulation.now;
  return {
    now: world.simulation.now,
    nodes: (objectsIn(world, { plural: "nodes" }) as readonly Node[]).map(nodeView),
    pods: (objectsIn(world, { plural: "pods" }) as readonly Pod[]).map((pod) => podView(pod, date)),
    services: (objectsIn(world, { plural: "services" }) as readonly Service[]).map((service) =>
      serviceView(service, slices),
    ),
    traffic: trafficViews(world),
    outside: (world.topology.outside ?? []).map((host) => outsideView(world, host.name)),
  };
}

function nodeView(node: Node): NodeView {
  const ready = node.status.conditions?.find((condition) => condition.type === "Ready");
  const taints = node.spec.taints ?? [];
  return {
    name: node.metadata.name ?? "",
    isReady: ready?.status === "True",
    isSchedulable: node.spec.unschedulable !== true,
    taints: taints.map((taint) => `${taint.key}${taint.value === undefined ? "" : `=${taint.value}`}:${taint.effect}`),
  };
}

function podView(pod: Pod, date: number): PodView {
  const owner = controllerOf(pod);
  return {
    namespace: pod.metadata.namespace ?? "",
    name: pod.metadata.name ?? "",
    uid: pod.metadata.uid ?? "",
    node: pod.spec.nodeName,
    ip: pod.status.podIP,
    status: podCells(pod, date).status,
    isReady: isReady(pod),
    isTerminating: isTerminating(pod),
    restarts: (pod.status.containerStatuses ?? []).reduce((sum, status) => sum + status.restartCount, 0),
    owner: owner === undefined ? undefined : `${owner.kind}/${owner.name}`,
    containers: pod.spec.containers.map((container) => containerView(pod, container.name)),
  };
}

function containerView(pod: Pod, name: string): ContainerView {
  const status = pod.status.containerStatuses?.find((candidate) => candidate.name === name);
  const state = status?.state;
  const kind = state?.running !== undefined ? "running" : state?.terminated !== undefined ? "terminated" : "waiting";
  return {
    name,
    state: kind,
    reason: state?.waiting?.reason ?? state?.terminated?.reason,
    isReady: status?.ready === true,
    isStarted: status?.started === true,
    restarts: status?.restartCount ?? 0,
  };
}

/** The label that ties a slice to its service. Source: k8s.io/api/discovery/v1 LabelServiceName. */
const SERVICE_NAME_LABEL = "kubernetes.io/service-name";

function serviceView(service: Service, slices: readonly EndpointSlice[]): ServiceView {
  const { namespace = "", name = "" } = service.metadata;
  const mine = slices.filter(
    (slice) => slice.metadata.namespace === namespace && slice.metadata.labels?.[SERVICE_NAME_LABEL] === name,
  );
  return {
    namespace,
    name,
    clusterIp: service.spec.clusterIP,
    ports: (service.spec.ports ?? []).map((port) => `${port.port}/${port.protocol ?? "TCP"}`),
    endpoints: mine.flatMap((slice) => (slice.endpoints ?? []).map(endpointView)),
  };
}

function endpointView(endpoint: NonNullable<EndpointSlice["endpoints"]>[number]): EndpointView {
  const { conditions } = endpoint;
  return {
    ip: endpoint.addresses[0] ?? "",
    pod: endpoint.targetRef?.name,
    isReady: conditions?.ready !== false,
    isServing: conditions?.serving !== false,
    isTerminating: conditions?.terminating === true,
  };
}

function trafficViews(world: World): readonly TrafficView[] {
  const names = new Set<string>();
  for (let link = world.inputs; link !== null; link = link.before) {
    const { input } = link;
    if (input.kind === "fault" && input.fault.kind === "traffic") names.add(input.fault.client.name);
  }
  return [...names].toSorted().flatMap((name) => trafficOf(world, name) ?? []);
}

/** The account of the client of that name, up to this moment; undefined where there is none. */
export function trafficOf(world: World, name: string): TrafficView | undefined {
  const resident = get(world.simulation.residents, trafficAt(world, name));
  if (resident === undefined) return undefined;
  const state = resident.state as TrafficState;
  const isRunning = resident.condition === "running";
  const { tally } = isRunning ? settleUntil(state, world.simulation.now) : state;
  const { requests, failed, firstFailureAt, lastFailureAt, spans } = tally;
  return { name, requests, failed, firstFailureAt, lastFailureAt, spans };
}

function outsideView(world: World, name: string): OutsideView {
  const state = get(world.simulation.residents, outsideAt(name))?.state as OutsideHostState | undefined;
  return { name, condition: state?.condition ?? "down" };
}
