/** A cluster without kubelets on which a recorded scenario is played: users and kubelets act as recorded, all else is the engine's. */
import type { KubernetesObject } from "../../../engine/api/object.ts";
import type { ApiRequest, FromServer } from "../../../engine/api/wire.ts";
import { kubeApiServer } from "../../../engine/apiserver/kube-apiserver.ts";
import { PATCH_MEDIA_TYPES } from "../../../engine/client/requests.ts";
import { controllerNames, controllerPrograms } from "../../../engine/controllers/index.ts";
import { etcd } from "../../../engine/etcd/etcd.ts";
import { linesSince } from "../../../engine/kernel/trace.ts";
import type { Effect, Process } from "../../../engine/kernel/process.ts";
import { advance, emptyWorld, nextAt, post, type Programs, spawn, type World } from "../../../engine/kernel/world.ts";
import { restart, stop, withRule } from "../../../engine/kernel/faults.ts";
import * as scheduling from "../../../engine/scheduler/kube-scheduler.ts";
import type { Recording, RecordedWrite, Seen } from "./recording.ts";

const SERVER = "control-plane/kube-apiserver";
const USERS = "laptop/users";
const OBSERVER = "laptop/observer";
/** The cluster comes up before the scenario begins. */
export const START_MILLIS = 20_000;
/** How long the recorded kubelet took to stop a pod, where the recording tells nothing of this one. */
const TERMINATION_MILLIS = 320;

const WATCHED: readonly (readonly [string, string])[] = [
  ["/api/v1", "pods,configmaps,serviceaccounts,namespaces,nodes,endpoints,services,persistentvolumes,persistentvolumeclaims,resourcequotas,replicationcontrollers,events"],
  ["/apis/apps/v1", "deployments,replicasets,statefulsets,daemonsets,controllerrevisions"],
  ["/apis/batch/v1", "jobs,cronjobs"],
  ["/apis/discovery.k8s.io/v1", "endpointslices"],
  ["/apis/policy/v1", "poddisruptionbudgets"],
  ["/apis/autoscaling/v2", "horizontalpodautoscalers"],
  ["/apis/certificates.k8s.io/v1", "certificatesigningrequests"],
  ["/apis/storage.k8s.io/v1", "storageclasses"],
];

interface Told {
  readonly at: number;
  readonly type: string;
  readonly object: KubernetesObject;
}

export interface Played {
  readonly seen: readonly Seen[];
  readonly refusals: readonly string[];
}

interface Due {
  readonly at: number;
  readonly write: () => { readonly request: ApiRequest; readonly user: string } | undefined;
}

/** Something that happens to the world itself at a moment of the scenario. */
export interface Disturbance {
  readonly at: number;
  readonly change: (world: World, programs: Programs) => World;
}

/** Kills all controllers and starts them again: they know nothing but what the API tells. */
export function restartControllers(world: World, programs: Programs): World {
  let next = world;
  for (const name of controllerNames) {
    const address = `control-plane/${name}-controller`;
    next = restart(stop(next, address, programs), address, programs);
  }
  return next;
}

export function play(recording: Recording, disturbances: readonly Disturbance[] = []): Played {
  const told: Told[] = [];
  const refusals: string[] = [];
  const asked = new Map<number, string>();
  const actors = new Actors(recording);
  const programs = programsOf(told, actors, (message) => {
    if (message.kind !== "response" || message.response.code < 400) return;
    const { message: why } = message.response.body as { readonly message?: string };
    refusals.push(`${asked.get(message.id) ?? ""} => ${message.response.code} ${why ?? ""}`);
  });
  const agenda = [...nodesUp(recording), ...actors.users()].toSorted((one, other) => one.at - other.at);
  const world = run({ recording, programs, actors, told, asked, agenda, disturbances: [...disturbances] });
  return { seen: withActors(world, told), refusals };
}

interface Run {
  readonly recording: Recording;
  readonly programs: Programs;
  readonly actors: Actors;
  readonly told: readonly Told[];
  readonly asked: Map<number, string>;
  /** What users and kubelets are still to do, by time. */
  readonly agenda: Due[];
  readonly disturbances: Disturbance[];
}

