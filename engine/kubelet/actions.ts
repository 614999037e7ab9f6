// After kubernetes v1.36 pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodActions; not modelled: changed container hashes.
import type { Container, Pod } from "../api/generated/types.ts";
import { get, type SortedMap } from "../kernel/sorted-map.ts";
import type { ContainerView, SandboxView } from "../runtime/cri.ts";
import { initContainersOf, isSidecar, mayRestart, restartsAfter, ruleOf } from "./pod-spec.ts";
import { isEqual } from "../api/semantic-equal.ts";
import { type Allocation, needsRestart } from "./resize-rules.ts";
import type { PodRuntime, ProbeResult } from "./pod-runtime.ts";

/** What has to be done so that the runtime holds what the pod asks for. */
export interface Actions {
  readonly killsPod: boolean;
  /** The attempt of a new sandbox. */
  readonly newSandbox: number | undefined;
  readonly sandbox: SandboxView | undefined;
  readonly kills: readonly Kill[];
  readonly initStarts: readonly Container[];
  readonly starts: readonly Container[];
  readonly ephemeralStarts: readonly Container[];
  /** Containers whose resources change while they run. */
  readonly updates: readonly Container[];
  /** Containers that a rule restarts together. */
  readonly restartsAll: boolean;
}

export interface Kill {
  readonly view: ContainerView;
  readonly container: Container;
  readonly message: string;
  readonly cause: "liveness" | "startup" | "resize";
}

const IDLE: Omit<Actions, "sandbox"> = {
  killsPod: false,
  newSandbox: undefined,
  kills: [],
  initStarts: [],
  starts: [],
  ephemeralStarts: [],
  updates: [],
  restartsAll: false,
};

/** The newest container of that name. */
export function viewOf(runtime: PodRuntime, name: string): ContainerView | undefined {
  return runtime.containers.find((view) => view.name === name);
}

/** How a pod stands. */
export interface Standing {
  readonly pod: Pod;
  readonly runtime: PodRuntime;
  readonly results: SortedMap<string, ProbeResult>;
  readonly actuated: Allocation;
}

export function computeActions({ pod, runtime, results, actuated }: Standing): Actions {
  const ready = runtime.sandboxes.find((sandbox) => sandbox.state === "ready");
  if (ready === undefined) return withoutSandbox(pod, runtime);
  const idle: Actions = { ...IDLE, sandbox: ready };
  const ephemeralStarts = (pod.spec.ephemeralContainers ?? []).filter(
    (it) => viewOf(runtime, it.name) === undefined,
  ) as readonly Container[];
  const init = initActions(pod, runtime, results);
  if (init.killsPod || !init.isInitialized) return { ...idle, ephemeralStarts, ...init };
  const main = mainActions({ pod, runtime, results, actuated });
  const kills = [...init.kills, ...main.kills];
  if (main.kept === 0 && main.starts.length === 0) return { ...idle, killsPod: true, ephemeralStarts, kills };
  return {
    ...idle,
    ephemeralStarts,
    kills,
    initStarts: init.initStarts,
    starts: main.starts,
    updates: main.updates,
    restartsAll: main.restartsAll,
  };
}

/** A pod without a ready sandbox begins anew, unless it is over. Source: computePodActions, createPodSandbox. */
function withoutSandbox(pod: Pod, runtime: PodRuntime): Actions {
  const [former] = runtime.sandboxes;
  const attempt = former === undefined ? 0 : former.attempt + 1;
  const killed: Actions = { ...IDLE, sandbox: former, killsPod: true };
  const isNever = pod.spec.containers.every((container) => !mayRestart(pod, container));
  if (isNever && attempt > 0 && runtime.containers.length > 0) return killed;
  const starts = pod.spec.containers.filter((container) => {
    const view = viewOf(runtime, container.name);
    return !(pod.spec.restartPolicy === "OnFailure" && view?.state === "exited" && view.exitCode === 0);
  });
  if (starts.length === 0) return killed;
  const [first] = initContainersOf(pod);
  const begun = { ...killed, newSandbox: attempt };
  return first === undefined ? { ...begun, starts } : { ...begun, initStarts: [first] };
}

interface InitActions {
  readonly killsPod: boolean;
  readonly isInitialized: boolean;
  readonly kills: readonly Kill[];
  readonly initStarts: readonly Container[];
}

