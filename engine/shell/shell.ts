import type { Command, CommandAnswer, CommandAsk, Invocation } from "../client/command.ts";
import type { Tool, Tools } from "./tool.ts";
import { parseLine, type Part, type Redirection, type Simple, type Word } from "./grammar.ts";

/** What a shell returns for a word that is no command. Source: POSIX.1-2024, 2.8.2 Exit Status for Commands. */
const NOT_FOUND_EXIT_CODE = 127;

/** A line of shell input as one command: it runs the line's pipelines with the given tools, one after another. */
export function* shell(line: string, invocation: Invocation, tools: Tools): Command {
  const parsed = parseLine(line);
  if (parsed.kind === "error") {
    yield { kind: "print", to: "stderr", text: `sh: ${parsed.message}\n` };
    return 2;
  }
  let exitCode = 0;
  for (const step of parsed.steps) {
    if (step.when === "succeeded" && exitCode !== 0) continue;
    if (step.when === "failed" && exitCode === 0) continue;
    exitCode = yield* pipeline(step.pipeline, { invocation, tools, lastExitCode: exitCode });
  }
  return exitCode;
}

interface Setting {
  readonly invocation: Invocation;
  readonly tools: Tools;
  readonly lastExitCode: number;
}

/** Runs the commands of a pipeline from left to right; each reads what the one before it printed. */
function* pipeline(commands: readonly Simple[], setting: Setting): Command {
  let input: string | undefined;
  let exitCode = 0;
  for (const [index, command] of commands.entries()) {
    const isLast = index === commands.length - 1;
    const ended: Ended = yield* simple(command, { ...setting, input, isPiped: !isLast });
    exitCode = ended.exitCode;
    input = ended.captured;
  }
  return exitCode;
}

interface Ended {
  readonly exitCode: number;
  /** What it printed to a pipe. */
  readonly captured: string;
}

type SimpleSetting = Setting & { readonly input: string | undefined; readonly isPiped: boolean };

function* simple(command: Simple, setting: SimpleSetting): Generator<CommandAsk, Ended, CommandAnswer> {
  const argv = command.words.flatMap((word) => expand(word, setting));
  const redirections = command.redirections.map((redirection) => ({
    operator: redirection.operator,
    path: expand(redirection.target, setting).join(" "),
  }));
  const inputFrom = redirections.find((redirection) => redirection.operator === "<");
  let { input } = setting;
  if (inputFrom !== undefined) {
    const file = yield { kind: "read", path: inputFrom.path };
    if (file.kind !== "file" || file.entries !== undefined) {
      yield { kind: "print", to: "stderr", text: `sh: ${inputFrom.path}: No such file or directory\n` };
      return { exitCode: 1, captured: "" };
    }
    input = file.text;
  }
  const name = argv[0];
  if (name === undefined) return { exitCode: 0, captured: "" };
  const tool: Tool = setting.tools.get(name) ?? notFound;
  const running = tool({ ...setting.invocation, argv }, setting.tools);
  const printed = yield* capture(running, { input, ...outputs(redirections, setting.isPiped) });
  for (const redirection of redirections) yield* save(redirection, printed);
  return { exitCode: printed.exitCode, captured: printed.captured };
}

type Place = "terminal" | "pipe" | "file";

/** Where the two outputs of a command go. */
function outputs(
  redirections: readonly { readonly operator: Redirection["operator"]; readonly path: string }[],
  isPiped: boolean,
): { readonly stdout: Place; readonly stderr: Place } {
  let stdout: Place = isPiped ? "pipe" : "terminal";
  let stderr: Place = "terminal";
  for (const { operator } of redirections) {
    if (operator === ">" || operator === ">>") stdout = "file";
    if (operator === "2>" || operator === "2>>") stderr = "file";
    if (operator === "2>&1") stderr = stdout;
  }
  return { stdout, stderr };
}

interface Captured {
  readonly exitCode: number;
  readonly captured: string;
  readonly stdoutFile: string;
  readonly stderrFile: string;
}

/** Runs a command and keeps back what does not go to the terminal. */
function* capture(
  running: Command,
  routes: { readonly input: string | undefined; readonly stdout: Place; readonly stderr: Place },
): Generator<CommandAsk, Captured, CommandAnswer> {
  let captured = "";
  let stdoutFile = "";
  let stderrFile = "";
  let turn = running.next();
  while (turn.done !== true) {
    const ask: CommandAsk = turn.value;
    if (ask.kind === "stdin" && routes.input !== undefined) {
      turn = running.next({ kind: "file", text: routes.input });
      continue;
    }
    const place = ask.kind === "print" ? routes[ask.to] : "terminal";
    if (ask.kind === "print" && place !== "terminal") {
      if (place === "pipe") captured += ask.text;
      else if (ask.to === "stdout") stdoutFile += ask.text;
      else stderrFile += ask.text;
      turn = running.next({ kind: "done" });
      continue;
    }
    turn = running.next(yield ask);
  }
  return { exitCode: turn.value, captured, stdoutFile, stderrFile };
}

function* save(
  redirection: { readonly operator: Redirection["operator"]; readonly path: string },
  printed: Captured,
): Generator<CommandAsk, void, CommandAnswer> {
  const { operator, path } = redirection;
  if (operator === "<" || operator === "2>&1" || path === "/dev/null") return;
  const text = operator.startsWith("2") ? printed.stderrFile : printed.stdoutFile;
  const before = operator.endsWith(">>") ? yield { kind: "read", path } : undefined;
  yield { kind: "write", path, text: (before?.kind === "file" ? before.text : "") + text };
}

function* notFound(invocation: Invocation): Command {
  yield { kind: "print", to: "stderr", text: `sh: ${invocation.argv[0] ?? ""}: command not found\n` };
  return NOT_FOUND_EXIT_CODE;
}

/** The words that one word becomes: variables are looked up, and split at blanks where they are not quoted. */
function expand(word: Word, setting: Setting): string[] {
  const words: string[] = [];
  let current: string | undefined;
  for (const part of word) {
    const text = textOf(part, setting);
    if (part.kind === "text" || part.isQuoted) {
      current = (current ?? "") + text;
      continue;
    }
    const pieces = text.split(" ").filter((piece) => piece !== "");
    for (const [index, piece] of pieces.entries()) {
      if (index > 0 && current !== undefined) words.push(current);
      current = index > 0 ? piece : (current ?? "") + piece;
    }
  }
  if (current !== undefined) words.push(current);
  return words;
}

function textOf(part: Part, setting: Setting): string {
  if (part.kind === "text") return part.text;
  return part.name === "?" ? String(setting.lastExitCode) : (setting.invocation.environment[part.name] ?? "");
}
