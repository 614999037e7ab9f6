import type { Effect, Millis } from "../kernel/process.ts";
import { forEach, get, set, type SortedMap } from "../kernel/sorted-map.ts";
import { TOOLS } from "./advance.ts";
import type { LogLine } from "./cri.ts";
import { type Disk, EMPTY_VOLUME, fileAt, usageOf, type Volume } from "./file-system.ts";
import { type Container, LOG_LINES_MAX, type RuntimeState, type Sandbox, sandboxOf } from "./state.ts";
import { signal } from "./advance.ts";
import type { Context, ServerTask, Task } from "./task.ts";

/** What a container's processes see now. */
export function contextFor(state: RuntimeState, container: Container, now: Millis): Context {
  const sandbox = sandboxOf(state, container);
  return {
    now,
    epochMillis: state.epochMillis,
    disk: diskOf(state, container, sandbox),
    log: [],
    environment: container.config.environment,
    workingDirectory: container.config.workingDirectory,
    hostname: sandbox?.config.hostname ?? "",
    memoryLimitBytes: container.view.memoryLimitBytes,
    chance: container.chance,
    takenPorts: takenPorts(state, container, now),
    servers: container.servers,
    processes: processesOf(container),
    nextPid: container.nextPid,
    hasReadClock: false,
    hasStarved: false,
    sent: [],
    tools: TOOLS,
  };
}

function diskOf(state: RuntimeState, container: Container, sandbox: Sandbox | undefined): Disk {
  let volumes = sandbox?.volumes ?? null;
  for (const content of sandbox?.config.volumes ?? []) {
    if (content.hostPath !== undefined)
      volumes = set(volumes, content.name, get(state.hostVolumes, content.hostPath) ?? EMPTY_VOLUME);
  }
  return { root: container.root, volumes, mounts: container.config.mounts };
}

/** Ports that servers of other containers in the same network namespace listen on. */
function takenPorts(state: RuntimeState, container: Container, now: Millis): readonly number[] {
  const own = sandboxOf(state, container);
  const ports: number[] = [];
  forEach(state.containers, (other) => {
    if (other.main === undefined || other.view.id === container.view.id) return;
    const sandbox = sandboxOf(state, other);
    if (sandbox === undefined || own === undefined || sandbox.view.ip !== own.view.ip) return;
    for (const task of serversIn(other.main))
      if (now >= task.listensAt) ports.push(...task.program.ports.map((it) => it.port));
  });
  return ports;
}

/** The servers among a task and what it has started. */
export function serversIn(task: Task | undefined): readonly ServerTask[] {
  if (task === undefined) return [];
  if (task.kind === "server") return [task];
  if (task.kind !== "shell") return [];
  return [...serversIn(task.child), ...task.background.flatMap((child) => serversIn(child))];
}

/** The task with every server in it changed. */
export function withServers(task: Task, change: (server: ServerTask) => Task): Task {
  if (task.kind === "server") return change(task);
  if (task.kind !== "shell") return task;
  const child = task.child === undefined ? undefined : withServers(task.child, change);
  return { ...task, child, background: task.background.map((it) => withServers(it, change)) };
}

function processesOf(container: Container): readonly { readonly pid: number; readonly command: string }[] {
  const found: { readonly pid: number; readonly command: string }[] = [];
  const collect = (task: Task | undefined, words: string): void => {
    if (task === undefined || task.kind === "exited") return;
    found.push({ pid: task.pid, command: task.kind === "server" ? task.program.name : words });
    if (task.kind !== "shell") return;
    collect(task.child, "sleep");
    for (const child of task.background) collect(child, words);
  };
  const { command, args } = container.config;
  const words =
    command.length > 0 || args.length > 0
      ? [...command, ...args]
      : [...container.image.entrypoint, ...container.image.command];
  collect(container.main, words.join(" "));
  return found;
}

/** Runs something in a container and keeps what it did to the disk, the log and the other processes. */
export function inContainer(
  state: RuntimeState,
  container: Container,
  now: Millis,
  run: (context: Context) => Task,
): { readonly state: RuntimeState; readonly container: Container; readonly task: Task; readonly context: Context } {
  const context = contextFor(state, container, now);
  const task = run(context);
  const kept = withDisk(state, container, context.disk);
  const changed: Container = {
    ...container,
    root: context.disk.root,
    nextPid: context.nextPid,
    hasStarved: container.hasStarved || context.hasStarved,
  };
  return { state: kept, container: changed, task, context };
}

function withDisk(state: RuntimeState, container: Container, disk: Disk): RuntimeState {
  const sandbox = sandboxOf(state, container);
  if (sandbox === undefined) return state;
  let { hostVolumes } = state;
  let volumes: SortedMap<string, Volume> = sandbox.volumes;
  forEach(disk.volumes, (volume, name) => {
    const path = sandbox.config.volumes.find((content) => content.name === name)?.hostPath;
    if (path === undefined) volumes = set(volumes, name, volume);
    else hostVolumes = set(hostVolumes, path, volume);
  });
  if (volumes === sandbox.volumes && hostVolumes === state.hostVolumes) return state;
  const sandboxes = set(state.sandboxes, sandbox.view.id, { ...sandbox, volumes });
  return { ...state, sandboxes, hostVolumes };
}

/** Tells of volumes and container layers that have come to hold more than they may. */
export function excesses(before: RuntimeState, state: RuntimeState, container: Container): readonly Effect[] {
  const sandbox = sandboxOf(state, container);
  const former = sandboxOf(before, container);
  if (sandbox === undefined) return [];
  const tell = (volume: string | undefined): Effect => ({
    kind: "send",
    to: state.settings.kubelet,
    message: { kind: "over-limit", uid: sandbox.view.uid, volume },
  });
  const effects: Effect[] = [];
  forEach(sandbox.volumes, (volume, name) => {
    const { sizeLimitBytes, isInMemory, files } = volume;
    if (sizeLimitBytes === undefined || isInMemory || files === get(former?.volumes ?? null, name)?.files) return;
    if (usageOf(files) > sizeLimitBytes) effects.push(tell(name));
  });
  const limit = container.config.storageLimitBytes;
  const old = get(before.containers, container.view.id)?.root;
  if (limit !== undefined && container.root !== old && usageOf(container.root) > limit) effects.push(tell(undefined));
  return effects;
}

/** PID 1 after the signals that its own processes sent. */
export function afterSignals(task: Task, context: Context, isInit: boolean): Task {
  let next = task;
  for (const { pid, signal: name } of context.sent) {
    if (pid === 1 || pid === next.pid) next = signal(next, name.toUpperCase().replace(/^SIG/, ""), context, isInit);
  }
  return next;
}

export function withLog(container: Container, lines: readonly LogLine[]): Container {
  if (lines.length === 0) return container;
  const log = [...container.log, ...lines].slice(-LOG_LINES_MAX);
  return { ...container, log, logCount: container.logCount + lines.length };
}

/** What the container says about its end. Source: kubelet docs, terminationMessagePath: at most 4096 bytes; of the log 80 lines or 2048 bytes. */
export function lastWords(state: RuntimeState, container: Container, exitCode: number): string {
  const disk = diskOf(state, container, sandboxOf(state, container));
  const written = fileAt(disk, container.config.terminationMessagePath)?.text.slice(-4096) ?? "";
  if (written !== "" || exitCode === 0 || !container.config.isFallbackToLogs) return written;
  return container.log
    .slice(-80)
    .map((line) => `${line.text}\n`)
    .join("")
    .slice(-2048);
}
