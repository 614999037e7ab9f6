// After kubernetes v1.36 pkg/controller/endpointslice/endpointslice_controller.go; not modelled: --endpointslice-updates-batch-period.
import type { EndpointSlice, Service } from "../../api/generated/types.ts";
import { createRequest, deleteRequest, updateRequest } from "../../client/requests.ts";
import { get, remove, set, type SortedMap } from "../../kernel/sorted-map.ts";
import { type Controller, listen, ownKey, watch } from "../controller.ts";
import { printDate } from "../dates.ts";
import { edit, editMeta } from "../edit.ts";
import { isNamespaceTerminating } from "../pod-control.ts";
import { isDeleting } from "../pods.ts";
import { selectsAll } from "../selector.ts";
import { servicesOfChange, TRIGGER_ANNOTATION, triggerTime, type TriggerTimes } from "../service-pods.ts";
import {
  DONE,
  isSuccess,
  objectOf,
  recordEvent,
  remember,
  retry,
  send,
  type Situation,
  type Sync,
  tell,
  whyRefused,
} from "../sync.ts";
import { endpointSlices, nodes, plainPods, services } from "../watched.ts";
import { MANAGED_BY, MANAGED_BY_LABEL, type Plan, planSlices, SERVICE_NAME_LABEL } from "./slices.ts";

interface Memory {
  readonly triggers: SortedMap<string, TriggerTimes>;
  /** The generations of the slices that it wrote itself, by uid. */
  readonly written: SortedMap<string, number>;
}

/** Lists the pods behind each Service. */
export const endpointSlice: Controller<Memory> = {
  name: "endpoint-slice",
  identity: "endpointslice-controller",
  component: "endpoint-slice-controller",
  workers: 5,
  // Source: endpointslice_controller.go maxRetries.
  retriesMax: 15,
  memory: { triggers: null, written: null },
  waitsForOwnWrites: true,
  watches: [
    watch(services, ownKey),
    watch(plainPods, (change, { lister }) => ({ wishes: servicesOfChange(change, lister) })),
    watch(endpointSlices, ({ after, before }, { memory }) => {
      const slice = after ?? before;
      if (slice === undefined || slice.metadata.labels?.[MANAGED_BY_LABEL] !== MANAGED_BY) return { wishes: [] };
      const { uid = "", generation = 0, namespace = "", labels } = slice.metadata;
      const isOwn = after !== undefined && (get(memory.written, uid) ?? -1) >= generation;
      const key = `${namespace}/${labels[SERVICE_NAME_LABEL] ?? ""}`;
      if (after === undefined) return { wishes: [key], memory: { ...memory, written: remove(memory.written, uid) } };
      return { wishes: isOwn ? [] : [key] };
    }),
    listen(nodes),
  ],
  sync: syncService,
};

function* syncService(key: string, situation: Situation<Memory>): Sync {
  const { lister, memory } = situation;
  const service = lister.get(services, key);
  if (service === undefined) {
    yield* remember<Memory>((now) => ({ ...now, triggers: remove(now.triggers, key) }));
    return DONE;
  }
  const { selector, type } = service.spec;
  if (type === "ExternalName" || selector === undefined) return DONE;
  const selected = lister
    .list(plainPods, service.metadata.namespace ?? "")
    .filter((pod) => selectsAll(selector, pod.metadata.labels));
  const slices = lister
    .by(endpointSlices, "service", key)
    .filter((slice) => slice.metadata.labels?.[MANAGED_BY_LABEL] === MANAGED_BY && !isDeleting(slice));
  const trigger = triggerTime(service, selected, get(memory.triggers, key));
  yield* remember<Memory>((now) => ({ ...now, triggers: set(now.triggers, key, trigger.times) }));
  const plan = planSlices({ service, pods: selected, slices, nodeOf: (name) => lister.get(nodes, name) });
  const refused = yield* write(service, plan, trigger.at);
  if (refused !== undefined) {
    const message = `Error updating Endpoint Slices for Service ${key}: ${refused}`;
    yield* recordEvent({ object: service, type: "Warning", reason: "FailedToUpdateEndpointSlices", message });
    return retry(refused);
  }
  return plan.missingNodes.length === 0 ? DONE : retry(`node ${plan.missingNodes.join(", ")} not found`);
}

const TARGET = { resource: endpointSlices.resource };

function* write(service: Service, plan: Plan, trigger: number): Sync<string | undefined> {
  const { namespace = "", name: serviceName = "" } = service.metadata;
  for (const slice of isDeleting(service) ? [] : plan.create) {
    const response = yield* send(createRequest({ ...TARGET, namespace }, withTrigger(slice, trigger)));
    if (isNamespaceTerminating(response)) return undefined;
    if (!isSuccess(response)) {
      return `failed to create EndpointSlice for Service ${namespace}/${serviceName}: ${whyRefused(response)}`;
    }
    yield* noteWritten(objectOf<EndpointSlice>(response), serviceName);
  }
  for (const slice of plan.update) {
    const { name = "" } = slice.metadata;
    const response = yield* send(updateRequest({ ...TARGET, namespace, name }, withTrigger(slice, trigger)));
    if (!isSuccess(response)) {
      return `failed to update ${name} EndpointSlice for Service ${namespace}/${serviceName}: ${whyRefused(response)}`;
    }
    yield* noteWritten(objectOf<EndpointSlice>(response), serviceName);
  }
  for (const slice of plan.remove) {
    const { name = "" } = slice.metadata;
    const response = yield* send(deleteRequest({ ...TARGET, namespace, name }));
    if (isSuccess(response) || response.code === 404) continue;
    return `failed to delete ${name} EndpointSlice for Service ${namespace}/${serviceName}: ${whyRefused(response)}`;
  }
  return undefined;
}

function* noteWritten(slice: EndpointSlice, service: string): Sync<void> {
  const { uid = "", generation = 0, name = "", namespace = "" } = slice.metadata;
  yield* remember<Memory>((memory) => ({ ...memory, written: set(memory.written, uid, generation) }));
  const ready = (slice.endpoints ?? []).filter((endpoint) => endpoint.conditions?.ready === true).length;
  const object = { kind: "EndpointSlice", namespace, name };
  yield* tell({ reason: "EndpointsWritten", object, facts: { service, ready, all: (slice.endpoints ?? []).length } });
}

/** The body as it is sent: empty lists are null, as Go writes them. */
function withTrigger(slice: EndpointSlice, trigger: number): unknown {
  const annotations = { ...slice.metadata.annotations } as Record<string, string>;
  delete annotations[TRIGGER_ANNOTATION];
  if (trigger > 0) annotations[TRIGGER_ANNOTATION] = printDate(trigger);
  const { endpoints = [], ports = [] } = slice;
  return {
    ...edit(editMeta(slice, { annotations: Object.keys(annotations).length === 0 ? undefined : annotations }), {
      kind: "EndpointSlice",
      apiVersion: "discovery.k8s.io/v1",
    }),
    endpoints: endpoints.length === 0 ? null : endpoints,
    ports: ports.length === 0 ? null : ports,
  };
}