/** Source: computeInitContainerActions. */
function initActions(pod: Pod, runtime: PodRuntime, results: SortedMap<string, ProbeResult>): InitActions {
  const wasInitialized = pod.spec.containers.some((container) => viewOf(runtime, container.name) !== undefined);
  const kills: Kill[] = [];
  const initStarts: Container[] = [];
  const outcome = (isInitialized: boolean, killsPod = false): InitActions => ({
    killsPod,
    isInitialized,
    kills,
    initStarts,
  });
  for (const container of initContainersOf(pod)) {
    const view = viewOf(runtime, container.name);
    if (isSidecar(container)) {
      const standing = sidecarStanding(pod, container, { view, results });
      if (standing.kill !== undefined) kills.push(standing.kill);
      if (standing.isStarting) initStarts.push(container);
      if (!wasInitialized && !standing.isUp) return outcome(false);
      continue;
    }
    if (wasInitialized) continue;
    if (view === undefined) {
      initStarts.push(container);
      return outcome(false);
    }
    if (view.state !== "exited") return outcome(false);
    if (view.exitCode === 0) continue;
    if (!restartsAfter(pod, container, view.exitCode)) return outcome(false, true);
    initStarts.push(container);
    return outcome(false);
  }
  return outcome(true);
}

interface SidecarStanding {
  /** It has started, so that the next one may. */
  readonly isUp: boolean;
  readonly isStarting: boolean;
  readonly kill: Kill | undefined;
}

function sidecarStanding(
  pod: Pod,
  container: Container,
  seen: { readonly view: ContainerView | undefined; readonly results: SortedMap<string, ProbeResult> },
): SidecarStanding {
  const { view, results } = seen;
  const isOver = pod.metadata.deletionTimestamp !== undefined;
  if (view === undefined || view.state === "exited") return { isUp: false, isStarting: !isOver, kill: undefined };
  const startup = container.startupProbe === undefined ? "success" : get(results, `startup ${view.id}`);
  const liveness = get(results, `liveness ${view.id}`);
  const failed = startup === "failure" ? "startup" : liveness === "failure" ? "liveness" : undefined;
  if (failed === undefined) return { isUp: startup === "success", isStarting: false, kill: undefined };
  const message = `Init container ${container.name} failed ${failed} probe`;
  return { isUp: false, isStarting: true, kill: { view, container, message, cause: failed } };
}

interface MainActions {
  readonly kept: number;
  readonly kills: readonly Kill[];
  readonly starts: readonly Container[];
  readonly updates: readonly Container[];
  readonly restartsAll: boolean;
}

/** A change of resources that a running container cannot take. */
function resizeKill(container: Container, view: ContainerView, actuated: Allocation): Kill | undefined {
  const has = actuated[container.name];
  if (has === undefined || isEqual(has, container.resources ?? {}) || !needsRestart(container, has)) return undefined;
  return { view, container, message: `Container ${container.name} resize requires restart`, cause: "resize" };
}

function mainActions({ pod, runtime, results, actuated }: Standing): MainActions {
  const updates: Container[] = [];
  const kills: Kill[] = [];
  const starts: Container[] = [];
  let kept = 0;
  let restartsAll = false;
  for (const container of pod.spec.containers) {
    const view = viewOf(runtime, container.name);
    if (view === undefined || view.state !== "running") {
      if (view?.state === "exited" && ruleOf(container, view.exitCode) === "RestartAllContainers") restartsAll = true;
      if (view === undefined || view.state === "created" || restartsAfter(pod, container, view.exitCode))
        starts.push(container);
      continue;
    }
    const kill = failedProbe(pod, container, view, results) ?? resizeKill(container, view, actuated);
    if (kill === undefined) {
      const has = actuated[container.name];
      if (has !== undefined && !isEqual(has, container.resources ?? {})) updates.push(container);
      kept += 1;
      continue;
    }
    kills.push(kill);
    if (mayRestart(pod, container)) starts.push(container);
  }
  return { kept, kills, starts, updates, restartsAll };
}

function failedProbe(
  pod: Pod,
  container: Container,
  view: ContainerView,
  results: SortedMap<string, ProbeResult>,
): Kill | undefined {
  const isDead = get(results, `liveness ${view.id}`) === "failure";
  const isStuck = get(results, `startup ${view.id}`) === "failure";
  if (!isDead && !isStuck) return undefined;
  const cause = isDead ? "liveness" : "startup";
  const end = mayRestart(pod, container) ? ", will be restarted" : "";
  return { view, container, message: `Container ${container.name} failed ${cause} probe${end}`, cause };
}
