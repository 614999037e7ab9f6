import { describe, expect, test } from "vitest";
import { emptyLine, isComplete, type LineEvent, typed } from "./line-editor.ts";

const up = "\x1b[A";
const left = "\x1b[D";
const old = ["kubectl get pods", "kubectl get nodes", "ls"];

interface Case {
  readonly says: string;
  readonly keys: string;
  readonly shows: string;
  readonly events?: readonly LineEvent[];
}

const cases: readonly Case[] = [
  { says: "letters stand where the cursor is", keys: `ac${left}b`, shows: "ab|c" },
  { says: "backspace takes the letter before", keys: "abc\x7f", shows: "ab|" },
  { says: "backspace at the start does nothing", keys: `a${left}\x7f`, shows: "|a" },
  { says: "backspace takes a whole emoji", keys: "a😀\x7f", shows: "a|" },
  { says: "Ctrl-A and Ctrl-E go to the ends", keys: "bc\x01a\x05d", shows: "abcd|" },
  { says: "Ctrl-W takes a word, Ctrl-Y gives it back twice", keys: "get pods\x17\x19\x19", shows: "get podspods|" },
  { says: "Ctrl-U takes all before the cursor", keys: `abc${left}\x15`, shows: "|c" },
  { says: "up shows the line before", keys: up, shows: "ls|" },
  { says: "up stops at the oldest", keys: up.repeat(9), shows: "kubectl get pods|" },
  { says: "down comes back to what was being typed", keys: `abc${up}${up}\x1b[B\x1b[B`, shows: "abc|" },
  {
    says: "Ctrl-R finds the latest match, Ctrl-R again the one before",
    keys: "\x12get\x12",
    shows: "kubectl get pods|",
  },
  { says: "a key that edits takes the line found", keys: "\x12nod\x05 -w", shows: "kubectl get nodes -w|" },
  { says: "a sequence that nobody knows is no text", keys: "a\x1b[15~b", shows: "ab|" },
  { says: "enter hands the line over", keys: "ls -l\r", shows: "|", events: [{ kind: "submit", line: "ls -l" }] },
  { says: "Ctrl-C drops the line", keys: "ls\x03", shows: "|", events: [{ kind: "interrupt" }] },
  {
    says: "Tab asks for completion",
    keys: "ku\t",
    shows: "ku|",
    events: [{ kind: "complete", text: "ku", cursor: 2 }],
  },
  { says: "Ctrl-D on an empty line leaves", keys: "\x04", shows: "|", events: [{ kind: "leave" }] },
  {
    says: "pasted lines are entered one by one",
    keys: "\x1b[200~one\ntwo\x1b[201~",
    shows: "two|",
    events: [{ kind: "submit", line: "one" }],
  },
];

test.each(cases)("$says", ({ keys, shows, events = [] }) => {
  const edited = typed(emptyLine(old), keys);
  const { text, cursor } = edited.line;
  expect(`${text.slice(0, cursor)}|${text.slice(cursor)}`).toBe(shows);
  expect(edited.events).toEqual(events);
});

test("the history keeps a line once when it is entered twice in a row", () => {
  const { line } = typed(emptyLine(), "a\ra\rb\r\r");
  expect(line.history).toEqual(["a", "b"]);
});

describe("a shell asks for more", () => {
  test.each([
    ["ls", true],
    ["echo 'a", false],
    ["echo 'a\nb'", true],
    ['echo "it\'s"', true],
    ["ls \\", false],
    ["ls \\\\", true],
    ["cat > a <<EOF\nx", false],
    ["cat > a <<EOF\nx\nEOF", true],
  ])("%j: complete %s", (text, expected) => {
    expect(isComplete(text)).toBe(expected);
  });
});
