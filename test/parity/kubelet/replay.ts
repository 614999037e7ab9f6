/** Runs the engine's kubelet and runtime through a recorded scenario: what others did is taken from the recording, the kubelet's part is the engine's. */
import type { Pod } from "../../../engine/api/generated/types.ts";
import { parseYaml } from "../../../engine/api/yaml.ts";
import { containerd } from "../../../engine/runtime/containerd.ts";
import { kubelet } from "../../../engine/kubelet/kubelet.ts";
import { restart, stop } from "../../../engine/kernel/faults.ts";
import { get } from "../../../engine/kernel/sorted-map.ts";
import { advanceUntil, emptyWorld, post, type Programs, spawn, type World } from "../../../engine/kernel/world.ts";
import type { KubeletSettings } from "../../../engine/kubelet/settings.ts";
import type { RuntimeSettings } from "../../../engine/runtime/state.ts";
import { standIn, type StandInState } from "./api-stand-in.ts";
import { type Machine, machineOf, SCENARIO_START } from "./machine.ts";
import type { Command, PodEvent, Recording } from "./recording.ts";

const SERVER = "control-plane/kube-apiserver";
/** Where the processes of the one node live; the node's own name is the recording's. */
const KUBELET = "node/kubelet";
const RUNTIME = "node/containerd";

const programs = new Map([standIn, kubelet, containerd].map((it) => [it.name, it])) as unknown as Programs;

/** The node of the recordings, and its local images. Source: golden/INDEX.md. */
function nodeOf(recording: Recording): RuntimeSettings["node"] & KubeletSettings["node"] {
  const bound = recording.pods.find((it) => it.object.status?.hostIP !== undefined)?.object;
  return {
    name: bound?.spec.nodeName ?? recording.pods.find((it) => it.object.spec.nodeName !== undefined)?.object.spec.nodeName ?? "worker-1",
    ip: bound?.status?.hostIP ?? "172.18.0.2",
    podCidr: "10.244.0.0/24",
    cpuMilli: 2000,
    memoryBytes: 24_684_096 * 1024,
    podsMax: 110,
    images: ["busybox:1.36", "nginx:1.26", "nginx:1.27", "nginx:latest"],
  };
}

interface Action {
  readonly at: number;
  readonly act: (world: World) => World;
}

export interface Replayed {
  readonly pods: readonly PodEvent[];
  readonly world: World;
}

/** Brings up one node as it was, and lets the scenario happen. */
export function replay(recording: Recording): StandInState {
  const namespace = recording.pods[0]?.object.metadata.namespace ?? "";
  const machine = machineOf(recording, namespace);
  const node = nodeOf(recording);
  let world = bringUp(machine, node);
  const actions = [...objectsOf(recording, namespace, node.name), ...doingsOf(recording, machine), ...recording.commands.flatMap((command) => actionsOf(command, namespace))];
  for (const { at, act } of actions.toSorted((one, other) => one.at - other.at)) {
    const until = SCENARIO_START + Math.max(0, at);
    world = advanceUntil(act(advanceUntil(world, until, programs)), until, programs);
  }
  world = advanceUntil(world, SCENARIO_START + recording.endsAt + 100, programs);
  return get(world.residents, SERVER)?.state as StandInState;
}

function bringUp(machine: Machine, node: ReturnType<typeof nodeOf>): World {
  const { durations, recordedPulls, recordedMounts, recordedSyncs, recordedRelists, recordedEvictions, relistPhaseMillis } = machine;
  let world = emptyWorld(1, Date.parse("2026-11-20T12:00:00Z"));
  world = spawn(world, { address: SERVER, program: "stand-in", settings: null }, programs);
  const runtimeSettings = { node, kubelet: KUBELET, outside: "outside", durations, recordedPulls, aliases: { ...aliasesOf(recordedPulls), nginx: "workbook.example/recorded-httpd" } };
  world = spawn(world, { address: RUNTIME, program: "containerd", settings: runtimeSettings }, programs);
  const settings = {
    node,
    server: SERVER,
    runtime: RUNTIME,
    heartbeats: "every",
    recordedMounts,
    recordedSyncs,
    recordedRelists,
    recordedEvictions,
    relistPhaseMillis,
  };
  world = spawn(world, { address: KUBELET, program: "kubelet", settings }, programs);
  return advanceUntil(world, SCENARIO_START, programs);
}

/** Images of the recording's own registry are busybox under other names. */
function aliasesOf(pulls: Machine["recordedPulls"]): Readonly<Record<string, string>> {
  const pulled = Object.keys(pulls).filter((name) => pulls[name]?.some((it) => it.problem === undefined && it.sizeBytes !== undefined));
  return Object.fromEntries(pulled.map((name) => [name.replace(/:[^/:]+$/, ""), "busybox"]));
}

