// After kubernetes v1.36 pkg/controller/podautoscaler/horizontal.go; not modelled: the configurable tolerance of KEP 4951.
import type { HorizontalPodAutoscaler, Pod } from "../../api/generated/types.ts";
import { builtInKinds } from "../../api/resource-kind.ts";
import { parseLabelSelector, matchesLabels } from "../../api/label-selector.ts";
import { getRequest, type Target, updateRequest } from "../../client/requests.ts";
import { get, remove, set, type SortedMap } from "../../kernel/sorted-map.ts";
import type { Watched } from "../cache.ts";
import { type Controller, listen, watch } from "../controller.ts";
import { dateOf, printDate } from "../dates.ts";
import { edit, isSame } from "../edit.ts";
import {
  again,
  DONE,
  isSuccess,
  recordEvent,
  remember,
  send,
  type Situation,
  type Sync,
  tell,
  whyRefused,
} from "../sync.ts";
import { plainPods } from "../watched.ts";
import { DOWNSCALE_WINDOW_MILLIS, type History, limit, NO_HISTORY, type Said } from "./limits.ts";
import { propose, type Proposal } from "./metrics.ts";

/** Source: --horizontal-pod-autoscaler-sync-period. */
export const SYNC_PERIOD_MILLIS = 15_000;

type Memory = SortedMap<string, History>;

const autoscalers: Watched<HorizontalPodAutoscaler> = {
  resource: { group: "autoscaling", version: "v2", plural: "horizontalpodautoscalers" },
  kind: "HorizontalPodAutoscaler",
  indexes: {},
};

/** Sizes workloads by what they use. */
export const hpa: Controller<Memory> = {
  name: "hpa",
  identity: "horizontal-pod-autoscaler",
  workers: 5,
  memory: null,
  watches: [
    watch(autoscalers, ({ after, key }) => ({
      wishes: after === undefined ? [key] : [{ key, afterMillis: SYNC_PERIOD_MILLIS }],
    })),
    listen(plainPods),
  ],
  sync: syncAutoscaler,
};

/** One sync; `hpa` carries the changes of the status made so far. */
interface Work {
  hpa: HorizontalPodAutoscaler;
  readonly date: number;
}

interface Scale {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number; readonly selector?: string };
}

