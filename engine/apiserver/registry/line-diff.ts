// After github.com/pmezard/go-difflib v1.0.0 difflib (Python's difflib.SequenceMatcher), as apimachinery/pkg/util/diff uses it.
import { goJson } from "../../api/go-quote.ts";

/** Lines around a change. Source: apimachinery/pkg/util/diff Diff, Context 3. */
const CONTEXT = 3;

/** From this many lines on, lines that are more frequent than one in a hundred do not anchor a match. Source: SequenceMatcher autojunk. */
const POPULAR_FROM = 200;

/** The unified diff of two values as Go prints them, one space per level; empty when they are equal. */
export function lineDiff(before: unknown, after: unknown): string {
  const left = linesOf(before);
  const right = linesOf(after);
  return groups(opcodes(left, right))
    .map((group) => hunk(group, left, right))
    .join("");
}

function linesOf(value: unknown): readonly string[] {
  const text = JSON.stringify(value, undefined, 1).replace(/"(?:[^"\\]|\\.)*"/g, (literal) =>
    goJson(JSON.parse(literal)),
  );
  return `${text}\n`.split("\n").map((line) => `${line}\n`);
}

interface Opcode {
  readonly tag: "equal" | "replace" | "delete" | "insert";
  readonly from: number;
  readonly to: number;
  readonly rightFrom: number;
  readonly rightTo: number;
}

interface Match {
  readonly left: number;
  readonly right: number;
  readonly size: number;
}

function opcodes(left: readonly string[], right: readonly string[]): Opcode[] {
  const codes: Opcode[] = [];
  let from = 0;
  let rightFrom = 0;
  for (const match of [...matches(left, right), { left: left.length, right: right.length, size: 0 }]) {
    const tag = tagOf(from < match.left, rightFrom < match.right);
    if (tag !== undefined) codes.push({ tag, from, to: match.left, rightFrom, rightTo: match.right });
    from = match.left + match.size;
    rightFrom = match.right + match.size;
    if (match.size > 0)
      codes.push({ tag: "equal", from: match.left, to: from, rightFrom: match.right, rightTo: rightFrom });
  }
  return codes;
}

function tagOf(isLeft: boolean, isRight: boolean): Opcode["tag"] | undefined {
  if (isLeft && isRight) return "replace";
  if (isLeft) return "delete";
  return isRight ? "insert" : undefined;
}

interface Range {
  readonly leftFrom: number;
  readonly leftTo: number;
  readonly rightFrom: number;
  readonly rightTo: number;
}

/** The matching blocks in order; neighbours are one block. */
function matches(left: readonly string[], right: readonly string[]): Match[] {
  const places = placesOf(right);
  const found: Match[] = [];
  const queue: Range[] = [{ leftFrom: 0, leftTo: left.length, rightFrom: 0, rightTo: right.length }];
  for (let range = queue.pop(); range !== undefined; range = queue.pop()) {
    const match = longestMatch(left, right, { range, places });
    if (match.size === 0) continue;
    found.push(match);
    const leftEnd = match.left + match.size;
    const rightEnd = match.right + match.size;
    queue.push(
      { ...range, leftTo: match.left, rightTo: match.right },
      { ...range, leftFrom: leftEnd, rightFrom: rightEnd },
    );
  }
  return joined(found.toSorted((one, other) => one.left - other.left));
}

function joined(blocks: readonly Match[]): Match[] {
  const whole: Match[] = [];
  for (const block of blocks) {
    const last = whole.at(-1);
    const isNext = last !== undefined && last.left + last.size === block.left && last.right + last.size === block.right;
    if (isNext) whole[whole.length - 1] = { ...last, size: last.size + block.size };
    else whole.push(block);
  }
  return whole;
}

/** Where each line stands in the right text, without the popular ones. */
function placesOf(right: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [index, line] of right.entries()) {
    const known = places.get(line);
    if (known === undefined) places.set(line, [index]);
    else known.push(index);
  }
  if (right.length < POPULAR_FROM) return places;
  const limit = Math.floor(right.length / 100) + 1;
  for (const [line, indexes] of [...places]) if (indexes.length > limit) places.delete(line);
  return places;
}

