// After kubernetes v1.36 pkg/controller/disruption/disruption.go; not modelled: pods of custom resources with a scale subresource, the sweep
// of stale DisruptionTarget conditions.
import type {
  Deployment,
  Pod,
  PodDisruptionBudget,
  PodDisruptionBudgetStatus,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
} from "../../api/generated/types.ts";
import { controllerOf, keyOf } from "../../api/object.ts";
import { scaledValueUp } from "../../api/int-or-string.ts";
import { updateRequest } from "../../client/requests.ts";
import type { Lister } from "../cache.ts";
import { type Controller, listen, ownKey, watch } from "../controller.ts";
import { dateOf, parseDate, printDate } from "../dates.ts";
import { edit, isSame } from "../edit.ts";
import { isDeleting, isReady } from "../pods.ts";
import { isEmptySelector, selects } from "../selector.ts";
import { again, DONE, isSuccess, recordEvent, retry, send, type Situation, type Sync, whyRefused } from "../sync.ts";
import {
  deployments,
  disruptionBudgets,
  plainPods,
  replicaSets,
  replicationControllers,
  statefulSets,
} from "../watched.ts";

/** Source: disruption.go DeletionTimeout: an eviction that has not led to a deletion by then is forgotten. */
export const DELETION_TIMEOUT_MILLIS = 120_000;

/** Counts how many pods may be disrupted. */
export const disruption: Controller<null> = {
  name: "disruption",
  identity: "disruption-controller",
  component: "controllermanager",
  workers: 1,
  memory: null,
  watches: [
    watch(disruptionBudgets, ownKey),
    watch(plainPods, ({ before, after }, { lister }) => ({
      wishes: [...new Set([...budgetsOf(before, lister), ...budgetsOf(after, lister)])],
    })),
    listen(replicaSets),
    listen(replicationControllers),
    listen(deployments),
    listen(statefulSets),
  ],
  sync: syncBudget,
};

function budgetsOf(pod: Pod | undefined, lister: Lister): readonly string[] {
  if (pod === undefined) return [];
  return lister
    .list(disruptionBudgets, pod.metadata.namespace ?? "")
    .filter((budget) => isSelected(budget, pod))
    .map(keyOf);
}

function isSelected(budget: PodDisruptionBudget, pod: Pod): boolean {
  const { selector } = budget.spec;
  return selector !== undefined && (isEmptySelector(selector) || selects(selector, pod.metadata.labels));
}

function* syncBudget(key: string, situation: Situation<null>): Sync {
  const { lister } = situation;
  const budget = lister.get(disruptionBudgets, key);
  if (budget === undefined) return DONE;
  const selected = lister.list(plainPods, budget.metadata.namespace ?? "").filter((pod) => isSelected(budget, pod));
  if (selected.length === 0) {
    yield* recordEvent({ object: budget, type: "Normal", reason: "NoPods", message: "No matching pods found" });
  }
  const counted = countExpected(budget, selected, lister);
  if (typeof counted === "string") {
    const message = `Failed to calculate the number of expected pods: ${counted}`;
    yield* recordEvent({ object: budget, type: "Warning", reason: "CalculateExpectedPodCountFailed", message });
    return yield* write(budget, failed(budget, counted, situation));
  }
  const disrupted = disruptedPods(budget, selected, dateOf(situation));
  const healthy = selected.filter(
    (pod) => !isDeleting(pod) && disrupted.pods[pod.metadata.name ?? ""] === undefined && isReady(pod),
  ).length;
  const finish = yield* write(budget, statusOf(budget, { ...counted, healthy, disrupted: disrupted.pods, situation }));
  if (finish.kind === "done" && disrupted.recheckMillis !== undefined) yield* again(key, disrupted.recheckMillis);
  return finish;
}

interface Counted {
  readonly expected: number;
  readonly desired: number;
}

/** How many pods there should be, from their controllers, and how many must be healthy. */
function countExpected(budget: PodDisruptionBudget, selected: readonly Pod[], lister: Lister): Counted | string {
  const { minAvailable, maxUnavailable } = budget.spec;
  if (maxUnavailable !== undefined) {
    const expected = scaleOf(selected, lister);
    if (typeof expected === "string") return expected;
    const unavailable = scaledValueUp(maxUnavailable, expected);
    return { expected, desired: Math.max(0, expected - (typeof unavailable === "number" ? unavailable : 0)) };
  }
  if (typeof minAvailable === "number") return { expected: selected.length, desired: minAvailable };
  if (minAvailable === undefined) return { expected: selected.length, desired: 0 };
  const expected = scaleOf(selected, lister);
  if (typeof expected === "string") return expected;
  const desired = scaledValueUp(minAvailable, expected);
  return { expected, desired: typeof desired === "number" ? desired : 0 };
}

