// After kubectl pkg/cmd/get/get_flags.go, humanreadable_flags.go.
import { boolFlag, listFlag, textFlag } from "../flag-set.ts";
import type { Info } from "../info.ts";
import { textAt, type Fields } from "../json.ts";
import type { ResourceMapping } from "../resource-mapping.ts";
import { formatOf } from "../printers/printer.ts";
import type { TableOptions, TablePrinter } from "../printers/print-table.ts";
import type { Session } from "../talk.ts";

export function isHumanReadable(session: Session): boolean {
  const { format } = formatOf(session.flags, true);
  return format === "" || format === "wide";
}

export function tableOptions(session: Session): TableOptions {
  const { flags } = session;
  return {
    noHeaders: boolFlag(flags, "no-headers"),
    wide: textFlag(flags, "output") === "wide",
    withNamespace: false,
    showLabels: boolFlag(flags, "show-labels"),
    labelColumns: listFlag(flags, "label-columns"),
    kindPrefix: "",
  };
}

/** The printer for one kind of rows: with a namespace column, with the kind before the name. */
export function tablePrinterFor(session: Session, mapping: ResourceMapping, withKind: boolean): TablePrinter {
  const withNamespace = boolFlag(session.flags, "all-namespaces") && mapping.namespaced;
  const prefix = mapping.group === "" ? mapping.kind.toLowerCase() : `${mapping.kind.toLowerCase()}.${mapping.group}`;
  return {
    options: { ...tableOptions(session), withNamespace, kindPrefix: withKind ? prefix : "" },
    lastColumns: undefined,
  };
}

/** A server that does not make tables answers the object itself; then the name and the age are shown. */
export function asTable(info: Info): Fields {
  if (info.object["kind"] === "Table") return info.object;
  return {
    kind: "Table",
    columnDefinitions: [{ name: "Name", type: "string", format: "name", priority: 0 }],
    rows: [{ cells: [textAt(info.object, "metadata", "name")], object: info.object }],
  };
}
