// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/server/healthz/healthz.go; the checks are those of the recorded server.
import type { ApiResponse } from "../../api/wire.ts";

const hooksBefore = [
  "start-apiserver-admission-initializer",
  "generic-apiserver-start-informers",
  "priority-and-fairness-config-consumer",
  "priority-and-fairness-filter",
  "storage-object-count-tracker-hook",
  "start-apiextensions-informers",
  "start-apiextensions-controllers",
  "crd-informer-synced",
  "start-system-namespaces-controller",
  "peer-endpoint-reconciler-controller",
  "start-cluster-authentication-info-controller",
  "start-kube-apiserver-identity-lease-controller",
  "start-kube-apiserver-identity-lease-garbage-collector",
  "storage-readiness",
  "start-legacy-token-tracking-controller",
  "start-service-ip-repair-controllers",
  "rbac/bootstrap-roles",
  "scheduling/bootstrap-system-priority-classes",
  "priority-and-fairness-config-producer",
  "bootstrap-controller",
  "start-kubernetes-service-cidr-controller",
  "aggregator-reload-proxy-client-cert",
  "start-kube-aggregator-informers",
  "apiservice-status-local-available-controller",
  "apiservice-status-remote-available-controller",
  "apiservice-registration-controller",
  "apiservice-wait-for-first-sync",
  "apiservice-discovery-controller",
  "kube-apiserver-autoregistration",
].map((name) => `poststarthook/${name}`);

const hooks: readonly string[] = [
  ...hooksBefore,
  "autoregister-completion",
  "poststarthook/apiservice-openapi-controller",
  "poststarthook/apiservice-openapiv3-controller",
];

const checks: Readonly<Record<string, readonly string[]>> = {
  livez: ["ping", "log", "loopback-serving-certificate", "etcd", ...hooks],
  readyz: ["ping", "log", "informer-sync", ...hooks, "shutdown"],
  healthz: ["ping", "log", "loopback-serving-certificate", "etcd", ...hooks],
};

/** `/livez`, `/readyz`, `/healthz` and `/livez/ping`; undefined for other paths. */
export function health(path: string, query: Readonly<Record<string, string>> | undefined): ApiResponse | undefined {
  const [, name = "", ...rest] = path.split("/");
  const known = Object.hasOwn(checks, name) ? checks[name] : undefined;
  if (known === undefined) return undefined;
  const one = rest.join("/");
  if (one !== "") return known.includes(one) ? text("ok") : undefined;
  return text(query?.["verbose"] === undefined ? "ok" : verbose(name, known, query["exclude"]));
}

function verbose(name: string, known: readonly string[], excluded: string | undefined): string {
  const lines = known.map((check) => (check === excluded ? `[+]${check} excluded: ok\n` : `[+]${check} ok\n`));
  return `${lines.join("")}${name} check passed\n`;
}

function text(body: string): ApiResponse {
  return {
    code: 200,
    headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
    body,
  };
}

/** The paths of the health checks, as `/` lists them. */
export function healthPaths(): readonly string[] {
  return Object.entries(checks).flatMap(([name, known]) => [`/${name}`, ...known.map((check) => `/${name}/${check}`)]);
}
