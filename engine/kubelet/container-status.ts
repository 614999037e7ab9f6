// After kubernetes v1.36 pkg/kubelet/kubelet_pods.go convertToAPIContainerStatuses; not modelled: statuses of removed containers.
import type { Container, ContainerState, ContainerStatus, Pod, ResourceRequirements } from "../api/generated/types.ts";
import { isEqual } from "../api/semantic-equal.ts";
import { rfc3339 } from "../api/time.ts";
import type { Millis } from "../kernel/process.ts";
import { get, type SortedMap } from "../kernel/sorted-map.ts";
import type { ContainerView } from "../runtime/cri.ts";
import { isSidecar, restartsAfter } from "./pod-spec.ts";
import type { Allocation } from "./resize-rules.ts";
import type { PodRuntime, ProbeResult, Reason } from "./pod-runtime.ts";

/** What container statuses are made of. */
export interface Sight {
  readonly pod: Pod;
  readonly runtime: PodRuntime;
  readonly former: readonly ContainerStatus[];
  readonly results: SortedMap<string, ProbeResult>;
  /** Why containers could not be started, by name. */
  readonly reasonOf: (name: string) => Reason | undefined;
  /** Whether a probe of that type looks after the container. */
  readonly hasProbe: (name: string, type: "readiness" | "startup") => boolean;
  readonly epochMillis: number;
  readonly kind: "init" | "main" | "ephemeral";
  /** Attempts of containers that were removed to start anew. */
  readonly removed: Readonly<Record<string, number>>;
  readonly actuated: Allocation;
  readonly allocated: Allocation;
}

export function containerStatuses(sight: Sight, containers: readonly Container[]): readonly ContainerStatus[] {
  return containers.map((container) => {
    const former = sight.former.find((status) => status.name === container.name);
    const next = withHealth(sight, container, withReason(sight, container, rawStatus(sight, container)), former);
    return former !== undefined && isEqual(former, next) ? former : next;
  });
}

function rawStatus(sight: Sight, container: Container): ContainerStatus {
  const [newest, ...older] = sight.runtime.containers.filter(
    (view) => view.name === container.name && view.state !== "created",
  );
  const removed = sight.removed[container.name];
  if (newest === undefined)
    return removed === undefined ? waitingStatus(sight, container) : removedStatus(container, removed);
  const previous = older.find((view) => view.state === "exited");
  const last = removed === undefined ? {} : REMOVED_STATE;
  const status = {
    name: container.name,
    state: stateOf(newest, sight.epochMillis),
    lastState: previous === undefined ? last : stateOf(previous, sight.epochMillis),
    ready: false,
    restartCount: newest.attempt,
    image: newest.image,
    imageID: newest.imageId,
    containerID: `containerd://${newest.id}`,
    started: false,
    ...allocatedOf(sight, container),
    resources: resourcesOf(sight.actuated[container.name] ?? container.resources ?? {}),
    ...mountsOf(container),
    user: userOf(sight.pod, container),
  };
  return status;
}

/** A container that has never been: it is created, or waits for the init containers. */
function waitingStatus(sight: Sight, container: Container): ContainerStatus {
  const isPlain =
    sight.kind === "ephemeral" || (sight.kind === "main" && (sight.pod.spec.initContainers ?? []).length === 0);
  return {
    name: container.name,
    state: { waiting: { reason: isPlain ? "ContainerCreating" : "PodInitializing" } },
    lastState: {},
    ready: false,
    restartCount: 0,
    image: container.image ?? "",
    imageID: "",
    started: false,
    ...mountsOf(container),
  };
}

/** Who the first process runs as; the images of the catalogue run as root. */
function userOf(pod: Pod, container: Container): NonNullable<ContainerStatus["user"]> {
  const uid = container.securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser ?? 0;
  const gid = container.securityContext?.runAsGroup ?? pod.spec.securityContext?.runAsGroup ?? 0;
  return { linux: { uid, gid, supplementalGroups: [gid] } };
}

/** Source of the texts: golden/g-kubelet/31-container-restart-rules. */
const REMOVED_MESSAGE = "The container is removed because RestartAllContainers in place";
const REMOVED_STATE: ContainerState = {
  terminated: { exitCode: 137, reason: "RestartingAllContainers", message: REMOVED_MESSAGE },
};

