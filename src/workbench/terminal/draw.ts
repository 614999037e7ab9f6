/** Draws the line being typed: what to send to a terminal of `columns` so that it shows `next` where it showed `shown`. */
export interface Shown {
  readonly prompt: string;
  readonly text: string;
  readonly cursor: number;
}

export function drawLine(shown: Shown | null, next: Shown, columns: number): string {
  if (shown !== null && isAppended(shown, next, columns)) return next.text.slice(shown.text.length);
  const all = width(plain(next.prompt)) + width(next.text);
  const cursor = width(plain(next.prompt)) + width(next.text.slice(0, next.cursor));
  const rowsUp = shown === null ? 0 : Math.floor(cursorCells(shown) / columns);
  const upTo = (cells: number): number => Math.floor(cells / columns);
  const text = next.text.replaceAll("\n", "\r\n");
  // A terminal waits with the wrap until one more cell comes: a space makes it happen, so that rows can be counted.
  const wrap = all > 0 && all % columns === 0 ? " \r" : "";
  const back = upTo(all) - upTo(cursor);
  return `${up(rowsUp)}\r\x1b[J${next.prompt}${text}${wrap}${up(back)}\r${right(cursor % columns)}`;
}

/** One more character at the end needs no redraw, so that a screen reader hears it once. */
function isAppended(shown: Shown, next: Shown, columns: number): boolean {
  const cells = cursorCells(next);
  return (
    shown.prompt === next.prompt &&
    shown.cursor === shown.text.length &&
    next.cursor === next.text.length &&
    next.text.length > shown.text.length &&
    next.text.startsWith(shown.text) &&
    cells % columns !== 0 &&
    Math.floor(cells / columns) === Math.floor(cursorCells(shown) / columns)
  );
}

function cursorCells({ prompt, text, cursor }: Shown): number {
  return width(plain(prompt)) + width(text.slice(0, cursor));
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}

function right(cells: number): string {
  return cells > 0 ? `\x1b[${cells}C` : "";
}

/** Without the sequences that colour a prompt. */
export function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/\x1b\[[0-9;]*m/g, "");
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u;

/** How many cells a text takes. */
export function width(text: string): number {
  let cells = 0;
  for (const character of text) cells += wide.test(character) ? 2 : 1;
  return cells;
}
