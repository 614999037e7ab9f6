import { describe, expect, test } from "vitest";
import type { CommandAnswer, CommandAsk } from "../client/command.ts";
import { shell } from "./shell.ts";
import { textTools } from "./text-tools.ts";

interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly files: Readonly<Record<string, string>>;
}

function run(line: string, files: Readonly<Record<string, string>> = {}): Result {
  const disk = { ...files };
  const printed = { stdout: "", stderr: "" };
  const invocation = { argv: [], environment: { WHO: "a b", HOME: "/h" }, workingDirectory: "/h", server: "" };
  const running = shell(line, invocation, new Map(textTools));
  let turn = running.next();
  while (turn.done !== true) turn = running.next(answer(turn.value, disk, printed));
  return { ...printed, exitCode: turn.value, files: disk };
}

function answer(
  ask: CommandAsk,
  disk: Record<string, string>,
  printed: { stdout: string; stderr: string },
): CommandAnswer {
  if (ask.kind === "print") printed[ask.to] += ask.text;
  if (ask.kind === "write") disk[ask.path] = ask.text;
  if (ask.kind === "read") {
    const text = disk[ask.path];
    return text === undefined ? { kind: "missing" } : { kind: "file", text };
  }
  return ask.kind === "stdin" ? { kind: "file", text: "" } : { kind: "done" };
}

describe("a line of shell", () => {
  const cases: readonly (readonly [string, string, Partial<Result>])[] = [
    ["quotes keep blanks", `echo 'a  b' "c  d"`, { stdout: "a  b c  d\n" }],
    ["a variable is split outside quotes only", `echo $WHO "$WHO" '$WHO' \${WHO}x`, { stdout: "a b a b $WHO a bx\n" }],
    ["a pipe hands the output on", `echo one | cat | wc -l`, { stdout: "1\n" }],
    ["&& stops at a failure", `false && echo no`, { stdout: "", exitCode: 1 }],
    ["|| goes on at a failure", `false || echo yes`, { stdout: "yes\n", exitCode: 0 }],
    ["a semicolon goes on anyway", `false; echo $?`, { stdout: "1\n" }],
    ["output goes to a file", `echo a > f; echo b >> f; cat < f`, { stdout: "a\nb\n", files: { f: "a\nb\n" } }],
    ["errors follow the output", `cat nothing 2>&1 | grep -c directory`, { stdout: "1\n", stderr: "" }],
    ["errors can be thrown away", `cat nothing 2> /dev/null`, { stdout: "", stderr: "", exitCode: 1 }],
    ["a comment is no command", `echo a # b`, { stdout: "a\n" }],
    [
      "an unknown word is refused as a shell refuses it",
      `kubctl get`,
      { stderr: "sh: kubctl: command not found\n", exitCode: 127 },
    ],
    ["an open quote is an error", `echo 'a`, { exitCode: 2 }],
    [
      "what is not modelled says so",
      "echo `date`",
      { stderr: "sh: not modelled: command substitution\n", exitCode: 2 },
    ],
    ["grep finds at the start and the end", `cat t | grep ^b | grep z$`, { stdout: "baz\n" }],
    ["head and tail take counts", `cat t | head -n 2 | tail -1`, { stdout: "bar\n" }],
  ];
  test.each(cases)("%s", (_, line, expected) => {
    const result = run(line, { t: "foo\nbar\nbaz\n" });
    expect({ ...result, files: expected.files ?? {} }).toMatchObject(
      expected.files === undefined ? expected : { ...expected, files: expected.files },
    );
  });
});
