import type { Explanation } from "./explanation.ts";

/** The explanation as a table of text: a line for each node, a column for each plugin that scored; raw → normalised × weight = weighted. */
export function explanationTable(explanation: Explanation): string {
  const plugins = explanation.scored[0]?.scores.map(({ plugin }) => plugin) ?? [];
  const scored = explanation.scored.map(({ node, scores, total }) => [
    node,
    node === explanation.chosen ? "chosen" : "fits",
    ...scores.map(({ raw, normalized, weighted }) => `${raw} → ${normalized} → ${weighted}`),
    String(total),
  ]);
  const refused = explanation.refused.map(({ node, plugin, reasons }) => [
    node === "*" ? "every node" : node,
    `${plugin}: ${reasons.join(", ")}`,
  ]);
  const header = plugins.length === 0 ? ["NODE", "VERDICT"] : ["NODE", "VERDICT", ...plugins, "TOTAL"];
  return aligned([header, ...scored, ...refused]) + footer(explanation);
}

function footer({ examined, feasible, ties }: Explanation): string {
  const counts = `${feasible} of ${examined} nodes that were looked at fit the pod.`;
  return ties > 1 ? `${counts} ${ties} of them shared the highest total; chance chose among them.\n` : `${counts}\n`;
}

/** Columns as wide as their widest cell, two blanks apart. The last cell of a line is not padded. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.slice(0, -1).entries())
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  const lines = rows.map((row) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd((widths[column] ?? 0) + 2))).join(""),
  );
  return `${lines.join("\n")}\n`;
}

/** The explanation that a note of the scheduler carries in its fact `table`. */
export function explanationIn(
  facts: Readonly<Record<string, string | number | boolean>> | undefined,
): Explanation | undefined {
  const table = facts?.["table"];
  return typeof table === "string" ? (JSON.parse(table) as Explanation) : undefined;
}
