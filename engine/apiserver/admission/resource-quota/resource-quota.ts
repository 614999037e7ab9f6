// After kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota (admission.go, controller.go); not modelled: limited resources by configuration, resize.
import type { PodSpec, ResourceQuota } from "../../../api/generated/types.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  quantityOf,
  subtractQuantities,
} from "../../../api/quantity.ts";
import type { Status } from "../../../api/status.ts";
import { valuesWithPrefix } from "../../../kernel/sorted-map.ts";
import { collectionAt, type Turn } from "../../state.ts";
import type { Admission, AdmissionPlugin } from "../plugin.ts";
import type { Quantities } from "../quantities.ts";
import { isAboutPod, podSpecOf, refuse } from "../refuse.ts";
import { replacement } from "../../write.ts";
import { unsaid, usageOf } from "./usage.ts";
import { isDryRun } from "../../options.ts";

/** Refuses what would go beyond a quota; what is let in is added to the quota's usage in the same transaction. */
export const resourceQuota: AdmissionPlugin = {
  name: "ResourceQuota",
  validate: (turn, admission) => {
    const { operation, call } = admission;
    const { namespaced } = call.served.strategy.resource;
    if (!namespaced || call.info.subresource !== "" || operation === "DELETE") return undefined;
    if (
      operation === "UPDATE" &&
      call.served.prefix !== "services/specs" &&
      call.served.prefix !== "persistentvolumeclaims"
    )
      return undefined;
    for (const quota of quotasOf(turn, call.info.namespace)) {
      const refusal = check(admission, quota);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  },
};

function quotasOf(turn: Turn, namespace: string): readonly ResourceQuota[] {
  const { objects } = collectionAt(turn.state, "resourcequotas");
  return objects === null ? [] : (valuesWithPrefix(objects, `${namespace}/`) as unknown as readonly ResourceQuota[]);
}

function check(admission: Admission, quota: ResourceQuota): Status | undefined {
  const { object, call } = admission;
  if (!isInScope(quota, object, isAboutPod(admission))) return undefined;
  const usage = usageOf(object, call.served);
  const unusable = unusableStatus(admission, quota, usage);
  if (unusable !== undefined) return unusable;
  const delta = deltaOf(admission, quota, usage);
  const exceeded = exceededStatus(admission, quota, delta);
  if (exceeded !== undefined) return exceeded;
  if (Object.keys(delta).length > 0 && !isDryRun(call.exchange.request)) charge(admission, quota, delta);
  return undefined;
}

/** The object does not say what the quota counts, or the quota has not counted yet. */
function unusableStatus(admission: Admission, quota: ResourceQuota, usage: Quantities): Status | undefined {
  const name = quota.metadata.name ?? "";
  const wanted = Object.keys(quota.spec?.hard ?? {});
  const missing = isAboutPod(admission) ? unsaid(admission.object, wanted) : [];
  if (missing.length > 0) return refuse(admission, `failed quota: ${name}: must specify ${missing.join("; ")}`);
  const uncounted = wanted.filter(
    (resource) => usage[resource] !== undefined && quota.status?.hard?.[resource] === undefined,
  );
  if (uncounted.length === 0) return undefined;
  return refuse(admission, `status unknown for quota: ${name}, resources: ${uncounted.toSorted().join(",")}`);
}

function deltaOf(admission: Admission, quota: ResourceQuota, usage: Quantities): Quantities {
  const { old, call, operation } = admission;
  const touched = Object.keys(quota.status?.hard ?? {}).filter((resource) => usage[resource] !== undefined);
  const before = old === undefined || operation === "CREATE" ? {} : usageOf(old, call.served);
  return difference(usage, before, touched);
}

function exceededStatus(admission: Admission, quota: ResourceQuota, delta: Quantities): Status | undefined {
  const { hard = {}, used = {} }: { readonly hard?: Quantities; readonly used?: Quantities } = quota.status ?? {};
  const exceeded = Object.keys(delta).filter((resource) => exceeds(resource, { delta, used, hard }));
  if (exceeded.length === 0) return undefined;
  const shown = exceeded.toSorted();
  const pairs = (from: Quantities): string =>
    shown.map((resource) => `${resource}=${String(from[resource] ?? 0)}`).join(",");
  const name = quota.metadata.name ?? "";
  return refuse(
    admission,
    `exceeded quota: ${name}, requested: ${pairs(delta)}, used: ${pairs(used)}, limited: ${pairs(hard)}`,
  );
}

function difference(usage: Quantities, before: Quantities, touched: readonly string[]): Quantities {
  const delta: Record<string, string> = {};
  for (const resource of touched) {
    const change = subtractQuantities(quantityOf(usage[resource] ?? 0), quantityOf(before[resource] ?? 0));
    if (change.value !== 0n) delta[resource] = formatQuantity(change);
  }
  return delta;
}

function exceeds(
  resource: string,
  amounts: { readonly delta: Quantities; readonly used: Quantities; readonly hard: Quantities },
): boolean {
  const added = quantityOf(amounts.delta[resource] ?? 0);
  if (added.value <= 0n) return false;
  const sum = addQuantities(quantityOf(amounts.used[resource] ?? 0), added);
  return compareQuantities(sum, quantityOf(amounts.hard[resource] ?? 0)) > 0;
}

/** The quota with more usage is written together with the object. */
function charge(admission: Admission, quota: ResourceQuota, delta: Quantities): void {
  const used: Record<string, string> = { ...quota.status?.used };
  for (const resource in delta) {
    used[resource] = formatQuantity(addQuantities(quantityOf(used[resource] ?? 0), quantityOf(delta[resource] ?? 0)));
  }
  const old = quota as unknown as KubernetesObject;
  const object = { ...old, status: { ...quota.status, used } };
  const { namespace = "", name = "" } = old.metadata;
  const { compare, success } = replacement("resourcequotas", `${namespace}/${name}`, { old, object });
  admission.call.beside.compare.push(...compare);
  admission.call.beside.success.push(...success);
}

/** Source: pkg/quota/v1/evaluator/core/pods.go podMatchesScopeFunc; not modelled: CrossNamespacePodAffinity, scope selectors other than PriorityClass. */
function isInScope(quota: ResourceQuota, object: KubernetesObject, isPod: boolean): boolean {
  const scopes = quota.spec?.scopes ?? [];
  const terms = quota.spec?.scopeSelector?.matchExpressions ?? [];
  if (scopes.length === 0 && terms.length === 0) return true;
  if (!isPod) return false;
  const spec = podSpecOf(object);
  const className = spec.priorityClassName ?? "";
  const matchesTerms = terms.every(({ scopeName, operator, values = [] }) => {
    if (scopeName !== "PriorityClass") return isIn(scopeName, object, spec);
    if (operator === "In") return values.includes(className);
    if (operator === "NotIn") return !values.includes(className);
    return (className !== "") === (operator === "Exists");
  });
  return matchesTerms && scopes.every((scope) => isIn(scope, object, spec));
}

function isIn(scope: string, object: KubernetesObject, spec: PodSpec): boolean {
  const isBestEffort = (object.status as { readonly qosClass?: string } | undefined)?.qosClass === "BestEffort";
  const isTerminating = spec.activeDeadlineSeconds !== undefined;
  switch (scope) {
    case "BestEffort":
      return isBestEffort;
    case "NotBestEffort":
      return !isBestEffort;
    case "Terminating":
      return isTerminating;
    case "NotTerminating":
      return !isTerminating;
    case "PriorityClass":
      return (spec.priorityClassName ?? "") !== "";
    default:
      return false;
  }
}
