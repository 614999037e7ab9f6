// After kubernetes v1.36 pkg/quota/v1/evaluator/core (pods.go, services.go, persistent_volume_claims.go) and pkg/quota/v1/generic.
import type { Container, PodSpec, ServicePort } from "../../../api/generated/types.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import type { Served } from "../../served.ts";
import { podSpecOf } from "../refuse.ts";
import { type Quantities, totalOf } from "../quantities.ts";

/** What an object takes from a quota, by the quota's names for it. */
export function usageOf(object: KubernetesObject, served: Served): Quantities {
  const { group, plural } = served.strategy.resource;
  const counted = { [`count/${group === "" ? plural : `${plural}.${group}`}`]: 1 };
  switch (served.prefix) {
    case "pods":
      return { ...counted, ...podUsage(object) };
    case "services/specs":
      return { ...counted, ...serviceUsage(object) };
    case "persistentvolumeclaims":
      return { ...counted, ...claimUsage(object) };
    case "configmaps":
    case "secrets":
    case "controllers":
    case "resourcequotas":
      return { ...counted, [plural]: 1 };
    default:
      return counted;
  }
}

/** Names that a quota may use without the prefix `requests.`. */
const plain: ReadonlySet<string> = new Set(["cpu", "memory", "ephemeral-storage"]);

function podUsage(pod: KubernetesObject): Quantities {
  const spec = podSpecOf(pod);
  const usage: Record<string, string | number> = { pods: 1 };
  const requests = podTotal(spec, "requests");
  for (const name in requests) {
    usage[`requests.${name}`] = requests[name] ?? 0;
    if (plain.has(name)) usage[name] = requests[name] ?? 0;
  }
  const limits = podTotal(spec, "limits");
  for (const name in limits) usage[`limits.${name}`] = limits[name] ?? 0;
  return usage;
}

function podTotal(spec: PodSpec, key: "requests" | "limits"): Quantities {
  const of = (containers: readonly Container[] | undefined): Quantities[] =>
    (containers ?? []).map((container) => container.resources?.[key] ?? {});
  return totalOf([...of(spec.containers), ...(spec.overhead === undefined ? [] : [spec.overhead])]);
}

/** What a quota on these resources wants every container to say. Source: pods.go podEvaluator.Constraints. */
export function unsaid(pod: KubernetesObject, hard: readonly string[]): readonly string[] {
  const spec = podSpecOf(pod);
  const missing = new Map<string, string[]>();
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
    for (const name of hard) {
      if (!isConstraint(name) || says(container, name)) continue;
      missing.set(name, [...(missing.get(name) ?? []), container.name]);
    }
  }
  return [...missing]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, containers]) => `${name} for: ${containers.join(",")}`);
}

const constraints: ReadonlySet<string> = new Set([
  "cpu",
  "memory",
  "requests.cpu",
  "requests.memory",
  "limits.cpu",
  "limits.memory",
]);

function isConstraint(name: string): boolean {
  return constraints.has(name);
}

function says(container: Container, name: string): boolean {
  const isLimit = name.startsWith("limits.");
  const resource = name.slice(name.indexOf(".") + 1);
  const { requests, limits } = container.resources ?? {};
  return (isLimit ? limits : requests)?.[resource] !== undefined;
}

function serviceUsage(service: KubernetesObject): Quantities {
  const {
    type,
    ports = [],
    allocateLoadBalancerNodePorts,
  } = (service.spec ?? {}) as {
    readonly type?: string;
    readonly ports?: readonly ServicePort[];
    readonly allocateLoadBalancerNodePorts?: boolean;
  };
  const isBalancer = type === "LoadBalancer";
  const hasPorts = type === "NodePort" || (isBalancer && allocateLoadBalancerNodePorts !== false);
  return {
    services: 1,
    "services.nodeports": hasPorts ? ports.length : 0,
    "services.loadbalancers": isBalancer ? 1 : 0,
  };
}

function claimUsage(claim: KubernetesObject): Quantities {
  const { storageClassName, resources } = (claim.spec ?? {}) as {
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: Quantities };
  };
  const storage = resources?.requests?.["storage"];
  const byClass =
    storageClassName === undefined || storageClassName === "" ? "" : `${storageClassName}.storageclass.storage.k8s.io/`;
  return {
    persistentvolumeclaims: 1,
    ...(storage === undefined ? {} : { "requests.storage": storage }),
    ...(byClass === "" ? {} : { [`${byClass}persistentvolumeclaims`]: 1 }),
    ...(byClass === "" || storage === undefined ? {} : { [`${byClass}requests.storage`]: storage }),
  };
}
