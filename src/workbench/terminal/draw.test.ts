import { Terminal } from "@xterm/headless";
import { expect, test } from "vitest";
import { drawLine, type Shown } from "./draw.ts";
import { emptyLine, typed } from "./line-editor.ts";

/** Types into a real terminal of 10 columns and reads what it shows. */
async function screenAfter(keys: readonly string[]): Promise<{ readonly rows: string[]; readonly cursor: string }> {
  const terminal = new Terminal({ cols: 10, rows: 8, allowProposedApi: true });
  let line = emptyLine(["echo 0123456789abc"]);
  let shown: Shown | null = null;
  for (const key of ["", ...keys]) {
    line = typed(line, key).line;
    const next: Shown = { prompt: "$ ", text: line.text, cursor: line.cursor };
    await new Promise<void>((resolve) => terminal.write(drawLine(shown, next, 10), resolve));
    shown = next;
  }
  const { active } = terminal.buffer;
  const rows = Array.from({ length: 8 }, (_, index) => active.getLine(index)?.translateToString(true) ?? "");
  return {
    rows: rows.map((row) => row.trimEnd()).filter((row) => row !== ""),
    cursor: `${active.cursorX},${active.cursorY}`,
  };
}

test.each([
  { says: "a short line", keys: [..."abc"], rows: ["$ abc"], cursor: "5,0" },
  { says: "a letter in the middle", keys: [..."ac", "\x1b[D", "b"], rows: ["$ abc"], cursor: "4,0" },
  { says: "a line that fills the row", keys: [..."01234567"], rows: ["$ 01234567"], cursor: "0,1" },
  { says: "a line that wraps", keys: [..."0123456789"], rows: ["$ 01234567", "89"], cursor: "2,1" },
  { says: "back over the wrap", keys: [..."0123456789", "\x01"], rows: ["$ 01234567", "89"], cursor: "2,0" },
  { says: "a long line of the history, and away again", keys: ["\x1b[A", "\x15"], rows: ["$"], cursor: "2,0" },
  { says: "wide letters", keys: [..."探针"], rows: ["$ 探针"], cursor: "6,0" },
])("$says", async ({ keys, rows, cursor }) => {
  const screen = await screenAfter(keys);
  expect(screen.rows).toEqual(rows);
  expect(screen.cursor).toBe(cursor);
});
