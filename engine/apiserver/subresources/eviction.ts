// After kubernetes v1.36 pkg/registry/core/pod/storage/eviction.go; not modelled: the retry with back-off inside one request.
import type { PodDisruptionBudget } from "../../api/generated/types.ts";
import { matchesLabels, NOTHING, selectorOfObject } from "../../api/label-selector.ts";
import type { KubernetesObject } from "../../api/object.ts";
import type { Status } from "../../api/status.ts";
import { rfc3339 } from "../../api/time.ts";
import { valuesWithPrefix } from "../../kernel/sorted-map.ts";
import { readBody } from "../body.ts";
import { removeObject } from "../delete.ts";
import { answerStatus, badRequest, failure, forbidden, tooManyRequests } from "../failure.ts";
import { findObject, nameIn } from "../objects.ts";
import type { DeleteOptions } from "../options.ts";
import { missing } from "../read.ts";
import { type Answer, type Call, collectionAt, respond, timeOf, type Turn } from "../state.ts";
import { commitWrite } from "../update.ts";
import { replacement } from "../write.ts";

const EVICTED = {
  code: 201,
  body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 },
} as const;

const REFUSED = "Cannot evict pod as it would violate the pod's disruption budget.";

/** How many pods may be on their way out under one budget. Source: eviction.go MaxDisruptedPodSize. */
const DISRUPTED_MAX = 2000;

interface Eviction extends KubernetesObject {
  readonly deleteOptions?: DeleteOptions;
}

/**
 * POST to `pods/x/eviction`: three writes, one after another. First the budget pays, then the pod is told why, then it is deleted. Each stage runs on
 * what is there when the one before is committed.
 */
export function evictPod(turn: Turn, call: Call): void {
  const { exchange, info } = call;
  const body = readBody(call, { apiVersion: "policy/v1", kind: "Eviction", schema: "Eviction" });
  if (body.kind === "refused") return respond(turn, exchange, answerStatus(body.status));
  const eviction = body.object as Eviction;
  const { name = "" } = eviction.metadata;
  if (name !== info.name)
    return respond(turn, exchange, answerStatus(badRequest("name in URL does not match name in Eviction object")));
  const pod = findObject(turn.state, call);
  if (pod === undefined) return respond(turn, exchange, missing(call));
  const options = eviction.deleteOptions ?? {};
  const isDry = options.dryRun?.includes("All") === true || exchange.request.query?.["dryRun"] === "All";
  const stage = exchange.stage ?? 0;
  if (stage === 0) return pay(turn, call, { pod, options, isDry });
  if (stage === 1) return tell(turn, call, { pod, options, isDry });
  removeObject(turn, call, { old: pod, options, response: EVICTED });
}

interface Evicted {
  readonly pod: KubernetesObject;
  readonly options: DeleteOptions;
  readonly isDry: boolean;
}

/** The budget of the pod allows one disruption less, if it allows any. */
function pay(turn: Turn, call: Call, evicted: Evicted): void {
  const { exchange, info } = call;
  const { pod, isDry } = evicted;
  const budgets = needsNoBudget(pod) ? [] : budgetsOf(turn, pod);
  if (budgets.length > 1) {
    const message = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
    return respond(turn, exchange, answerStatus(failure(500, "", { message })));
  }
  const [budget] = budgets;
  if (budget === undefined || isOverlooked(pod, budget))
    return isDry ? respond(turn, exchange, EVICTED) : tell(turn, call, evicted);
  const refusal = refusalOf(budget);
  if (refusal !== undefined) return respond(turn, exchange, answerStatus(refusal));
  if (isDry) return respond(turn, exchange, EVICTED);
  const old = budget as unknown as KubernetesObject;
  const object = decremented(budget, { pod: info.name, time: rfc3339(timeOf(turn.moment)) });
  const { namespace = "", name = "" } = old.metadata;
  const write = replacement("poddisruptionbudgets", `${namespace}/${name}`, { old, object });
  commitWrite(turn, call, { ...write, answer: { kind: "stage", stage: 1 } });
}

/** Pods that are over, have not begun, or are going already. */
function needsNoBudget(pod: KubernetesObject): boolean {
  const phase = (pod.status as { readonly phase?: string } | undefined)?.phase;
  return (
    phase === "Succeeded" || phase === "Failed" || phase === "Pending" || pod.metadata.deletionTimestamp !== undefined
  );
}

