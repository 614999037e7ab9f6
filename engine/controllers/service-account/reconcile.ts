// After kubernetes v1.36 pkg/controller/serviceaccount/serviceaccounts_controller.go; not modelled: token secrets of before 1.24.
import { createRequest } from "../../client/requests.ts";
import { type Controller, watch } from "../controller.ts";
import { isNamespaceTerminating } from "../pod-control.ts";
import { DONE, isSuccess, retry, send, type Situation, type Sync, tell, whyRefused } from "../sync.ts";
import { namespaces, serviceAccounts } from "../watched.ts";

/** Sees to it that every namespace has its service account `default`. */
export const serviceAccount: Controller<null> = {
  name: "service-account",
  identity: "service-account-controller",
  workers: 1,
  memory: null,
  watches: [
    watch(namespaces, ({ after, key }) => ({ wishes: after === undefined ? [] : [key] })),
    watch(serviceAccounts, ({ before, after }) => ({
      wishes: after === undefined && before !== undefined ? [before.metadata.namespace ?? ""] : [],
    })),
  ],
  sync: syncNamespace,
};

function* syncNamespace(key: string, { lister }: Situation<null>): Sync {
  const namespace = lister.get(namespaces, key);
  if (namespace === undefined || namespace.status?.phase !== "Active") return DONE;
  if (lister.get(serviceAccounts, `${key}/default`) !== undefined) return DONE;
  const body = { kind: "ServiceAccount", apiVersion: "v1", metadata: { name: "default", namespace: key } };
  const response = yield* send(createRequest({ resource: serviceAccounts.resource, namespace: key }, body));
  if (isSuccess(response)) {
    yield* tell({
      reason: "ServiceAccountCreated",
      object: { kind: "ServiceAccount", namespace: key, name: "default" },
    });
    return DONE;
  }
  return response.code === 409 || isNamespaceTerminating(response) ? DONE : retry(whyRefused(response));
}
