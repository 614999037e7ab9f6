import { absolutePath, fileAt, isDirectory, namesIn, withFile, withoutFile, writeProblem } from "./file-system.ts";
import { test } from "./conditional.ts";
import type { Context } from "./task.ts";
import { printDay, printTime } from "./clock-text.ts";

/** What a command that takes no time gives. */
export interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Call {
  readonly words: readonly string[];
  readonly stdin: string;
  readonly workingDirectory: string;
  readonly environment: readonly (readonly [string, string])[];
}

type Applet = (call: Call, context: Context) => Printed;

const done: Printed = { code: 0, stdout: "", stderr: "" };

function say(stdout: string): Printed {
  return { code: 0, stdout, stderr: "" };
}

function fail(stderr: string, code = 1): Printed {
  return { code, stdout: "", stderr };
}

/**
 * The commands of busybox that end at once, by name; texts are those of busybox 1.36. What takes time (`sleep`) or starts other
 * programs (`sh`) is in launch.ts.
 */
export const APPLETS: Readonly<Record<string, Applet>> = {
  true: () => done,
  ":": () => done,
  false: () => fail(""),
  echo: (call) => say(echoed(call.words.slice(1))),
  printf: (call) => say(formatted(call.words.slice(1))),
  cat: concatenate,
  touch,
  rm: removeFiles,
  mkdir: makeDirectories,
  cp: (call, context) => transfer(call, context, false),
  mv: (call, context) => transfer(call, context, true),
  test: (call, context) => ({ ...done, code: test(call.words.slice(1), context, call.workingDirectory) }),
  "[": (call, context) => ({ ...done, code: test(call.words.slice(1, -1), context, call.workingDirectory) }),
  env: (call) => say(call.environment.map(([name, value]) => `${name}=${value}\n`).join("")),
  printenv: printEnvironment,
  pwd: (call) => say(`${call.workingDirectory}\n`),
  hostname: (_, context) => say(`${context.hostname}\n`),
  whoami: () => say("root\n"),
  id: () => say("uid=0(root) gid=0(root) groups=0(root),10(wheel)\n"),
  uname: (call) => say(call.words.includes("-r") ? "6.12.0\n" : "Linux\n"),
  date: readDate,
  stat: readStat,
  ls: list,
  grep: search,
  head: (call, context) => cutLines(call, context, (lines, count) => lines.slice(0, count)),
  tail: (call, context) => cutLines(call, context, (lines, count) => lines.slice(-count)),
  wc: countThings,
  sort: (call, context) => say(joinLines(linesOf(inputOf(call, context).text).toSorted())),
  find: findFiles,
  ps: listProcesses,
  kill: sendSignal,
  dd: copyBlocks,
  tee: writeThrough,
  which: (call) => (isKnown(call.words[1] ?? "") ? say(`/bin/${call.words[1] ?? ""}\n`) : fail("")),
  chmod: () => done,
  chown: () => done,
  sync: () => done,
};

function isKnown(name: string): boolean {
  return Object.hasOwn(APPLETS, name);
}

function echoed(words: readonly string[]): string {
  const isBare = words[0] === "-n";
  const isEscaped = words[0] === "-e";
  const text = words.slice(isBare || isEscaped ? 1 : 0).join(" ");
  return (isEscaped ? unescaped(text) : text) + (isBare ? "" : "\n");
}

function unescaped(text: string): string {
  return text.replace(/\\n/g, "\n").replace(/\\t/g, "\t");
}

function formatted(words: readonly string[]): string {
  const [format = "", ...values] = words;
  let index = 0;
  return unescaped(format).replace(/%[sd%]/g, (code) => (code === "%%" ? "%" : (values[index++] ?? "")));
}

interface Input {
  readonly text: string;
  readonly problem: string | undefined;
}

/** The text of the files named, or of standard input. */
function inputOf(call: Call, context: Context, skip = 1): Input {
  const paths = call.words.slice(skip).filter((word) => !word.startsWith("-"));
  if (paths.length === 0) return { text: call.stdin, problem: undefined };
  let text = "";
  let problem: string | undefined;
  for (const path of paths) {
    const content = contentOf(context, absolutePath(call.workingDirectory, path));
    if (content === undefined) problem = path;
    else text += content;
  }
  return { text, problem };
}

function contentOf(context: Context, path: string): string | undefined {
  if (path === "/etc/hostname") return `${context.hostname}\n`;
  return fileAt(context.disk, path)?.text;
}