function budgetsOf(turn: Turn, pod: KubernetesObject): readonly PodDisruptionBudget[] {
  const { namespace = "", labels } = pod.metadata;
  const all = valuesWithPrefix(
    collectionAt(turn.state, "poddisruptionbudgets").objects,
    `${namespace}/`,
  ) as unknown as readonly PodDisruptionBudget[];
  return all.filter(({ spec }) =>
    matchesLabels(spec?.selector === undefined ? NOTHING : selectorOfObject(spec.selector), labels),
  );
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

/** A pod that is not ready costs nothing when enough others are, or always when the budget says so. */
function isOverlooked(pod: KubernetesObject, budget: PodDisruptionBudget): boolean {
  const conditions = (pod.status as { readonly conditions?: readonly Condition[] } | undefined)?.conditions ?? [];
  if (conditions.some((condition) => condition.type === "Ready" && condition.status === "True")) return false;
  if (budget.spec?.unhealthyPodEvictionPolicy === "AlwaysAllow") return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = budget.status ?? {};
  return desiredHealthy > 0 && currentHealthy >= desiredHealthy;
}

function refusalOf(budget: PodDisruptionBudget): Status | undefined {
  const { name = "", generation = 0 } = budget.metadata;
  const {
    observedGeneration = 0,
    disruptionsAllowed = 0,
    disruptedPods = {},
    desiredHealthy = 0,
    currentHealthy = 0,
  } = budget.status ?? {};
  if (observedGeneration < generation) {
    const cause = {
      reason: "DisruptionBudget",
      message: `The disruption budget ${name} is still being processed by the server.`,
    };
    return tooManyRequests(REFUSED, { causes: [cause], retryAfterSeconds: 10 });
  }
  const about = { group: "policy", resource: "poddisruptionbudget" };
  if (disruptionsAllowed < 0) return forbidden(about, name, "pdb disruptions allowed is negative");
  if (Object.keys(disruptedPods).length > DISRUPTED_MAX)
    return forbidden(about, name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
  if (disruptionsAllowed > 0) return undefined;
  const needs = `needs ${String(desiredHealthy)} healthy pods and has ${String(currentHealthy)} currently`;
  return tooManyRequests(REFUSED, {
    causes: [{ reason: "DisruptionBudget", message: `The disruption budget ${name} ${needs}` }],
  });
}

function decremented(
  budget: PodDisruptionBudget,
  gone: { readonly pod: string; readonly time: string },
): KubernetesObject {
  const { disruptionsAllowed = 0, disruptedPods = {}, conditions = [] } = budget.status ?? {};
  const left = disruptionsAllowed - 1;
  const status = {
    ...budget.status,
    disruptionsAllowed: left,
    disruptedPods: { ...disruptedPods, [gone.pod]: gone.time },
    ...(left === 0 ? { conditions: conditions.map((condition) => exhausted(condition, gone.time)) } : {}),
  };
  return { ...(budget as unknown as KubernetesObject), status };
}

function exhausted<Kind extends Condition>(condition: Kind, time: string): Kind {
  if (condition.type !== "DisruptionAllowed") return condition;
  return { ...condition, status: "False", reason: "InsufficientPods", lastTransitionTime: time };
}

/** The pod is told that it is evicted. Source: addConditionAndDeletePod. */
function tell(turn: Turn, call: Call, { pod, options }: Evicted): void {
  const time = rfc3339(timeOf(turn.moment));
  const status = (pod.status ?? {}) as { readonly conditions?: readonly Condition[] };
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    lastProbeTime: null,
    lastTransitionTime: time,
    reason: "EvictionByEvictionAPI",
    message: "Eviction API: evicting",
  };
  const others = (status.conditions ?? []).filter((one) => one.type !== "DisruptionTarget");
  const isTold = others.length !== (status.conditions ?? []).length;
  if (isTold || pod.metadata.deletionTimestamp !== undefined)
    return removeObject(turn, call, { old: pod, options, response: EVICTED });
  const object = { ...pod, status: { ...status, conditions: [...others, condition] } };
  const name = nameIn(call.served, call.info.namespace, call.info.name);
  const answer: Answer = { kind: "stage", stage: 2 };
  commitWrite(turn, call, { ...replacement(call.served.prefix, name, { old: pod, object }), answer });
}
