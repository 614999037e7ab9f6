import { uint32At } from "../kernel/prng.ts";
import type { Effect, Millis, Moment, Outcome } from "../kernel/process.ts";
import { forEach, get, remove, set, values } from "../kernel/sorted-map.ts";
import { formatIpv4, parseCidr } from "../network/address.ts";
import type {
  ContainerConfig,
  ContainerView,
  CriCall,
  CriReply,
  SandboxConfig,
  SandboxView,
  ToRuntime,
} from "./cri.ts";
import { fullImageName, imageNamed, imageView, pullMillis, pullProblem } from "./image-store.ts";
import { configured } from "./images/configure.ts";
import { beginStop, commandReply, reply, settle, wakeFor } from "./lifecycle.ts";
import { inContainer } from "./run.ts";
import { type Container, type RecordedPull, type RuntimeState, type Sandbox, withContainer } from "./state.ts";
import { filesOf, systemFiles, volumeOf, volumesOf } from "./sandbox-files.ts";
import type { ServerProgram } from "./task.ts";

/** How long calls take on an idle machine. Source: golden/i-kubelet-writes/g01 to g03, event times. */
export const CALL_MILLIS = {
  RunPodSandbox: 120,
  CreateContainer: 20,
  StartContainer: 85,
  StopPodSandbox: 110,
  RemoveContainer: 5,
} as const;

/** Carries out one call of the kubelet. */
export function handleCall(state: RuntimeState, { id, call }: ToRuntime, moment: Moment): Outcome<RuntimeState> {
  const note: Effect = { kind: "note", note: { reason: "CriCalled", facts: { call: call.call, ...subjectOf(call) } } };
  const outcome = carryOut(state, id, call, moment);
  return { state: outcome.state, effects: [note, ...outcome.effects] };
}

function subjectOf(call: CriCall): Readonly<Record<string, string>> {
  if ("container" in call) return { container: call.container };
  if ("sandbox" in call) return { sandbox: call.sandbox };
  if ("image" in call) return { image: call.image };
  return call.call === "RunPodSandbox" ? { pod: `${call.config.namespace}/${call.config.name}` } : {};
}

function carryOut(state: RuntimeState, id: number, call: CriCall, moment: Moment): Outcome<RuntimeState> {
  switch (call.call) {
    case "RunPodSandbox":
      return runSandbox(state, id, call.config, moment);
    case "StopPodSandbox":
      return stopSandbox(state, id, call.sandbox, moment);
    case "RemovePodSandbox":
      return removeSandbox(state, id, call.sandbox, moment);
    case "PullImage":
      return pull(state, id, call.image, moment);
    case "ImageStatus":
      return {
        state,
        effects: [reply(moment.from, id, { kind: "image", image: get(state.images, fullImageName(call.image)) })],
      };
    case "CreateContainer":
      return create(state, id, call, moment);
    case "ReadLogs":
      return {
        state,
        effects: [reply(moment.from, id, { kind: "logs", lines: get(state.containers, call.container)?.log ?? [] })],
      };
    case "List": {
      const sandboxes = values(state.sandboxes).map((sandbox) => sandbox.view);
      const containers = values(state.containers).map((container) => container.view);
      return { state, effects: [reply(moment.from, id, { kind: "list", sandboxes, containers })] };
    }
    case "UpdateVolume":
      return updateVolume(state, id, call, moment);
    default:
      return inside(state, id, call, moment);
  }
}

type ContainerCall = Extract<CriCall, { readonly container: string }>;

