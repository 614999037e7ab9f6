/** What of a recording belongs to its machine and to chance, and is given to the engine as settings: how long calls took, when the kubelet looked. */
import type { RecordedPull } from "../../../engine/runtime/state.ts";
import type { PodEvent, Recording, SeenEvent } from "./recording.ts";

export interface Machine {
  readonly durations: Readonly<Record<string, number>>;
  readonly recordedMounts: Readonly<Record<string, number>>;
  readonly recordedSyncs: Readonly<Record<string, readonly number[]>>;
  readonly recordedRelists: readonly number[];
  readonly recordedEvictions: Readonly<Record<string, number>>;
  readonly relistPhaseMillis: number;
  readonly recordedPulls: Readonly<Record<string, readonly RecordedPull[]>>;
  /** When the kubelet took up each pod. */
  readonly firstSyncs: ReadonlyMap<string, number>;
}

/** The world's clock when the scenario begins: the kubelet is registered and idle. */
export const SCENARIO_START = 5000;

export function machineOf(recording: Recording, namespace: string): Machine {
  const durations: Record<string, number> = {};
  const recordedMounts: Record<string, number> = {};
  const recordedSyncs: Record<string, number[]> = {};
  const firstSyncs = new Map<string, number>();
  for (const pod of new Set(recording.pods.map((it) => it.pod))) {
    const key = `${namespace}/${pod}`;
    takeStart(recording, pod, { key, durations, recordedMounts, firstSyncs });
    for (const container of new Set(recording.events.filter((it) => it.pod === pod && it.fieldPath !== "").map((it) => it.fieldPath))) {
      takeCalls(recording, { pod, fieldPath: container }, `${key}/${/\{(.+)\}/.exec(container)?.[1] ?? ""}`, durations);
    }
    takeStop(recording, pod, key, durations);
    recordedSyncs[key] = syncsOf(recording, pod);
  }
  const recordedRelists = relistsOf(recording);
  const evicted = recording.events.filter((it) => it.reason === "Evicted");
  const recordedEvictions = Object.fromEntries(evicted.map((it) => [`${namespace}/${it.pod}`, it.at + SCENARIO_START - NOTICE_MILLIS]));
  return { durations, recordedMounts, recordedSyncs, recordedRelists, recordedEvictions, relistPhaseMillis: (recordedRelists[0] ?? 700) % 1000, recordedPulls: pullsOf(recording), firstSyncs };
}

interface Taken {
  readonly key: string;
  readonly durations: Record<string, number>;
  readonly recordedMounts: Record<string, number>;
  readonly firstSyncs: Map<string, number>;
}

/** Usual times of an idle machine: see CALL_MILLIS and MOUNT_POLL_MILLIS. */
const SANDBOX_MILLIS = 120;
const MOUNT_MILLIS = 300;

function takeStart(recording: Recording, pod: string, { key, durations, recordedMounts, firstSyncs }: Taken): void {
  const own = recording.pods.filter((it) => it.pod === pod);
  const first = own.find((it) => it.object.status?.containerStatuses !== undefined || it.object.status?.initContainerStatuses !== undefined);
  const pulled = recording.events.find((it) => it.pod === pod && it.fieldPath !== "" && (it.reason === "Pulled" || it.reason === "Pulling"));
  const sandbox = own.find((it) => it.object.status?.conditions?.some((c) => c.type === "PodReadyToStartContainers" && c.status === "True") === true);
  if (first === undefined) return;
  const isLate = first === sandbox && pulled !== undefined;
  const bound = own.find((it) => it.object.spec.nodeName !== undefined)?.at ?? first.at;
  const syncAt = isLate ? bound + 20 : first.at;
  firstSyncs.set(pod, syncAt);
  const readyAt = Math.min(sandbox?.at ?? Number.POSITIVE_INFINITY, pulled?.at ?? Number.POSITIVE_INFINITY);
  if (!Number.isFinite(readyAt)) return;
  const hasVolumes = (first.object.spec.volumes ?? []).length > 0;
  const total = readyAt - syncAt;
  const polls = hasVolumes ? Math.max(1, Math.floor((total - SANDBOX_MILLIS / 2) / MOUNT_MILLIS)) : 0;
  const mount = hasVolumes ? Math.min(polls, 1) * MOUNT_MILLIS : 0;
  recordedMounts[key] = mount;
  durations[`RunPodSandbox ${key}#0`] = Math.max(1, total - mount - 2);
}

