// After kubernetes v1.36 pkg/controller/endpoint/endpoints_controller.go, staging/src/k8s.io/endpointslice (subsets: pkg/api/v1/endpoints
// util.go RepackSubsets).
import type {
  EndpointAddress,
  EndpointPort,
  Endpoints,
  EndpointSubset,
  Pod,
  Service,
} from "../../api/generated/types.ts";
import { createRequest, deleteRequest, updateRequest } from "../../client/requests.ts";
import { get, remove, set, type SortedMap } from "../../kernel/sorted-map.ts";
import { type Controller, ownKey, watch } from "../controller.ts";
import { printDate } from "../dates.ts";
import { compareStrings, edit, editMeta, isSame } from "../edit.ts";
import { isNamespaceTerminating } from "../pod-control.ts";
import { isDeleting, isReady } from "../pods.ts";
import { selectsAll } from "../selector.ts";
import {
  hasOwnHostname,
  isEndpoint,
  portAt,
  servicesOfChange,
  TRIGGER_ANNOTATION,
  triggerTime,
  type TriggerTimes,
} from "../service-pods.ts";
import { DONE, isSuccess, recordEvent, remember, retry, send, type Situation, type Sync, whyRefused } from "../sync.ts";
import { endpoints as watchedEndpoints, plainPods, services } from "../watched.ts";

type Memory = SortedMap<string, TriggerTimes>;

/** Source: endpoints_controller.go maxCapacity. */
export const ADDRESSES_MAX = 1000;
const CAPACITY_ANNOTATION = "endpoints.kubernetes.io/over-capacity";
const MANAGED_LABEL = "endpoints.kubernetes.io/managed-by";
const HEADLESS_LABEL = "service.kubernetes.io/headless";

/** Keeps the old Endpoints object of each Service. */
export const endpoints: Controller<Memory> = {
  name: "endpoints",
  identity: "endpoint-controller",
  workers: 5,
  retriesMax: 15,
  memory: null,
  waitsForOwnWrites: true,
  watches: [
    watch(services, ownKey),
    watch(plainPods, (change, { lister }) => ({ wishes: servicesOfChange(change, lister) })),
    watch(watchedEndpoints, ({ after, key }) => ({ wishes: after === undefined ? [key] : [] })),
  ],
  sync: syncService,
};

const TARGET = { resource: watchedEndpoints.resource };

function* syncService(key: string, situation: Situation<Memory>): Sync {
  const { lister, memory } = situation;
  const [namespace = "", name = ""] = key.split("/");
  const service = lister.get(services, key);
  if (service === undefined) {
    // Deleted even where it is not there: the controller does not look.
    const response = yield* send(deleteRequest({ ...TARGET, namespace, name }));
    yield* remember<Memory>((times) => remove(times, key));
    return isSuccess(response) || response.code === 404 ? DONE : retry(whyRefused(response));
  }
  const { type, selector } = service.spec;
  if (type === "ExternalName" || selector === undefined) return DONE;
  const selected = lister.list(plainPods, namespace).filter((pod) => selectsAll(selector, pod.metadata.labels));
  const trigger = triggerTime(service, selected, get(memory, key));
  yield* remember<Memory>((times) => set(times, key, trigger.times));
  const current = lister.get(watchedEndpoints, key);
  const next = endpointsOf(service, { current, subsets: subsetsOf(service, selected), trigger: trigger.at });
  if (current !== undefined && isUnchanged(current, next)) return DONE;
  const isNew = current?.metadata.resourceVersion === undefined;
  const response = isNew
    ? yield* send(createRequest({ ...TARGET, namespace }, next))
    : yield* send(updateRequest({ ...TARGET, namespace, name }, next));
  if (isSuccess(response) || isNamespaceTerminating(response)) return DONE;
  const verb = isNew ? "create" : "update";
  const message = `Failed to ${verb} endpoint ${key}: ${whyRefused(response)}`;
  const reason = isNew ? "FailedToCreateEndpoint" : "FailedToUpdateEndpoint";
  yield* recordEvent({ object: service, type: "Warning", reason, message });
  return retry(whyRefused(response));
}

/** The trigger time alone is no reason to write. */
function isUnchanged(current: Endpoints, next: Endpoints): boolean {
  return (
    isSame(current.subsets ?? [], next.subsets ?? []) &&
    isSame(current.metadata.labels ?? {}, next.metadata.labels ?? {}) &&
    (current.metadata.annotations?.[CAPACITY_ANNOTATION] ?? "") ===
      (next.metadata.annotations?.[CAPACITY_ANNOTATION] ?? "")
  );
}

