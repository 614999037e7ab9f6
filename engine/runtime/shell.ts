import { invariant } from "../kernel/invariant.ts";
import type { Millis } from "../kernel/process.ts";
import { get, set } from "../kernel/sorted-map.ts";
import { fieldsOf, joined, patternOf } from "./expand.ts";
import { runSimple, substituted } from "./shell-command.ts";
import { parseScript } from "./shell-parser.ts";
import type { Syntax } from "./shell-syntax.ts";
import { type Context, exited, type Frame, type ShellTask, type Task } from "./task.ts";

/** How many commands a shell may run without letting time pass: a loop that never sleeps is stopped there. */
export const SHELL_STEPS_MAX = 10_000;

/** A shell at the beginning of a script. A script that does not parse exits with 2, as busybox does. */
export function openShell(script: string, pid: number, context: Context): Task {
  const parsed = parseScript(script);
  if ("problem" in parsed) {
    context.log.push({ at: context.now, stream: "stderr", text: `sh: ${parsed.problem}` });
    return exited(pid, 2);
  }
  const variables = context.environment.reduce<ShellTask["variables"]>(
    (map, [name, value]) => set(map, name, value),
    null,
  );
  const shell: ShellTask = {
    kind: "shell",
    pid,
    frames: [{ kind: "sequence", items: [parsed], index: 0 }],
    variables,
    traps: null,
    status: 0,
    workingDirectory: context.workingDirectory,
    child: undefined,
    background: [],
    waiting: undefined,
    pending: [],
  };
  return runShell(shell, context);
}

/** When the shell or something that it started goes on by itself. */
export function shellNextAt(shell: ShellTask, nextAt: (task: Task) => Millis | undefined): Millis | undefined {
  let earliest = shell.child === undefined ? undefined : nextAt(shell.child);
  for (const task of shell.background) {
    const at = nextAt(task);
    if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
  }
  return earliest;
}

/** Lets time pass for the children, then works on until the shell has to wait again or is over. */
export function advanceShell(shell: ShellTask, context: Context): Task {
  const background = shell.background
    .map((task) => context.tools.advance(task, context))
    .filter((task) => task.kind !== "exited");
  const child = shell.child === undefined ? undefined : context.tools.advance(shell.child, context);
  const next = { ...shell, background, child };
  return child !== undefined && child.kind !== "exited" ? next : runShell(afterChild(next), context);
}

function afterChild(shell: ShellTask): Task {
  const { child, waiting } = shell;
  if (child === undefined || child.kind !== "exited") return shell;
  if (waiting !== "all") return checked({ ...shell, child: undefined, waiting: undefined, status: child.code });
  const [next, ...background] = shell.background;
  return next === undefined
    ? { ...shell, child: undefined, waiting: undefined, status: 0 }
    : { ...shell, child: next, background };
}

/** With `set -e` a command that fails ends the shell, unless it is a condition. Source: POSIX sh, set -e. */
function checked(shell: Task): Task {
  if (shell.kind !== "shell" || shell.child !== undefined || shell.status === 0) return shell;
  if (!(get(shell.variables, "-") ?? "").includes("e")) return shell;
  return shell.frames.some((frame) => isCondition(frame)) ? shell : { ...shell, frames: [] };
}

function isCondition(frame: Frame): boolean {
  return frame.kind === "loop" ? !frame.isInBody : ["if", "and", "or", "not"].includes(frame.kind);
}

/** Runs commands until one takes time, or none is left. */
export function runShell(start: Task, context: Context): Task {
  let shell: Task = start;
  for (let steps = 0; steps < SHELL_STEPS_MAX; steps++) {
    if (shell.kind !== "shell") return shell;
    if (shell.child !== undefined) return shell;
    const [signal, ...pending] = shell.pending;
    if (signal !== undefined) shell = trapped({ ...shell, pending }, signal);
    else if (shell.frames.length > 0) shell = turn(shell, context);
    else if (hasTrap(shell, "EXIT")) shell = { ...trapped(shell, "EXIT"), traps: set(shell.traps, "EXIT", "") };
    else return exited(shell.pid, shell.status);
  }
  context.log.push({
    at: context.now,
    stream: "stderr",
    text: `sh: stopped: ${SHELL_STEPS_MAX} commands without waiting`,
  });
  return exited(start.pid, 1);
}

function hasTrap(shell: ShellTask, signal: string): boolean {
  const commands = get(shell.traps, signal) ?? "";
  return commands !== "" && !commands.startsWith("\u0000");
}

/** Begins the commands of a trap. */
function trapped(shell: ShellTask, signal: string): ShellTask {
  const script = parseScript(get(shell.traps, signal) ?? "");
  const items = "problem" in script ? [] : [script];
  const frames: readonly Frame[] = [
    ...shell.frames,
    { kind: "trap", status: shell.status },
    { kind: "sequence", items, index: 0 },
  ];
  return { ...shell, frames };
}

/** One move of the innermost frame. */
function turn(shell: ShellTask, context: Context): Task {
  const frame = shell.frames.at(-1);
  invariant(frame !== undefined, "a shell with work to do has a frame");
  const outer = { ...shell, frames: shell.frames.slice(0, -1) };
  switch (frame.kind) {
    case "sequence": {
      const item = frame.items[frame.index];
      if (item === undefined) return outer;
      const rest: readonly Frame[] = frame.index + 1 < frame.items.length ? [{ ...frame, index: frame.index + 1 }] : [];
      return enter({ ...outer, frames: [...outer.frames, ...rest] }, item, context);
    }
    case "if":
      return afterCondition(outer, frame, context);
    case "loop":
      return afterLoopPart(outer, frame, context);
    case "for":
      return nextRound(outer, frame, context);
    case "and":
      return outer.status === 0 ? enter(outer, frame.right, context) : outer;
    case "or":
      return outer.status === 0 ? outer : enter(outer, frame.right, context);
    case "not":
      return { ...outer, status: outer.status === 0 ? 1 : 0 };
    case "trap":
      return { ...outer, status: frame.status };
  }
}

