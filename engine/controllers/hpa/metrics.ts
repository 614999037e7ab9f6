// After kubernetes v1.36 pkg/controller/podautoscaler/replica_calculator.go, metrics/client.go; not modelled: caching of metrics.
import type { ContainerMetricsItem, MetricAnswer } from "./metric-answer.ts";
import type { HorizontalPodAutoscaler, MetricSpec, MetricTarget, Pod } from "../../api/generated/types.ts";
import { milliValue } from "../../api/quantity.ts";
import { parseDate } from "../dates.ts";
import { isDeleting, phaseOf, podCondition } from "../pods.ts";
import { isSuccess, send, type Sync, whyRefused } from "../sync.ts";

/** Source: kube-controller-manager --horizontal-pod-autoscaler-* defaults. */
export const TOLERANCE_PERCENT = 10;
export const CPU_INITIALIZATION_MILLIS = 300_000;
export const INITIAL_READINESS_MILLIS = 30_000;

/** What a metric proposes, and what is shown of it. */
export interface Proposal {
  readonly replicas: number;
  readonly name: string;
  readonly status: unknown;
}

export interface Refusal {
  readonly reason: string;
  readonly message: string;
}

export interface MetricScene {
  readonly hpa: HorizontalPodAutoscaler;
  readonly namespace: string;
  readonly selector: string;
  readonly pods: readonly Pod[];
  readonly current: number;
  /** Milliseconds since 1970. */
  readonly date: number;
}

export function* propose(scene: MetricScene, metric: MetricSpec): Sync<Proposal | Refusal> {
  if (metric.type === "Resource" && metric.resource !== undefined) {
    const { name, target } = metric.resource;
    return yield* resourceProposal(scene, { metric, name, target, container: undefined });
  }
  if (metric.type === "ContainerResource" && metric.containerResource !== undefined) {
    const { name, target, container } = metric.containerResource;
    return yield* resourceProposal(scene, { metric, name, target, container });
  }
  return yield* valueProposal(scene, metric);
}

interface ResourceWish {
  readonly metric: MetricSpec;
  readonly name: string;
  readonly target: { readonly averageUtilization?: number; readonly averageValue?: string };
  readonly container: string | undefined;
}

function* resourceProposal(scene: MetricScene, wish: ResourceWish): Sync<Proposal | Refusal> {
  const { name, target, container } = wish;
  const isUtilization = target.averageUtilization !== undefined;
  const what = isUtilization ? `${name} utilization` : `${name} usage`;
  const reason = container === undefined ? "FailedGetResourceMetric" : "FailedGetContainerResourceMetric";
  const usage = yield* podUsage(scene, name, container);
  if (typeof usage === "string") {
    return { reason, message: `failed to get ${what}: unable to get metrics for resource ${name}: ${usage}` };
  }
  const sorted = sortPods(scene, usage, name === "cpu");
  const requests = isUtilization ? requestsOf(scene.pods, name, container) : undefined;
  if (typeof requests === "string") return { reason, message: `failed to get ${what}: ${requests}` };
  const goal = { percent: target.averageUtilization, milli: milliValue(target.averageValue ?? "0") };
  const replicas = proposalFrom(scene, { usage, sorted, requests, goal });
  if (replicas === undefined) {
    return {
      reason,
      message: `failed to get ${what}: did not receive metrics for targeted pods (pods might be unready)`,
    };
  }
  const label =
    container === undefined
      ? `${name} resource${isUtilization ? " utilization (percentage of request)" : ""}`
      : `${name} container resource${isUtilization ? " utilization (percentage of request)" : ""}`;
  return { replicas, name: label, status: statusOf(wish, usage, requests) };
}

type Usage = ReadonlyMap<string, number>;

