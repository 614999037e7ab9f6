import { APPLETS, linesOf } from "./applets.ts";
import { fileAt } from "./file-system.ts";
import { openServer } from "./server.ts";
import { openShell } from "./shell.ts";
import { type Context, exited, type LaunchProblem, type ServerProgram, type Task } from "./task.ts";

const SHELLS: readonly string[] = ["sh", "bash", "ash", "dash"];

/** Starts a program in a container, or says why the kernel does not. */
export function launch(words: readonly string[], pid: number, context: Context): Task | LaunchProblem {
  const [path = "", ...args] = words;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const problem = programProblem(path, name, context);
  if (problem !== undefined) return problem;
  if (SHELLS.includes(name)) return launchShell(args, pid, context);
  const server = context.servers[name];
  if (server !== undefined) return openServer(withArguments(server, args), pid, context);
  const waiting = launchWait(name, args, pid, context);
  if (waiting !== undefined) return waiting;
  const call = {
    words: [name, ...args],
    stdin: "",
    workingDirectory: context.workingDirectory,
    environment: context.environment,
  };
  const printed = APPLETS[name]?.(call, context);
  if (printed === undefined) return exited(pid, 127);
  for (const text of linesOf(printed.stdout)) context.log.push({ at: context.now, stream: "stdout", text });
  for (const text of linesOf(printed.stderr)) context.log.push({ at: context.now, stream: "stderr", text });
  return exited(pid, printed.code);
}

/** Directories of programs. Source: the PATH of the recorded images. */
const PROGRAM_PATHS: readonly string[] = ["/bin/", "/usr/bin/", "/usr/local/bin/", "/sbin/", "/usr/sbin/"];

function programProblem(path: string, name: string, context: Context): LaunchProblem | undefined {
  const isKnown =
    SHELLS.includes(name) ||
    Object.hasOwn(APPLETS, name) ||
    Object.hasOwn(context.servers, name) ||
    WAITING.includes(name);
  const isAbsolute = path.includes("/");
  const isInPath = !isAbsolute || PROGRAM_PATHS.some((directory) => path === directory + name) || path === `/${name}`;
  if (isKnown && isInPath) return undefined;
  if (isAbsolute && (fileAt(context.disk, path) !== undefined || PLAIN_FILES.includes(path)))
    return { problem: "Permission denied", code: 126 };
  return { problem: "not found", code: 127 };
}

/** Files of every image that are no programs. */
const PLAIN_FILES: readonly string[] = ["/etc/passwd", "/etc/hosts", "/etc/resolv.conf", "/etc/group"];

const WAITING: readonly string[] = ["sleep", "tail", "pause", "yes"];

function launchShell(args: readonly string[], pid: number, context: Context): Task {
  const flag = args.findIndex((word) => word.startsWith("-") && word.includes("c"));
  const isStrict = args.slice(0, flag + 1).some((word) => /^-[a-z]*e/.test(word));
  if (flag >= 0) return openShell(`${isStrict ? "set -e\n" : ""}${args[flag + 1] ?? ""}`, pid, context);
  const script = args.find((word) => !word.startsWith("-"));
  if (script === undefined) return exited(pid, 0);
  return openShell(fileAt(context.disk, script)?.text ?? "", pid, context);
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function launchWait(name: string, args: readonly string[], pid: number, context: Context): Task | undefined {
  const wait = { kind: "wait", pid, exitCode: 0, periodMillis: undefined, since: context.now } as const;
  if (name === "pause") return { ...wait, until: undefined };
  if (name === "sleep") {
    if (args[0] === "infinity") return { ...wait, until: undefined };
    const total = args.reduce((sum, word) => sum + Number.parseFloat(word) * (SECONDS[word.slice(-1)] ?? 1), 0);
    return { ...wait, until: context.now + Math.trunc(total * 1000) };
  }
  if (name === "tail" && args.includes("/dev/zero")) return openHog(pid, context);
  if (name === "yes" || (name === "tail" && args.includes("-f"))) return { ...wait, until: undefined };
  return undefined;
}

/** How long a greedy process runs until the kernel kills it. Source: golden/g-kubelet/22-oom: 0.4 to 1.1 s. */
const HOG_MILLIS = 700;

function openHog(pid: number, context: Context): Task {
  return { kind: "hog", pid, killedAt: context.memoryLimitBytes === undefined ? undefined : context.now + HOG_MILLIS };
}

/** `httpd -p 8080 -h /srv`, `nginx`: the arguments that change what the server does. */
function withArguments(server: ServerProgram, args: readonly string[]): ServerProgram {
  const port = args.indexOf("-p");
  const root = args.indexOf("-h");
  const number = port < 0 ? Number.NaN : Number(args[port + 1]);
  return {
    ...server,
    ...(Number.isInteger(number) ? { ports: [{ port: number, protocol: server.ports[0]?.protocol ?? "http" }] } : {}),
    ...(root < 0 ? {} : { documentRoot: args[root + 1] }),
  };
}