function endpointsOf(
  service: Service,
  made: {
    readonly current: Endpoints | undefined;
    readonly subsets: readonly EndpointSubset[];
    readonly trigger: number;
  },
): Endpoints {
  const { current, trigger } = made;
  const total = made.subsets.reduce(
    (sum, { addresses = [], notReadyAddresses = [] }) => sum + addresses.length + notReadyAddresses.length,
    0,
  );
  const subsets = total > ADDRESSES_MAX ? truncated(made.subsets) : made.subsets;
  const annotations = { ...current?.metadata.annotations } as Record<string, string>;
  delete annotations[TRIGGER_ANNOTATION];
  delete annotations[CAPACITY_ANNOTATION];
  if (trigger > 0) annotations[TRIGGER_ANNOTATION] = printDate(trigger);
  if (total > ADDRESSES_MAX) annotations[CAPACITY_ANNOTATION] = "truncated";
  const { [HEADLESS_LABEL]: _, ...labels } = service.metadata.labels ?? {};
  const { clusterIP = "" } = service.spec;
  const isHeadless = clusterIP === "" || clusterIP === "None";
  const base: Endpoints = current ?? { metadata: { name: service.metadata.name ?? "" } };
  const described = editMeta(base, {
    labels: { ...labels, ...(isHeadless ? { [HEADLESS_LABEL]: "" } : {}), [MANAGED_LABEL]: "endpoint-controller" },
    annotations: Object.keys(annotations).length === 0 ? undefined : annotations,
  });
  return edit(described, { kind: "Endpoints", apiVersion: "v1", subsets: subsets.length === 0 ? undefined : subsets });
}

function truncated(subsets: readonly EndpointSubset[]): readonly EndpointSubset[] {
  let room = ADDRESSES_MAX;
  return subsets.map((subset) => {
    const addresses = (subset.addresses ?? []).slice(0, room);
    room -= addresses.length;
    const notReadyAddresses = (subset.notReadyAddresses ?? []).slice(0, room);
    room -= notReadyAddresses.length;
    return subsetOf(addresses, notReadyAddresses, subset.ports ?? []);
  });
}

function subsetOf(
  addresses: readonly EndpointAddress[],
  notReadyAddresses: readonly EndpointAddress[],
  ports: readonly EndpointPort[],
): EndpointSubset {
  return edit<EndpointSubset>(
    {},
    {
      addresses: addresses.length === 0 ? undefined : addresses,
      notReadyAddresses: notReadyAddresses.length === 0 ? undefined : notReadyAddresses,
      ports: ports.length === 0 ? undefined : ports,
    },
  );
}

interface Place {
  readonly ip: string;
  readonly address: EndpointAddress;
  readonly isReady: boolean;
}

/** Pods with the same ports share a subset; addresses and ports have a fixed order. */
function subsetsOf(service: Service, pods: readonly Pod[]): readonly EndpointSubset[] {
  const groups = new Map<string, { readonly ports: readonly EndpointPort[]; readonly places: Place[] }>();
  for (const pod of pods) {
    if (!isEndpoint(pod)) continue;
    const isPublished = service.spec.publishNotReadyAddresses === true;
    if (isDeleting(pod) && !isPublished) continue;
    const ports = portsOf(service, pod);
    if (ports.length === 0 && (service.spec.ports ?? []).length > 0) continue;
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, places: [] };
    groups.set(key, group);
    const ip = pod.status?.podIP ?? "";
    group.places.push({ ip, address: addressOf(pod, service), isReady: isPublished || isReady(pod) });
  }
  return [...groups]
    .toSorted(([one], [other]) => compareStrings(one, other))
    .map(([, { ports, places }]) => {
      const sorted = places.toSorted((one, other) => compareStrings(one.ip, other.ip));
      const ready = sorted.filter((place) => place.isReady).map(({ address }) => address);
      const notReady = sorted.filter((place) => !place.isReady).map(({ address }) => address);
      return subsetOf(ready, notReady, ports);
    });
}

function addressOf(pod: Pod, service: Service): EndpointAddress {
  const { namespace = "", name = "", uid = "" } = pod.metadata;
  return edit({ ip: pod.status?.podIP ?? "", targetRef: { kind: "Pod", namespace, name, uid } } as EndpointAddress, {
    nodeName: pod.spec.nodeName,
    hostname: hasOwnHostname(pod, service) ? pod.spec.hostname : undefined,
  });
}

/** In the order of the hash of each port upstream; here as recorded: by number from the highest. */
function portsOf(service: Service, pod: Pod): readonly EndpointPort[] {
  const found: EndpointPort[] = [];
  for (const port of service.spec.ports ?? []) {
    const number = portAt(pod, port);
    if (number === undefined) continue;
    const { name, protocol = "TCP", appProtocol } = port;
    found.push(edit({ port: number, protocol } as EndpointPort, { name, appProtocol }));
  }
  return found.toSorted((one, other) => other.port - one.port);
}
