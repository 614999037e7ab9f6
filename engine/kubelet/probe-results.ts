// After kubernetes v1.36 pkg/kubelet/prober/results, pkg/kubelet/status/status_manager.go SetContainerReadiness, SetContainerStartup.
import type { ContainerStatus, Pod, PodStatus } from "../api/generated/types.ts";
import { rfc3339 } from "../api/time.ts";
import { get, set } from "../kernel/sorted-map.ts";
import { conditionsOf, timed } from "./conditions.ts";
import type { ProbeResult } from "./pod-runtime.ts";
import type { ProbeType, Turn } from "./state.ts";
import { othersOf } from "./status.ts";
import { setStatus } from "./status-manager.ts";

interface Report {
  readonly uid: string;
  readonly containerId: string;
  readonly type: ProbeType;
  readonly result: ProbeResult;
}

/** Takes down what is now believed of a container; a change shows in the status at once and wants a sync. */
export function reportResult(turn: Turn, { uid, containerId, type, result }: Report): void {
  const key = `${type} ${containerId}`;
  if (get(turn.state.results, key) === result) return;
  turn.state = { ...turn.state, results: set(turn.state.results, key, result) };
  noteResult(turn, { uid, containerId, type, result });
  if (type === "liveness") {
    if (result === "failure") turn.syncs.push(uid);
    return;
  }
  const isGood = result === "success";
  edit(turn, uid, containerId, type === "readiness" ? { ready: isGood } : { started: isGood });
  turn.syncs.push(uid);
}

/** A line of the trace: what is now believed of a container. */
function noteResult(turn: Turn, { uid, containerId, type, result }: Report): void {
  const { namespace = "", name = "" } = get(turn.state.statuses, uid)?.pod.metadata ?? {};
  const facts = { probe: type, result, container: containerId };
  turn.effects.push({
    kind: "note",
    note: { reason: "ProbeResultChanged", object: { kind: "Pod", namespace, name, uid }, facts },
  });
}

function edit(turn: Turn, uid: string, containerId: string, change: Partial<ContainerStatus>): void {
  const entry = get(turn.state.statuses, uid);
  if (entry === undefined) return;
  const { pod, status } = entry;
  const changed = (list: readonly ContainerStatus[] | undefined): readonly ContainerStatus[] =>
    (list ?? []).map((it) => (it.containerID === `containerd://${containerId}` ? { ...it, ...change } : it));
  const edited = {
    ...status,
    containerStatuses: changed(status.containerStatuses),
    ...(status.initContainerStatuses === undefined
      ? {}
      : { initContainerStatuses: changed(status.initContainerStatuses) }),
  };
  setStatus(turn, pod, change.ready === undefined ? edited : withReadiness(turn, pod, edited));
}

function withReadiness(turn: Turn, pod: Pod, status: PodStatus): PodStatus {
  const conditions = status.conditions ?? [];
  const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const hasReadySandbox = conditions.some((it) => it.type === "PodReadyToStartContainers" && it.status === "True");
  const verdicts = conditionsOf({
    pod,
    statuses,
    phase: status.phase ?? "",
    hasReadySandbox,
    others: othersOf(conditions),
  });
  const date = rfc3339(turn.state.epochMillis + turn.now);
  const readiness = verdicts.filter((it) => it.type === "Ready" || it.type === "ContainersReady");
  const fresh = timed(readiness, conditions, { date, generation: pod.metadata.generation });
  return { ...status, conditions: conditions.map((old) => fresh.find((it) => it.type === old.type) ?? old) };
}