interface Search {
  readonly range: Range;
  readonly places: ReadonlyMap<string, readonly number[]>;
}

function longestMatch(left: readonly string[], right: readonly string[], { range, places }: Search): Match {
  let best: Match = { left: range.leftFrom, right: range.rightFrom, size: 0 };
  let lengths = new Map<number, number>();
  for (let index = range.leftFrom; index < range.leftTo; index++) {
    const next = new Map<number, number>();
    for (const place of places.get(left[index] ?? "") ?? []) {
      if (place < range.rightFrom) continue;
      if (place >= range.rightTo) break;
      const size = (lengths.get(place - 1) ?? 0) + 1;
      next.set(place, size);
      if (size > best.size) best = { left: index - size + 1, right: place - size + 1, size };
    }
    lengths = next;
  }
  return grown(best, left, right, range);
}

/** Popular lines beside a match belong to it. */
function grown(match: Match, left: readonly string[], right: readonly string[], range: Range): Match {
  let { left: start, right: rightStart, size } = match;
  while (start > range.leftFrom && rightStart > range.rightFrom && left[start - 1] === right[rightStart - 1]) {
    start--;
    rightStart--;
    size++;
  }
  while (
    start + size < range.leftTo &&
    rightStart + size < range.rightTo &&
    left[start + size] === right[rightStart + size]
  )
    size++;
  return { left: start, right: rightStart, size };
}

/** Changes that are near each other, with their context. */
function groups(codes: readonly Opcode[]): Opcode[][] {
  const trimmed = trim(codes);
  const whole: Opcode[][] = [];
  let group: Opcode[] = [];
  for (const code of trimmed) {
    if (code.tag === "equal" && code.to - code.from > CONTEXT * 2) {
      group.push({
        ...code,
        to: Math.min(code.to, code.from + CONTEXT),
        rightTo: Math.min(code.rightTo, code.rightFrom + CONTEXT),
      });
      whole.push(group);
      group = [];
      const from = Math.max(code.from, code.to - CONTEXT);
      group.push({ ...code, from, rightFrom: Math.max(code.rightFrom, code.rightTo - CONTEXT) });
    } else group.push(code);
  }
  if (group.length > 0 && !(group.length === 1 && group[0]?.tag === "equal")) whole.push(group);
  return whole;
}

function trim(codes: readonly Opcode[]): Opcode[] {
  const trimmed = [...codes];
  const [first] = trimmed;
  if (first?.tag === "equal") {
    trimmed[0] = {
      ...first,
      from: Math.max(first.from, first.to - CONTEXT),
      rightFrom: Math.max(first.rightFrom, first.rightTo - CONTEXT),
    };
  }
  const last = trimmed.at(-1);
  if (last?.tag === "equal") {
    const to = Math.min(last.to, last.from + CONTEXT);
    trimmed[trimmed.length - 1] = { ...last, to, rightTo: Math.min(last.rightTo, last.rightFrom + CONTEXT) };
  }
  return trimmed;
}

function hunk(group: readonly Opcode[], left: readonly string[], right: readonly string[]): string {
  const first = group[0];
  const last = group.at(-1);
  if (first === undefined || last === undefined) return "";
  const head = `@@ -${rangeText(first.from, last.to)} +${rangeText(first.rightFrom, last.rightTo)} @@\n`;
  return head + group.map((code) => codeText(code, left, right)).join("");
}

function codeText(code: Opcode, left: readonly string[], right: readonly string[]): string {
  if (code.tag === "equal") return marked(" ", left.slice(code.from, code.to));
  const gone = code.tag === "insert" ? "" : marked("-", left.slice(code.from, code.to));
  const come = code.tag === "delete" ? "" : marked("+", right.slice(code.rightFrom, code.rightTo));
  return gone + come;
}

function marked(mark: string, lines: readonly string[]): string {
  return lines.map((line) => mark + line).join("");
}

function rangeText(from: number, to: number): string {
  const length = to - from;
  if (length === 1) return String(from + 1);
  return `${length === 0 ? from : from + 1},${length}`;
}