function removedStatus(container: Container, attempt: number): ContainerStatus {
  return {
    name: container.name,
    state: { waiting: { reason: "RestartingAllContainers", message: REMOVED_MESSAGE } },
    lastState: REMOVED_STATE,
    ready: false,
    restartCount: attempt + 1,
    image: container.image ?? "",
    imageID: "",
    started: false,
    ...mountsOf(container),
  };
}

function mountsOf(container: Container): Pick<ContainerStatus, "volumeMounts"> {
  const mounts = container.volumeMounts ?? [];
  if (mounts.length === 0) return {};
  const volumeMounts = mounts.map((mount) => ({
    name: mount.name,
    mountPath: mount.mountPath,
    ...(mount.readOnly === true ? { readOnly: true, recursiveReadOnly: "Disabled" } : {}),
  }));
  return { volumeMounts };
}

/** What was allocated and given. Source: golden/g-kubelet/27-in-place-resize. */
function resourcesOf({ limits, requests }: ResourceRequirements): ResourceRequirements {
  return { ...(limits === undefined ? {} : { limits }), ...(requests === undefined ? {} : { requests }) };
}

function allocatedOf(sight: Sight, container: Container): Pick<ContainerStatus, "allocatedResources"> {
  const requests = (sight.allocated[container.name] ?? container.resources)?.requests;
  return requests === undefined ? {} : { allocatedResources: requests };
}

/** The beginning of the epoch stands for a start that never was. */
const NEVER = "1970-01-01T00:00:00Z";

export function stateOf(view: ContainerView, epochMillis: number): ContainerState {
  const date = (at: Millis | undefined): string => (at === undefined ? NEVER : rfc3339(epochMillis + at));
  if (view.state === "running") return { running: { startedAt: date(view.startedAt) } };
  return {
    terminated: {
      exitCode: view.exitCode,
      reason: view.reason,
      ...(view.message === "" ? {} : { message: view.message }),
      startedAt: date(view.startedAt),
      finishedAt: date(view.finishedAt),
      containerID: `containerd://${view.id}`,
    },
  };
}

/** A container that should run and could not be started waits, and says why. */
function withReason(sight: Sight, container: Container, status: ContainerStatus): ContainerStatus {
  const { terminated, running } = status.state ?? {};
  if (running !== undefined) return status;
  const isInit = sight.kind === "init" && !isSidecar(container);
  if (isInit && terminated?.exitCode === 0) return status;
  if (
    terminated !== undefined &&
    (sight.kind === "ephemeral" || !restartsAfter(sight.pod, container, terminated.exitCode))
  )
    return status;
  const reason = sight.reasonOf(container.name);
  if (reason === undefined || sight.pod.metadata.deletionTimestamp !== undefined) return status;
  const waiting = { reason: reason.reason, message: reason.message };
  return { ...status, state: { waiting }, ...(terminated === undefined ? {} : { lastState: { terminated } }) };
}

/** Source: pkg/kubelet/prober/prober_manager.go UpdatePodStatus. */
function withHealth(
  sight: Sight,
  container: Container,
  status: ContainerStatus,
  former: ContainerStatus | undefined,
): ContainerStatus {
  const { state } = status;
  if (sight.kind === "ephemeral") {
    const { started, ...rest } = status;
    void started;
    return rest;
  }
  if (sight.kind === "init" && !isSidecar(container)) {
    return { ...status, ready: state?.terminated?.exitCode === 0, started: state?.running !== undefined };
  }
  const id = status.containerID?.slice("containerd://".length) ?? "";
  const started = state?.running !== undefined && isStarted(sight, container, { id, former });
  return { ...status, started, ready: started && isReady(sight, container, id) };
}

/** A container whose startup probe has not spoken yet keeps what was said of the one before it. Source: golden/g-kubelet/14. */
function isStarted(
  sight: Sight,
  container: Container,
  seen: { readonly id: string; readonly former: ContainerStatus | undefined },
): boolean {
  const result = get(sight.results, `startup ${seen.id}`);
  if (result !== undefined) return result === "success";
  if (!sight.hasProbe(container.name, "startup")) return true;
  return seen.former?.started === true && seen.former.state?.waiting === undefined;
}

function isReady(sight: Sight, container: Container, id: string): boolean {
  if (get(sight.results, `readiness ${id}`) === "success") return true;
  return !sight.hasProbe(container.name, "readiness");
}