function push(shell: ShellTask, ...frames: readonly Frame[]): ShellTask {
  return { ...shell, frames: [...shell.frames, ...frames] };
}

/** Begins a command. */
function enter(shell: ShellTask, node: Syntax, context: Context): Task {
  switch (node.kind) {
    case "simple":
    case "pipeline":
      return checked(runSimple(shell, node, context));
    case "list":
      return push(shell, { kind: "sequence", items: node.items, index: 0 });
    case "not":
      return enter(push(shell, { kind: "not" }), node.body, context);
    case "and":
    case "or":
      return enter(push(shell, { kind: node.kind, right: node.right }), node.left, context);
    case "if": {
      const first = node.branches[0];
      if (first === undefined) return shell;
      return enter(push(shell, { kind: "if", node, branch: 0 }), first.condition, context);
    }
    case "loop":
      return (
        idleLoop(shell, node, context) ??
        enter(push(shell, { kind: "loop", node, isInBody: false }), node.condition, context)
      );
    case "for": {
      const values = node.words.flatMap((word) =>
        fieldsOf(shell, context, word, (source) => substituted(shell, source, context)),
      );
      return push(shell, { kind: "for", node, values, index: 0 });
    }
    case "case":
      return matchCase(shell, node, context);
    case "subshell": {
      const child = subshell(shell, node.body, shell.pid, context);
      return child.kind === "exited" ? checked({ ...shell, status: child.code }) : { ...shell, child };
    }
    case "background": {
      const pid = context.nextPid++;
      const task = subshell(shell, node.body, pid, context);
      return {
        ...shell,
        variables: set(shell.variables, "!", String(pid)),
        status: 0,
        background: [...shell.background, task],
      };
    }
  }
}

/** A copy of the shell runs the commands: what it sets stays in it, and traps are not handed on. Source: POSIX sh, 2.12. */
function subshell(shell: ShellTask, body: Syntax, pid: number, context: Context): Task {
  return runShell(
    { ...shell, pid, frames: [{ kind: "sequence", items: [body], index: 0 }], background: [], traps: null },
    context,
  );
}

function matchCase(shell: ShellTask, node: Extract<Syntax, { readonly kind: "case" }>, context: Context): Task {
  const substitute = (source: string): string => substituted(shell, source, context);
  const text = joined(shell, node.word, substitute);
  for (const arm of node.arms) {
    if (arm.patterns.some((pattern) => patternOf(joined(shell, pattern, substitute)).test(text)))
      return enter(shell, arm.body, context);
  }
  return { ...shell, status: 0 };
}

function afterCondition(shell: ShellTask, frame: Extract<Frame, { readonly kind: "if" }>, context: Context): Task {
  const { node, branch } = frame;
  const chosen = node.branches[branch];
  if (shell.status === 0 && chosen !== undefined) return enter(shell, chosen.body, context);
  const next = node.branches[branch + 1];
  if (next !== undefined) return enter(push(shell, { ...frame, branch: branch + 1 }), next.condition, context);
  return node.otherwise === undefined ? { ...shell, status: 0 } : enter(shell, node.otherwise, context);
}

function afterLoopPart(shell: ShellTask, frame: Extract<Frame, { readonly kind: "loop" }>, context: Context): Task {
  const { node, isInBody } = frame;
  if (isInBody) return enter(push(shell, { ...frame, isInBody: false }), node.condition, context);
  if ((shell.status === 0) === node.isUntil) return { ...shell, status: 0 };
  return enter(push(shell, { ...frame, isInBody: true }), node.body, context);
}

function nextRound(shell: ShellTask, frame: Extract<Frame, { readonly kind: "for" }>, context: Context): Task {
  const value = frame.values[frame.index];
  if (value === undefined) return shell;
  const next = push(shell, { ...frame, index: frame.index + 1 });
  return enter({ ...next, variables: set(next.variables, frame.node.name, value) }, frame.node.body, context);
}

/** `while true; do sleep N; done` does nothing until a signal comes: one wait stands for all its rounds. */
function idleLoop(
  shell: ShellTask,
  node: Extract<Syntax, { readonly kind: "loop" }>,
  context: Context,
): Task | undefined {
  const condition = plainWords(node.condition);
  const body = plainWords(node.body);
  const isEndless =
    condition?.length === 1 &&
    (condition[0] === (node.isUntil ? "false" : "true") || (condition[0] === ":" && !node.isUntil));
  const seconds = body?.length === 2 && body[0] === "sleep" ? Number(body[1]) : Number.NaN;
  if (!isEndless || !(seconds > 0)) return undefined;
  const periodMillis = Math.max(1, Math.trunc(seconds * 1000));
  const child: Task = {
    kind: "wait",
    pid: context.nextPid++,
    until: undefined,
    exitCode: 0,
    periodMillis,
    since: context.now,
  };
  return { ...push(shell, { kind: "loop", node, isInBody: true }), child };
}

function plainWords(node: Syntax): readonly string[] | undefined {
  if (node.kind !== "simple" || node.assignments.length > 0 || node.redirects.length > 0) return undefined;
  const words: string[] = [];
  for (const word of node.words) {
    const [part] = word;
    if (word.length !== 1 || part?.kind !== "text") return undefined;
    words.push(part.text);
  }
  return words;
}
