// After kubectl pkg/cmd/explain/explain.go, pkg/explain/v2 (generator.go, templates/plaintext.tmpl). Descriptions are input data: without them the structure is shown.
import { exit, failureOf, failureOfResponse, messageOf, refusal, thrown } from "../failure.ts";
import { boolFlag, textFlag } from "../flag-set.ts";
import { at, fieldsAt, list, rowsAt, sortedKeys, text, textAt, type Fields } from "../json.ts";
import { apiVersionOf, discover, mappingFor } from "../mapping.ts";
import type { ResourceMapping } from "../resource-mapping.ts";
import { exchange, print, readFile, type Session, type Talk } from "../talk.ts";
import { fromYaml } from "../yaml-text.ts";

/** Where a host may put the long texts: `{ "V1Pod": { "": "…", "spec": "…" } }`. */
export const DESCRIPTIONS_PATH = "/usr/share/kubectl/descriptions.json";

interface Book {
  readonly schemas: Fields;
  readonly descriptions: Fields;
}

export function* runExplain(session: Session): Talk<number> {
  const { args, flags } = session;
  if (args.length === 0)
    throw refusal(
      'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.',
    );
  if (args.length > 1) throw refusal("We accept only this format: explain RESOURCE");
  const output = textFlag(flags, "output");
  if (output !== "plaintext" && output !== "plaintext-openapiv2") throw refusal(`unknown output format "${output}"`);
  const [type = "", ...path] = (args[0] ?? "").split(".");
  const mapping = yield* mappingOf(session, type, textFlag(flags, "api-version"));
  const book = yield* bookOf(session, mapping);
  const root = rootName(book, mapping);
  yield* print(header(mapping));
  const found = locate(book, root, path);
  yield* print(page(book, found, boolFlag(flags, "recursive")));
  return 0;
}

function* mappingOf(session: Session, type: string, apiVersion: string): Talk<ResourceMapping> {
  try {
    const mapping = yield* mappingFor(session, type);
    if (apiVersion === "") return mapping;
    const other = (yield* discover(session)).find(
      (each) => each.plural === mapping.plural && apiVersionOf(each) === apiVersion,
    );
    if (other === undefined) throw refusal(`couldn't find resource for "${apiVersion}, Kind=${mapping.kind}"`);
    return other;
  } catch (caught) {
    const message = messageOf(failureOf(caught));
    throw message.startsWith("the server doesn't have") ? exit(message) : caught;
  }
}

function* bookOf(session: Session, mapping: ResourceMapping): Talk<Book> {
  const path =
    mapping.group === ""
      ? `/openapi/v3/api/${mapping.version}`
      : `/openapi/v3/apis/${mapping.group}/${mapping.version}`;
  const response = yield* exchange(session, { method: "GET", path });
  if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
  const file = yield* readFile(session, DESCRIPTIONS_PATH);
  return {
    schemas: fieldsAt(response.body, "components", "schemas"),
    descriptions: file === undefined ? {} : ((fromYaml(file.text) ?? {}) as Fields),
  };
}

function rootName(book: Book, mapping: ResourceMapping): string {
  const isOurs = (name: string): boolean =>
    rowsAt(book.schemas[name], "x-kubernetes-group-version-kind").some(
      (each) =>
        textAt(each, "group") === mapping.group &&
        textAt(each, "version") === mapping.version &&
        textAt(each, "kind") === mapping.kind,
    );
  const name = Object.keys(book.schemas).find(isOurs);
  if (name === undefined)
    throw refusal(`GVR (${mapping.group}/${mapping.version}, Resource=${mapping.plural}) not found in OpenAPI schema`);
  return name;
}

function header(mapping: ResourceMapping): string {
  const group = mapping.group === "" ? "" : `GROUP:      ${mapping.group}\n`;
  return `${group}KIND:       ${mapping.kind}\nVERSION:    ${mapping.version}\n\n`;
}

/** A place in the structure: the schema there, and how it was reached. */
interface Found {
  readonly name: string;
  readonly schema: Fields;
  readonly isRoot: boolean;
  readonly description: string;
}

function locate(book: Book, root: string, path: readonly string[]): Found {
  let here: Found = {
    name: "",
    schema: { ...fieldsAt(book.schemas, root), title: root },
    isRoot: true,
    description: describe(book, root, ""),
  };
  for (const step of path) {
    const holder = resolved(book, here.schema);
    const next = at(holder, "properties", step);
    if (next === undefined) throw refusal(`field ${JSON.stringify(step)} does not exist`);
    const schema = fieldsAt(holder, "properties", step);
    const own = text(schema["description"]) || describe(book, text(holder["title"]), step);
    const target = resolved(book, schema);
    const below = describe(book, text(target["title"]), "") || text(target["description"]);
    here = {
      name: step,
      schema,
      isRoot: false,
      description: [...new Set([own, below])].filter((each) => each !== "").join("\n"),
    };
  }
  return here;
}

function describe(book: Book, definition: string, field: string): string {
  const known = classesOf(definition).find((name) => book.descriptions[name] !== undefined);
  return (
    (known === undefined ? "" : textAt(book.descriptions, known, field)) ||
    (field === "" ? textAt(book.schemas, definition, "description") : "")
  );
}

