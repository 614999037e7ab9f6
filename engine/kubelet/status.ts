// After kubernetes v1.36 pkg/kubelet/kubelet_pods.go generateAPIPodStatus; not modelled: node declared features, resource claims.
import type { Container, ContainerStatus, PodCondition, PodStatus } from "../api/generated/types.ts";
import { isEqual } from "../api/semantic-equal.ts";
import { rfc3339 } from "../api/time.ts";
import { get } from "../kernel/sorted-map.ts";
import { conditionsOf, OWN_CONDITIONS, timed } from "./conditions.ts";
import { containerStatuses, type Sight } from "./container-status.ts";
import { phaseOf } from "./phase.ts";
import { initContainersOf } from "./pod-spec.ts";
import { NOTHING_RUNS, type PodRuntime, type Reason } from "./pod-runtime.ts";
import type { Turn, Worker } from "./state.ts";

/** What the kubelet says about a pod now. `isOver` when nothing of it will run again. */
export function generateStatus(
  turn: Turn,
  worker: Worker,
  options: { readonly runtime?: PodRuntime; readonly isOver: boolean },
): PodStatus {
  const { state, now } = turn;
  const { pod, uid } = worker;
  const runtime = options.runtime ?? get(state.cached, uid) ?? NOTHING_RUNS;
  const former = get(state.statuses, uid)?.status ?? pod.status;
  const statuses = allStatuses(turn, worker, { runtime, former });
  const flat = [...statuses.init, ...statuses.main];
  const found = phaseOf(pod, flat, options.isOver);
  const phase = phaseNow(worker, { former, found });
  const others = othersOf(pod.status.conditions ?? []);
  const hasReadySandbox = runtime.sandboxes.some((sandbox) => sandbox.state === "ready");
  const date = rfc3339(state.epochMillis + now);
  const { pendingResize } = worker;
  const verdicts = conditionsOf({
    pod,
    statuses: flat,
    phase,
    hasReadySandbox,
    others,
    pendingResize,
    isResizing: isResizing(worker, flat),
  });
  const { generation } = pod.metadata;
  const shown = worker.ending === undefined ? phase : "Failed";
  return {
    ...generationOf(generation),
    phase: shown,
    conditions: [...others, ...timed(verdicts, former.conditions ?? [], { date, generation })],
    ...reasonOf(former, { phase: shown, ending: worker.ending }),
    ...addressesOf(turn, worker, { runtime, former }),
    startTime: former.startTime ?? date,
    resources: pod.spec.resources ?? {},
    ...listed(pod, statuses),
  };
}

function generationOf(generation: number | undefined): Pick<PodStatus, "observedGeneration"> {
  return generation === undefined ? {} : { observedGeneration: generation };
}

/** A phase that is final stays; a deadline makes it Failed at once, an eviction only when the containers are gone. */
function phaseNow(
  worker: Worker,
  { former, found }: { readonly former: PodStatus; readonly found: NonNullable<PodStatus["phase"]> },
): NonNullable<PodStatus["phase"]> {
  if (worker.ending !== undefined && !worker.ending.isEviction) return "Failed";
  return former.phase === "Succeeded" || former.phase === "Failed" ? former.phase : found;
}

function listed(pod: Worker["pod"], statuses: Statuses): Partial<PodStatus> {
  return {
    ...(initContainersOf(pod).length === 0 ? {} : { initContainerStatuses: statuses.init }),
    containerStatuses: statuses.main,
    ...((pod.spec.ephemeralContainers ?? []).length === 0 ? {} : { ephemeralContainerStatuses: statuses.ephemeral }),
  };
}

/** A running container does not have yet what it was allocated. */
function isResizing(worker: Worker, statuses: readonly ContainerStatus[]): boolean {
  return Object.entries(worker.actuated).some(([name, has]) => {
    const isRunning = statuses.some((it) => it.name === name && it.state?.running !== undefined);
    return isRunning && !isEqual(has, worker.allocated[name] ?? {});
  });
}

export function othersOf(conditions: readonly PodCondition[]): readonly PodCondition[] {
  return conditions.filter((condition) => !OWN_CONDITIONS.includes(condition.type));
}

function reasonOf(
  former: PodStatus,
  now: { readonly phase: string; readonly ending: Reason | undefined },
): Pick<PodStatus, "reason" | "message"> {
  if (now.ending !== undefined) return { reason: now.ending.reason, message: now.ending.message };
  if (former.phase !== now.phase) return {};
  return {
    ...(former.reason === undefined ? {} : { reason: former.reason }),
    ...(former.message === undefined ? {} : { message: former.message }),
  };
}

interface Seen {
  readonly runtime: PodRuntime;
  readonly former: PodStatus;
}

interface Statuses {
  readonly init: readonly ContainerStatus[];
  readonly main: readonly ContainerStatus[];
  readonly ephemeral: readonly ContainerStatus[];
}

function allStatuses(turn: Turn, worker: Worker, { runtime, former }: Seen): Statuses {
  const { state } = turn;
  const { pod, uid } = worker;
  const shared: Omit<Sight, "former" | "kind"> = {
    pod,
    runtime,
    results: state.results,
    reasonOf: (name) => get(state.reasons, `${uid} ${name}`),
    hasProbe: (name, type) => get(state.probes, `${uid} ${name} ${type}`) !== undefined,
    epochMillis: state.epochMillis,
    removed: worker.removed,
    actuated: worker.actuated,
    allocated: worker.allocated,
  };
  const init = containerStatuses(
    { ...shared, former: former.initContainerStatuses ?? [], kind: "init" },
    initContainersOf(pod),
  );
  const main = containerStatuses(
    { ...shared, former: former.containerStatuses ?? [], kind: "main" },
    pod.spec.containers,
  );
  const ephemerals = (pod.spec.ephemeralContainers ?? []) as readonly Container[];
  const ephemeral = containerStatuses(
    { ...shared, former: former.ephemeralContainerStatuses ?? [], kind: "ephemeral" },
    ephemerals,
  );
  return { init, main, ephemeral };
}

/** Host addresses always; the pod's once a sandbox has one, or at once for a pod of the host's network. */
function addressesOf(turn: Turn, worker: Worker, { runtime, former }: Seen): Partial<PodStatus> {
  const hostIP = turn.state.settings.node.ip;
  const ready = runtime.sandboxes.find((sandbox) => sandbox.state === "ready") ?? runtime.sandboxes[0];
  const podIP = worker.pod.spec.hostNetwork === true ? hostIP : (ready?.ip ?? former.podIP);
  return { hostIP, hostIPs: [{ ip: hostIP }], ...(podIP === undefined ? {} : { podIP, podIPs: [{ ip: podIP }] }) };
}
