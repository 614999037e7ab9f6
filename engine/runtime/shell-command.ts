import { get, set } from "../kernel/sorted-map.ts";
import { APPLETS, type Call, linesOf, type Printed } from "./applets.ts";
import type { LogLine } from "./cri.ts";
import { fieldsOf, joined } from "./expand.ts";
import { absolutePath, fileAt, isDirectory, withFile, writeProblem } from "./file-system.ts";
import { parseScript } from "./shell-parser.ts";
import type { Redirect, Syntax } from "./shell-syntax.ts";
import { type Context, exited, type LaunchProblem, type ShellTask, signalNamed, type Task, within } from "./task.ts";

type Simple = Extract<Syntax, { readonly kind: "simple" }>;

/** Runs a simple command or a pipeline. What takes time becomes the shell's child. */
export function runSimple(
  shell: ShellTask,
  node: Simple | Extract<Syntax, { readonly kind: "pipeline" }>,
  context: Context,
): Task {
  if (node.kind === "pipeline") return runPipeline(shell, node.commands, context);
  const substitute = (source: string): string => substituted(shell, source, context);
  const words = node.words.flatMap((word) => fieldsOf(shell, context, word, substitute));
  if (words.length === 0) return assign(shell, node, context);
  return builtIn(shell, words, context) ?? external(shell, { words, node, stdin: "" }, context);
}

function assign(shell: ShellTask, node: Simple, context: Context): ShellTask {
  let status = 0;
  let variables = shell.variables;
  for (const { name, value } of node.assignments) {
    const text = joined({ ...shell, variables }, value, (source) => {
      const result = capture(shell, source, context);
      status = result.code;
      return result.stdout;
    });
    variables = set(variables, name, text);
  }
  for (const redirect of node.redirects) write(shell, context, redirect, "");
  return { ...shell, variables, status };
}

/** What only the shell itself can do. */
function builtIn(shell: ShellTask, words: readonly string[], context: Context): Task | undefined {
  const [name, first, second] = words;
  switch (name) {
    case "exit":
      return { ...shell, frames: [], status: first === undefined ? shell.status : Number(first) & 255 };
    case "trap":
      return setTrap(shell, words);
    case "cd":
      return { ...shell, workingDirectory: absolutePath(shell.workingDirectory, first ?? "/root"), status: 0 };
    case "export":
      return exportVariables(shell, words.slice(1));
    case "set":
      return setOptions(shell, words.slice(1));
    case "shift":
    case "unset":
    case "ulimit":
      return { ...shell, status: 0 };
    case "wait":
      return waitForBackground(shell, first);
    case "break":
      return leaveLoop(shell, false);
    case "continue":
      return leaveLoop(shell, true);
    case "exec":
      return first === undefined ? shell : replaced(shell, words.slice(1), context);
    case "kill":
      if (first !== undefined) return killOwn(shell, words, context);
      return { ...shell, status: second === undefined ? 1 : 0 };
    default:
      return undefined;
  }
}

function setTrap(shell: ShellTask, words: readonly string[]): ShellTask {
  const [, commands = "", ...signals] = words;
  let { traps } = shell;
  for (const signal of signals) {
    const name = signalNamed(signal);
    traps = set(traps, name, commands === "-" ? "\u0000default" : commands);
  }
  return { ...shell, traps, status: 0 };
}

function exportVariables(shell: ShellTask, words: readonly string[]): ShellTask {
  let { variables } = shell;
  for (const word of words) {
    const equals = word.indexOf("=");
    if (equals > 0) variables = set(variables, word.slice(0, equals), word.slice(equals + 1));
  }
  return { ...shell, variables, status: 0 };
}

/** Of the options only `-e` is heeded; `$-` holds it. */
function setOptions(shell: ShellTask, words: readonly string[]): ShellTask {
  let { variables } = shell;
  for (const word of words)
    if (/^[-+][a-z]*e/.test(word)) variables = set(variables, "-", word.startsWith("-") ? "e" : "");
  return { ...shell, variables, status: 0 };
}