function inside(
  state: RuntimeState,
  id: number,
  call: Exclude<ContainerCall, { readonly call: "ReadLogs" }>,
  moment: Moment,
): Outcome<RuntimeState> {
  const container = get(state.containers, call.container);
  if (container === undefined) {
    const message = `rpc error: code = NotFound desc = an error occurred when try to find container "${call.container}": not found`;
    return { state, effects: [reply(moment.from, id, { kind: "error", reason: "NotFound", message })] };
  }
  switch (call.call) {
    case "StartContainer": {
      const at = moment.now + durationOf(state, "StartContainer", container.view);
      const waiting = { ...container, stopping: { killAt: Number.MAX_SAFE_INTEGER, calls: [id] } };
      return { state: withContainer(state, waiting), effects: [{ kind: "wake", key: `start ${call.container}`, at }] };
    }
    case "StopContainer":
      return beginStop(state, container, { call: id, graceMillis: call.graceMillis }, moment);
    case "RemoveContainer": {
      const removed = { kind: "removed", id: call.container, uid: container.view.uid };
      const effects: readonly Effect[] = [
        { kind: "cancel", key: `task ${call.container}` },
        { kind: "send", to: moment.from, message: removed },
      ];
      return { state: { ...state, containers: remove(state.containers, call.container) }, effects };
    }
    case "ExecSync":
      return exec(state, id, container, { command: call.command, timeoutMillis: call.timeoutMillis, moment });
    case "UpdateContainerResources": {
      const view: ContainerView = {
        ...container.view,
        memoryLimitBytes: call.memoryLimitBytes,
        cpuLimitMilli: call.cpuLimitMilli,
      };
      return {
        state: withContainer(state, { ...container, view }),
        effects: [reply(moment.from, id, { kind: "container", container: view })],
      };
    }
  }
}

/** How long a call takes: as usual, unless the settings say otherwise for this pod. */
function durationOf(
  state: RuntimeState,
  call: keyof typeof CALL_MILLIS,
  subject: ContainerView | SandboxConfig,
): Millis {
  const { durations } = state.settings;
  if (durations === undefined) return CALL_MILLIS[call];
  const pod = "namespace" in subject ? `${subject.namespace}/${subject.name}` : podOf(state, subject);
  const key =
    "namespace" in subject ? `${call} ${pod}#${subject.attempt}` : `${call} ${pod}/${subject.name}#${subject.attempt}`;
  return durations[key] ?? CALL_MILLIS[call];
}

function podOf(state: RuntimeState, view: { readonly sandbox: string }): string {
  const sandbox = get(state.sandboxes, view.sandbox)?.config;
  return `${sandbox?.namespace ?? ""}/${sandbox?.name ?? ""}`;
}

function draw64(state: RuntimeState): { readonly state: RuntimeState; readonly id: string } {
  let id = "";
  const { key, counter } = state.prng;
  for (let word = 0; word < 8; word++)
    id += uint32At(key, counter + word)
      .toString(16)
      .padStart(8, "0");
  return { id, state: { ...state, prng: { key, counter: counter + 8 } } };
}

function runSandbox(start: RuntimeState, id: number, config: SandboxConfig, moment: Moment): Outcome<RuntimeState> {
  const { state, id: sandboxId } = draw64(start);
  const delayMillis = durationOf(state, "RunPodSandbox", config);
  const address = config.isHostNetwork ? { ip: state.settings.node.ip, nextHost: state.nextHost } : nextAddress(state);
  const view: SandboxView = {
    id: sandboxId,
    uid: config.uid,
    name: config.name,
    namespace: config.namespace,
    attempt: config.attempt,
    ip: address.ip,
    state: "ready",
    createdAt: moment.now + delayMillis,
  };
  const former = values(state.sandboxes).find((it) => it.view.uid === config.uid);
  const sandbox: Sandbox = { view, config, volumes: former?.volumes ?? volumesOf(config.volumes, moment.now) };
  const next = { ...state, nextHost: address.nextHost, sandboxes: set(state.sandboxes, sandboxId, sandbox) };
  const message = { kind: "cri-reply", id, reply: { kind: "sandbox", sandbox: view } };
  return { state: next, effects: [{ kind: "send", to: moment.from, message, delayMillis }] };
}

/** The next address of the node's range; host-local gives them in turn and comes back to the beginning. */
function nextAddress(state: RuntimeState): { readonly ip: string; readonly nextHost: number } {
  const first = parseCidr(state.settings.node.podCidr)?.first ?? 0;
  const used = new Set<string>();
  forEach(state.sandboxes, (sandbox) => {
    if (sandbox.view.state === "ready") used.add(sandbox.view.ip);
  });
  let host = state.nextHost;
  for (let tries = 0; tries < 253 && used.has(formatIpv4(first + host)); tries++) host = host >= 254 ? 2 : host + 1;
  return { ip: formatIpv4(first + host), nextHost: host >= 254 ? 2 : host + 1 };
}