/** The status that shows a started container follows at once; what lies between belongs to the call. */
function untilSeen(started: SeenEvent, events: readonly SeenEvent[], pods: readonly PodEvent[]): number {
  const shown = pods.find((it) => it.at > started.at);
  const isBetween = events.some((it) => it.at > started.at && shown !== undefined && it.at < shown.at);
  const gap = shown === undefined || isBetween || started.reason !== "Started" ? 0 : shown.at - started.at;
  return gap > 40 && gap < 700 ? gap - 15 : 0;
}

/** How long the sandbox took to stop: from the relist after the end, or from the last container's end (known to the second), to the last status. */
function takeStop(recording: Recording, pod: string, key: string, durations: Record<string, number>): void {
  const own = recording.pods.filter((it) => it.pod === pod);
  const index = own.findIndex((it) => it.object.status?.phase === "Succeeded" || it.object.status?.phase === "Failed");
  const last = own[index];
  const before = own.slice(0, index).find((it) => isOver(it.object)) ?? own[index - 1];
  if (before === undefined || last === undefined) return;
  const statuses = [...(last.object.status?.initContainerStatuses ?? []), ...(last.object.status?.containerStatuses ?? [])];
  const attempt = 0;
  if (isOver(before.object)) {
    durations[`StopPodSandbox ${key}#${attempt}`] = Math.max(50, last.at - before.at - RELIST_MILLIS);
    return;
  }
  const finished = Math.max(0, ...statuses.map((it) => Date.parse(it.state?.terminated?.finishedAt ?? "") || 0));
  if (finished === 0 || last.object.metadata.deletionTimestamp === undefined) return;
  const finishedAt = finished + 500 - recording.epochMillis;
  durations[`StopPodSandbox ${key}#${attempt}`] = Math.min(3000, Math.max(110, last.at - finishedAt));
}

/** The containers have ended, and the phase does not say so yet. */
function isOver(pod: PodEvent["object"]): boolean {
  return pod.status?.conditions?.some((it) => it.type === "Ready" && (it.reason === "PodCompleted" || it.reason === "PodFailed")) === true;
}

const RELIST_MILLIS = 1000;

/** Pulled, Created and Started follow each other: the times between them are those of the calls. */
function takeCalls(recording: Recording, at: { readonly pod: string; readonly fieldPath: string }, key: string, durations: Record<string, number>): void {
  const all = recording.events.filter((it) => it.pod === at.pod);
  const pods = recording.pods.filter((it) => it.pod === at.pod);
  const events = all.filter((it) => it.fieldPath === at.fieldPath);
  const times = (reason: string): readonly number[] => events.filter((it) => it.reason === reason).map((it) => it.at);
  const [pulled, created] = [times("Pulled"), times("Created")];
  const started = events.filter((it) => it.reason === "Started" || (it.reason === "Failed" && it.message.includes("failed to create shim"))).map((it) => it.at + untilSeen(it, all, pods));
  created.forEach((at, attempt) => {
    const before = pulled[attempt];
    const after = started[attempt];
    if (before !== undefined && at >= before) durations[`CreateContainer ${key}#${attempt}`] = at - before;
    if (after !== undefined && after >= at) durations[`StartContainer ${key}#${attempt}`] = after - at;
  });
}

/** How each pull of an image went, in order. A pull whose end is not in the recording outlasts it. */
function pullsOf(recording: Recording): Readonly<Record<string, readonly RecordedPull[]>> {
  const pulls: Record<string, RecordedPull[]> = {};
  let freeAt = 0;
  for (const begun of recording.events.filter((it) => it.reason === "Pulling")) {
    const image = /"(.+)"/.exec(begun.message)?.[1] ?? "";
    const ended = recording.events.find((it) => it.pod === begun.pod && it.at >= begun.at && isEndOfPull(it, image));
    const since = Math.max(begun.at, freeAt);
    const problem = /^Failed to pull image "[^"]+": ([\s\S]+)$/.exec(ended?.message ?? "")?.[1];
    const size = /Image size: (\d+) bytes/.exec(ended?.message ?? "")?.[1];
    const millis = ended === undefined ? ENDLESS_MILLIS : Math.max(1, ended.at - since);
    if (ended !== undefined) freeAt = ended.at;
    (pulls[image] ??= []).push({ millis, ...(problem === undefined ? {} : { problem }), ...(size === undefined ? {} : { sizeBytes: Number(size) }) });
  }
  return pulls;
}

