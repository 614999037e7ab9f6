// After kubernetes v1.36 staging/src/k8s.io/endpointslice reconciler.go, utils.go; not modelled: hints of trafficDistribution other than
// PreferSameZone/PreferClose and PreferSameNode.
import type {
  DiscoveryEndpointPort as EndpointPort,
  Endpoint,
  EndpointSlice,
  Node,
  Pod,
  Service,
} from "../../api/generated/types.ts";
import { edit, editMeta, isSame } from "../edit.ts";
import { controllerReference } from "../pod-control.ts";
import { isDeleting, isReady } from "../pods.ts";
import { hasOwnHostname, isEndpoint, portAt } from "../service-pods.ts";

export const SERVICE_NAME_LABEL = "kubernetes.io/service-name";
export const MANAGED_BY_LABEL = "endpointslice.kubernetes.io/managed-by";
export const MANAGED_BY = "endpointslice-controller.k8s.io";
const HEADLESS_LABEL = "service.kubernetes.io/headless";
const ZONE_LABEL = "topology.kubernetes.io/zone";

/** kube-controller-manager --max-endpoints-per-slice. */
export const ENDPOINTS_PER_SLICE_MAX = 100;

/** What has to be written so that the slices tell of the pods. */
export interface Plan {
  readonly create: readonly EndpointSlice[];
  readonly update: readonly EndpointSlice[];
  readonly remove: readonly EndpointSlice[];
  /** Pods on nodes that are not there: to be looked at again. */
  readonly missingNodes: readonly string[];
}

export interface Scene {
  readonly service: Service;
  readonly pods: readonly Pod[];
  readonly slices: readonly EndpointSlice[];
  readonly nodeOf: (name: string) => Node | undefined;
}

type AddressType = "IPv4" | "IPv6";

/** The plan for all address families of the service. */
export function planSlices(scene: Scene): Plan {
  const { service, slices } = scene;
  const families = (service.spec.ipFamilies ?? ["IPv4"]) as readonly AddressType[];
  const plans = families.map((family) =>
    planFamily({ ...scene, slices: slices.filter((slice) => slice.addressType === family) }, family),
  );
  const foreign = slices.filter((slice) => !families.includes(slice.addressType as AddressType));
  return {
    create: plans.flatMap((plan) => plan.create),
    update: plans.flatMap((plan) => plan.update),
    remove: [...plans.flatMap((plan) => plan.remove), ...foreign],
    missingNodes: plans.flatMap((plan) => plan.missingNodes),
  };
}

interface Group {
  readonly ports: readonly EndpointPort[];
  readonly wanted: Map<string, Endpoint>;
}

function planFamily(scene: Scene, family: AddressType): Plan {
  const { service, slices } = scene;
  const { groups, missingNodes } = groupByPorts(scene, family);
  const owned = slices.filter((slice) => isOwnedBy(slice, service));
  const create: EndpointSlice[] = [];
  const update: EndpointSlice[] = [];
  const remove: EndpointSlice[] = slices.filter((slice) => !isOwnedBy(slice, service));
  for (const [key, group] of groups) {
    const existing = owned.filter((slice) => portsKey(slice.ports ?? []) === key);
    const planned = planGroup(scene, family, { existing, group });
    create.push(...planned.create);
    update.push(...planned.update);
    remove.push(...planned.remove);
  }
  remove.push(...owned.filter((slice) => !groups.has(portsKey(slice.ports ?? []))));
  if (slices.length === remove.length && create.length === 0) {
    const placeholder = newSlice(service, family, []);
    const [only] = remove;
    if (remove.length === 1 && only !== undefined && isPlaceholder(only, placeholder)) remove.pop();
    else create.push(placeholder);
  }
  return { ...reuse({ create, update, remove }, service), missingNodes };
}

function isPlaceholder(slice: EndpointSlice, placeholder: EndpointSlice): boolean {
  return (
    (slice.endpoints ?? []).length === 0 &&
    (slice.ports ?? []).length === 0 &&
    isSame(slice.metadata.labels, placeholder.metadata.labels) &&
    slice.addressType === placeholder.addressType
  );
}