function scaleOf(selected: readonly Pod[], lister: Lister): number | string {
  const scales = new Map<string, number>();
  for (const pod of selected) {
    const { name = "", namespace = "" } = pod.metadata;
    const reference = controllerOf(pod);
    if (reference === undefined) continue;
    const found = controllerScale(`${namespace}/${reference.name}`, reference.kind, lister);
    if (found === undefined) return `found no controllers for pod "${name}"`;
    scales.set(found.uid, found.replicas);
  }
  return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
}

function controllerScale(
  key: string,
  kind: string,
  lister: Lister,
): { readonly uid: string; readonly replicas: number } | undefined {
  const found = scaledObject(key, kind, lister);
  return found === undefined ? undefined : { uid: found.metadata.uid ?? "", replicas: found.spec?.replicas ?? 1 };
}

type Scaled = Deployment | ReplicaSet | StatefulSet | ReplicationController;

/** What decides how many pods there are: for a ReplicaSet of a Deployment, the Deployment. */
function scaledObject(key: string, kind: string, lister: Lister): Scaled | undefined {
  if (kind === "StatefulSet") return lister.get(statefulSets, key);
  if (kind === "ReplicationController") return lister.get(replicationControllers, key);
  const set = kind === "ReplicaSet" ? lister.get(replicaSets, key) : undefined;
  const owner = set === undefined ? undefined : controllerOf(set);
  if (set === undefined || owner?.kind !== "Deployment") return set;
  return lister.get(deployments, `${set.metadata.namespace ?? ""}/${owner.name}`) ?? set;
}

interface Disrupted {
  readonly pods: Readonly<Record<string, string>>;
  readonly recheckMillis: number | undefined;
}

/** Evictions that the API server has granted and that are not seen yet. */
function disruptedPods(budget: PodDisruptionBudget, selected: readonly Pod[], date: number): Disrupted {
  const pods: Record<string, string> = {};
  let recheckMillis: number | undefined;
  const present = budget.status?.disruptedPods ?? {};
  for (const pod of selected) {
    const { name = "" } = pod.metadata;
    const at = present[name];
    const since = parseDate(at);
    if (at === undefined || since === undefined || isDeleting(pod)) continue;
    const left = since + DELETION_TIMEOUT_MILLIS - date;
    if (left <= 0) continue;
    pods[name] = at;
    if (recheckMillis === undefined || left < recheckMillis) recheckMillis = left;
  }
  return { pods, recheckMillis };
}

function statusOf(
  budget: PodDisruptionBudget,
  seen: Counted & {
    readonly healthy: number;
    readonly disrupted: Readonly<Record<string, string>>;
    readonly situation: Situation<null>;
  },
): PodDisruptionBudgetStatus {
  const { expected, desired, healthy, disrupted } = seen;
  const allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired);
  const status = {
    ...budget.status,
    observedGeneration: budget.metadata.generation ?? 0,
    disruptionsAllowed: allowed,
    currentHealthy: healthy,
    desiredHealthy: desired,
    expectedPods: expected,
  } as PodDisruptionBudgetStatus;
  const said = {
    status: allowed > 0 ? "True" : "False",
    reason: allowed > 0 ? "SufficientPods" : "InsufficientPods",
    message: "",
  };
  return edit(status, {
    disruptedPods: Object.keys(disrupted).length === 0 ? undefined : disrupted,
    conditions: conditionsOf(budget, said, seen.situation),
  });
}

function conditionsOf(
  budget: PodDisruptionBudget,
  said: { readonly status: string; readonly reason: string; readonly message: string },
  situation: Situation<null>,
): PodDisruptionBudgetStatus["conditions"] {
  const conditions = budget.status?.conditions ?? [];
  const former = conditions.find(({ type }) => type === "DisruptionAllowed");
  const lastTransitionTime = former?.status === said.status ? former.lastTransitionTime : printDate(dateOf(situation));
  const condition = {
    type: "DisruptionAllowed",
    ...said,
    observedGeneration: budget.metadata.generation ?? 0,
    lastTransitionTime,
  } as NonNullable<typeof former>;
  return [...conditions.filter((other) => other !== former), condition];
}

function failed(budget: PodDisruptionBudget, message: string, situation: Situation<null>): PodDisruptionBudgetStatus {
  const said = { status: "False", reason: "SyncFailed", message };
  return edit(
    {
      ...budget.status,
      disruptionsAllowed: 0,
      observedGeneration: budget.metadata.generation ?? 0,
    } as PodDisruptionBudgetStatus,
    { conditions: conditionsOf(budget, said, situation) },
  );
}

function* write(budget: PodDisruptionBudget, status: PodDisruptionBudgetStatus): Sync {
  if (isSame(budget.status, status)) return DONE;
  const { namespace = "", name = "" } = budget.metadata;
  const target = { resource: disruptionBudgets.resource, namespace, name, subresource: "status" };
  const body = { ...budget, apiVersion: "policy/v1", kind: "PodDisruptionBudget", status };
  const response = yield* send(updateRequest(target, body));
  return isSuccess(response) ? DONE : retry(whyRefused(response));
}
