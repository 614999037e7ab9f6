// After kubernetes v1.36 pkg/quota/v1/evaluator/core pods.go, services.go, persistent_volume_claims.go and generic/evaluator.go.
import type { PersistentVolumeClaim, Pod, ResourceQuota, Service } from "../../api/generated/types.ts";
import type { KubernetesObject } from "../../api/object.ts";
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  type Quantity,
  quantityOf,
  ZERO_QUANTITY,
} from "../../api/quantity.ts";
import { isTerminal } from "../pods.ts";

export type Amounts = Readonly<Record<string, string>>;

/** What one object uses of each resource that a quota may name. */
export function usageOf(kind: string, object: KubernetesObject): Amounts {
  if (kind === "Pod") return podUsage(object as Pod);
  if (kind === "Service") return serviceUsage(object as Service);
  if (kind === "PersistentVolumeClaim") return claimUsage(object as PersistentVolumeClaim);
  return {};
}

type Parts = Readonly<Record<string, string>> | undefined;

function podUsage(pod: Pod): Amounts {
  if (isTerminal(pod)) return {};
  const used: Record<string, string> = { pods: "1" };
  const requests = total(pod, "requests");
  const limits = total(pod, "limits");
  for (const [name, amount] of Object.entries(requests)) {
    used[`requests.${name}`] = amount;
    if (name === "cpu" || name === "memory" || name === "ephemeral-storage") used[name] = amount;
  }
  for (const [name, amount] of Object.entries(limits)) used[`limits.${name}`] = amount;
  return used;
}

/** All containers together, or the largest init container where that is more. */
function total(pod: Pod, part: "requests" | "limits"): Amounts {
  const { containers, initContainers = [], overhead } = pod.spec;
  let sum: Amounts = {};
  for (const { resources } of containers) sum = plus(sum, resources?.[part] as Parts);
  for (const { resources, restartPolicy } of initContainers) {
    if (restartPolicy === "Always") sum = plus(sum, resources?.[part] as Parts);
  }
  for (const { resources } of initContainers) sum = largest(sum, resources?.[part] as Parts);
  return plus(sum, overhead as Parts);
}

function serviceUsage({ spec }: Service): Amounts {
  const ports = (spec.ports ?? []).length;
  const hasNodePorts =
    spec.type === "NodePort" || (spec.type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts !== false);
  return {
    services: "1",
    "services.nodeports": String(hasNodePorts ? ports : 0),
    "services.loadbalancers": spec.type === "LoadBalancer" ? "1" : "0",
  };
}

function claimUsage({ spec }: PersistentVolumeClaim): Amounts {
  const storage = spec.resources?.requests?.["storage"] ?? "0";
  const { storageClassName } = spec;
  const ofClass =
    storageClassName === undefined
      ? {}
      : {
          [`${storageClassName}.storageclass.storage.k8s.io/requests.storage`]: storage,
          [`${storageClassName}.storageclass.storage.k8s.io/persistentvolumeclaims`]: "1",
        };
  return { persistentvolumeclaims: "1", "requests.storage": storage, ...ofClass };
}

export function plus(one: Amounts, other: Parts): Amounts {
  const sum: Record<string, string> = { ...one };
  for (const [name, amount] of Object.entries(other ?? {})) {
    sum[name] = formatQuantity(addQuantities(quantityFor(sum[name]), quantityOf(amount)));
  }
  return sum;
}

function largest(one: Amounts, other: Parts): Amounts {
  const most: Record<string, string> = { ...one };
  for (const [name, amount] of Object.entries(other ?? {})) {
    if (compareQuantities(quantityOf(amount), quantityFor(most[name])) > 0) most[name] = amount;
  }
  return most;
}

function quantityFor(text: string | undefined): Quantity {
  return text === undefined ? ZERO_QUANTITY : quantityOf(text);
}

/** Whether a quota with scopes counts the pod. */
export function isInScopes(quota: ResourceQuota, pod: Pod): boolean {
  const { scopes = [], scopeSelector } = quota.spec ?? {};
  const selected = (scopeSelector?.matchExpressions ?? []).every(({ scopeName, operator, values = [] }) =>
    scopeName === "PriorityClass"
      ? meetsClass(pod.spec.priorityClassName ?? "", operator, values)
      : isInScope(scopeName, pod),
  );
  return selected && scopes.every((scope) => isInScope(scope, pod));
}

function meetsClass(name: string, operator: string, values: readonly string[]): boolean {
  if (operator === "In") return values.includes(name);
  if (operator === "NotIn") return !values.includes(name);
  return (operator === "Exists") === (name !== "");
}

function isInScope(scope: string, pod: Pod): boolean {
  const isBestEffort = Object.keys({ ...total(pod, "requests"), ...total(pod, "limits") }).length === 0;
  const isBounded = pod.spec.activeDeadlineSeconds !== undefined;
  if (scope === "BestEffort") return isBestEffort;
  if (scope === "NotBestEffort") return !isBestEffort;
  if (scope === "Terminating") return isBounded;
  if (scope === "NotTerminating") return !isBounded;
  return true;
}
