// After kubernetes v1.36 pkg/kubelet/kubelet_pods.go getPhase.
import type { Container, ContainerStatus, Pod } from "../api/generated/types.ts";
import { initContainersOf, isSidecar, restartsAfter } from "./pod-spec.ts";

type Phase = "Pending" | "Running" | "Succeeded" | "Failed";

interface Count {
  pendingInit: number;
  failedInit: number;
  unknown: number;
  running: number;
  waiting: number;
  stopped: number;
  succeeded: number;
  /** Stopped containers that will be started again. */
  restarting: number;
}

/** The phase of a pod whose containers are in these states; `isOver` when nothing of it will run again. */
export function phaseOf(pod: Pod, statuses: readonly ContainerStatus[], isOver: boolean): Phase {
  const count: Count = {
    pendingInit: 0,
    failedInit: 0,
    unknown: 0,
    running: 0,
    waiting: 0,
    stopped: 0,
    succeeded: 0,
    restarting: 0,
  };
  const find = (container: Container): ContainerStatus | undefined =>
    statuses.find((status) => status.name === container.name);
  for (const container of initContainersOf(pod)) {
    if (isSidecar(container)) countSidecar(count, find(container));
    else countInit(count, find(container));
  }
  if (count.failedInit > 0 && (pod.spec.restartPolicy === "Never" || isOver)) return "Failed";
  for (const container of pod.spec.containers) countMain(count, pod, container, find(container));
  const hasInitialized = pod.spec.containers.some((container) => hasStarted(find(container)));
  return judge(count, { isOver, isInitialized: hasInitialized || count.pendingInit + count.failedInit === 0 });
}

function hasStarted(status: ContainerStatus | undefined): boolean {
  const { state, lastState } = status ?? {};
  return state?.running !== undefined || state?.terminated !== undefined || lastState?.terminated !== undefined;
}

function countInit(count: Count, status: ContainerStatus | undefined): void {
  const { state, lastState } = status ?? {};
  if (state?.terminated !== undefined) count.failedInit += state.terminated.exitCode === 0 ? 0 : 1;
  else if (state?.waiting !== undefined && lastState?.terminated !== undefined)
    count.failedInit += lastState.terminated.exitCode === 0 ? 0 : 1;
  else count.pendingInit += 1;
}

function countSidecar(count: Count, status: ContainerStatus | undefined): void {
  const { state, lastState, started } = status ?? {};
  if (status === undefined) count.unknown += 1;
  else if (state?.running !== undefined) {
    if (started !== true) count.pendingInit += 1;
    count.running += 1;
  } else if (state?.terminated === undefined && lastState?.terminated === undefined) {
    count.pendingInit += 1;
    count.waiting += 1;
  }
}

function countMain(count: Count, pod: Pod, container: Container, status: ContainerStatus | undefined): void {
  const { running, waiting, terminated } = status?.state ?? {};
  const ended = terminated ?? (waiting === undefined ? undefined : status?.lastState?.terminated);
  if (running !== undefined) count.running += 1;
  else if (ended !== undefined) {
    count.stopped += 1;
    if (terminated?.exitCode === 0) count.succeeded += 1;
    if (restartsAfter(pod, container, ended.exitCode) || waiting?.reason === "RestartingAllContainers")
      count.restarting += 1;
  } else if (waiting !== undefined) count.waiting += 1;
  else count.unknown += 1;
}

function judge(count: Count, pod: { readonly isOver: boolean; readonly isInitialized: boolean }): Phase {
  if (!pod.isInitialized && !(pod.isOver && count.stopped > 0)) return "Pending";
  if (count.waiting > 0) return "Pending";
  if (count.running > 0 && count.unknown === 0) return "Running";
  if (count.stopped === 0 || count.unknown > 0) return "Pending";
  if (!pod.isOver && count.restarting > 0) return "Running";
  return count.stopped === count.succeeded ? "Succeeded" : "Failed";
}
