// After POSIX diff -u: the longest common subsequence of lines, three lines of context.

interface Edit {
  readonly kind: " " | "-" | "+";
  readonly line: string;
}

const CONTEXT_LINES = 3;

/** The hunks of the unified format; empty when the texts are equal. */
export function unifiedDiff(from: string, to: string): string {
  const edits = editsBetween(linesOf(from), linesOf(to));
  return hunksOf(edits).join("");
}

function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function editsBetween(from: readonly string[], to: readonly string[]): readonly Edit[] {
  const lengths = commonLengths(from, to);
  const edits: Edit[] = [];
  let [left, right] = [0, 0];
  while (left < from.length || right < to.length) {
    const [old, fresh] = [from[left], to[right]];
    if (old !== undefined && old === fresh) {
      edits.push({ kind: " ", line: old });
      left++;
      right++;
    } else if (
      old !== undefined &&
      (fresh === undefined || (lengths[left + 1]?.[right] ?? 0) >= (lengths[left]?.[right + 1] ?? 0))
    ) {
      edits.push({ kind: "-", line: old });
      left++;
    } else {
      edits.push({ kind: "+", line: fresh ?? "" });
      right++;
    }
  }
  return edits;
}

/** For each pair of places, how many lines the rests have in common. */
function commonLengths(from: readonly string[], to: readonly string[]): readonly (readonly number[])[] {
  const table: number[][] = Array.from({ length: from.length + 1 }, () =>
    Array.from({ length: to.length + 1 }, () => 0),
  );
  for (let left = from.length - 1; left >= 0; left--) {
    for (let right = to.length - 1; right >= 0; right--) {
      const row = table[left];
      if (row === undefined) continue;
      row[right] =
        from[left] === to[right]
          ? (table[left + 1]?.[right + 1] ?? 0) + 1
          : Math.max(table[left + 1]?.[right] ?? 0, row[right + 1] ?? 0);
    }
  }
  return table;
}

function hunksOf(edits: readonly Edit[]): readonly string[] {
  const changes = edits.flatMap((edit, index) => (edit.kind === " " ? [] : [index]));
  const ranges: { from: number; to: number }[] = [];
  for (const index of changes) {
    const last = ranges.at(-1);
    if (last !== undefined && index - last.to <= 2 * CONTEXT_LINES) last.to = index;
    else ranges.push({ from: index, to: index });
  }
  return ranges.map(({ from, to }) =>
    hunk(edits, Math.max(0, from - CONTEXT_LINES), Math.min(edits.length - 1, to + CONTEXT_LINES)),
  );
}

function hunk(edits: readonly Edit[], from: number, to: number): string {
  const before = edits.slice(0, from);
  const inside = edits.slice(from, to + 1);
  const count = (some: readonly Edit[], not: string): number => some.filter((edit) => edit.kind !== not).length;
  const range = (start: number, length: number): string =>
    length === 1 ? String(start + 1) : `${length === 0 ? start : start + 1},${length}`;
  const header = `@@ -${range(count(before, "+"), count(inside, "+"))} +${range(count(before, "-"), count(inside, "-"))} @@\n`;
  return header + inside.map((edit) => `${edit.kind}${edit.line}\n`).join("");
}
