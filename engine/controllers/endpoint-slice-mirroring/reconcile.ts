// After kubernetes v1.36 pkg/controller/endpointslicemirroring/endpointslicemirroring_controller.go, reconciler.go; not modelled: more
// addresses than fit into one slice for each set of ports.
import type {
  DiscoveryEndpointPort,
  Endpoint,
  EndpointAddress,
  Endpoints,
  EndpointSlice,
} from "../../api/generated/types.ts";
import { createRequest, deleteRequest, updateRequest } from "../../client/requests.ts";
import { type Controller, ownKey, watch } from "../controller.ts";
import { edit, editMeta, isSame } from "../edit.ts";
import { controllerReference } from "../pod-control.ts";
import { DONE, isSuccess, retry, send, type Situation, type Sync, whyRefused } from "../sync.ts";
import { endpoints, endpointSlices, services } from "../watched.ts";

const NAME_LABEL = "kubernetes.io/service-name";
const MANAGED_LABEL = "endpointslice.kubernetes.io/managed-by";
const MANAGED_BY = "endpointslicemirroring-controller.k8s.io";
const SKIP_LABEL = "endpointslice.kubernetes.io/skip-mirror";
const TRIGGER_ANNOTATION = "endpoints.kubernetes.io/last-change-trigger-time";

/** Source: endpointslicemirroring --mirroring-max-endpoints-per-subset. */
export const ADDRESSES_PER_SUBSET_MAX = 1000;

/** Copies Endpoints that people keep by hand into EndpointSlices. */
export const endpointSliceMirroring: Controller<null> = {
  name: "endpoint-slice-mirroring",
  identity: "endpointslicemirroring-controller",
  component: "endpoint-slice-mirroring-controller",
  workers: 5,
  memory: null,
  waitsForOwnWrites: true,
  watches: [
    watch(endpoints, ownKey),
    watch(services, ownKey),
    watch(endpointSlices, ({ before, after }) => {
      const slice = after ?? before;
      const { labels = {}, namespace = "" } = slice?.metadata ?? {};
      return { wishes: labels[MANAGED_LABEL] === MANAGED_BY ? [`${namespace}/${labels[NAME_LABEL] ?? ""}`] : [] };
    }),
  ],
  sync: syncEndpoints,
};

function* syncEndpoints(key: string, { lister }: Situation<null>): Sync {
  const found = lister.get(endpoints, key);
  const service = lister.get(services, key);
  const slices = lister
    .by(endpointSlices, "service", key)
    .filter(({ metadata }) => metadata.labels?.[MANAGED_LABEL] === MANAGED_BY);
  const isSelectorless = service !== undefined && service.spec.selector === undefined;
  const wanted = found !== undefined && isSelectorless && mayMirror(found) ? slicesOf(found) : [];
  return yield* write(key, slices, wanted);
}

function* write(key: string, slices: readonly EndpointSlice[], wanted: readonly EndpointSlice[]): Sync {
  const [namespace = ""] = key.split("/");
  const target = { resource: endpointSlices.resource, namespace };
  const left = [...slices];
  for (const slice of wanted) {
    const place = left.findIndex((old) => old.addressType === slice.addressType && isSame(old.ports, slice.ports));
    const [old] = place < 0 ? [] : left.splice(place, 1);
    if (old !== undefined && saysTheSame(old, slice)) continue;
    const name = old?.metadata.name;
    const response =
      name === undefined
        ? yield* send(createRequest(target, slice))
        : yield* send(updateRequest({ ...target, name }, editMeta(slice, { name })));
    if (!isSuccess(response)) return retry(whyRefused(response));
  }
  for (const { metadata } of left) {
    const response = yield* send(deleteRequest({ ...target, name: metadata.name ?? "" }));
    if (!isSuccess(response) && response.code !== 404) return retry(whyRefused(response));
  }
  return DONE;
}

function saysTheSame(one: EndpointSlice, other: EndpointSlice): boolean {
  return isSame(one.endpoints, other.endpoints) && isSame(one.metadata.labels, other.metadata.labels);
}

function mayMirror({ metadata }: Endpoints): boolean {
  if (metadata.labels?.[SKIP_LABEL] === "true") return false;
  return metadata.annotations?.["control-plane.alpha.kubernetes.io/leader"] === undefined;
}

function slicesOf(found: Endpoints): readonly EndpointSlice[] {
  const { namespace = "", name = "", labels, annotations } = found.metadata;
  const {
    [TRIGGER_ANNOTATION]: _,
    "kubectl.kubernetes.io/last-applied-configuration": __,
    ...kept
  } = annotations ?? {};
  return (found.subsets ?? []).flatMap((subset) =>
    (["IPv4", "IPv6"] as const).flatMap((addressType) => {
      const ofFamily = ({ ip }: EndpointAddress): boolean => ip.includes(":") === (addressType === "IPv6");
      const ready = (subset.addresses ?? []).filter(ofFamily).map((address) => endpointOf(address, true));
      const notReady = (subset.notReadyAddresses ?? []).filter(ofFamily).map((address) => endpointOf(address, false));
      const all = [...ready, ...notReady].slice(0, ADDRESSES_PER_SUBSET_MAX);
      if (all.length === 0) return [];
      const metadata = edit<EndpointSlice["metadata"]>(
        {
          generateName: `${name}-`,
          namespace,
          labels: { ...labels, [NAME_LABEL]: name, [MANAGED_LABEL]: MANAGED_BY },
          ownerReferences: [controllerReference(found, { apiVersion: "v1", kind: "Endpoints" })],
        },
        { annotations: Object.keys(kept).length === 0 ? undefined : kept },
      );
      const ports = (subset.ports ?? []).map(
        ({ name: portName = "", port, protocol = "TCP", appProtocol }): DiscoveryEndpointPort =>
          edit({ name: portName, port, protocol } as DiscoveryEndpointPort, { appProtocol }),
      );
      const slice: EndpointSlice = {
        kind: "EndpointSlice",
        apiVersion: "discovery.k8s.io/v1",
        metadata,
        addressType,
        endpoints: all,
        ports,
      };
      return [slice];
    }),
  );
}

function endpointOf(address: EndpointAddress, ready: boolean): Endpoint {
  const { ip, hostname, nodeName, targetRef } = address;
  return edit<Endpoint>({ addresses: [ip], conditions: { ready } }, { hostname, nodeName, targetRef });
}
