// After cli-runtime pkg/genericclioptions/print_flags.go and kubectl pkg/cmd/get/get_flags.go: what `-o` asks for.
import { boolFlag, isGiven, textFlag, type Flags } from "../flag-set.ts";
import { failureOf, messageOf, refusal } from "../failure.ts";
import { at, fields, isFields, list, rowsAt, textAt, type Fields } from "../json.ts";
import { readFile, type Session, type Talk } from "../talk.ts";
import { toYaml } from "../yaml-text.ts";
import { columnHeaders, columnRow, customColumnsOf, customColumnsOfFile } from "./custom-columns.ts";
import { executeTemplate, goTemplateOf } from "./go-template.ts";
import { goSyntax } from "./go-value.ts";
import { jsonPathOf, printAsJson, printJsonPath } from "./json-path.ts";
import { indentedJson, type MemberOrder } from "./json-text.ts";
import { kyaml } from "./kyaml.ts";
import { TABLE_LAYOUT, tabulate } from "../tabulate.ts";

/** Turns objects into text; it may remember what it printed before, for separators and headers. */
export interface Printer {
  print(object: Fields): string;
}

export interface PrinterChoice {
  /** Words for the name printer: `created`, `configured (dry run)`. */
  readonly operation?: string;
  /** Whether the command also offers custom-columns and wide, as `get` does. */
  readonly isGet?: boolean;
  /** Objects are structs of our own: members stand in the order of their type. */
  readonly order?: MemberOrder;
}

const FORMATS = [
  "go-template",
  "go-template-file",
  "json",
  "jsonpath",
  "jsonpath-as-json",
  "jsonpath-file",
  "kyaml",
  "name",
  "template",
  "templatefile",
  "yaml",
];
const GET_FORMATS = [...FORMATS, "custom-columns", "custom-columns-file", "wide"].toSorted();
const TEMPLATE_FORMATS = [
  "go-template",
  "go-template-file",
  "template",
  "templatefile",
  "jsonpath",
  "jsonpath-as-json",
  "jsonpath-file",
];

/** The printer that `-o` and `--template` name; the name printer where there is none. */
export function* printerOf(session: Session, choice: PrinterChoice): Talk<Printer> {
  const { flags } = session;
  const { format, argument } = formatOf(flags, choice.isGet === true);
  const printer = yield* makePrinter(session, { format, argument, choice });
  if (format === "" || format === "name" || format === "wide") return printer;
  if (boolFlag(flags, "show-managed-fields")) return printer;
  return { print: (object) => printer.print(withoutManagedFields(object)) };
}

interface Format {
  readonly format: string;
  readonly argument: string;
}

export function formatOf(flags: Flags, isGet: boolean): Format {
  const written = textFlag(flags, "output");
  if (written === "" && textFlag(flags, "template") !== "")
    return { format: "go-template", argument: textFlag(flags, "template") };
  const known = isGet ? GET_FORMATS : FORMATS;
  if (known.includes(written)) return { format: written, argument: textFlag(flags, "template") };
  const equals = written.indexOf("=");
  const format = equals < 0 ? written : written.slice(0, equals);
  const takesArgument = TEMPLATE_FORMATS.includes(format) || (isGet && format.startsWith("custom-columns"));
  if (equals >= 0 && takesArgument) return { format, argument: written.slice(equals + 1) };
  if (written === "") return { format: "", argument: "" };
  throw refusal(
    `unable to match a printer suitable for the output format ${JSON.stringify(written)}, allowed formats are: ${known.join(",")}`,
  );
}

interface Making extends Format {
  readonly choice: PrinterChoice;
}

function* makePrinter(session: Session, making: Making): Talk<Printer> {
  const { format, choice } = making;
  const order = choice.order ?? "sorted";
  switch (format) {
    case "":
    case "name":
      return namePrinter(choice.operation ?? "", format === "name");
    case "json":
      return { print: (object) => `${indentedJson(orderedList(object), order)}\n` };
    case "yaml":
      return separated((object) => toYaml(object));
    case "kyaml":
      return { print: (object) => kyaml(object, order) };
    case "wide":
      return namePrinter("", true);
    case "custom-columns":
    case "custom-columns-file":
      return yield* columnPrinter(session, making);
    default:
      return yield* templatePrinter(session, making);
  }
}

function orderedList(object: Fields): Fields {
  return object;
}