function concatenate(call: Call, context: Context): Printed {
  const paths = call.words.slice(1);
  if (paths.length === 0) return say(call.stdin);
  let stdout = "";
  let stderr = "";
  for (const path of paths) {
    const absolute = absolutePath(call.workingDirectory, path);
    const content = contentOf(context, absolute);
    if (content !== undefined) stdout += content;
    else if (isDirectory(context.disk, absolute)) stderr += `cat: read error: Is a directory\n`;
    else stderr += `cat: can't open '${path}': No such file or directory\n`;
  }
  return { code: stderr === "" ? 0 : 1, stdout, stderr };
}

function touch(call: Call, context: Context): Printed {
  for (const word of call.words.slice(1)) {
    if (word.startsWith("-")) continue;
    const path = absolutePath(call.workingDirectory, word);
    const former = fileAt(context.disk, path);
    const problem = former === undefined ? writeProblem(context.disk, path, 0) : undefined;
    if (problem !== undefined) return fail(`touch: ${word}: ${problem}\n`);
    const file = former ?? { text: "", sizeBytes: 0, isDirectory: false };
    context.disk = withFile(context.disk, path, { ...file, modifiedAt: context.now });
  }
  return done;
}

function removeFiles(call: Call, context: Context): Printed {
  const isForced = call.words.some((word) => /^-\w*f/.test(word));
  const isRecursive = call.words.some((word) => /^-\w*r/i.test(word));
  for (const word of call.words.slice(1)) {
    if (word.startsWith("-")) continue;
    const path = absolutePath(call.workingDirectory, word);
    if (isRecursive) removeTree(context, path);
    else if (fileAt(context.disk, path) === undefined && !isForced)
      return fail(`rm: can't remove '${word}': No such file or directory\n`);
    context.disk = withoutFile(context.disk, path);
  }
  return done;
}

function removeTree(context: Context, path: string): void {
  for (const name of namesIn(context.disk, path)) removeTree(context, `${path}/${name}`);
  context.disk = withoutFile(context.disk, path);
}

function makeDirectories(call: Call, context: Context): Printed {
  for (const word of call.words.slice(1)) {
    if (word.startsWith("-")) continue;
    const path = absolutePath(call.workingDirectory, word);
    if (isDirectory(context.disk, path) && !call.words.includes("-p"))
      return fail(`mkdir: can't create directory '${word}': File exists\n`);
    context.disk = withFile(context.disk, path, { text: "", sizeBytes: 0, modifiedAt: context.now, isDirectory: true });
  }
  return done;
}

function transfer(call: Call, context: Context, isMove: boolean): Printed {
  const [from = "", to = ""] = call.words.slice(1).filter((word) => !word.startsWith("-"));
  const source = absolutePath(call.workingDirectory, from);
  const file = fileAt(context.disk, source);
  if (file === undefined) return fail(`${call.words[0] ?? ""}: can't stat '${from}': No such file or directory\n`);
  const target = absolutePath(call.workingDirectory, to);
  const path = isDirectory(context.disk, target) ? `${target}/${source.slice(source.lastIndexOf("/") + 1)}` : target;
  context.disk = withFile(context.disk, path, { ...file, modifiedAt: context.now });
  if (isMove) context.disk = withoutFile(context.disk, source);
  return done;
}

function printEnvironment(call: Call): Printed {
  const name = call.words[1];
  if (name === undefined) return say(call.environment.map(([key, value]) => `${key}=${value}\n`).join(""));
  const found = call.environment.findLast(([key]) => key === name);
  return found === undefined ? fail("") : say(`${found[1]}\n`);
}

function readDate(call: Call, context: Context): Printed {
  context.hasReadClock = true;
  const millis = context.epochMillis + context.now;
  const format = call.words.find((word) => word.startsWith("+"));
  if (format === undefined) return say(`${printDay(millis)} ${printTime(millis)} UTC\n`);
  const nanos = String((millis % 1000) * 1_000_000).padStart(9, "0");
  const text = format
    .slice(1)
    .replace("%s", String(Math.floor(millis / 1000)))
    .replace("%N", nanos);
  return say(`${text.replace("%T", printTime(millis))}\n`);
}

function readStat(call: Call, context: Context): Printed {
  const path = call.words.at(-1) ?? "";
  const file = fileAt(context.disk, absolutePath(call.workingDirectory, path));
  if (file === undefined) return fail(`stat: can't stat '${path}': No such file or directory\n`);
  return say(`${Math.floor((context.epochMillis + file.modifiedAt) / 1000)}\n`);
}

function list(call: Call, context: Context): Printed {
  const path = call.words.slice(1).find((word) => !word.startsWith("-")) ?? ".";
  const absolute = absolutePath(call.workingDirectory, path);
  if (fileAt(context.disk, absolute)?.isDirectory === false) return say(`${path}\n`);
  if (!isDirectory(context.disk, absolute)) return fail(`ls: ${path}: No such file or directory\n`);
  return say(joinLines(namesIn(context.disk, absolute)));
}