/** New contents of a volume. What is mounted by subPath keeps its old file in life; not modelled: it is new here at the next start. */
function updateVolume(
  state: RuntimeState,
  id: number,
  call: Extract<CriCall, { readonly call: "UpdateVolume" }>,
  moment: Moment,
): Outcome<RuntimeState> {
  const sandbox = get(state.sandboxes, call.sandbox);
  const effects = [reply(moment.from, id, { kind: "ok" })];
  if (sandbox === undefined) return { state, effects };
  const volumes = set(sandbox.volumes, call.volume.name, volumeOf(call.volume, moment.now));
  return { state: { ...state, sandboxes: set(state.sandboxes, call.sandbox, { ...sandbox, volumes }) }, effects };
}

/** Kills what still runs, gives the address back, and forgets nothing yet. */
function stopSandbox(start: RuntimeState, id: number, sandboxId: string, moment: Moment): Outcome<RuntimeState> {
  let state = start;
  const effects: Effect[] = [];
  for (const container of values(start.containers)) {
    if (container.view.sandbox !== sandboxId || container.main === undefined) continue;
    const killed = settle(
      state,
      { ...container, main: { kind: "exited", pid: 1, code: 137, isStarved: false } },
      moment,
    );
    state = killed.state;
    effects.push(...killed.effects);
  }
  const sandbox = get(state.sandboxes, sandboxId);
  if (sandbox === undefined) return { state, effects: [...effects, reply(moment.from, id, { kind: "ok" })] };
  const wasReady = sandbox.view.state === "ready";
  const view: SandboxView = { ...sandbox.view, state: "notready" };
  const delayMillis = wasReady ? durationOf(state, "StopPodSandbox", sandbox.config) : 0;
  effects.push({
    kind: "send",
    to: moment.from,
    message: { kind: "cri-reply", id, reply: { kind: "sandbox", sandbox: view } },
    delayMillis,
  });
  return { state: { ...state, sandboxes: set(state.sandboxes, sandboxId, { ...sandbox, view }) }, effects };
}

function removeSandbox(state: RuntimeState, id: number, sandboxId: string, moment: Moment): Outcome<RuntimeState> {
  let { containers } = state;
  for (const container of values(containers))
    if (container.view.sandbox === sandboxId) containers = remove(containers, container.view.id);
  const effects = [reply(moment.from, id, { kind: "ok" })];
  return { state: { ...state, containers, sandboxes: remove(state.sandboxes, sandboxId) }, effects };
}

function pull(state: RuntimeState, id: number, name: string, moment: Moment): Outcome<RuntimeState> {
  const full = fullImageName(name);
  const count = get(state.pulls, full) ?? 0;
  const recorded = state.settings.recordedPulls?.[name];
  const known = recorded?.[Math.min(count, recorded.length - 1)];
  const counted = { ...state, pulls: set(state.pulls, full, count + 1) };
  const result = pulled(state, name, { known, full });
  const delayMillis = result.kind === "pulled" ? result.pullMillis : (known?.millis ?? FAILED_PULL_MILLIS);
  const next = result.kind === "pulled" ? { ...counted, images: set(counted.images, full, result.image) } : counted;
  return {
    state: next,
    effects: [{ kind: "send", to: moment.from, message: { kind: "cri-reply", id, reply: result }, delayMillis }],
  };
}

type PullResult = Extract<CriReply, { readonly kind: "pulled" | "error" }>;

/** What comes of a pull: a fault, the recording, or the catalogue decides. */
function pulled(
  state: RuntimeState,
  name: string,
  { known, full }: { readonly known: RecordedPull | undefined; readonly full: string },
): PullResult {
  const image = imageNamed(name, state.settings.aliases ?? {});
  const problem = get(state.brokenImages, full) ?? known?.problem;
  if (image === undefined || problem !== undefined)
    return { kind: "error", reason: "ErrImagePull", message: problem ?? pullProblem(name) };
  const view = imageView(name, image);
  const sizeBytes = known?.sizeBytes ?? view.sizeBytes;
  return { kind: "pulled", image: { ...view, sizeBytes }, pullMillis: known?.millis ?? pullMillis(image) };
}

/** How soon a registry that cannot be found is given up. Source: golden/i-kubelet-writes/g14. */
const FAILED_PULL_MILLIS: Millis = 10;