/** `wait` for all background tasks, or `wait PID` for one. */
function waitForBackground(shell: ShellTask, pid: string | undefined): ShellTask {
  const child =
    pid === undefined
      ? shell.background.find((task) => task.kind !== "exited")
      : shell.background.find((task) => String(task.pid) === pid);
  if (child === undefined) return { ...shell, status: 0 };
  const background = shell.background.filter((task) => task !== child);
  if (child.kind === "exited") return { ...shell, background, status: child.code };
  return { ...shell, child, background, waiting: pid === undefined ? "all" : "one" };
}

function leaveLoop(shell: ShellTask, isAgain: boolean): ShellTask {
  const index = shell.frames.findLastIndex((frame) => frame.kind === "loop" || frame.kind === "for");
  return { ...shell, status: 0, frames: shell.frames.slice(0, isAgain ? index + 1 : Math.max(index, 0)) };
}

/** `exec`: the program takes the shell's place and its pid. */
function replaced(shell: ShellTask, words: readonly string[], context: Context): Task {
  const launched = started(shell, words, shell.pid, context);
  if ("problem" in launched) {
    context.log.push({ at: context.now, stream: "stderr", text: `sh: exec: line 0: ${words[0] ?? ""}: not found` });
    return exited(shell.pid, 127);
  }
  return launched;
}

/** A signal to a task in the background arrives at once; one to another process, the shell itself too, when the shell has to wait. */
function killOwn(shell: ShellTask, words: readonly string[], context: Context): ShellTask {
  const flag = words.find((word) => word.startsWith("-"))?.slice(1) ?? "TERM";
  const targets = words.slice(1).filter((word) => !word.startsWith("-"));
  if (targets.length > 0 && targets.every((word) => shell.background.some((task) => String(task.pid) === word))) {
    const background = shell.background.map((task) =>
      targets.includes(String(task.pid)) && flag !== "0"
        ? context.tools.signal(task, signalNamed(flag), context, false)
        : task,
    );
    return { ...shell, background, status: 0 };
  }
  const call: Call = { words, stdin: "", workingDirectory: shell.workingDirectory, environment: context.environment };
  const printed = APPLETS["kill"]?.(call, context);
  return { ...shell, status: printed?.code ?? 1 };
}

interface External {
  readonly words: readonly string[];
  readonly node: Simple;
  readonly stdin: string;
}

function external(shell: ShellTask, command: External, context: Context): Task {
  const { words, node } = command;
  const applet = APPLETS[baseName(words[0] ?? "")];
  if (applet !== undefined && !takesTime(words)) {
    const printed = printedBy(shell, command, context);
    redirected(shell, context, node.redirects, printed);
    return { ...shell, status: printed.code };
  }
  const launched = started(shell, words, context.nextPid++, context);
  if (!("problem" in launched))
    return launched.kind === "exited" ? { ...shell, status: launched.code } : { ...shell, child: launched };
  const printed = { code: launched.code, stdout: "", stderr: `sh: ${words[0] ?? ""}: ${launched.problem}\n` };
  redirected(shell, context, node.redirects, printed);
  return { ...shell, status: printed.code };
}