function groupByPorts(
  scene: Scene,
  family: AddressType,
): { readonly groups: Map<string, Group>; readonly missingNodes: readonly string[] } {
  const groups = new Map<string, Group>();
  const missingNodes: string[] = [];
  for (const pod of scene.pods) {
    if (!isEndpoint(pod)) continue;
    const ports = portsOf(scene.service, pod);
    const key = portsKey(ports);
    const group = groups.get(key) ?? { ports, wanted: new Map<string, Endpoint>() };
    groups.set(key, group);
    const { nodeName = "" } = pod.spec;
    const node = scene.nodeOf(nodeName);
    if (node === undefined && scene.service.spec.publishNotReadyAddresses !== true) {
      missingNodes.push(nodeName);
      continue;
    }
    const endpoint = endpointOf(pod, node, { service: scene.service, family });
    if (endpoint.addresses.length > 0) group.wanted.set(endpointKey(endpoint), endpoint);
  }
  return { groups, missingNodes };
}

function portsOf(service: Service, pod: Pod): readonly EndpointPort[] {
  const found: EndpointPort[] = [];
  for (const port of service.spec.ports ?? []) {
    const number = portAt(pod, port);
    if (number === undefined) continue;
    const { name = "", protocol = "TCP", appProtocol } = port;
    found.push(edit({ name, protocol, port: number } as EndpointPort, { appProtocol }));
  }
  return found;
}

function portsKey(ports: readonly EndpointPort[]): string {
  return ports
    .map(({ name = "", protocol = "", port = 0, appProtocol = "" }) => `${name} ${protocol} ${port} ${appProtocol}`)
    .toSorted()
    .join("\n");
}

function endpointOf(
  pod: Pod,
  node: Node | undefined,
  { service, family }: { readonly service: Service; readonly family: AddressType },
): Endpoint {
  const serving = isReady(pod);
  const terminating = isDeleting(pod);
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating);
  const { namespace = "", name = "", uid = "" } = pod.metadata;
  const addresses = addressesOf(pod, service, family);
  return edit<Endpoint>(
    {
      addresses,
      conditions: { ready, serving, terminating },
      targetRef: { kind: "Pod", namespace, name, uid },
    },
    {
      hostname: hasOwnHostname(pod, service) ? pod.spec.hostname : undefined,
      nodeName: pod.spec.nodeName,
      zone: node?.metadata.labels?.[ZONE_LABEL] || undefined,
    },
  );
}

/** All addresses of the family for a headless service, else the first. */
function addressesOf(pod: Pod, service: Service, family: AddressType): readonly string[] {
  const { podIP, podIPs } = pod.status ?? {};
  const all = podIPs?.map(({ ip }) => ip) ?? (podIP === undefined ? [] : [podIP]);
  const ofFamily = all.filter((ip) => ip.includes(":") === (family === "IPv6"));
  return isHeadless(service) ? ofFamily : ofFamily.slice(0, 1);
}

function isHeadless(service: Service): boolean {
  const { clusterIP = "" } = service.spec;
  return clusterIP === "" || clusterIP === "None";
}

function endpointKey(endpoint: Endpoint): string {
  const { namespace = "", name = "" } = endpoint.targetRef ?? {};
  return `${[...endpoint.addresses].toSorted().join(",")} ${endpoint.hostname ?? ""} ${namespace}/${name} ${endpoint.nodeName ?? ""} ${endpoint.zone ?? ""}`;
}

function isOwnedBy(slice: EndpointSlice, service: Service): boolean {
  return (slice.metadata.ownerReferences ?? []).some((owner) => owner.uid === service.metadata.uid);
}

interface Writes {
  readonly create: EndpointSlice[];
  readonly update: EndpointSlice[];
  readonly remove: EndpointSlice[];
}

/** Keeps endpoints where they are, fills slices that change anyway, then others, and only then makes new ones. */
function planGroup(
  scene: Scene,
  family: AddressType,
  { existing, group }: { readonly existing: readonly EndpointSlice[]; readonly group: Group },
): Writes {
  const left = new Map(group.wanted);
  const kept = existing.map((slice) => keepWanted(scene.service, slice, left));
  const remove = kept.filter(({ verdict }) => verdict === "remove").map(({ slice }) => slice);
  const update = kept
    .filter(({ verdict }) => verdict === "update")
    .map(({ slice }) => slice)
    .toSorted((one, other) => (other.endpoints ?? []).length - (one.endpoints ?? []).length);
  const unchanged = kept.filter(({ verdict }) => verdict === "keep").map(({ slice }) => slice);
  for (const [index, slice] of update.entries()) update[index] = filled(slice, left);
  const create: EndpointSlice[] = [];
  while (left.size > 0) {
    const room = left.size < ENDPOINTS_PER_SLICE_MAX ? closestFit(unchanged, left.size) : undefined;
    if (room === undefined) {
      create.push(filled(newSlice(scene.service, family, group.ports), left));
      continue;
    }
    unchanged.splice(unchanged.indexOf(room), 1);
    update.push(filled(room, left));
  }
  return { create, update, remove };
}