function pathOf(pod: Pod): string {
  return `/api/v1/namespaces/${pod.metadata.namespace ?? ""}/pods/${pod.metadata.name ?? ""}`;
}

interface Manifest {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
}

const PLURALS: Readonly<Record<string, string>> = { ConfigMap: "configmaps", Secret: "secrets", Service: "services" };

/** Objects of the manifest that pods read, and a pod that stands for what else ran on the node. */
function objectsOf(recording: Recording, namespace: string, nodeName: string): readonly Action[] {
  const actions: Action[] = [];
  const parsed = parseYaml(recording.manifest);
  if (parsed.kind === "error") throw new Error(parsed.error.message);
  for (const { value } of parsed.documents) {
    const object = value as Manifest | null;
    const plural = PLURALS[object?.kind ?? ""];
    if (plural === undefined || object === null) continue;
    const path = `/api/v1/namespaces/${namespace}/${plural}/${object.metadata?.name ?? ""}`;
    const whole = { ...object, metadata: { ...object.metadata, namespace } };
    actions.push({ at: -1, act: (world) => write(world, { kind: "put", path, object: whole }) });
  }
  const used = recording.events.map((it) => /OutOfcpu|Node didn't have enough resource: cpu, requested: \d+, used: (\d+), capacity/.exec(it.message)?.[1]).find((it) => it !== undefined);
  if (used !== undefined && recording.name.includes("rejects")) {
    const spec = { nodeName, containers: [{ name: "c", image: "busybox:1.36", command: ["sleep", "600"], resources: { requests: { cpu: `${used}m` } } }] };
    const object = { apiVersion: "v1", kind: "Pod", metadata: { name: "neighbour", namespace: "elsewhere", uid: "neighbour" }, spec, status: { phase: "Pending" } };
    actions.push({ at: -1, act: (world) => write(world, { kind: "put", path: "/api/v1/namespaces/elsewhere/pods/neighbour", object }) });
  }
  return actions;
}

/** What others wrote: creation, binding, deletion, changed specs, foreign conditions. */
function doingsOf(recording: Recording, machine: Machine): readonly Action[] {
  const actions: Action[] = [];
  const before = new Map<string, PodEvent>();
  for (const seen of recording.pods) {
    const former = before.get(seen.pod);
    before.set(seen.pod, seen);
    if (isStatic(seen.object)) continue;
    const isNew = seen.type === "ADDED";
    if (isNew) actions.push(putAction(seen, () => seen.object));
    else if (seen.type === "DELETED") {
      if (former?.object.metadata.deletionGracePeriodSeconds !== 0 || isForced(recording, seen)) actions.push(dropAction(seen, former?.object.metadata.deletionGracePeriodSeconds === 0 && seen.object.status?.phase === "Running" ? former.at : seen.at));
    } else if (former !== undefined) actions.push(...foreignChanges(recording, former, seen, machine));
  }
  return actions;
}

function isStatic(pod: Pod): boolean {
  return pod.metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined;
}

/** Deleted by force, or by the removal of a finalizer: not by the kubelet. */
function isForced(recording: Recording, seen: PodEvent): boolean {
  const history = recording.pods.filter((it) => it.pod === seen.pod);
  const isRunning = seen.object.status?.phase === "Running";
  const hadFinalizer = history.some((it) => (it.object.metadata.finalizers ?? []).length > 0);
  return isRunning || hadFinalizer;
}

function write(world: World, message: unknown): World {
  return post(world, { from: "control-plane/hand", to: SERVER, message });
}

function stored(world: World, path: string): Pod | undefined {
  const state = get(world.residents, SERVER)?.state as StandInState;
  return get(state.objects, path) as Pod | undefined;
}

function putAction(seen: PodEvent, change: (pod: Pod | undefined) => Pod | undefined): Action {
  const path = pathOf(seen.object);
  return {
    at: seen.at,
    act: (world) => {
      const object = change(stored(world, path));
      return object === undefined ? world : write(world, { kind: "put", path, object: { ...object, apiVersion: "v1", kind: "Pod" } });
    },
  };
}

function dropAction(seen: PodEvent, at: number): Action {
  const path = pathOf(seen.object);
  return { at, act: (world) => (stored(world, path) === undefined ? world : write(world, { kind: "drop", path })) };
}

const OWN = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"];

function foreignChanges(recording: Recording, former: PodEvent, seen: PodEvent, machine: Machine): readonly Action[] {
  const [old, next] = [former.object, seen.object];
  const isBinding = old.spec.nodeName === undefined && next.spec.nodeName !== undefined;
  if (isBinding) {
    const at = Math.max(seen.at, (machine.firstSyncs.get(seen.pod) ?? seen.at) - BINDING_MILLIS);
    const bind = (pod: Pod | undefined): Pod | undefined => (pod === undefined ? undefined : { ...next, status: { ...next.status, ...pod.status, conditions: next.status?.conditions ?? [] } });
    return [{ ...putAction(seen, bind), at }];
  }
  const isKubeletDelete = next.metadata.deletionGracePeriodSeconds === 0 && old.metadata.deletionGracePeriodSeconds !== 0 && !isForcedNow(recording, seen);
  const isMetadataChanged = JSON.stringify(plainMetadata(old)) !== JSON.stringify(plainMetadata(next)) || JSON.stringify(old.spec) !== JSON.stringify(next.spec);
  if (next.spec.nodeName === undefined) return [putAction(seen, () => next)];
  const foreign = (next.status?.conditions ?? []).filter((it) => !OWN.includes(it.type) && it.type !== "AllContainersRestarting" && !it.type.startsWith("PodResize"));
  const isForeign = foreign.some((it) => JSON.stringify(it) !== JSON.stringify(old.status?.conditions?.find((c) => c.type === it.type)) && it.type !== "PodScheduled");
  if ((!isMetadataChanged && !isForeign) || isKubeletDelete) return isNodeLost(old, next) ? [nodeLost(seen)] : [];
  return [
    putAction(seen, (pod) => {
      if (pod === undefined) return undefined;
      const kept = (pod.status?.conditions ?? []).filter((it) => !foreign.some((f) => f.type === it.type && f.type !== "PodScheduled"));
      const conditions = [...foreign.filter((it) => it.type !== "PodScheduled"), ...kept];
      return { ...pod, metadata: next.metadata, spec: next.spec, status: { ...pod.status, conditions } };
    }),
  ];
}

/** How long the kubelet takes from hearing of a pod to its first status: the API's latency and its own. */
const BINDING_MILLIS = 8;

function isForcedNow(recording: Recording, seen: PodEvent): boolean {
  const following = recording.pods.find((it) => it.pod === seen.pod && it.at >= seen.at && it.type === "DELETED");
  return following !== undefined && isForced(recording, following) && seen.object.status?.phase === "Running";
}

function plainMetadata(pod: Pod): unknown {
  return { ...pod.metadata, resourceVersion: "", managedFields: [] };
}

/** The node controller sets Ready to False without a reason. */
function isNodeLost(old: Pod, next: Pod): boolean {
  const ready = (pod: Pod): string => JSON.stringify(pod.status?.conditions?.find((it) => it.type === "Ready")?.status);
  const reason = next.status?.conditions?.find((it) => it.type === "Ready")?.reason;
  return ready(old) === '"True"' && ready(next) === '"False"' && reason === undefined;
}

function nodeLost(seen: PodEvent): Action {
  return putAction(seen, (pod) => {
    if (pod === undefined) return undefined;
    const conditions = (pod.status?.conditions ?? []).map((it) => (it.type === "Ready" ? (seen.object.status?.conditions?.find((c) => c.type === "Ready") ?? it) : it));
    return { ...pod, status: { ...pod.status, conditions } };
  });
}

/** Commands of the recording that reach into the node. */
function actionsOf({ at, text }: Command, namespace: string): readonly Action[] {
  const disturb = (pod: string, change: string, container?: string): Action => ({
    at,
    act: (world) => post(world, { from: "recording/hand", to: RUNTIME, message: { kind: "disturb", namespace, pod, ...(container === undefined ? {} : { container }), change } }),
  });
  if (text.startsWith("kubelet SIG")) return [{ at, act: (world) => stop(world, KUBELET, programs) }];
  if (text.startsWith("kubelet started again")) return [{ at, act: (world) => restart(world, KUBELET, programs) }];
  const killed = /task kill -s SIG(\w+) .*pod\.name==([\w-]+),labels\.io\.kubernetes\.container\.name==([\w-]+)/.exec(text);
  if (killed?.[2] !== undefined) return [disturb(killed[2], `kill ${killed[1] ?? "KILL"}`, killed[3])];
  const sandboxes = /killsbx\.sh \S+ (.+)$/.exec(text);
  if (sandboxes?.[1] !== undefined) return sandboxes[1].split(" ").map((pod) => disturb(pod, "sandbox"));
  const executed = /exec (\S+)(?: -c (\S+))? -- (.+)$/.exec(text);
  if (executed?.[1] !== undefined && executed[3] !== undefined) return [disturb(executed[1], `exec ${executed[3]}`, executed[2])];
  return [];
}
