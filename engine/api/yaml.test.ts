import { expect, test } from "vitest";
import { parseYaml, positionOf, YAML_BYTES_MAX, YAML_DOCUMENTS_MAX } from "./yaml.ts";
import { compareKeys, printYaml } from "./yaml-print.ts";

function valueOf(text: string): unknown {
  const parsed = parseYaml(text);
  return parsed.kind === "error" ? parsed.error.goMessage : parsed.documents[0]?.value;
}

test.each([
  ["YAML 1.1 booleans", "a: y\nb: No\nc: on", { a: true, b: false, c: true }],
  ["quoted words stay text", "a: \"y\"\nb: 'no'", { a: "y", b: "no" }],
  ["octal, hexadecimal, underscores", "a: 010\nb: 0x10\nc: 1_000\nd: 08", { a: 8, b: 16, c: 1000, d: 8 }],
  ["no base 60 and no dates", "a: 12:30\nb: 2026-01-01", { a: "12:30", b: "2026-01-01" }],
  ["the last of two equal keys", "a: 1\na: 2", { a: 2 }],
  ["keys become text", "80: a\ntrue: b", { "80": "a", true: "b" }],
  ["anchors and merges", "a: &x {b: 1, c: 1}\nd:\n  <<: *x\n  c: 2", { a: { b: 1, c: 1 }, d: { b: 1, c: 2 } }],
  ["block scalars", "a: |\n  x\n  y\nb: >-\n  q\n  r", { a: "x\ny\n", b: "q r" }],
])("%s are read as kubectl reads them", (_, text, value) => {
  expect(valueOf(text)).toEqual(value);
});

test.each([
  // Recorded: c-kubectl 021, bad.yaml.
  ["apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n spec:\n", "yaml: line 4: did not find expected key", 5],
  ["a:\n\t- b", "yaml: line 2: found character that cannot start any token", 2],
  ["a: b: c", "yaml: line 1: mapping values are not allowed in this context", 1],
  ["a: *b", "yaml: unknown anchor 'b' referenced", 1],
])("%j is refused with a line", (text, message, line) => {
  const parsed = parseYaml(text);
  expect(parsed).toMatchObject({ kind: "error", error: { goMessage: message, line } });
});

test.each([
  ["a file that is too large", "a: " + "x".repeat(YAML_BYTES_MAX), "larger than"],
  ["too many documents", "---\na: 1\n".repeat(YAML_DOCUMENTS_MAX + 1), "documents"],
  ["brackets without end", "[".repeat(100_000), "nested deeper"],
  ["dashes without end", "- ".repeat(100_000), "nested deeper"],
  [
    "an alias bomb",
    `a0: &a0 [x]\n${Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(9)}]`).join("\n")}`,
    "aliasing",
  ],
])("%s is refused, quickly", (_, text, reason) => {
  const parsed = parseYaml(text);
  expect(parsed.kind === "error" && parsed.error.message).toContain(reason);
});

test("documents without content are left out, and each knows its line", () => {
  const parsed = parseYaml("---\n# nothing\n---\na: 1\n---\nb: 2\n");
  expect(parsed).toEqual({
    kind: "documents",
    documents: [
      { value: { a: 1 }, line: 4 },
      { value: { b: 2 }, line: 6 },
    ],
  });
});

test("the place of a field is found in the text", () => {
  const text = "kind: Pod\nspec:\n  containers:\n  - name: c\n    image: x\n";
  expect(positionOf(text, 0, ["spec", "containers", 0, "image"])).toEqual({ line: 5, column: 5 });
  expect(positionOf(text, 0, ["spec", "nope"])).toEqual({ line: 2, column: 1 });
});

test.each([
  ["plain words", { a: "x y" }, "a: x y\n"],
  [
    "what would be read as something else",
    { a: "true", b: "1", c: "", d: "2026-01-01T00:00:00Z" },
    'a: "true"\nb: "1"\nc: ""\nd: "2026-01-01T00:00:00Z"\n',
  ],
  ["indicators", { a: "@x", b: "a: b", c: "it's #1" }, "a: '@x'\nb: 'a: b'\nc: 'it''s #1'\n"],
  ["tabs", { a: "x\ty" }, 'a: "x\\ty"\n'],
  ["lines", { a: "x\ny\n", b: "x\ny", c: "x\n\n" }, "a: |\n  x\n  y\nb: |-\n  x\n  y\nc: |+\n  x\n\n"],
  ["blanks at a line's end", { a: "x \ny" }, 'a: "x \\ny"\n'],
  ["nesting", { a: [{ b: [], c: {} }, [1, 2]], d: null }, "a:\n- b: []\n  c: {}\n- - 1\n  - 2\nd: null\n"],
  [
    // Recorded: b-objects, FlowSchema conditions.
    "long text, broken at 80",
    {
      status: {
        conditions: [
          {
            message: 'This FlowSchema references the PriorityLevelConfiguration object named "catch-all" and it exists',
          },
        ],
      },
    },
    'status:\n  conditions:\n  - message: This FlowSchema references the PriorityLevelConfiguration object named\n      "catch-all" and it exists\n',
  ],
])("%s are printed as kubectl prints them", (_, value, text) => {
  expect(printYaml(value)).toBe(text);
});

test("keys are sorted with numbers by their value", () => {
  expect(["a10", "a2", "b", "a", "B", "a-1", "1"].toSorted(compareKeys)).toEqual([
    "1",
    "B",
    "a",
    "a-1",
    "a2",
    "a10",
    "b",
  ]);
});
