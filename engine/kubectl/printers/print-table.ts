// After cli-runtime pkg/printers/tableprinter.go.
import { fields, fieldsAt, list, number, rowsAt, sameJson, text, textAt, type Fields } from "../json.ts";
import { joinLabels } from "../labels.ts";
import { goValue } from "./go-value.ts";

export interface TableOptions {
  readonly noHeaders: boolean;
  readonly wide: boolean;
  readonly withNamespace: boolean;
  readonly showLabels: boolean;
  readonly labelColumns: readonly string[];
  /** Put before each name, with a slash; empty: nothing. */
  readonly kindPrefix: string;
}

/** Remembers whether headers were printed, and for which columns. */
export interface TablePrinter {
  readonly options: TableOptions;
  lastColumns: readonly Fields[] | undefined;
}

interface Table {
  readonly columns: readonly Fields[];
  readonly rows: readonly Row[];
}

interface Row {
  readonly cells: readonly unknown[];
  readonly object: Fields;
}

/** The rows of a table with cells that end in tabs; `event` is shown first where there is one. */
export function printTable(printer: TablePrinter, table: Fields, event: string = ""): string {
  const given = rowsAt(table, "columnDefinitions");
  const known = printer.lastColumns;
  const hideHeaders =
    printer.options.noHeaders || (known !== undefined && (given.length === 0 || sameJson(given, known)));
  const columns = given.length === 0 ? (known ?? []) : given;
  printer.lastColumns = columns;
  const rows = rowsAt(table, "rows").map((row) => ({ cells: list(row["cells"]), object: fields(row["object"]) }));
  const decorated = withEvent(decorate({ columns, rows }, printer.options), event);
  return written(decorated, { ...printer.options, noHeaders: hideHeaders });
}

function decorate(table: Table, options: TableOptions): Table {
  let { columns } = table;
  let rows = table.rows;
  if (options.kindPrefix !== "") {
    const nameColumn = columns.findIndex((column) => column["format"] === "name" && column["type"] === "string");
    rows = rows.map((row) => ({
      ...row,
      cells: row.cells.map((cell, index) => (index === nameColumn ? `${options.kindPrefix}/${text(cell)}` : cell)),
    }));
  }
  if (options.withNamespace) {
    columns = [{ name: "Namespace", type: "string", priority: 0 }, ...columns];
    rows = rows.map((row) => ({ ...row, cells: [textAt(row.object, "metadata", "namespace"), ...row.cells] }));
  }
  if (options.labelColumns.length > 0) {
    const headers = options.labelColumns.map((label) => ({
      name: (label.split("/").at(-1) ?? "").toUpperCase(),
      type: "string",
      priority: 0,
    }));
    columns = [...columns, ...headers];
    rows = rows.map((row) => ({
      ...row,
      cells: [...row.cells, ...options.labelColumns.map((label) => textAt(row.object, "metadata", "labels", label))],
    }));
  }
  if (!options.showLabels) return { columns, rows };
  return {
    columns: [...columns, { name: "Labels", type: "string", priority: 0 }],
    rows: rows.map((row) => ({
      ...row,
      cells: [...row.cells, joinLabels(fieldsAt(row.object, "metadata", "labels")) || "<none>"],
    })),
  };
}

/** Source: formatEventType: upper case, ten columns. */
const EVENT_WIDTH = 10;

function withEvent(table: Table, event: string): Table {
  if (event === "") return table;
  const shown = event.padEnd(EVENT_WIDTH);
  return {
    columns: [{ name: "Event", type: "string", priority: 0 }, ...table.columns],
    rows: table.rows.map((row) => ({ ...row, cells: [shown, ...row.cells] })),
  };
}

function written(table: Table, options: TableOptions): string {
  if (table.rows.length === 0) return "";
  const shown = table.columns.map((column) => options.wide || number(column["priority"]) === 0);
  const line = (cells: readonly string[]): string =>
    `${cells.filter((_, index) => shown[index] === true).join("\t")}\n`;
  const header = options.noHeaders ? "" : line(table.columns.map((column) => text(column["name"]).toUpperCase()));
  return header + table.rows.map((row) => line(table.columns.map((_, index) => cellText(row.cells[index])))).join("");
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell !== "string") return goValue(cell);
  const broken = cell.search(/[\f\n\r]/);
  return escapeTerminal(broken < 0 ? cell : `${cell.slice(0, broken)}...`);
}

/** What would steer a terminal is shown, not sent. Source: cli-runtime pkg/printers/terminal.go. */
export function escapeTerminal(line: string): string {
  return line.replaceAll("\x1b", "^[").replaceAll("\r", "\\r");
}