/** `io.k8s.api.apps.v1.Deployment` is `V1Deployment`, or `AppsV1Deployment` where two groups have the name. */
function classesOf(definition: string): readonly string[] {
  const [kind = "", version = "", group = ""] = definition.split(".").toReversed();
  const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);
  return [`${capital(version)}${kind}`, `${capital(group)}${capital(version)}${kind}`];
}

function referenceOf(schema: Fields): string {
  const direct = textAt(schema, "$ref") || textAt(schema, "allOf", 0, "$ref");
  return direct.split("/").at(-1) ?? "";
}

/** The schema behind references, elements and values. */
function resolved(book: Book, schema: Fields): Fields {
  const reference = referenceOf(schema);
  if (reference !== "") return { ...fieldsAt(book.schemas, reference), title: reference };
  if (schema["items"] !== undefined) return resolved(book, fieldsAt(schema, "items"));
  if (at(schema, "additionalProperties") !== undefined && schema["properties"] === undefined)
    return resolved(book, fieldsAt(schema, "additionalProperties"));
  return schema;
}

function typeOf(schema: Fields): string {
  const reference = referenceOf(schema);
  if (reference !== "") return reference.split(".").at(-1) ?? "";
  if (schema["items"] !== undefined) return `[]${typeOf(fieldsAt(schema, "items"))}`;
  if (at(schema, "additionalProperties") !== undefined && schema["properties"] === undefined)
    return `map[string]${typeOf(fieldsAt(schema, "additionalProperties"))}`;
  const type = textAt(schema, "type");
  return type === "" || type === "object" ? "Object" : type;
}

function page(book: Book, found: Found, recursive: boolean): string {
  const target = resolved(book, found.schema);
  const choices = list(found.schema["enum"]).map(text);
  const title = found.isRoot
    ? ""
    : `FIELD: ${found.name} <${typeOf(found.schema)}>\n${choices.length > 0 ? `ENUM:\n${choices.map((each) => `    ${each}\n`).join("")}` : "\n"}\n`;
  const description = `DESCRIPTION:\n${paragraph(found.description, "<empty>")}`;
  const properties = fieldsAt(target, "properties");
  const body =
    Object.keys(properties).length === 0
      ? ""
      : `FIELDS:\n${recursive ? tree(book, target, { indent: "  ", seen: [] }) : flat(book, target)}`;
  return `${title}${description}${body}\n`;
}

/** Columns that a description may fill, and how far it is indented. Source: plaintext.tmpl. */
const TEXT_WIDTH = 76;

function paragraph(description: string, absent: string): string {
  if (description === "") return `    ${absent}\n`;
  return `${description
    .split("\n")
    .flatMap((line) => wrapped(line))
    .map((line) => `    ${line}\n`)
    .join("")}    \n`;
}

function wrapped(line: string): readonly string[] {
  const lines: string[] = [];
  let here = "";
  for (const word of line.split(" ")) {
    if (here !== "" && here.length + 1 + word.length > TEXT_WIDTH) {
      lines.push(here);
      here = word;
    } else
      here =
        here === "" && lines.length === 0 && line.startsWith(" ")
          ? `${here}${here === "" && word === "" ? " " : ""}${word}`
          : here === ""
            ? word
            : `${here} ${word}`;
  }
  return [...lines, here];
}

function marks(target: Fields, name: string): string {
  return list(target["required"]).includes(name) ? " -required-" : "";
}

function flat(book: Book, target: Fields): string {
  const properties = fieldsAt(target, "properties");
  return `${sortedKeys(properties)
    .map((name) => {
      const schema = fieldsAt(properties, name);
      const choices = list(schema["enum"]).map(text);
      const line = `  ${name}\t<${typeOf(schema)}>${marks(target, name)}\n${choices.length > 0 ? `  enum: ${choicesText(choices)}\n` : ""}`;
      const description = text(schema["description"]) || describe(book, text(target["title"]), name);
      return `${line}${paragraph(description, "<no description>").replace(/ {4}\n$/, "")}\n`;
    })
    .join("")}\n`;
}

/** Four choices are shown, then how many more. */
function choicesText(choices: readonly string[]): string {
  return choices.length > 4 ? `${choices.slice(0, 4).join(", ")}, ....` : choices.join(", ");
}

interface Branch {
  readonly indent: string;
  readonly seen: readonly string[];
}

function tree(book: Book, target: Fields, { indent, seen }: Branch): string {
  const properties = fieldsAt(target, "properties");
  const title = text(target["title"]);
  if (title !== "" && seen.includes(title)) return "";
  return sortedKeys(properties)
    .map((name) => {
      const schema = fieldsAt(properties, name);
      const choices = list(schema["enum"]).map(text);
      const line = `${indent}${name}\t<${typeOf(schema)}>${marks(target, name)}\n${choices.length > 0 ? `${indent}enum: ${choicesText(choices)}\n` : ""}`;
      return line + tree(book, resolved(book, schema), { indent: `${indent}  `, seen: [...seen, title] });
    })
    .join("");
}