function run({ recording, programs, actors, told, asked, agenda, disturbances }: Run): World {
  let world = bootWorld(recording, programs);
  let heard = 0;
  const end = START_MILLIS + recording.end + 3000;
  while (true) {
    const inside = nextAt(world) ?? Number.POSITIVE_INFINITY;
    const outside = agenda[0]?.at ?? Number.POSITIVE_INFINITY;
    if (Math.min(inside, outside) > end) return world;
    const fault = disturbances[0];
    if (fault !== undefined && START_MILLIS + fault.at <= Math.min(inside, outside)) {
      disturbances.shift();
      world = fault.change(world, programs);
    } else if (outside <= inside) {
      world = act(world, agenda.shift(), asked);
    } else {
      world = advance(world, programs);
      for (; heard < told.length; heard++) planReactions(agenda, actors, told[heard]);
    }
  }
}

function act(world: World, one: Due | undefined, asked: Map<number, string>): World {
  const what = one?.write();
  if (one === undefined || what === undefined) return world;
  const id = asked.size + 1;
  asked.set(id, `${what.request.method} ${what.request.path}`);
  const identity = { user: what.user, groups: ["system:masters", "system:authenticated"] };
  const message = { kind: "request", id, request: what.request, identity };
  return post(world, { from: USERS, to: SERVER, message, delayMillis: Math.max(0, one.at - world.now) });
}

function planReactions(agenda: Due[], actors: Actors, one: Told | undefined): void {
  if (one === undefined) return;
  for (const reaction of actors.react(one)) {
    const place = agenda.findIndex(({ at }) => at > reaction.at);
    agenda.splice(place < 0 ? agenda.length : place, 0, reaction);
  }
}

function bootWorld(recording: Recording, programs: Programs): World {
  let world = emptyWorld(1, recording.epochMillis - START_MILLIS);
  // A request takes some milliseconds, as in the recordings.
  for (const rule of [
    { id: "etcd", from: "control-plane/etcd", to: "*", delayMillis: 0 },
    { id: "to-etcd", from: "*", to: "control-plane/etcd", delayMillis: 0 },
    { id: "in", from: "*", to: SERVER, delayMillis: 2 },
    { id: "out", from: SERVER, to: "*", delayMillis: 1 },
  ].toReversed()) {
    const { delayMillis, ...place } = rule;
    world = withRule(world, { ...place, verdict: { kind: "deliver", delayMillis } });
  }
  const start = (address: string, program: string): void => {
    world = spawn(world, { address, program, settings: { server: SERVER, bootstrap: "full" } }, programs);
  };
  start("control-plane/etcd", "etcd");
  start(SERVER, "kube-apiserver");
  start(USERS, "users");
  start(OBSERVER, "observer");
  for (const name of controllerNames) start(`control-plane/${name}-controller`, `${name}-controller`);
  start("control-plane/kube-scheduler", schedulerProgram.name);
  return world;
}

const schedulerProgram: Process<unknown, unknown> = Object.values(scheduling).find(
  (value): value is Process<never, never> => typeof value === "object" && value !== null && "step" in value,
) as unknown as Process<unknown, unknown>;

function programsOf(told: Told[], actors: Actors, hear: (message: FromServer) => void): Programs {
  const observer: Process<null, FromServer> = {
    name: "observer",
    start: () => ({
      state: null,
      effects: WATCHED.flatMap(([root, plurals], group) =>
        plurals.split(",").map((plural, index) => {
          const query = { watch: "true", allowWatchBookmarks: "true", sendInitialEvents: "true", resourceVersionMatch: "NotOlderThan" };
          const request: ApiRequest = { method: "GET", path: `${root}/${plural}`, query };
          const identity = { user: "observer", groups: ["system:masters", "system:authenticated"] };
          return { kind: "send" as const, to: SERVER, message: { kind: "request", id: group * 100 + index, request, identity } };
        }),
      ),
    }),
    step: (state, message, moment) => {
      if (message.kind === "events") {
        for (const { type, object } of message.events) if (type !== "BOOKMARK") told.push({ at: moment.now, type, object });
      }
      return { state, effects: [] };
    },
  };
  const users: Process<null, FromServer> = {
    name: "users",
    start: () => ({ state: null, effects: [] }),
    step: (state, message) => {
      hear(message);
      return { state, effects: [] };
    },
  };
  const all = [etcd, kubeApiServer, observer, users, placing(actors)] as unknown as readonly Process<unknown, unknown>[];
  return new Map([...all, ...controllerPrograms].map((program) => [program.name, program] as const));
}