function* podUsage(scene: MetricScene, name: string, container: string | undefined): Sync<Usage | string> {
  const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${scene.namespace}/pods`;
  const response = yield* send({ method: "GET", path, query: { labelSelector: scene.selector } });
  if (!isSuccess(response)) {
    const why = response.code === 404 ? "the server could not find the requested resource" : whyRefused(response);
    return `unable to fetch metrics from resource metrics API: ${why} (get pods.metrics.k8s.io)`;
  }
  const { items = [] } = response.body as MetricAnswer;
  if (items.length === 0) return "no metrics returned from resource metrics API";
  const usage = new Map<string, number>();
  for (const { metadata, containers } of items) {
    const measured = containers.filter((it: ContainerMetricsItem) => container === undefined || it.name === container);
    if (measured.length === 0) continue;
    usage.set(
      metadata.name,
      measured.reduce((sum: number, it: ContainerMetricsItem) => sum + milliValue(it.usage[name] ?? "0"), 0),
    );
  }
  return usage;
}

interface Sorted {
  readonly ready: readonly string[];
  readonly unready: readonly string[];
  readonly missing: readonly string[];
}

/** Pods without metrics, pods that are too young to be believed, and the rest. Source: groupPods. */
function sortPods(scene: MetricScene, usage: Usage, isCpu: boolean): Sorted {
  const ready: string[] = [];
  const unready: string[] = [];
  const missing: string[] = [];
  for (const pod of scene.pods) {
    const { name = "" } = pod.metadata;
    if (isDeleting(pod) || phaseOf(pod) === "Failed") continue;
    if (phaseOf(pod) === "Pending") unready.push(name);
    else if (!usage.has(name)) missing.push(name);
    else if (isCpu && isTooYoung(pod, scene.date)) unready.push(name);
    else ready.push(name);
  }
  return { ready, unready, missing };
}

function isTooYoung(pod: Pod, date: number): boolean {
  const condition = podCondition(pod, "Ready");
  const started = parseDate(pod.status?.startTime);
  if (condition === undefined || started === undefined) return true;
  if (started + CPU_INITIALIZATION_MILLIS > date) return condition.status === "False";
  const since = parseDate(condition.lastTransitionTime) ?? 0;
  return condition.status === "False" && started + INITIAL_READINESS_MILLIS > since;
}

function requestsOf(pods: readonly Pod[], name: string, container: string | undefined): Usage | string {
  const requests = new Map<string, number>();
  for (const pod of pods) {
    const { name: podName = "" } = pod.metadata;
    let sum = 0;
    const sidecars = (pod.spec.initContainers ?? []).filter((it) => it.restartPolicy === "Always");
    for (const it of [...pod.spec.containers, ...sidecars]) {
      if (container !== undefined && it.name !== container) continue;
      const request = (it.resources?.requests as Readonly<Record<string, string>> | undefined)?.[name];
      if (request === undefined) return `missing request for ${name} in container ${it.name} of Pod ${podName}`;
      sum += milliValue(request);
    }
    requests.set(podName, sum);
  }
  return requests;
}

interface Goal {
  readonly percent: number | undefined;
  readonly milli: number;
}

/** The ratio of use and goal in thousandths of a percent: integers only, so that every machine agrees. */
function ratioOf(usage: Usage, requests: Usage | undefined, goal: Goal): number {
  let used = 0;
  let requested = 0;
  for (const [name, milli] of usage) {
    used += milli;
    requested += requests?.get(name) ?? 0;
  }
  if (requests !== undefined) {
    const utilization = requested === 0 ? 0 : Math.floor((used * 100) / requested);
    return (utilization * 100_000) / (goal.percent ?? 1);
  }
  return ((used / usage.size) * 100_000) / goal.milli;
}

const ONE = 100_000;

function isTolerated(ratio: number): boolean {
  return Math.abs(ratio - ONE) <= TOLERANCE_PERCENT * 1000;
}

/** Source: replica_calculator.go: doubt speaks against a change: missing pods are taken as they would slow it. */
function proposalFrom(
  scene: MetricScene,
  seen: { readonly usage: Usage; readonly sorted: Sorted; readonly requests: Usage | undefined; readonly goal: Goal },
): number | undefined {
  const { sorted, requests, goal } = seen;
  const usage = new Map(sorted.ready.map((name) => [name, seen.usage.get(name) ?? 0] as const));
  if (usage.size === 0) return undefined;
  const ratio = ratioOf(usage, requests, goal);
  const hasUnreadyAndGrows = sorted.unready.length > 0 && ratio > ONE;
  if (!hasUnreadyAndGrows && sorted.missing.length === 0) {
    return isTolerated(ratio) ? scene.current : Math.ceil((ratio * usage.size) / ONE);
  }
  for (const name of sorted.missing) usage.set(name, ratio < ONE ? fullUse(name, requests, goal) : 0);
  if (hasUnreadyAndGrows) for (const name of sorted.unready) usage.set(name, 0);
  return doubtedProposal(scene.current, { ratio, doubted: ratioOf(usage, requests, goal), count: usage.size });
}

/** What a pod would use that is exactly at the goal, or above it where the goal is more than all it asked for. */
function fullUse(name: string, requests: Usage | undefined, goal: Goal): number {
  if (requests === undefined) return goal.milli;
  return Math.floor(((requests.get(name) ?? 0) * Math.max(100, goal.percent ?? 100)) / 100);
}

/** Where doubt turns the direction round, nothing changes. */
function doubtedProposal(
  current: number,
  { ratio, doubted, count }: { readonly ratio: number; readonly doubted: number; readonly count: number },
): number {
  const hasTurned = (ratio < ONE && doubted > ONE) || (ratio > ONE && doubted < ONE);
  if (isTolerated(doubted) || hasTurned) return current;
  const replicas = Math.ceil((doubted * count) / ONE);
  const isAgainst = doubted < ONE ? replicas > current : replicas < current;
  return isAgainst ? current : replicas;
}

function statusOf({ metric, name, container }: ResourceWish, usage: Usage, requests: Usage | undefined): unknown {
  let used = 0;
  let requested = 0;
  for (const [pod, milli] of usage) {
    used += milli;
    requested += requests?.get(pod) ?? 0;
  }
  const average = usage.size === 0 ? 0 : Math.floor(used / usage.size);
  const averageValue = name === "cpu" ? `${average}m` : String(Math.floor(average / 1000));
  const current =
    requests === undefined
      ? { averageValue }
      : { averageUtilization: requested === 0 ? 0 : Math.floor((used * 100) / requested), averageValue };
  return container === undefined
    ? { type: metric.type, resource: { name, current } }
    : { type: metric.type, containerResource: { name, container, current } };
}

/** Pods, Object and External metrics come from adapters behind the API; without one they are missing. */
function* valueProposal(scene: MetricScene, metric: MetricSpec): Sync<Proposal | Refusal> {
  const source = metric.pods ?? metric.object ?? metric.external;
  const name = source?.metric.name ?? "";
  const family = metric.type === "External" ? "external" : "custom";
  const api = family === "external" ? "external.metrics.k8s.io/v1beta1" : "custom.metrics.k8s.io/v1beta2";
  const path = `/apis/${api}/namespaces/${scene.namespace}/${placeOf(metric, name)}`;
  const response = yield* send({ method: "GET", path });
  if (!isSuccess(response)) {
    const why = `unable to fetch metrics from ${family} metrics API: no ${family} metrics API (${api}) registered`;
    return { reason: `FailedGet${metric.type}Metric`, message: `unable to get metric ${name}: ${why}` };
  }
  const { items = [] } = response.body as { readonly items?: readonly { readonly value: string }[] };
  const total = items.reduce((sum, { value }) => sum + milliValue(value), 0);
  const replicas = replicasFor(scene.current, total, source?.target ?? { type: "Value" });
  return { replicas, name: `${metric.type.toLowerCase()} metric ${name}`, status: { type: metric.type } };
}

function placeOf(metric: MetricSpec, name: string): string {
  if (metric.type === "External") return name;
  if (metric.type === "Pods") return `pods/*/${name}`;
  const { kind = "", name: object = "" } = metric.object?.describedObject ?? {};
  return `${kind.toLowerCase()}s/${object}/${name}`;
}

function replicasFor(current: number, total: number, target: MetricTarget): number {
  const { averageValue, value = "1" } = target;
  const goal = milliValue(averageValue ?? value) * (averageValue === undefined ? 1 : Math.max(1, current));
  const ratio = (total * ONE) / goal;
  return isTolerated(ratio) ? current : Math.ceil((ratio * current) / ONE);
}
