// After POSIX.1-2024, Utilities: cat, echo, grep, head, ls, sleep, sort, tail, true, wc; not modelled: most options; an option
// that is not modelled is refused by name.
import type { Command, CommandAnswer, CommandAsk, Invocation } from "../client/command.ts";
import type { Tool } from "./tool.ts";

type Steps<Result> = Generator<CommandAsk, Result, CommandAnswer>;

function* print(text: string): Steps<void> {
  yield { kind: "print", to: "stdout", text };
}

function* complain(text: string): Steps<number> {
  yield { kind: "print", to: "stderr", text: `${text}\n` };
  return 1;
}

function* echo(invocation: Invocation): Command {
  const isBare = invocation.argv[1] === "-n";
  yield* print(invocation.argv.slice(isBare ? 2 : 1).join(" ") + (isBare ? "" : "\n"));
  return 0;
}

function* succeed(): Command {
  return 0;
}

function* fail(): Command {
  return 1;
}

interface Read {
  readonly text: string;
  readonly exitCode: number;
}

/** The files named, one after another, or standard input when none is. */
function* readAll(tool: string, paths: readonly string[]): Steps<Read> {
  if (paths.length === 0) {
    const input = yield { kind: "stdin" };
    return { text: input.kind === "file" ? input.text : "", exitCode: 0 };
  }
  let text = "";
  let exitCode = 0;
  for (const path of paths) {
    const file = yield { kind: "read", path };
    if (file.kind !== "file") exitCode = yield* complain(`${tool}: ${path}: No such file or directory`);
    else if (file.entries !== undefined) exitCode = yield* complain(`${tool}: ${path}: Is a directory`);
    else text += file.text;
  }
  return { text, exitCode };
}

function* cat(invocation: Invocation): Command {
  const read = yield* readAll("cat", invocation.argv.slice(1));
  if (read.text !== "") yield* print(read.text);
  return read.exitCode;
}

function* ls(invocation: Invocation): Command {
  const path = invocation.argv[1] ?? ".";
  const file = yield { kind: "read", path };
  if (file.kind !== "file") return yield* complain(`ls: cannot access '${path}': No such file or directory`);
  const entries = file.entries ?? [path];
  if (entries.length > 0) yield* print(`${entries.join("\n")}\n`);
  return 0;
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

interface Options {
  readonly letters: string;
  readonly count: number | undefined;
  readonly rest: readonly string[];
}

/** Splits one-letter options, and `-n 5` or `-5`, from the operands. */
function optionsOf(argv: readonly string[]): Options {
  let letters = "";
  let count: number | undefined;
  let index = 1;
  for (; index < argv.length; index++) {
    const word = argv[index] ?? "";
    if (!word.startsWith("-") || word === "-") break;
    const digits = word.startsWith("-n") ? word.slice(2) || argv[++index] || "" : word.slice(1);
    if (digits !== "" && Number.isInteger(Number(digits))) count = Number(digits);
    else letters += word.slice(1);
  }
  return { letters, count, rest: argv.slice(index) };
}

function* grep(invocation: Invocation): Command {
  const { letters, rest } = optionsOf(invocation.argv);
  const [pattern, ...paths] = rest;
  const unknown = [...letters].find((letter) => !"ivcEF".includes(letter));
  if (unknown !== undefined) return yield* complain(`grep: not modelled: -${unknown}`);
  if (pattern === undefined) return (yield* complain("usage: grep [-civ] PATTERN [FILE...]")) + 1;
  const read = yield* readAll("grep", paths);
  const matches = matcherOf(pattern, letters);
  const found = linesOf(read.text).filter((line) => matches(line) !== letters.includes("v"));
  if (letters.includes("c")) yield* print(`${found.length}\n`);
  else if (found.length > 0) yield* print(`${found.join("\n")}\n`);
  return found.length > 0 ? 0 : 1;
}

/** Plain text with `^`, `$` and `|`: no regular expression of a learner can make the page hang. */
function matcherOf(pattern: string, letters: string): (line: string) => boolean {
  const fold = (text: string): string => (letters.includes("i") ? text.toLowerCase() : text);
  const choices = pattern.split(letters.includes("E") ? "|" : "\\|").map(fold);
  return (line) => choices.some((choice) => matchesChoice(fold(line), choice));
}

function matchesChoice(line: string, choice: string): boolean {
  const isAtStart = choice.startsWith("^");
  const isAtEnd = choice.endsWith("$");
  const text = choice.slice(isAtStart ? 1 : 0, isAtEnd ? -1 : undefined);
  if (isAtStart && isAtEnd) return line === text;
  if (isAtStart) return line.startsWith(text);
  return isAtEnd ? line.endsWith(text) : line.includes(text);
}

const DEFAULT_LINES = 10;

function* head(invocation: Invocation): Command {
  const { count = DEFAULT_LINES, rest } = optionsOf(invocation.argv);
  const read = yield* readAll("head", rest);
  const lines = linesOf(read.text).slice(0, count);
  if (lines.length > 0) yield* print(`${lines.join("\n")}\n`);
  return read.exitCode;
}

function* tail(invocation: Invocation): Command {
  const { count = DEFAULT_LINES, rest } = optionsOf(invocation.argv);
  const read = yield* readAll("tail", rest);
  const lines = linesOf(read.text).slice(-count);
  if (lines.length > 0) yield* print(`${lines.join("\n")}\n`);
  return read.exitCode;
}

function* sort(invocation: Invocation): Command {
  const { letters, rest } = optionsOf(invocation.argv);
  const read = yield* readAll("sort", rest);
  const lines = linesOf(read.text).toSorted();
  if (letters.includes("r")) lines.toReversed();
  if (lines.length > 0) yield* print(`${lines.join("\n")}\n`);
  return read.exitCode;
}

function* wc(invocation: Invocation): Command {
  const { letters, rest } = optionsOf(invocation.argv);
  const read = yield* readAll("wc", rest);
  const words = read.text.split(/\s+/u).filter((word) => word !== "").length;
  const counts = { l: linesOf(read.text).length, w: words, c: read.text.length };
  const chosen = letters === "" ? "lwc" : letters;
  const columns = [...chosen].map((letter) => String(counts[letter as keyof typeof counts]));
  yield* print(`${columns.join(" ")}\n`);
  return read.exitCode;
}

function* sleep(invocation: Invocation): Command {
  const word = invocation.argv[1] ?? "";
  const unit = { s: 1, m: 60, h: 3600 }[word.at(-1) ?? ""];
  const seconds = Number(unit === undefined ? word : word.slice(0, -1)) * (unit ?? 1);
  if (word === "" || !(seconds >= 0)) return yield* complain(`sleep: invalid time interval '${word}'`);
  yield { kind: "sleep", millis: Math.floor(seconds * 1000) };
  return 0;
}

function* env(invocation: Invocation): Command {
  const lines = Object.keys(invocation.environment)
    .toSorted()
    .map((name) => `${name}=${invocation.environment[name] ?? ""}\n`);
  yield* print(lines.join(""));
  return 0;
}

function* pwd(invocation: Invocation): Command {
  yield* print(`${invocation.workingDirectory}\n`);
  return 0;
}

/** The tools that only handle text; each is a command like any other. */
export const textTools: readonly (readonly [string, Tool])[] = [
  ["cat", cat],
  ["echo", echo],
  ["env", env],
  ["false", fail],
  ["grep", grep],
  ["head", head],
  ["ls", ls],
  ["pwd", pwd],
  ["sleep", sleep],
  ["sort", sort],
  ["tail", tail],
  ["true", succeed],
  ["wc", wc],
];
