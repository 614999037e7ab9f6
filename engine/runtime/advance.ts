import type { Millis } from "../kernel/process.ts";
import { get } from "../kernel/sorted-map.ts";
import { launch } from "./launch.ts";
import { advanceServer, serverNextAt, signalServer } from "./server.ts";
import { advanceShell, runShell, shellNextAt } from "./shell.ts";
import { codeOfSignal, type Context, exited, type ShellTask, type Task, type Tools } from "./task.ts";

/** How tasks go on and begin: what a context carries for the shell. */
export const TOOLS: Tools = { advance, signal, launch };

/** The next time after `now` at which the task changes by itself; undefined when it never does. */
export function nextAt(task: Task, now: Millis): Millis | undefined {
  switch (task.kind) {
    case "shell":
      return shellNextAt(task, (child) => nextAt(child, now));
    case "server":
      return serverNextAt(task, now);
    case "wait":
      return task.until;
    case "hog":
      return task.killedAt;
    case "exited":
      return undefined;
  }
}

/** The task as it is at the time of the context. */
export function advance(task: Task, context: Context): Task {
  switch (task.kind) {
    case "shell":
      return advanceShell(task, context);
    case "server":
      return advanceServer(task, context);
    case "wait":
      return task.until !== undefined && task.until <= context.now ? exited(task.pid, task.exitCode) : task;
    case "hog":
      if (task.killedAt === undefined || task.killedAt > context.now) return task;
      context.hasStarved = true;
      context.log.push({ at: context.now, stream: "stderr", text: "Killed" });
      return exited(task.pid, 137, true);
    case "exited":
      return task;
  }
}

/** Sends a signal to a task. PID 1 of a namespace gets only what it has a handler for, and KILL from outside. Source: pid_namespaces(7). */
export function signal(task: Task, name: string, context: Context, isInit: boolean): Task {
  if (task.kind === "exited" || name === "CHLD" || name === "WINCH") return task;
  if (name === "KILL") return exited(task.pid, 137);
  if (task.kind === "server") return signalServer(task, name, { isInit, now: context.now });
  if (task.kind === "shell") return signalShell(task, name, context, isInit);
  return isInit ? task : exited(task.pid, codeOfSignal(name));
}

function signalShell(shell: ShellTask, name: string, context: Context, isInit: boolean): Task {
  const trap = get(shell.traps, name);
  if (trap === "") return shell;
  if (trap === undefined || trap.startsWith("\u0000")) return isInit ? shell : exited(shell.pid, codeOfSignal(name));
  const { child } = shell;
  const told = { ...shell, pending: [...shell.pending, name] };
  if (child === undefined) return runShell(told, context);
  if (shell.waiting !== undefined) {
    const background = [child, ...shell.background];
    return runShell({ ...told, child: undefined, waiting: undefined, background, status: codeOfSignal(name) }, context);
  }
  if (child.kind !== "wait" || child.periodMillis === undefined) return told;
  const rounds = Math.floor((context.now - child.since) / child.periodMillis) + 1;
  return { ...told, child: { ...child, until: child.since + rounds * child.periodMillis } };
}