function* syncAutoscaler(key: string, situation: Situation<Memory>): Sync {
  const found = situation.lister.get(autoscalers, key);
  if (found === undefined) {
    yield* remember<Memory>((memory) => remove(memory, key));
    return DONE;
  }
  // Success or not, it is looked at every 15 seconds.
  yield* again(key, SYNC_PERIOD_MILLIS);
  const work: Work = { hpa: found, date: dateOf(situation) };
  yield* autoscale(work, key, situation);
  if (isSame(found.status, work.hpa.status)) return DONE;
  const { namespace = "", name = "" } = found.metadata;
  const target = { resource: autoscalers.resource, namespace, name, subresource: "status" };
  const response = yield* send(
    updateRequest(target, { ...work.hpa, apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" }),
  );
  yield* tell({
    reason: "AutoscalerLooked",
    object: { kind: "HorizontalPodAutoscaler", namespace, name },
    facts: { written: isSuccess(response) },
  });
  return DONE;
}

function say(work: Work, said: Said): void {
  const conditions = work.hpa.status?.conditions ?? [];
  const index = conditions.findIndex(({ type }) => type === said.type);
  const former = conditions[index];
  const lastTransitionTime = former?.status === said.status ? (former.lastTransitionTime ?? "") : printDate(work.date);
  const condition = { ...said, lastTransitionTime };
  const next = former === undefined ? [...conditions, condition] : conditions.with(index, condition);
  work.hpa = { ...work.hpa, status: { ...statusOf(work), conditions: next } };
}

function statusOf(work: Work): NonNullable<HorizontalPodAutoscaler["status"]> {
  return work.hpa.status ?? ({ desiredReplicas: 0 } as NonNullable<HorizontalPodAutoscaler["status"]>);
}

function setNumbers(
  work: Work,
  numbers: {
    readonly current: number;
    readonly desired: number;
    readonly metrics: readonly unknown[];
    readonly isScaled: boolean;
  },
): void {
  const { current, desired, metrics, isScaled } = numbers;
  const status = edit(
    { ...statusOf(work), desiredReplicas: desired },
    {
      currentReplicas: current === 0 ? undefined : current,
      currentMetrics: (metrics.length === 0 ? null : metrics) as never,
      lastScaleTime: isScaled ? printDate(work.date) : statusOf(work).lastScaleTime,
    },
  );
  work.hpa = { ...work.hpa, status };
}

function targetOf(found: HorizontalPodAutoscaler): Target | undefined {
  const { apiVersion = "v1", kind, name } = found.spec.scaleTargetRef;
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  const row = builtInKinds.find((candidate) => candidate.kind === kind && candidate.group === group);
  if (row === undefined) return undefined;
  const resource = { group: row.group, version: row.version, plural: row.plural };
  return { resource, namespace: found.metadata.namespace ?? "", name, subresource: "scale" };
}

function* autoscale(work: Work, key: string, situation: Situation<Memory>): Sync<void> {
  const target = targetOf(work.hpa);
  const response = target === undefined ? undefined : yield* send(getRequest(target));
  if (target === undefined || response === undefined || !isSuccess(response)) {
    const { kind } = work.hpa.spec.scaleTargetRef;
    const why = response === undefined ? `no matches for kind "${kind}" in group ""` : whyRefused(response);
    yield* recordEvent({ object: work.hpa, type: "Warning", reason: "FailedGetScale", message: why });
    const message = `the HPA controller was unable to get the target's current scale: ${why}`;
    say(work, { type: "AbleToScale", status: "False", reason: "FailedGetScale", message });
    return;
  }
  const scale = response.body as Scale;
  const message = "the HPA controller was able to get the target's current scale";
  say(work, { type: "AbleToScale", status: "True", reason: "SucceededGetScale", message });
  const decision = yield* decide(work, scale, { key, situation });
  if (decision === undefined) return;
  yield* carryOut(work, { key, target, scale, situation }, decision);
}

interface Decision {
  readonly desired: number;
  readonly why: string;
  readonly metrics: readonly unknown[];
}

/** The size that is wanted, or undefined where nothing is known. */
function* decide(
  work: Work,
  scale: Scale,
  scene: { readonly key: string; readonly situation: Situation<Memory> },
): Sync<Decision | undefined> {
  const { minReplicas = 1, maxReplicas } = work.hpa.spec;
  const current = scale.spec.replicas ?? 0;
  if (current === 0 && minReplicas !== 0) {
    const message = "scaling is disabled since the replica count of the target is zero";
    say(work, { type: "ScalingActive", status: "False", reason: "ScalingDisabled", message });
    return { desired: 0, why: "", metrics: [] };
  }
  if (current > maxReplicas)
    return { desired: maxReplicas, why: "Current number of replicas above Spec.MaxReplicas", metrics: [] };
  if (current < minReplicas)
    return { desired: minReplicas, why: "Current number of replicas below Spec.MinReplicas", metrics: [] };
  return yield* decideByMetrics(work, scale, scene);
}

function* decideByMetrics(
  work: Work,
  scale: Scale,
  { key, situation }: { readonly key: string; readonly situation: Situation<Memory> },
): Sync<Decision | undefined> {
  const current = scale.spec.replicas ?? 0;
  const measured = yield* measure(work, scale, situation);
  const best = measured.proposals.reduce<Proposal | undefined>(
    (most, one) => (most === undefined || one.replicas > most.replicas ? one : most),
    undefined,
  );
  // With some metrics missing, only those that ask for more are believed.
  const isDoubtful = measured.missing > 0 && (best?.replicas ?? 0) < current;
  if (best === undefined || isDoubtful) {
    const { metrics = [] } = work.hpa.spec;
    const first = measured.firstFailure ?? "";
    const message = `invalid metrics (${measured.missing} invalid out of ${metrics.length}), first error is: ${first}`;
    setNumbers(work, {
      current,
      desired: statusOf(work).desiredReplicas ?? 0,
      metrics: metrics.map(() => ({ type: "" })),
      isScaled: false,
    });
    yield* recordEvent({ object: work.hpa, type: "Warning", reason: "FailedComputeMetricsReplicas", message });
    return undefined;
  }
  const active = `the HPA was able to successfully calculate a replica count from ${best.name}`;
  say(work, { type: "ScalingActive", status: "True", reason: "ValidMetricFound", message: active });
  const history = get(situation.memory, key) ?? NO_HISTORY;
  const { now } = situation;
  const limited = limit({ hpa: work.hpa, history, current, desired: best.replicas, now });
  yield* remember<Memory>((memory) =>
    set(memory, key, withRecommendation(get(memory, key) ?? NO_HISTORY, now, best.replicas)),
  );
  for (const said of limited.conditions) say(work, said);
  const why = best.replicas > current ? `${best.name} above target` : "All metrics below target";
  return { desired: limited.replicas, why, metrics: measured.proposals.map(({ status }) => status) };
}

/** Source: horizontal.go: recommendations older than the longest window are of no use. */
const KEPT_MILLIS = DOWNSCALE_WINDOW_MILLIS * 12;

function withRecommendation(history: History, now: number, replicas: number): History {
  const recent = history.recommendations.filter(({ at }) => at > now - KEPT_MILLIS);
  return { ...history, recommendations: [...recent, { at: now, replicas }] };
}

interface Measured {
  readonly proposals: readonly Proposal[];
  readonly missing: number;
  readonly firstFailure: string | undefined;
}

function* measure(work: Work, scale: Scale, situation: Situation<Memory>): Sync<Measured> {
  const { namespace = "" } = work.hpa.metadata;
  const selector = scale.status?.selector ?? "";
  const parsed = parseLabelSelector(selector);
  const pods: readonly Pod[] =
    typeof parsed === "string"
      ? []
      : situation.lister.list(plainPods, namespace).filter(({ metadata }) => matchesLabels(parsed, metadata.labels));
  const proposals: Proposal[] = [];
  let missing = 0;
  let firstFailure: string | undefined;
  for (const metric of work.hpa.spec.metrics ?? []) {
    const current = scale.spec.replicas ?? 0;
    const found = yield* propose({ hpa: work.hpa, namespace, selector, pods, current, date: work.date }, metric);
    if ("replicas" in found) {
      proposals.push(found);
      continue;
    }
    missing += 1;
    const { reason, message } = found;
    yield* recordEvent({ object: work.hpa, type: "Warning", reason, message });
    if (firstFailure === undefined) {
      const text = `the HPA was unable to compute the replica count: ${message}`;
      say(work, { type: "ScalingActive", status: "False", reason, message: text });
    }
    firstFailure ??= `failed to get ${metric.resource?.name ?? metric.type.toLowerCase()} ${metric.resource === undefined ? "metric" : "resource metric"} value: ${message}`;
  }
  return { proposals, missing, firstFailure };
}

function* carryOut(
  work: Work,
  place: {
    readonly key: string;
    readonly target: Target;
    readonly scale: Scale;
    readonly situation: Situation<Memory>;
  },
  decision: Decision,
): Sync<void> {
  const { scale, target, key, situation } = place;
  const { desired, why, metrics } = decision;
  const current = scale.spec.replicas ?? 0;
  if (desired === current) {
    setNumbers(work, { current, desired, metrics, isScaled: false });
    return;
  }
  const body = { ...scale, apiVersion: "autoscaling/v1", kind: "Scale", spec: { ...scale.spec, replicas: desired } };
  const response = yield* send(updateRequest(target, body));
  if (!isSuccess(response)) {
    const failure = `New size: ${desired}; reason: ${why}; error: ${whyRefused(response)}`;
    yield* recordEvent({ object: work.hpa, type: "Warning", reason: "FailedRescale", message: failure });
    const message = `the HPA controller was unable to update the target scale: ${whyRefused(response)}`;
    say(work, { type: "AbleToScale", status: "False", reason: "FailedUpdateScale", message });
    setNumbers(work, { current, desired: statusOf(work).desiredReplicas ?? 0, metrics, isScaled: false });
    return;
  }
  const message = `the HPA controller was able to update the target scale to ${desired}`;
  say(work, { type: "AbleToScale", status: "True", reason: "SucceededRescale", message });
  yield* recordEvent({
    object: work.hpa,
    type: "Normal",
    reason: "SuccessfulRescale",
    message: `New size: ${desired}; reason: ${why}`,
  });
  yield* remember<Memory>((memory) => {
    const history = get(memory, key) ?? NO_HISTORY;
    return set(memory, key, {
      ...history,
      changes: [...history.changes, { at: situation.now, change: desired - current }],
    });
  });
  setNumbers(work, { current, desired, metrics, isScaled: true });
}