const ENDLESS_MILLIS = 600_000;

function isEndOfPull(event: SeenEvent, image: string): boolean {
  return event.message.startsWith(`Failed to pull image "${image}"`) || event.message.startsWith(`Successfully pulled image "${image}"`);
}

/** Times at which the pod was synced because its back-off or resync had come: the recorded jitter. */
function syncsOf(recording: Recording, pod: string): number[] {
  const times: number[] = [];
  for (const event of recording.events) {
    if (event.pod === pod && event.component === "kubelet" && ["BackOff", "Pulled", "Pulling"].includes(event.reason)) times.push(event.at + SCENARIO_START);
  }
  for (const seen of recording.pods) {
    const statuses = [...(seen.object.status?.containerStatuses ?? []), ...(seen.object.status?.initContainerStatuses ?? [])];
    if (seen.pod === pod && statuses.some((it) => it.state?.waiting?.reason?.includes("BackOff") === true)) times.push(seen.at + SCENARIO_START);
  }
  return times.toSorted((one, other) => one - other);
}

/** Exits are seen at relists; so is the end of a pod that is being deleted. */
function relistsOf(recording: Recording): readonly number[] {
  const found: number[] = [];
  const before = new Map<string, PodEvent>();
  for (const seen of recording.pods) {
    const former = before.get(seen.pod);
    before.set(seen.pod, seen);
    if (former === undefined) continue;
    const isDeleted = seen.object.metadata.deletionGracePeriodSeconds === 0 && former.object.metadata.deletionGracePeriodSeconds !== 0;
    const isTerminal = seen.object.status?.phase === "Succeeded" || seen.object.status?.phase === "Failed";
    if ((isDeleted && isTerminal) || hasNewExit(former, seen) || isLateAnswer(recording, former, seen)) found.push(seen.at - NOTICE_MILLIS + SCENARIO_START);
  }
  found.push(...nudgesOf(recording));
  const relists: number[] = [];
  for (const at of found.toSorted((one, other) => one - other)) {
    if (at - (relists.at(-1) ?? 0) <= SAME_RELIST_MILLIS) relists.pop();
    relists.push(at);
  }
  return relists;
}

/** Several pods show the same relist at times of their own. */
const SAME_RELIST_MILLIS = 500;

/** A worker that had just synced hears of a changed spec at the next relist only. */
function isLateAnswer(recording: Recording, former: PodEvent, seen: PodEvent): boolean {
  if (former.object.status?.observedGeneration === seen.object.status?.observedGeneration || seen.object.metadata.generation === 1) return false;
  const changed = recording.pods.find((it) => it.pod === seen.pod && it.object.metadata.generation === seen.object.metadata.generation);
  return changed !== undefined && seen.at - changed.at > LATE_MILLIS;
}

const LATE_MILLIS = 400;

/** Readiness probes of containers that are not ready run at every sync: those that fit no ticker show when the syncs were, which is at relists. */
function nudgesOf(recording: Recording): readonly number[] {
  const found: number[] = [];
  for (const pod of new Set(recording.pods.map((it) => it.pod))) {
    const spec = recording.pods.find((it) => it.pod === pod)?.object.spec.containers.find((it) => it.readinessProbe !== undefined);
    const period = (spec?.readinessProbe?.periodSeconds ?? 10) * 1000;
    const failures = recording.events.filter((it) => it.pod === pod && it.message.startsWith("Readiness probe failed"));
    failures.slice(1).forEach((event, index) => {
      const since = event.at - (failures[index]?.at ?? 0);
      if (since > LATE_MILLIS && since < period - 150) found.push(event.at - NOTICE_MILLIS + SCENARIO_START);
    });
  }
  return found;
}

/** From a relist to what an observer hears of it. */
const NOTICE_MILLIS = 12;

function hasNewExit(former: PodEvent, seen: PodEvent): boolean {
  const statuses = (pod: PodEvent["object"]): NonNullable<NonNullable<PodEvent["object"]["status"]>["containerStatuses"]> => [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  if (seen.object.metadata.deletionTimestamp !== undefined) return false;
  return statuses(seen.object).some((it) => (it.state?.terminated !== undefined || it.state?.waiting !== undefined) && statuses(former.object).some((old) => old.name === it.name && old.state?.running !== undefined));
}