/** Documents after the first are set off by `---`. */
function separated(write: (object: Fields) => string): Printer {
  let count = 0;
  return {
    print: (object) => {
      count++;
      return (count > 1 ? "---\n" : "") + write(object);
    },
  };
}

/** Source: cli-runtime pkg/printers/name.go. */
function namePrinter(operation: string, short: boolean): Printer {
  const print = (object: Fields): string => {
    if (
      textAt(object, "kind") === "List" ||
      (Array.isArray(object["items"]) && textAt(object, "kind").endsWith("List"))
    ) {
      return rowsAt(object, "items").map(print).join("");
    }
    const name = `${kindAndGroup(object)}/${textAt(object, "metadata", "name") || "<unknown>"}`;
    return short || operation === "" ? `${name}\n` : `${name} ${operation}\n`;
  };
  return { print };
}

/** `deployment.apps`, `pod`. */
export function kindAndGroup(object: Fields): string {
  const apiVersion = textAt(object, "apiVersion");
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  const kind = textAt(object, "kind").toLowerCase() || "<unknown>";
  return group === "" ? kind : `${kind}.${group}`;
}

function* columnPrinter(session: Session, making: Making): Talk<Printer> {
  const text = making.format === "custom-columns" ? making.argument : yield* templateFile(session, making.argument);
  const columns = making.format === "custom-columns" ? customColumnsOf(text) : customColumnsOfFile(text);
  const noHeaders = boolFlag(session.flags, "no-headers");
  let printedHeaders = noHeaders;
  return {
    print: (object) => {
      const objects = Array.isArray(object["items"]) ? rowsAt(object, "items") : [object];
      const headers = printedHeaders ? "" : columnHeaders(columns);
      printedHeaders = true;
      return tabulate(headers + objects.map((each) => columnRow(columns, each)).join(""), TABLE_LAYOUT);
    },
  };
}

function* templateFile(session: Session, path: string): Talk<string> {
  const file = yield* readFile(session, path);
  if (file === undefined) throw refusal(`error reading template ${path}, open ${path}: no such file or directory`);
  return file.text;
}

function* templatePrinter(session: Session, making: Making): Talk<Printer> {
  const { format } = making;
  const isFile = format.endsWith("file");
  if (making.argument === "") throw refusal("template format specified but no template given");
  const template = isFile ? yield* templateFile(session, making.argument) : making.argument;
  const allowMissing =
    boolFlag(session.flags, "allow-missing-template-keys") || !isGiven(session.flags, "allow-missing-template-keys");
  return format.startsWith("jsonpath")
    ? jsonPathPrinter(template, format === "jsonpath-as-json", allowMissing)
    : goTemplatePrinter(template);
}

function jsonPathPrinter(template: string, asJson: boolean, allowMissing: boolean): Printer {
  const path = parsed(`error parsing jsonpath ${template}, `, () => jsonPathOf(template, allowMissing));
  return {
    print: (object) => {
      try {
        return asJson ? printAsJson(path, object) : printJsonPath(path, object);
      } catch (caught) {
        const why = messageOf(failureOf(caught));
        throw refusal(
          `error executing jsonpath ${JSON.stringify(template)}: Error executing template: ${why}. Printing more information for debugging the template:\n` +
            `\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntax(object)}\n\n`,
        );
      }
    },
  };
}

function goTemplatePrinter(template: string): Printer {
  const parsedTemplate = parsed(`error parsing template ${template}, `, () => goTemplateOf(template));
  return {
    print: (object) => {
      try {
        return executeTemplate(parsedTemplate, object);
      } catch (caught) {
        throw refusal(`error executing template ${JSON.stringify(template)}: ${messageOf(failureOf(caught))}`);
      }
    },
  };
}

function parsed<Result>(prefix: string, parse: () => Result): Result {
  try {
    return parse();
  } catch (caught) {
    throw refusal(prefix + messageOf(failureOf(caught)));
  }
}

/** Source: cli-runtime pkg/printers/managedfields.go. */
export function withoutManagedFields(object: Fields): Fields {
  const bare = omitManagedFields(object);
  if (!Array.isArray(bare["items"])) return bare;
  return { ...bare, items: list(bare["items"]).map((item) => (isFields(item) ? omitManagedFields(item) : item)) };
}

function omitManagedFields(object: Fields): Fields {
  if (at(object, "metadata", "managedFields") === undefined) return object;
  const { managedFields: _omitted, ...metadata } = fields(object["metadata"]);
  return { ...object, metadata };
}