function keepWanted(
  service: Service,
  slice: EndpointSlice,
  left: Map<string, Endpoint>,
): { readonly slice: EndpointSlice; readonly verdict: "keep" | "update" | "remove" } {
  const endpoints: Endpoint[] = [];
  let isChanged = false;
  for (const endpoint of slice.endpoints ?? []) {
    const key = endpointKey(endpoint);
    const wanted = left.get(key);
    if (wanted === undefined) continue;
    left.delete(key);
    if (!isSame(edit(endpoint, { hints: undefined }), wanted)) isChanged = true;
    endpoints.push(wanted);
  }
  const labels = labelsFor(service);
  const isRelabeled = !isSame(slice.metadata.labels, labels);
  if (isChanged || endpoints.length !== (slice.endpoints ?? []).length) {
    if (endpoints.length === 0) return { slice, verdict: "remove" };
    return { slice: { ...editMeta(slice, { labels }), endpoints }, verdict: "update" };
  }
  return isRelabeled ? { slice: editMeta(slice, { labels }), verdict: "update" } : { slice, verdict: "keep" };
}

function closestFit(slices: readonly EndpointSlice[], count: number): EndpointSlice | undefined {
  let closest: EndpointSlice | undefined;
  for (const slice of slices) {
    const size = (slice.endpoints ?? []).length;
    if (size + count > ENDPOINTS_PER_SLICE_MAX) continue;
    if (closest === undefined || size > (closest.endpoints ?? []).length) closest = slice;
  }
  return closest;
}

function filled(slice: EndpointSlice, left: Map<string, Endpoint>): EndpointSlice {
  const endpoints = [...(slice.endpoints ?? [])];
  if (left.size === 0 || endpoints.length >= ENDPOINTS_PER_SLICE_MAX) return slice;
  for (const [key, endpoint] of left) {
    if (endpoints.length >= ENDPOINTS_PER_SLICE_MAX) break;
    endpoints.push(endpoint);
    left.delete(key);
  }
  return { ...slice, endpoints };
}

function newSlice(service: Service, family: AddressType, ports: readonly EndpointPort[]): EndpointSlice {
  const { namespace = "", name = "" } = service.metadata;
  return {
    kind: "EndpointSlice",
    apiVersion: "discovery.k8s.io/v1",
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: labelsFor(service),
      ownerReferences: [controllerReference(service, { apiVersion: "v1", kind: "Service" })],
    },
    addressType: family,
    endpoints: [],
    ports,
  };
}

/** The service's labels and those that the controller owns. */
export function labelsFor(service: Service): Readonly<Record<string, string>> {
  const {
    [SERVICE_NAME_LABEL]: _name,
    [MANAGED_BY_LABEL]: _by,
    [HEADLESS_LABEL]: _headless,
    ...labels
  } = service.metadata.labels ?? {};
  return {
    ...labels,
    ...(isHeadless(service) ? { [HEADLESS_LABEL]: "" } : {}),
    [SERVICE_NAME_LABEL]: service.metadata.name ?? "",
    [MANAGED_BY_LABEL]: MANAGED_BY,
  };
}

/** A slice that would be deleted while another is created is rewritten instead. */
function reuse(writes: Writes, service: Service): Writes {
  const create = [...writes.create];
  const update = [...writes.update];
  const remove: EndpointSlice[] = [];
  for (const slice of writes.remove) {
    const next = create.at(-1);
    if (next !== undefined && next.addressType === slice.addressType && isOwnedBy(slice, service)) {
      create.pop();
      update.push(editMeta(next, { name: slice.metadata.name }));
    } else remove.push(slice);
  }
  return { create, update, remove };
}
