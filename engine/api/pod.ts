// After kubernetes v1.36 pkg/api/v1/pod/util.go, pkg/printers/internalversion/printers.go printPod,
// pkg/apis/core/v1/helper/qos.
import type { Container, ContainerStatus, Pod, PodCondition, PodSpec } from "./generated/types.ts";
import { milliValue } from "./quantity.ts";
import { ageOf, humanDuration, parseTime } from "./time.ts";

/** The condition of that type, if the pod has it. */
export function podCondition(pod: Pod, type: string): PodCondition | undefined {
  return pod.status.conditions?.find((condition) => condition.type === type);
}

/** Whether the pod's Ready condition is True. */
export function isReady(pod: Pod): boolean {
  return podCondition(pod, "Ready")?.status === "True";
}

/** Whether the pod has run to its end: Succeeded or Failed. */
export function isTerminal(pod: Pod): boolean {
  return pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
}

export function isTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}

/** Whether an init container is a sidecar: one that is started like an init container and then kept running. */
export function isSidecar(container: Container | undefined): boolean {
  return container?.restartPolicy === "Always";
}

/** The QoS class of a pod with that spec. Source: qos.go ComputePodQOS. */
export function qosClassOf(spec: PodSpec): "Guaranteed" | "Burstable" | "BestEffort" {
  if (spec.resources?.requests !== undefined || spec.resources?.limits !== undefined) {
    return qosOf([{ name: "", resources: spec.resources }]);
  }
  return qosOf([...spec.containers, ...(spec.initContainers ?? [])]);
}

const QOS_RESOURCES = ["cpu", "memory"] as const;

function qosOf(containers: readonly Container[]): "Guaranteed" | "Burstable" | "BestEffort" {
  const amount = (list: Readonly<Record<string, string>> | undefined, name: string): number =>
    milliValue(list?.[name] ?? "0");
  let isBestEffort = true;
  let isGuaranteed = true;
  for (const { resources } of containers) {
    for (const name of QOS_RESOURCES) {
      const limit = amount(resources?.limits, name);
      const request = amount(resources?.requests, name);
      if (limit > 0 || request > 0) isBestEffort = false;
      if (limit === 0 || request !== limit) isGuaranteed = false;
    }
  }
  if (isBestEffort) return "BestEffort";
  return isGuaranteed ? "Guaranteed" : "Burstable";
}

/** The cells of a pod's row in a table. */
export interface PodCells {
  readonly name: string;
  readonly ready: string;
  readonly status: string;
  readonly restarts: string;
  readonly age: string;
  readonly ip: string;
  readonly node: string;
  readonly nominatedNode: string;
  readonly readinessGates: string;
}

export function podCells(pod: Pod, epochMillis: number): PodCells {
  const summary = summaryOf(pod);
  return {
    name: pod.metadata.name ?? "",
    ready: `${summary.ready}/${summary.total}`,
    status: statusCell(pod, summary),
    restarts: restartsCell(summary, epochMillis),
    age: ageOf(pod.metadata.creationTimestamp, epochMillis),
    ip: orNone(pod.status.podIPs?.[0]?.ip),
    node: orNone(pod.spec.nodeName),
    nominatedNode: orNone(pod.status.nominatedNodeName),
    readinessGates: readinessGatesCell(pod),
  };
}

function orNone(text: string | undefined): string {
  return text === undefined || text === "" ? "<none>" : text;
}

function statusCell(pod: Pod, { reason }: Summary): string {
  if (!isTerminating(pod)) return reason;
  if (pod.status.reason === "NodeLost") return "Unknown";
  return isTerminal(pod) ? reason : "Terminating";
}

function restartsCell({ restarts, lastRestart }: Summary, epochMillis: number): string {
  if (restarts === 0 || lastRestart === undefined) return String(restarts);
  return `${restarts} (${humanDuration(epochMillis - lastRestart)} ago)`;
}

function readinessGatesCell(pod: Pod): string {
  const gates = pod.spec.readinessGates ?? [];
  if (gates.length === 0) return "<none>";
  const open = gates.filter((gate) => podCondition(pod, gate.conditionType)?.status === "True");
  return `${open.length}/${gates.length}`;
}

