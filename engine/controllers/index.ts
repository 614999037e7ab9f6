import type { Process } from "../kernel/process.ts";
import type { Controller } from "./controller.ts";
import { processOf } from "./process-of.ts";
import { cronJob } from "./cron-job/reconcile.ts";
import { daemonSet } from "./daemon-set/reconcile.ts";
import { csrApproving } from "./csr-approving/reconcile.ts";
import { csrSigning } from "./csr-signing/reconcile.ts";
import { disruption } from "./disruption/reconcile.ts";
import { endpointSliceMirroring } from "./endpoint-slice-mirroring/reconcile.ts";
import { endpoints } from "./endpoints/reconcile.ts";
import { nodeIpam } from "./node-ipam/reconcile.ts";
import { pvProtection } from "./pv-protection/reconcile.ts";
import { pvcProtection } from "./pvc-protection/reconcile.ts";
import { ttl } from "./ttl/reconcile.ts";
import { ttlAfterFinished } from "./ttl-after-finished/reconcile.ts";
import { deployment } from "./deployment/reconcile.ts";
import { endpointSlice } from "./endpoint-slice/reconcile.ts";
import { garbageCollector } from "./garbage-collector/reconcile.ts";
import { hpa } from "./hpa/reconcile.ts";
import { namespace } from "./namespace/reconcile.ts";
import { nodeLifecycle } from "./node-lifecycle/reconcile.ts";
import { podGc } from "./pod-gc/reconcile.ts";
import { pvBinder } from "./pv-binder/reconcile.ts";
import { resourceQuota } from "./resource-quota/reconcile.ts";
import { attachDetach } from "./attach-detach/reconcile.ts";
import { expansion } from "./expansion/reconcile.ts";
import { serviceLoadBalancer } from "./service-load-balancer/reconcile.ts";
import { replicaSet } from "./replica-set/reconcile.ts";
import { job } from "./job/reconcile.ts";
import { replication } from "./replication/reconcile.ts";
import { rootCaPublisher } from "./root-ca-publisher/reconcile.ts";
import { serviceAccount } from "./service-account/reconcile.ts";
import { statefulSet } from "./stateful-set/reconcile.ts";
import { taintEviction } from "./taint-eviction/reconcile.ts";

/** The register: one line per controller. */
const register: readonly Controller<unknown>[] = [
  registered(replicaSet),
  registered(replication),
  registered(statefulSet),
  registered(daemonSet),
  registered(job),
  registered(cronJob),
  registered(deployment),
  registered(endpointSlice),
  registered(serviceAccount),
  registered(rootCaPublisher),
  registered(namespace),
  registered(garbageCollector),
  registered(nodeLifecycle),
  registered(taintEviction),
  registered(podGc),
  registered(attachDetach),
  registered(expansion),
  registered(serviceLoadBalancer),
  registered(hpa),
  registered(pvBinder),
  registered(resourceQuota),
  registered(csrApproving),
  registered(csrSigning),
  registered(disruption),
  registered(endpointSliceMirroring),
  registered(endpoints),
  registered(nodeIpam),
  registered(pvProtection),
  registered(pvcProtection),
  registered(ttl),
  registered(ttlAfterFinished),
];

/** A controller among others: each is handed only the memory that it made itself. */
function registered<Memory>(controller: Controller<Memory>): Controller<unknown> {
  return controller as unknown as Controller<unknown>;
}

/** The names of all controllers: each lives at `control-plane/NAME-controller`, as the program `NAME-controller`. */
export const controllerNames: readonly string[] = register.map(({ name }) => name);

/** The controllers as programs of the world. */
export const controllerPrograms: readonly Process<unknown, unknown>[] = register.map(processOf);
