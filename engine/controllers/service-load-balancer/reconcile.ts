// After kubernetes v1.36 staging/src/k8s.io/cloud-provider/controllers/service/controller.go; the cloud is a pool of addresses (settings: `pool`).
import type { Service } from "../../api/generated/types.ts";
import { patchRequest } from "../../client/requests.ts";
import { type Controller, ownKey, watch } from "../controller.ts";
import { isSame } from "../edit.ts";
import { isDeleting } from "../pods.ts";
import { DONE, isSuccess, recordEvent, relist, retry, send, type Situation, type Sync, whyRefused } from "../sync.ts";
import { nodes, services } from "../watched.ts";

const FINALIZER = "service.kubernetes.io/load-balancer-cleanup";
const EXCLUDE_LABEL = "node.kubernetes.io/exclude-from-external-load-balancers";

/** Gives Services of type LoadBalancer an address of the cloud; without a pool in its settings it leaves them pending, as a cluster without a cloud does. */
export const serviceLoadBalancer: Controller<null> = {
  name: "service-load-balancer",
  identity: "service-controller",
  workers: 1,
  memory: null,
  watches: [
    watch(services, ownKey),
    watch(nodes, ({ before, after }, { lister }) => {
      const isOther =
        before === undefined ||
        after === undefined ||
        isBalanced(before.metadata.labels) !== isBalanced(after.metadata.labels);
      if (!isOther) return { wishes: [] };
      const balanced = lister.list(services).filter(({ spec }) => spec.type === "LoadBalancer");
      return { wishes: balanced.map(({ metadata }) => `${metadata.namespace ?? ""}/${metadata.name ?? ""}`) };
    }),
  ],
  sync: syncService,
};

/** Whether traffic from outside may come to a node. */
export function isBalanced(labels: Readonly<Record<string, string>> | undefined): boolean {
  return labels?.[EXCLUDE_LABEL] === undefined;
}

function* syncService(key: string, { settings }: Situation<null>): Sync {
  const { pool } = (settings ?? {}) as { readonly pool?: readonly string[] };
  const lister = yield* relist();
  const service = lister.get(services, key);
  if (service === undefined || pool === undefined) return DONE;
  const finalizers = service.metadata.finalizers ?? [];
  if (!wantsBalancer(service)) return finalizers.includes(FINALIZER) ? yield* release(service, finalizers) : DONE;
  if (!finalizers.includes(FINALIZER)) {
    const refused = yield* patch(service, { metadata: { finalizers: [...finalizers, FINALIZER] } });
    if (refused !== undefined) return retry(refused);
  }
  return (service.status?.loadBalancer?.ingress ?? []).length > 0
    ? DONE
    : yield* assign(service, pool, lister.list(services));
}

function* assign(service: Service, pool: readonly string[], all: readonly Service[]): Sync {
  yield* recordEvent({
    object: service,
    type: "Normal",
    reason: "EnsuringLoadBalancer",
    message: "Ensuring load balancer",
  });
  const taken = all.flatMap(({ status }) => (status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip ?? ""));
  const ip = pool.find((candidate) => !taken.includes(candidate));
  if (ip === undefined) {
    const message = "Error syncing load balancer: failed to ensure load balancer: no address is left in the pool";
    yield* recordEvent({ object: service, type: "Warning", reason: "SyncLoadBalancerFailed", message });
    return retry("no address is left in the pool");
  }
  const refused = yield* patch(service, { status: { loadBalancer: { ingress: [{ ip, ipMode: "VIP" }] } } }, "status");
  if (refused !== undefined) return retry(refused);
  yield* recordEvent({
    object: service,
    type: "Normal",
    reason: "EnsuredLoadBalancer",
    message: "Ensured load balancer",
  });
  return DONE;
}

function wantsBalancer(service: Service): boolean {
  const { type, loadBalancerClass } = service.spec;
  return type === "LoadBalancer" && !isDeleting(service) && loadBalancerClass === undefined;
}

function* release(service: Service, finalizers: readonly string[]): Sync {
  yield* recordEvent({
    object: service,
    type: "Normal",
    reason: "DeletingLoadBalancer",
    message: "Deleting load balancer",
  });
  if (!isSame(service.status?.loadBalancer ?? {}, {})) {
    const refused = yield* patch(service, { status: { loadBalancer: null } }, "status");
    if (refused !== undefined) return retry(refused);
  }
  const left = finalizers.filter((finalizer) => finalizer !== FINALIZER);
  const refused = yield* patch(service, { metadata: { finalizers: left.length === 0 ? null : left } });
  if (refused !== undefined) return retry(refused);
  yield* recordEvent({
    object: service,
    type: "Normal",
    reason: "DeletedLoadBalancer",
    message: "Deleted load balancer",
  });
  return DONE;
}

function* patch(service: Service, body: unknown, subresource?: string): Sync<string | undefined> {
  const { namespace = "", name = "" } = service.metadata;
  const target = {
    resource: services.resource,
    namespace,
    name,
    ...(subresource === undefined ? {} : { subresource }),
  };
  const response = yield* send(patchRequest(target, { dialect: "merge", body }));
  return isSuccess(response) || response.code === 404 ? undefined : whyRefused(response);
}