function create(
  start: RuntimeState,
  id: number,
  call: Extract<CriCall, { readonly call: "CreateContainer" }>,
  moment: Moment,
): Outcome<RuntimeState> {
  const { config } = call;
  const image = imageNamed(config.image, start.settings.aliases ?? {});
  const sandbox = get(start.sandboxes, call.sandbox);
  if (image === undefined || sandbox === undefined) {
    const message = `failed to create container: image "${config.image}" or sandbox "${call.sandbox}" not found`;
    return {
      state: start,
      effects: [reply(moment.from, id, { kind: "error", reason: "CreateContainerError", message })],
    };
  }
  const { state, id: containerId } = draw64(start);
  const view = newView(containerId, { config, sandbox, image: imageView(config.image, image), now: moment.now });
  const environment = [
    ...Object.entries(image.environment),
    ["HOSTNAME", sandbox.config.hostname] as const,
    ...config.environment,
  ];
  const workingDirectory = config.workingDirectory === "" ? image.workingDirectory : config.workingDirectory;
  const container: Container = {
    view,
    config: { ...config, environment: withHome(environment), workingDirectory },
    image,
    servers: configuredServers(image.servers, environment),
    root: filesOf({ ...image.files, ...systemFiles(sandbox) }, moment.now),
    main: undefined,
    commands: [],
    log: [],
    logCount: 0,
    chance: uint32At(state.prng.key, state.prng.counter),
    nextPid: 7,
    hasStarved: false,
    stopping: undefined,
  };
  const message = { kind: "cri-reply", id, reply: { kind: "container", container: view } };
  const delayMillis = durationOf(state, "CreateContainer", view);
  return { state: withContainer(state, container), effects: [{ kind: "send", to: moment.from, message, delayMillis }] };
}

function newView(
  id: string,
  of: {
    readonly config: ContainerConfig;
    readonly sandbox: Sandbox;
    readonly image: { readonly reference: string; readonly id: string };
    readonly now: Millis;
  },
): ContainerView {
  return {
    id,
    sandbox: of.sandbox.view.id,
    uid: of.sandbox.view.uid,
    name: of.config.name,
    attempt: of.config.attempt,
    image: of.image.reference,
    imageId: of.image.id,
    state: "created",
    createdAt: of.now,
    startedAt: undefined,
    finishedAt: undefined,
    exitCode: 0,
    reason: "",
    message: "",
    memoryLimitBytes: of.config.memoryLimitBytes,
    cpuLimitMilli: of.config.cpuLimitMilli,
  };
}

function withHome(environment: readonly (readonly [string, string])[]): ContainerConfig["environment"] {
  return environment.some(([name]) => name === "HOME") ? environment : [...environment, ["HOME", "/root"]];
}

function configuredServers(
  servers: Readonly<Record<string, ServerProgram>>,
  environment: ContainerConfig["environment"],
): Readonly<Record<string, ServerProgram>> {
  return Object.fromEntries(Object.entries(servers).map(([name, program]) => [name, configured(program, environment)]));
}

function exec(
  state: RuntimeState,
  id: number,
  container: Container,
  run: { readonly command: readonly string[]; readonly timeoutMillis: Millis | undefined; readonly moment: Moment },
): Outcome<RuntimeState> {
  const { command, timeoutMillis, moment } = run;
  if (container.main === undefined) {
    const message =
      "rpc error: code = Unknown desc = failed to exec in container: container is in CONTAINER_EXITED state";
    return { state, effects: [reply(moment.from, id, { kind: "error", reason: "Exited", message })] };
  }
  let problem = "";
  const ran = inContainer(state, container, moment.now, (context) => {
    const launched = context.tools.launch(command, context.nextPid++, context);
    if (!("problem" in launched)) return launched;
    problem = `OCI runtime exec failed: exec failed: unable to start container process: exec: "${command[0] ?? ""}": executable file not found in $PATH`;
    return { kind: "exited", pid: 0, code: launched.code, isStarved: false };
  });
  if (problem !== "")
    return { state, effects: [reply(moment.from, id, { kind: "error", reason: "ExecFailed", message: problem })] };
  const entry = { call: id, caller: moment.from };
  if (ran.task.kind === "exited") {
    return {
      state: withContainer(ran.state, ran.container),
      effects: [commandReply(entry, ran.task, ran.context.log)],
    };
  }
  const until = timeoutMillis === undefined ? undefined : moment.now + timeoutMillis;
  const commands = [...ran.container.commands, { ...entry, task: ran.task, log: ran.context.log, until }];
  const next = { ...ran.container, commands };
  return { state: withContainer(ran.state, next), effects: wakeFor(next, moment.now) };
}