/**
 * The scheduler, whose choice among equal nodes is the recorded one: it is chance (golden/INDEX.md), and the fate of a pod hangs on it where
 * nodes fall silent.
 */
function placing(actors: Actors): Process<unknown, unknown> {
  return {
    ...schedulerProgram,
    step: (state, message, moment) => {
      const outcome = schedulerProgram.step(state, message, moment);
      return { ...outcome, effects: outcome.effects.map((effect) => (effect.kind === "send" ? actors.replaced(effect) : effect)) };
    },
  };
}

/** The nodes of the recorded cluster, and the leases that their kubelets renew. */
function nodesUp(recording: Recording): readonly Due[] {
  const found: Due[] = [];
  const names = ["control-plane", "worker-1", "worker-2"];
  const add = (at: number, request: ApiRequest, user: string): void => void found.push({ at, write: () => ({ request, user }) });
  for (const [index, name] of names.entries()) {
    const user = `system:node:${name}`;
    add(3000, { method: "POST", path: "/api/v1/nodes", body: nodeOf(name, index) }, user);
    add(3500, statusOf(name, recording.epochMillis), user);
    const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
    for (let at = 3600; at < START_MILLIS + recording.end; at += 10_000) {
      const t = at - START_MILLIS;
      if (recording.silences.some(({ node, from, to }) => node === name && t >= from && t < to)) continue;
      const renewTime = new Date(recording.epochMillis + t).toISOString().replace("Z", "000Z");
      const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime };
      if (at === 3600) add(at, { method: "POST", path: leases, body: { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name, namespace: "kube-node-lease" }, spec } }, user);
      else add(at, { method: "PATCH", path: `${leases}/${name}`, headers: { "content-type": PATCH_MEDIA_TYPES.merge }, body: { spec } }, user);
    }
  }
  return found;
}

