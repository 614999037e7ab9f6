// After kubernetes v1.36 pkg/controller/resourcequota/resource_quota_controller.go, resource_quota_monitor.go; not modelled: counts of custom
// resources, devices of dynamic resource allocation.
import type { ResourceQuota } from "../../api/generated/types.ts";
import { keyOf, type KubernetesObject } from "../../api/object.ts";
import { updateRequest } from "../../client/requests.ts";
import { builtInKinds } from "../../api/resource-kind.ts";
import { type Watched, storeName } from "../cache.ts";
import { type Controller, watch, type Watch } from "../controller.ts";
import { isSame } from "../edit.ts";
import { isTerminal } from "../pods.ts";
import { DONE, isSuccess, retry, send, type Situation, type Sync, whyRefused } from "../sync.ts";
import { resourceQuotas } from "../watched.ts";
import { type Amounts, isInScopes, plus, usageOf } from "./usage.ts";
import type { Pod } from "../../api/generated/types.ts";

/** Source: kube-controller-manager --resource-quota-sync-period. */
export const SYNC_PERIOD_MILLIS = 300_000;

/** Collections that a quota can count. */
const COUNTED: readonly Watched<KubernetesObject>[] = builtInKinds
  .filter(
    ({ namespaced, verbs, plural, group }) =>
      namespaced &&
      verbs.includes("watch") &&
      verbs.includes("create") &&
      plural !== "events" &&
      plural !== "leases" &&
      plural !== "resourcequotas" &&
      group !== "discovery.k8s.io",
  )
  .filter(
    (kind, index, all) =>
      all.findIndex((other) => other.plural === kind.plural && other.group === kind.group) === index,
  )
  .map(({ group, version, plural, kind }) => ({ resource: { group, version, plural }, kind, indexes: {} }));

/** Counts what a namespace uses of its quotas. */
export const resourceQuota: Controller<null> = {
  name: "resource-quota",
  identity: "resourcequota-controller",
  workers: 5,
  memory: null,
  ticks: [{ key: "all", everyMillis: SYNC_PERIOD_MILLIS, firstMillis: SYNC_PERIOD_MILLIS }],
  watches: [
    watch(resourceQuotas, ({ before, after, key }) => {
      const isPlain = before !== undefined && after !== undefined && isSame(before.spec, after.spec);
      return { wishes: after === undefined || isPlain ? [] : [key] };
    }),
    ...COUNTED.map((counted): Watch<null> =>
      watch(counted, ({ before, after }, { lister }) => {
        // Only what frees something is looked at; the admission of the API server counts what comes.
        const isFreed = after === undefined || hasEnded(counted, before, after);
        if (before === undefined || !isFreed) return { wishes: [] };
        return { wishes: lister.list(resourceQuotas, before.metadata.namespace ?? "").map(keyOf) };
      }),
    ),
  ],
  sync: syncQuota,
};

function hasEnded(
  counted: Watched<KubernetesObject>,
  before: KubernetesObject | undefined,
  after: KubernetesObject,
): boolean {
  if (counted.kind !== "Pod" || before === undefined) return false;
  return isTerminal(after as Pod) && !isTerminal(before as Pod);
}

function* syncQuota(key: string, situation: Situation<null>): Sync {
  const { lister } = situation;
  if (key === "all") {
    for (const quota of lister.list(resourceQuotas)) {
      const finish = yield* syncQuota(keyOf(quota), situation);
      if (finish.kind !== "done") return finish;
    }
    return DONE;
  }
  const quota = lister.get(resourceQuotas, key);
  if (quota === undefined) return DONE;
  const hard = (quota.spec?.hard ?? {}) as Amounts;
  const status = { hard, used: usedOf(quota, situation) };
  if (isSame(quota.status, status)) return DONE;
  const { namespace = "", name = "" } = quota.metadata;
  const body = { ...quota, apiVersion: "v1", kind: "ResourceQuota", status };
  const target = { resource: resourceQuotas.resource, namespace, name, subresource: "status" };
  const response = yield* send(updateRequest(target, body));
  return isSuccess(response) ? DONE : retry(whyRefused(response));
}

/** Source: the names that core objects had before `count/`. */
const OLD_COUNTS: readonly string[] = ["configmaps", "secrets", "replicationcontrollers", "resourcequotas"];

function usedOf(quota: ResourceQuota, { lister }: Situation<null>): Amounts {
  const { namespace = "" } = quota.metadata;
  let used: Amounts = {};
  for (const counted of COUNTED) {
    const name = storeName(counted.resource);
    const objects = lister.list(counted, namespace);
    const amounts: Record<string, string> = { [`count/${name}`]: String(objects.length) };
    if (OLD_COUNTS.includes(name)) amounts[name] = String(objects.length);
    used = plus(used, amounts);
    for (const object of objects) {
      if (counted.kind === "Pod" && !isInScopes(quota, object as Pod)) continue;
      used = plus(used, usageOf(counted.kind, object));
    }
  }
  const quotas = String(lister.list(resourceQuotas, namespace).length);
  const counts: Amounts = { ...used, resourcequotas: quotas, "count/resourcequotas": quotas };
  return Object.fromEntries(Object.keys(quota.spec?.hard ?? {}).map((name) => [name, counts[name] ?? "0"]));
}
