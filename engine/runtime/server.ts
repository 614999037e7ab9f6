import { uint32At } from "../kernel/prng.ts";
import type { Millis } from "../kernel/process.ts";
import { forEach, get, set } from "../kernel/sorted-map.ts";
import type { Answer, Exchange } from "../network/exchange.ts";
import { absolutePath, type Disk, fileAt, isDirectory, withFile } from "./file-system.ts";
import {
  type Context,
  exited,
  type HttpPath,
  type Range,
  type ServerProgram,
  type ServerTask,
  type Task,
} from "./task.ts";

/** Which draw of the container's stream decides what. */
const DRAWS = { listen: 1, ready: 2, hang: 3, exit: 4 } as const;

/** Starts a server: it draws its timetable now, and keeps to it. */
export function openServer(program: ServerProgram, pid: number, context: Context): Task {
  const taken = program.ports.find(({ port }) => context.takenPorts.includes(port));
  if (taken !== undefined) {
    context.log.push({ at: context.now, stream: "stderr", text: `${program.name}: bind: Address already in use` });
    return exited(pid, 1);
  }
  const { now, chance } = context;
  const listensAt = now + drawn(program.listenMillis, chance, DRAWS.listen);
  const readyAt = listensAt + drawn(program.readyMillis, chance, DRAWS.ready);
  for (const text of program.logLines) context.log.push({ at: now, stream: "stdout", text });
  return {
    kind: "server",
    pid,
    program,
    startedAt: now,
    listensAt,
    readyAt,
    hangsAt: after(readyAt, program.hangAfterMillis, chance, DRAWS.hang),
    exitsAt: after(readyAt, program.exitAfterMillis, chance, DRAWS.exit),
    exitCode: program.exitCode,
    starvesAt: starvation(program, context),
    condition: "well",
    slownessMillis: 0,
    dependencies: null,
    drainsUntil: undefined,
    // A program that is ready at once beats a moment later: only what lies ahead is woken for.
    nextBeatAt: program.heartbeat === undefined ? undefined : Math.max(readyAt, now + 1),
  };
}

function drawn(range: Range, chance: number, draw: number): Millis {
  const width = range.to - range.from + 1;
  return range.from + Math.floor((uint32At(chance, draw) / 0x1_0000_0000) * width);
}

function after(at: Millis, range: Range | undefined, chance: number, draw: number): Millis | undefined {
  return range === undefined ? undefined : at + drawn(range, chance, draw);
}

function starvation(program: ServerProgram, context: Context): Millis | undefined {
  const limit = context.memoryLimitBytes;
  if (limit === undefined) return undefined;
  if (program.memoryBytes > limit) return context.now + STARVING_MILLIS;
  if (program.leakBytesPerSecond <= 0) return undefined;
  return context.now + Math.ceil(((limit - program.memoryBytes) * 1000) / program.leakBytesPerSecond);
}

/** How long a program runs until the kernel kills it, when it needs more memory than it may have from the start. */
const STARVING_MILLIS: Millis = 300;

/** When the server does something by itself that others can notice. */
export function serverNextAt(server: ServerTask, now: Millis): Millis | undefined {
  const times = [
    server.listensAt,
    server.readyAt,
    server.hangsAt,
    server.exitsAt,
    server.starvesAt,
    server.drainsUntil,
    server.nextBeatAt,
  ];
  let earliest: Millis | undefined;
  for (const at of times) if (at !== undefined && at > now && (earliest === undefined || at < earliest)) earliest = at;
  return earliest;
}

export function advanceServer(server: ServerTask, context: Context): Task {
  const { now } = context;
  if (server.starvesAt !== undefined && server.starvesAt <= now) {
    context.hasStarved = true;
    return exited(server.pid, 137, true);
  }
  if (server.drainsUntil !== undefined && server.drainsUntil <= now) return exited(server.pid, server.exitCode);
  if (server.exitsAt !== undefined && server.exitsAt <= now) return exited(server.pid, server.program.exitCode);
  return beaten(server, context);
}

/** Touches the heartbeat file while all is well. */
function beaten(server: ServerTask, context: Context): ServerTask {
  const { heartbeat } = server.program;
  if (heartbeat === undefined || server.nextBeatAt === undefined || server.nextBeatAt > context.now) return server;
  if (conditionAt(server, context.now) !== "well") return { ...server, nextBeatAt: undefined };
  const file = { text: "", sizeBytes: 0, modifiedAt: context.now, isDirectory: false };
  context.disk = withFile(context.disk, heartbeat.path, file);
  return { ...server, nextBeatAt: context.now + heartbeat.everyMillis };
}

function conditionAt(server: ServerTask, now: Millis): ServerTask["condition"] {
  if (server.condition !== "well") return server.condition;
  return server.hangsAt !== undefined && server.hangsAt <= now ? "hung" : "well";
}

/** Whether the server listens on the port at that time. */
export function listensOn(server: ServerTask, port: number, now: Millis): boolean {
  return (
    now >= server.listensAt && server.condition !== "closed" && server.program.ports.some((it) => it.port === port)
  );
}

/**
 * What a client gets that asks now: a function of the server's state, the time and the request, and of nothing else. It stays the same
 * until `serverNextAt`, until a fault, and until a dependency changes.
 */