function search(call: Call, context: Context): Printed {
  const flags = call.words
    .slice(1)
    .filter((word) => word.startsWith("-"))
    .join("");
  const rest = call.words.slice(1).filter((word) => !word.startsWith("-"));
  const [pattern = "", ...paths] = rest;
  const input = inputOf({ ...call, words: ["grep", ...paths] }, context);
  if (input.problem !== undefined) return fail(`grep: ${input.problem}: No such file or directory\n`, 2);
  const expression = new RegExp(pattern, flags.includes("i") ? "i" : "");
  const found = linesOf(input.text).filter((line) => expression.test(line) !== flags.includes("v"));
  const stdout = flags.includes("q") ? "" : flags.includes("c") ? `${found.length}\n` : joinLines(found);
  return { code: found.length > 0 ? 0 : 1, stdout, stderr: "" };
}

function cutLines(
  call: Call,
  context: Context,
  cut: (lines: readonly string[], count: number) => readonly string[],
): Printed {
  const flag = call.words.findIndex((word) => word === "-n");
  const short = call.words.find((word) => /^-\d+$/.test(word));
  const count = flag > 0 ? Number(call.words[flag + 1]) : short === undefined ? 10 : Number(short.slice(1));
  const words = call.words.filter((_, index) => flag < 0 || index !== flag + 1);
  return say(joinLines(cut(linesOf(inputOf({ ...call, words }, context).text), count)));
}

function countThings(call: Call, context: Context): Printed {
  const { text } = inputOf(call, context);
  if (call.words.includes("-l")) return say(`${linesOf(text).length}\n`);
  if (call.words.includes("-w")) return say(`${text.split(/\s+/).filter((word) => word !== "").length}\n`);
  return say(`${text.length}\n`);
}

/** `find PATH -mmin -N`: the form that liveness checks of batch jobs use. */
function findFiles(call: Call, context: Context): Printed {
  const path = call.words[1] ?? ".";
  const file = fileAt(context.disk, absolutePath(call.workingDirectory, path));
  if (file === undefined) return fail(`find: ${path}: No such file or directory\n`);
  const age = call.words.indexOf("-mmin");
  if (age < 0) return say(`${path}\n`);
  context.hasReadClock = true;
  const limit = Number((call.words[age + 1] ?? "-1").slice(1)) * 60_000;
  return context.now - file.modifiedAt < limit ? say(`${path}\n`) : done;
}

function listProcesses(_: Call, context: Context): Printed {
  const lines = context.processes.map(({ pid, command }) => `${String(pid).padStart(5)} root     ${command}`);
  return say(joinLines(["PID   USER     COMMAND", ...lines]));
}

function sendSignal(call: Call, context: Context): Printed {
  const words = call.words.slice(1);
  const named = words[0] === "-s" ? words[1] : words[0]?.startsWith("-") === true ? words[0].slice(1) : undefined;
  const pids = words.slice(named === undefined ? 0 : words[0] === "-s" ? 2 : 1);
  for (const pid of pids) context.sent.push({ pid: Number(pid), signal: named ?? "TERM" });
  return done;
}

const UNITS: Readonly<Record<string, number>> = { k: 1024, K: 1024, M: 1_048_576, G: 1_073_741_824 };

function copyBlocks(call: Call, context: Context): Printed {
  const options = Object.fromEntries(call.words.slice(1).map((word) => word.split("=", 2) as [string, string]));
  const unit = options["bs"] ?? "512";
  const blockBytes = Number.parseInt(unit, 10) * (UNITS[unit.slice(-1)] ?? 1);
  const count = Number(options["count"] ?? 1);
  const path = absolutePath(call.workingDirectory, options["of"] ?? "/dev/null");
  const problem = writeProblem(context.disk, path, blockBytes * count);
  if (problem !== undefined) return fail(`dd: error writing '${options["of"] ?? ""}': ${problem}\n`);
  context.disk = withFile(context.disk, path, {
    text: "",
    sizeBytes: blockBytes * count,
    modifiedAt: context.now,
    isDirectory: false,
  });
  return fail(`${count}+0 records in\n${count}+0 records out\n`, 0);
}

function writeThrough(call: Call, context: Context): Printed {
  const path = absolutePath(call.workingDirectory, call.words.at(-1) ?? "");
  const file = { text: call.stdin, sizeBytes: call.stdin.length, modifiedAt: context.now, isDirectory: false };
  context.disk = withFile(context.disk, path, file);
  return say(call.stdin);
}

export function linesOf(text: string): readonly string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
