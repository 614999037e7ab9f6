// After kubernetes v1.36 pkg/proxy/topology.go, endpointslicecache.go; not modelled here: session affinity, zone hints, node ports.
import type { KubernetesObject } from "../api/object.ts";
import { forEach, get, set, type SortedMap } from "../kernel/sorted-map.ts";
import type { Endpoint } from "../network/exchange.ts";

/** Where connections to each `clusterIP:port` go. An empty list of backends means: refused. */
export type ServiceTable = SortedMap<string, ServicePort>;

export interface ServicePort {
  readonly namespace: string;
  readonly name: string;
  readonly portName: string;
  /** Ready endpoints; when there is none, those that still serve while terminating (KEP-1669). Sorted by `ip:port`. */
  readonly backends: readonly Endpoint[];
}

interface Service extends KubernetesObject {
  readonly spec?: {
    readonly clusterIP?: string;
    readonly clusterIPs?: readonly string[];
    readonly ports?: readonly { readonly name?: string; readonly port: number; readonly protocol?: string }[];
  };
}

interface EndpointSlice extends KubernetesObject {
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[];
  readonly endpoints?: readonly {
    readonly addresses: readonly string[];
    readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean };
  }[];
}

/** The label that ties a slice to its service. Source: k8s.io/api/discovery/v1 LabelServiceName. */
const SERVICE_NAME_LABEL = "kubernetes.io/service-name";

/** The table that follows from the services and slices; entries that did not change are shared with `before`. */
export function tableOf(
  objects: {
    readonly services: SortedMap<string, KubernetesObject>;
    readonly slices: SortedMap<string, KubernetesObject>;
  },
  before: ServiceTable,
): ServiceTable {
  const slicesOf = groupByService(objects.slices);
  let table: ServiceTable = null;
  forEach(objects.services, (object, key) => {
    const service = object as Service;
    const clusterIp = service.spec?.clusterIP;
    if (clusterIp === undefined || clusterIp === "" || clusterIp === "None") return;
    for (const port of service.spec?.ports ?? []) {
      const address = `${clusterIp}:${port.port}`;
      const backends = backendsOf(get(slicesOf, key) ?? [], port.name ?? "");
      const former = get(before, address);
      const isSame = former !== undefined && sameBackends(former.backends, backends);
      table = set(table, address, isSame ? former : entryOf(service, port.name ?? "", backends));
    }
  });
  return table;
}

function entryOf(service: Service, portName: string, backends: readonly Endpoint[]): ServicePort {
  const { namespace = "", name = "" } = service.metadata;
  return { namespace, name, portName, backends };
}

function groupByService(slices: SortedMap<string, KubernetesObject>): SortedMap<string, readonly EndpointSlice[]> {
  let groups: SortedMap<string, readonly EndpointSlice[]> = null;
  forEach(slices, (slice) => {
    const service = slice.metadata.labels?.[SERVICE_NAME_LABEL];
    if (service === undefined) return;
    const key = `${slice.metadata.namespace ?? ""}/${service}`;
    groups = set(groups, key, [...(get(groups, key) ?? []), slice as EndpointSlice]);
  });
  return groups;
}

function backendsOf(slices: readonly EndpointSlice[], portName: string): readonly Endpoint[] {
  const ready = collect(slices, portName, (conditions) => conditions?.ready !== false);
  if (ready.length > 0) return ready;
  return collect(slices, portName, (conditions) => conditions?.serving === true && conditions.terminating === true);
}

type Conditions = NonNullable<EndpointSlice["endpoints"]>[number]["conditions"];

function collect(
  slices: readonly EndpointSlice[],
  portName: string,
  accepts: (conditions: Conditions) => boolean,
): readonly Endpoint[] {
  let found: SortedMap<string, Endpoint> = null;
  for (const slice of slices) {
    const port = slice.ports?.find((candidate) => (candidate.name ?? "") === portName)?.port;
    if (port === undefined) continue;
    for (const endpoint of slice.endpoints ?? []) {
      const ip = endpoint.addresses[0];
      if (ip === undefined || !accepts(endpoint.conditions)) continue;
      found = set(found, `${ip}:${port}`, { ip, port });
    }
  }
  const endpoints: Endpoint[] = [];
  forEach(found, (endpoint) => endpoints.push(endpoint));
  return endpoints;
}

function sameBackends(one: readonly Endpoint[], other: readonly Endpoint[]): boolean {
  return (
    one.length === other.length &&
    one.every((endpoint, index) => endpoint.ip === other[index]?.ip && endpoint.port === other[index]?.port)
  );
}