export function answerOf(server: ServerTask, disk: Disk, exchange: Exchange, now: Millis): Answer {
  if (!listensOn(server, exchange.port, now)) return { kind: "refused" };
  const condition = conditionAt(server, now);
  const latencyMillis = server.program.latencyMillis + server.slownessMillis;
  const protocol = server.program.ports.find((it) => it.port === exchange.port)?.protocol;
  if (exchange.kind === "tcp") return { kind: "accepted", latencyMillis: 0 };
  if (condition === "hung") return { kind: "silent" };
  if (exchange.kind !== protocol) return { kind: "silent" };
  if (exchange.kind === "grpc") return grpcAnswer(server, exchange.service, { condition, now, latencyMillis });
  return httpAnswer(server, disk, exchange.path, { condition, now, latencyMillis });
}

interface Circumstances {
  readonly condition: ServerTask["condition"];
  readonly now: Millis;
  readonly latencyMillis: Millis;
}

function grpcAnswer(server: ServerTask, service: string, { condition, now, latencyMillis }: Circumstances): Answer {
  if (!server.program.isGrpcHealthServed) return { kind: "grpc", status: "UNIMPLEMENTED", latencyMillis };
  if (service !== "" && server.program.paths[service] === undefined)
    return { kind: "grpc", status: "SERVICE_UNKNOWN", latencyMillis };
  const isServing = condition === "well" && now >= server.readyAt && areDependenciesWell(server);
  return { kind: "grpc", status: isServing ? "SERVING" : "NOT_SERVING", latencyMillis };
}

function httpAnswer(server: ServerTask, disk: Disk, path: string, circumstances: Circumstances): Answer {
  const { condition, now, latencyMillis } = circumstances;
  const plain = path.split("?")[0] ?? path;
  const known = server.program.paths[plain];
  if (condition === "broken" && known?.isAlwaysWell !== true) return { kind: "http", status: 500, latencyMillis };
  if (known !== undefined) return pathAnswer(server, known, { condition, now, latencyMillis });
  const { documentRoot, otherStatus } = server.program;
  if (documentRoot === undefined)
    return { kind: "http", status: now < server.readyAt ? 503 : otherStatus, latencyMillis };
  const file = served(disk, documentRoot, plain);
  if (file === undefined) return { kind: "http", status: 404, latencyMillis };
  return { kind: "http", status: 200, latencyMillis, body: file };
}

function served(disk: Disk, documentRoot: string, path: string): string | undefined {
  const absolute = absolutePath(documentRoot, `.${path}`);
  const name =
    isDirectory(disk, absolute) || absolute === documentRoot ? absolutePath(absolute, "index.html") : absolute;
  const file = fileAt(disk, name);
  return file === undefined || file.isDirectory ? undefined : file.text;
}

function pathAnswer(server: ServerTask, path: HttpPath, { now, latencyMillis }: Circumstances): Answer {
  const isReady = now >= server.readyAt || path.isAlwaysWell === true;
  const isWell = path.isDependent !== true || areDependenciesWell(server);
  const status = isReady && isWell ? path.status : 503;
  const slowest = path.isDependent === true ? dependencyLatency(server) : 0;
  return {
    kind: "http",
    status,
    latencyMillis: latencyMillis + (path.latencyMillis ?? 0) + slowest,
    ...(path.body === undefined || status !== path.status ? {} : { body: path.body }),
    ...(path.location === undefined ? {} : { location: path.location }),
  };
}

function areDependenciesWell(server: ServerTask): boolean {
  return server.program.dependencies.every((name) => {
    const answer = get(server.dependencies, name);
    return answer !== undefined && (answer.kind === "accepted" || (answer.kind === "http" && answer.status < 400));
  });
}

/** A call to a dependency that is gone is given up after this time. A choice of this model: a usual connect timeout of a driver. */
export const DEPENDENCY_TIMEOUT_MILLIS: Millis = 500;

function dependencyLatency(server: ServerTask): Millis {
  let longest: Millis = 0;
  forEach(server.dependencies, (answer) => {
    const took =
      "latencyMillis" in answer ? answer.latencyMillis : answer.kind === "refused" ? 0 : DEPENDENCY_TIMEOUT_MILLIS;
    if (took > longest) longest = took;
  });
  return longest;
}

/** The server after it learned what a dependency answers. */
export function withDependency(server: ServerTask, name: string, answer: Answer): ServerTask {
  return { ...server, dependencies: set(server.dependencies, name, answer) };
}

/** What the server does when a signal comes; PID 1 ignores what it has no handler for. Source: pid_namespaces(7). */
export function signalServer(
  server: ServerTask,
  signal: string,
  rule: { readonly isInit: boolean; readonly now: Millis },
): Task {
  if (signal === "KILL") return exited(server.pid, 137);
  const action = server.program.signals[signal];
  if (action === undefined)
    return rule.isInit ? server : exited(server.pid, 128 + (signal === "TERM" ? 15 : signal === "QUIT" ? 3 : 2));
  if (action.kind === "ignore") return server;
  if (conditionAt(server, rule.now) === "hung") return server;
  if (action.drainMillis === 0) return exited(server.pid, action.code);
  return { ...server, drainsUntil: server.drainsUntil ?? rule.now + action.drainMillis, exitCode: action.code };
}