interface Summary {
  readonly ready: number;
  readonly total: number;
  readonly reason: string;
  readonly restarts: number;
  readonly lastRestart: number | undefined;
}

interface Counts {
  readonly restarts: number;
  readonly lastRestart: number | undefined;
}

const NO_RESTARTS: Counts = { restarts: 0, lastRestart: undefined };

function count(counts: Counts, { restartCount, lastState }: ContainerStatus): Counts {
  const finished = parseTime(lastState?.terminated?.finishedAt ?? "");
  const isLater = finished !== undefined && finished > (counts.lastRestart ?? Number.NEGATIVE_INFINITY);
  return { restarts: counts.restarts + restartCount, lastRestart: isLater ? finished : counts.lastRestart };
}

function summaryOf(pod: Pod): Summary {
  const isGated = podCondition(pod, "PodScheduled")?.reason === "SchedulingGated";
  const plain = isGated ? "SchedulingGated" : orEmpty(pod.status.reason) || (pod.status.phase ?? "");
  const total = pod.spec.containers.length + (pod.spec.initContainers ?? []).filter(isSidecar).length;
  const init = initSummary(pod);
  if (init.reason !== undefined && podCondition(pod, "Initialized")?.status !== "True") {
    return { ready: init.ready, total, reason: init.reason, ...init.all };
  }
  return { total, ...mainSummary(pod, { ready: init.ready, reason: init.reason ?? plain, counts: init.sidecars }) };
}

function orEmpty(text: string | undefined): string {
  return text ?? "";
}

interface InitSummary {
  /** Why the pod is not initialised; undefined when it is. */
  readonly reason: string | undefined;
  readonly ready: number;
  readonly all: Counts;
  readonly sidecars: Counts;
}

function initSummary(pod: Pod): InitSummary {
  const specs = pod.spec.initContainers ?? [];
  let summary: InitSummary = { reason: undefined, ready: 0, all: NO_RESTARTS, sidecars: NO_RESTARTS };
  for (const [index, status] of (pod.status.initContainerStatuses ?? []).entries()) {
    const isSide = isSidecar(specs.find((spec) => spec.name === status.name));
    const sidecars = isSide ? count(summary.sidecars, status) : summary.sidecars;
    summary = { ...summary, all: count(summary.all, status), sidecars };
    if (status.state?.terminated?.exitCode === 0) continue;
    if (!isSide || status.started !== true)
      return { ...summary, reason: initReason(status, `${index}/${specs.length}`) };
    if (status.ready) summary = { ...summary, ready: summary.ready + 1 };
  }
  return summary;
}

function initReason({ state }: ContainerStatus, progress: string): string {
  if (state?.terminated !== undefined) return `Init:${terminatedReason(state.terminated)}`;
  const waiting = orEmpty(state?.waiting?.reason);
  return waiting !== "" && waiting !== "PodInitializing" ? `Init:${waiting}` : `Init:${progress}`;
}

function terminatedReason(terminated: NonNullable<NonNullable<ContainerStatus["state"]>["terminated"]>): string {
  if (orEmpty(terminated.reason) !== "") return orEmpty(terminated.reason);
  const { signal = 0, exitCode } = terminated;
  return signal === 0 ? `ExitCode:${exitCode}` : `Signal:${signal}`;
}

function mainSummary(
  pod: Pod,
  start: { readonly ready: number; readonly reason: string; readonly counts: Counts },
): Omit<Summary, "total"> {
  let { ready, reason, counts } = start;
  let hasRunning = false;
  for (const status of (pod.status.containerStatuses ?? []).toReversed()) {
    counts = count(counts, status);
    const waiting = orEmpty(status.state?.waiting?.reason);
    if (waiting !== "") reason = waiting;
    else if (status.state?.terminated !== undefined) reason = terminatedReason(status.state.terminated);
    else if (status.ready && status.state?.running !== undefined) {
      hasRunning = true;
      ready += 1;
    }
  }
  if (reason === "Completed" && hasRunning) reason = isReady(pod) ? "Running" : "NotReady";
  return { ready, reason, ...counts };
}