/** `tail -f` waits for ever, `tail /dev/zero` eats memory: launch.ts knows them. */
function takesTime(words: readonly string[]): boolean {
  return baseName(words[0] ?? "") === "tail" && (words.includes("-f") || words.includes("/dev/zero"));
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function started(shell: ShellTask, words: readonly string[], pid: number, context: Context): Task | LaunchProblem {
  const environment = environmentOf(shell, context);
  return within(context, { workingDirectory: shell.workingDirectory, environment }, (inner) =>
    inner.tools.launch(words, pid, inner),
  );
}

function environmentOf(shell: ShellTask, context: Context): Context["environment"] {
  return context.environment.map(([key, value]) => [key, get(shell.variables, key) ?? value] as const);
}

function printedBy(shell: ShellTask, command: External, context: Context): Printed {
  const name = baseName(command.words[0] ?? "");
  const input = command.node.redirects.find((redirect) => redirect.operator === "<");
  const substitute = (source: string): string => substituted(shell, source, context);
  const path =
    input === undefined ? undefined : absolutePath(shell.workingDirectory, joined(shell, input.target, substitute));
  const stdin = path === undefined ? command.stdin : (fileAt(context.disk, path)?.text ?? "");
  const environment = environmentOf(shell, context);
  const call: Call = { words: command.words, stdin, workingDirectory: shell.workingDirectory, environment };
  return APPLETS[name]?.(call, context) ?? { code: 127, stdout: "", stderr: `sh: ${name}: not found\n` };
}

/** Sends what was printed where the redirections say, else to the container's log. */
function redirected(shell: ShellTask, context: Context, redirects: readonly Redirect[], printed: Printed): void {
  const targets: { stdout: Redirect | "stdout" | "stderr"; stderr: Redirect | "stdout" | "stderr" } = {
    stdout: "stdout",
    stderr: "stderr",
  };
  for (const redirect of redirects) {
    if (redirect.operator === "<") continue;
    const name = redirect.descriptor === 2 ? "stderr" : "stdout";
    const other = redirect.operator === ">&" ? joined(shell, redirect.target, () => "") : undefined;
    targets[name] = other === undefined ? redirect : other === "2" ? targets.stderr : targets.stdout;
  }
  deliver(shell, context, targets.stdout, printed.stdout);
  deliver(shell, context, targets.stderr, printed.stderr);
}

function deliver(shell: ShellTask, context: Context, target: Redirect | "stdout" | "stderr", text: string): void {
  if (typeof target !== "string") write(shell, context, target, text);
  else for (const line of linesOf(text)) context.log.push({ at: context.now, stream: target, text: line });
}

function write(shell: ShellTask, context: Context, redirect: Redirect, text: string): void {
  const name = joined(shell, redirect.target, (source) => substituted(shell, source, context));
  const path = absolutePath(shell.workingDirectory, name);
  if (path === "/dev/null") return;
  if (path === "/proc/1/fd/1" || path === "/dev/stdout" || path === "/dev/stderr") {
    deliver(shell, context, path === "/dev/stderr" ? "stderr" : "stdout", text);
    return;
  }
  const former = redirect.operator === ">>" ? (fileAt(context.disk, path)?.text ?? "") : "";
  const whole = former + text;
  if (isDirectory(context.disk, path)) return;
  const problem = writeProblem(context.disk, path, whole.length);
  if (problem === undefined) {
    context.disk = withFile(context.disk, path, {
      text: whole,
      sizeBytes: whole.length,
      modifiedAt: context.now,
      isDirectory: false,
    });
  } else deliver(shell, context, "stderr", `sh: can't create ${name}: ${problem}\n`);
}

/** Commands joined by pipes: each runs to its end, its output is the next one's input. */
function runPipeline(shell: ShellTask, commands: readonly Syntax[], context: Context): Task {
  let stdin = "";
  let status = 0;
  const substitute = (source: string): string => substituted(shell, source, context);
  commands.forEach((node, index) => {
    if (node.kind !== "simple") {
      const captured = captureNode(shell, node, context);
      stdin = captured.stdout;
      status = captured.code;
      return;
    }
    const words = node.words.flatMap((word) => fieldsOf(shell, context, word, substitute));
    const printed = printedBy(shell, { words, node, stdin }, context);
    const isLast = index === commands.length - 1;
    redirected(shell, context, isLast ? node.redirects : [], isLast ? printed : { ...printed, stdout: "" });
    stdin = printed.stdout;
    status = printed.code;
  });
  return { ...shell, status };
}

/** What a command substitution prints. Time does not pass in it: what would wait is cut off. */
export function substituted(shell: ShellTask, source: string, context: Context): string {
  return capture(shell, source, context).stdout;
}

function capture(shell: ShellTask, source: string, context: Context): Printed {
  const script = parseScript(source);
  return "problem" in script ? { code: 2, stdout: "", stderr: "" } : captureNode(shell, script, context);
}

function captureNode(shell: ShellTask, node: Syntax, context: Context): Printed {
  const log: LogLine[] = [];
  const inner: ShellTask = {
    ...shell,
    frames: [{ kind: "sequence", items: [node], index: 0 }],
    child: undefined,
    waiting: undefined,
    pending: [],
    traps: null,
  };
  const task = within(context, { log }, (quiet) => quiet.tools.advance(inner, quiet));
  for (const line of log) if (line.stream === "stderr") context.log.push(line);
  const stdout = log
    .filter((line) => line.stream === "stdout")
    .map((line) => `${line.text}\n`)
    .join("");
  return { code: task.kind === "exited" ? task.code : 0, stdout, stderr: "" };
}
