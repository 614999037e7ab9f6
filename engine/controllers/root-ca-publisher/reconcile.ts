// After kubernetes v1.36 pkg/controller/certificates/rootcacertpublisher/publisher.go.
import { createRequest, updateRequest } from "../../client/requests.ts";
import { type Controller, watch } from "../controller.ts";
import { isNamespaceTerminating } from "../pod-control.ts";
import { DONE, isSuccess, retry, send, type Situation, type Sync, whyRefused } from "../sync.ts";
import { configMaps, namespaces } from "../watched.ts";

const NAME = "kube-root-ca.crt";

/** Publishes the cluster's CA certificate in every namespace. */
export const rootCaPublisher: Controller<null> = {
  name: "root-ca-publisher",
  identity: "root-ca-cert-publisher",
  workers: 1,
  memory: null,
  watches: [
    watch(configMaps, ({ after, before }) => {
      const map = after ?? before;
      const isOurs = map?.metadata.name === NAME && (before !== undefined || after === undefined);
      return { wishes: isOurs ? [map.metadata.namespace ?? ""] : [] };
    }),
    watch(namespaces, ({ after, key }) => ({
      wishes: after !== undefined && after.status?.phase === "Active" ? [key] : [],
    })),
  ],
  sync: syncNamespace,
};

const DESCRIPTION =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal " +
  "service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

/** Stands for the certificate where the topology brings none. */
const CA_STAND_IN = "-----BEGIN CERTIFICATE-----\nnot modelled\n-----END CERTIFICATE-----\n";

function* syncNamespace(namespace: string, { lister, settings }: Situation<null>): Sync {
  const { rootCa } = (settings ?? {}) as { readonly rootCa?: string };
  const data = { "ca.crt": rootCa ?? CA_STAND_IN };
  const annotations = { "kubernetes.io/description": DESCRIPTION };
  const found = lister.get(configMaps, `${namespace}/${NAME}`);
  const target = { resource: configMaps.resource, namespace };
  if (found === undefined) {
    const body = { kind: "ConfigMap", apiVersion: "v1", metadata: { name: NAME, annotations }, data };
    const response = yield* send(createRequest(target, body));
    // Nothing to publish in a namespace that is gone or on its way out.
    const isOver = isSuccess(response) || response.code === 404 || isNamespaceTerminating(response);
    return isOver ? DONE : retry(whyRefused(response));
  }
  const isRight =
    found.data?.["ca.crt"] === data["ca.crt"] &&
    found.metadata.annotations?.["kubernetes.io/description"] === DESCRIPTION;
  if (isRight) return DONE;
  const body = {
    ...found,
    metadata: { ...found.metadata, annotations: { ...found.metadata.annotations, ...annotations } },
    data,
  };
  const response = yield* send(updateRequest({ ...target, name: NAME }, body));
  return isSuccess(response) ? DONE : retry(whyRefused(response));
}