function nodeOf(name: string, index: number): unknown {
  const taints = name === "control-plane" ? [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] : undefined;
  const podCIDR = `10.244.${index}.0/24`;
  const labels = { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", "beta.kubernetes.io/os": "linux", "beta.kubernetes.io/arch": "amd64" };
  return { apiVersion: "v1", kind: "Node", metadata: { name, labels }, spec: { podCIDR, podCIDRs: [podCIDR], ...(taints === undefined ? {} : { taints }) } };
}

function statusOf(name: string, epochMillis: number): ApiRequest {
  const now = new Date(epochMillis - START_MILLIS + 3500).toISOString().replace(/\.\d+Z/, "Z");
  const condition = (type: string, status: string, reason: string): unknown => ({ type, status, reason, message: reason, lastHeartbeatTime: now, lastTransitionTime: now });
  const capacity = { cpu: "4", memory: "8Gi", pods: "110", "ephemeral-storage": "101430960Ki" };
  const conditions = [
    condition("MemoryPressure", "False", "KubeletHasSufficientMemory"),
    condition("DiskPressure", "False", "KubeletHasNoDiskPressure"),
    condition("PIDPressure", "False", "KubeletHasSufficientPID"),
    condition("Ready", "True", "KubeletReady"),
  ];
  return {
    method: "PATCH",
    path: `/api/v1/nodes/${name}/status`,
    headers: { "content-type": PATCH_MEDIA_TYPES.strategic },
    body: { status: { capacity, allocatable: capacity, conditions, nodeInfo: { kubeletVersion: "v1.36.2" } } },
  };
}

/** What a name is the k-th of: `web-7866ccff64-` for generated names, else the name. */
function familyOf(object: KubernetesObject): string {
  const { generateName, name = "" } = object.metadata;
  return generateName !== undefined && name.startsWith(generateName) && name !== generateName ? `${object.kind} ${generateName}` : `${object.kind} ${name}`;
}

interface Incarnation {
  readonly name: string;
  readonly uid: string;
  boundAt: number | undefined;
  deletedAt: number | undefined;
  node: string;
  readonly isDaemon: boolean;
}

/** The incarnations of each family in the order of their creation. */
class Families {
  readonly byFamily = new Map<string, Incarnation[]>();
  readonly byUid = new Map<string, { readonly family: string; readonly place: number; readonly one: Incarnation }>();

  take(at: number, object: KubernetesObject): { readonly hasBeenBound: boolean; readonly hasBeenDeleted: boolean } {
    const { uid = "", name = "", deletionTimestamp } = object.metadata;
    const family = familyOf(object);
    let found = this.byUid.get(uid);
    if (found === undefined) {
      const all = this.byFamily.get(family) ?? [];
      const one: Incarnation = { name, uid, boundAt: undefined, deletedAt: undefined, node: "", isDaemon: object.metadata.ownerReferences?.[0]?.kind === "DaemonSet" };
      this.byFamily.set(family, [...all, one]);
      found = { family, place: all.length, one };
      this.byUid.set(uid, found);
    }
    const { nodeName } = (object.spec ?? {}) as { readonly nodeName?: string };
    const hasBeenBound = object.kind === "Pod" && nodeName !== undefined && found.one.boundAt === undefined;
    if (hasBeenBound) {
      found.one.boundAt = at;
      found.one.node = nodeName;
    }
    const hasBeenDeleted = deletionTimestamp !== undefined && found.one.deletedAt === undefined;
    if (hasBeenDeleted) found.one.deletedAt = at;
    return { hasBeenBound, hasBeenDeleted };
  }
}

/** The people and the kubelets of the recording, who act in our world as they did then. */
class Actors {
  readonly recording: Recording;
  readonly past = new Families();
  readonly now = new Families();
  readonly names = new Map<string, Incarnation[]>();

  constructor(recording: Recording) {
    this.recording = recording;
    for (const { at, object } of recording.seen) this.past.take(at, object);
  }

  users(): readonly Due[] {
    return this.recording.writes
      .filter((write) => write.user === "kubernetes-admin" || (write.user.startsWith("node:") && write.res === "nodes/status"))
      .map((write) => ({
        at: START_MILLIS + write.t,
        write: () => ({ request: this.requestOf(write), user: write.user.replace("node:", "system:node:") }),
      }));
  }

  /** A binding to the node on which the pod in the same place was. Daemon pods are tied to theirs. */
  replaced(effect: Extract<Effect, { readonly kind: "send" }>): Effect {
    const { request } = effect.message as { readonly request?: ApiRequest };
    const name = /\/pods\/([^/]+)\/binding$/.exec(request?.path ?? "")?.[1];
    const here = [...this.now.byUid.values()].find(({ one }) => one.name === name && one.boundAt === undefined);
    const then = here === undefined ? undefined : this.past.byFamily.get(here.family)?.[here.place];
    if (request === undefined || then === undefined || then.node === "" || then.isDaemon) return effect;
    const body = { ...(request.body as object), target: { apiVersion: "v1", kind: "Node", name: then.node } };
    return { ...effect, message: { ...(effect.message as object), request: { ...request, body } } };
  }

  /** What kubelets do about a change of a pod: what they did then about the pod in the same place of its family. */
  react({ at, type, object }: Told): readonly Due[] {
    const { hasBeenBound, hasBeenDeleted } = this.now.take(at, object);
    if (object.kind !== "Pod" || type === "DELETED") return [];
    const here = this.now.byUid.get(object.metadata.uid ?? "");
    if (here === undefined) return [];
    const found: Due[] = [];
    if (hasBeenBound) found.push(...this.afterBinding(at, object, here));
    if (hasBeenDeleted && here.one.boundAt !== undefined) found.push(...this.afterDeletion(at, object, here));
    return found;
  }

  private kubeletWrites(then: Incarnation): readonly RecordedWrite[] {
    return this.recording.writes.filter((write) => {
      if (!write.user.startsWith("node:") || write.name !== then.name || !write.res.startsWith("pods")) return false;
      const uid = uidIn(write.req);
      return uid === undefined || uid === then.uid;
    });
  }

  private afterBinding(at: number, pod: KubernetesObject, here: { readonly family: string; readonly place: number; readonly one: Incarnation }): readonly Due[] {
    const all = this.past.byFamily.get(here.family) ?? [];
    const then = all[here.place] ?? all.at(-1);
    if (then?.boundAt === undefined) return [];
    const { boundAt, deletedAt = Number.POSITIVE_INFINITY } = then;
    return this.kubeletWrites(then)
      .filter((write) => write.t <= deletedAt && write.verb === "patch")
      .map((write) => ({
        at: at + Math.max(1, write.t - boundAt),
        write: () => (here.one.deletedAt === undefined || hasEnded(write) ? this.kubeletRequest(write, pod, here.one) : undefined),
      }));
  }

  private afterDeletion(at: number, pod: KubernetesObject, here: { readonly family: string; readonly one: Incarnation }): readonly Due[] {
    const mine = (this.now.byFamily.get(here.family) ?? []).filter(({ deletedAt }) => deletedAt !== undefined);
    const theirs = (this.past.byFamily.get(here.family) ?? [])
      .filter(({ deletedAt, boundAt }) => deletedAt !== undefined && boundAt !== undefined)
      .toSorted((one, other) => (one.deletedAt ?? 0) - (other.deletedAt ?? 0));
    const then = theirs[mine.length - 1];
    const writes = then === undefined ? [] : this.kubeletWrites(then).filter(({ t }) => t >= (then.deletedAt ?? 0));
    if (writes.length === 0) {
      const remove = { verb: "delete", res: "pods", uri: "", t: 0, user: "", code: 200, req: { gracePeriodSeconds: 0 } };
      const silence = this.recording.silences.find(({ node, from, to }) => {
        return node === here.one.node && at - START_MILLIS >= from && at - START_MILLIS < to;
      });
      const told = silence === undefined ? at : START_MILLIS + silence.to;
      return [{ at: told + TERMINATION_MILLIS, write: () => this.kubeletRequest(remove, pod, here.one) }];
    }
    return writes.map((write) => ({
      at: at + Math.max(1, write.t - (then?.deletedAt ?? 0)),
      write: () => this.kubeletRequest(write, pod, here.one),
    }));
  }

  private kubeletRequest(write: RecordedWrite, pod: KubernetesObject, one: Incarnation): { request: ApiRequest; user: string } {
    const { namespace = "", name = "", uid = "" } = pod.metadata;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
    const user = `system:node:${one.node}`;
    if (write.verb === "delete") {
      return { user, request: { method: "DELETE", path, body: { kind: "DeleteOptions", apiVersion: "v1", gracePeriodSeconds: 0, preconditions: { uid } } } };
    }
    const { status = {} } = write.req as { readonly status?: Record<string, unknown> };
    const body = { metadata: { uid }, status: this.withAddresses(status, one) };
    return { user, request: { method: "PATCH", path: `${path}/status`, headers: { "content-type": PATCH_MEDIA_TYPES.strategic }, body } };
  }

  /** The addresses belong to the node and the pod that are here, not to those of the recording. */
  private withAddresses(status: Record<string, unknown>, one: Incarnation): Record<string, unknown> {
    const host = `192.168.64.${2 + ["control-plane", "worker-1", "worker-2"].indexOf(one.node)}`;
    const place = [...this.now.byUid.keys()].indexOf(one.uid);
    const ip = `10.244.${Math.floor(place / 250) + 1}.${(place % 250) + 2}`;
    const kept = { ...status };
    if (status["hostIP"] !== undefined) Object.assign(kept, { hostIP: host, hostIPs: [{ ip: host }] });
    if (status["podIP"] !== undefined) Object.assign(kept, { podIP: ip, podIPs: [{ ip }] });
    return kept;
  }

  private requestOf(write: RecordedWrite): ApiRequest {
    const [uri = "", search = ""] = write.uri.split("?");
    const root = uri.startsWith("v1/") ? "/api/" : "/apis/";
    const path = root + uri.split("/").map((part) => (part === write.name ? this.nameNow(write) : part)).join("/");
    const query = Object.fromEntries(new URLSearchParams(search));
    const method = { create: "POST", update: "PUT", patch: "PATCH", delete: "DELETE", deletecollection: "DELETE" }[write.verb] as ApiRequest["method"];
    const base: ApiRequest = { method, path, ...(search === "" ? {} : { query }), headers: { "user-agent": write.ua ?? "kubectl" } };
    if (write.req === undefined || write.req === null) return base;
    if (method === "PATCH") {
      const body = Array.isArray(write.req) ? write.req : this.patchNow(write.req as Record<string, unknown>);
      return { ...base, headers: { ...base.headers, "content-type": PATCH_MEDIA_TYPES[dialectOf(write)] }, body };
    }
    return { ...base, body: this.bodyNow(write) };
  }

  private patchNow({ metadata, ...rest }: Record<string, unknown>): unknown {
    if (metadata === undefined) return rest;
    const { uid: _, resourceVersion: __, ...kept } = metadata as Record<string, unknown>;
    return Object.keys(kept).length === 0 ? rest : { ...rest, metadata: kept };
  }

  private bodyNow(write: RecordedWrite): unknown {
    const { metadata, ...rest } = write.req as { readonly metadata?: Record<string, unknown>; readonly apiVersion?: string; readonly kind?: string };
    const apiVersion = rest.apiVersion === "meta.k8s.io/__internal" ? "v1" : rest.apiVersion;
    if (metadata === undefined) return { ...rest, apiVersion };
    const { uid: _, resourceVersion: __, creationTimestamp: ___, managedFields: ____, ...kept } = metadata;
    const name = kept["name"] === write.name && write.name !== undefined ? this.nameNow(write) : kept["name"];
    return { ...rest, apiVersion, metadata: name === undefined ? kept : { ...kept, name } };
  }

  /** The name that the recorded object has here: the one in the same place of its family. */
  private nameNow(write: RecordedWrite): string {
    const { name = "" } = write;
    for (const [family, all] of this.past.byFamily) {
      const place = all.findIndex((one) => one.name === name);
      if (place < 0 || family.endsWith(` ${name}`)) continue;
      return this.now.byFamily.get(family)?.[place]?.name ?? name;
    }
    return name;
  }
}

function hasEnded(write: RecordedWrite): boolean {
  const { status } = write.req as { readonly status?: { readonly phase?: string } };
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

function uidIn(request: unknown): string | undefined {
  const { metadata, preconditions } = (request ?? {}) as { metadata?: { uid?: string }; preconditions?: { uid?: string } };
  return metadata?.uid ?? preconditions?.uid;
}

function dialectOf(write: RecordedWrite): keyof typeof PATCH_MEDIA_TYPES {
  if (Array.isArray(write.req)) return "json";
  return write.res.endsWith("/scale") || /fieldManager=kubectl-(annotate|label)/.test(write.uri) ? "merge" : "strategic";
}

function withActors(world: World, told: readonly Told[]): readonly Seen[] {
  const writers = new Map<number, { readonly user: string; readonly verb: string }>();
  for (const { reason, facts } of linesSince(world.trace, 0)) {
    if (!reason.startsWith("Object") || facts === undefined) continue;
    const user = String(facts["user"]).replace("system:serviceaccount:kube-system:", "").replace(/^system:node:/, "node:").replace(/^system:/, "");
    writers.set(Number(facts["resourceVersion"]), { user, verb: `${String(facts["verb"])} ${String(facts["resource"])}` });
  }
  return told.map(({ at, type, object }) => {
    const revision = Number(object.metadata.resourceVersion);
    const { user, verb } = writers.get(revision) ?? { user: "", verb: "" };
    return { at: at - START_MILLIS, revision, type, user, verb, object };
  });
}
