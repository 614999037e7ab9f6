// After Go's text/tabwriter (go1.26) and its copy github.com/liggitt/tabwriter, whose RememberWidths keeps columns aligned over flushes.

/** How wide columns are made. */
export interface Layout {
  readonly minWidth: number;
  readonly padding: number;
}

/** `kubectl get`. Source: cli-runtime pkg/printers/tabwriter.go. */
export const TABLE_LAYOUT: Layout = { minWidth: 6, padding: 3 };
/** `kubectl describe`. Source: kubectl pkg/describe/describe.go tabbedString. */
export const DESCRIBE_LAYOUT: Layout = { minWidth: 0, padding: 2 };

/** Column widths kept from one flush to the next. */
export interface Remembered {
  readonly widths: number[];
}

interface Work {
  readonly lines: readonly (readonly string[])[];
  readonly layout: Layout;
  readonly widths: number[];
  readonly remembered: Remembered | undefined;
  out: string;
}

/** Aligns the cells of `text`, which end with tabs; the last cell of a line is not part of a column. */
export function tabulate(text: string, layout: Layout, remembered?: Remembered): string {
  if (text === "") return "";
  const endsOpen = !text.endsWith("\n");
  const lines = (endsOpen ? text : text.slice(0, -1)).split(/[\n\f]/).map((line) => line.split("\t"));
  const work: Work = { lines, layout, widths: [], remembered, out: "" };
  format(work, 0, lines.length);
  return endsOpen ? work.out.slice(0, -1) : work.out;
}

function format(work: Work, from: number, to: number): void {
  const column = work.widths.length;
  let start = from;
  for (let index = from; index < to; index++) {
    if (column >= cellsOf(work, index).length - 1) continue;
    write(work, start, index);
    start = index;
    let width = work.layout.minWidth;
    for (; index < to; index++) {
      const cells = cellsOf(work, index);
      if (column >= cells.length - 1) break;
      width = Math.max(width, widthOf(cells[column] ?? "") + work.layout.padding);
    }
    width = remember(work, column, width);
    work.widths.push(width);
    format(work, start, index);
    work.widths.pop();
    start = index;
  }
  write(work, start, to);
}

function remember(work: Work, column: number, width: number): number {
  if (work.remembered === undefined) return width;
  const widest = Math.max(width, work.remembered.widths[column] ?? 0);
  work.remembered.widths[column] = widest;
  return widest;
}

function cellsOf(work: Work, index: number): readonly string[] {
  return work.lines[index] ?? [];
}

function write(work: Work, from: number, to: number): void {
  for (let index = from; index < to; index++) {
    const cells = cellsOf(work, index);
    for (const [column, cell] of cells.entries()) {
      const width = work.widths[column];
      work.out += cell;
      if (width !== undefined && column < cells.length - 1) work.out += " ".repeat(Math.max(0, width - widthOf(cell)));
    }
    work.out += "\n";
  }
}

function widthOf(cell: string): number {
  let width = 0;
  for (const _ of cell) width++;
  return width;
}
