// After kubectl pkg/describe/describe.go GenericDescriberFor, printUnstructuredContent, smartLabelFor.
import { isFields, list, sortedKeys, textAt, type Fields } from "../json.ts";
import { goValue } from "../printers/go-value.ts";
import type { Session, Talk } from "../talk.ts";
import type { Info } from "../info.ts";
import { eventsOf, writeEvents } from "./events.ts";
import { entry, finished, newWriter, write, writeMetadata, type Writer } from "./writer.ts";

const SKIPPED = [
  ".metadata.managedFields",
  ".metadata.name",
  ".metadata.namespace",
  ".metadata.labels",
  ".metadata.annotations",
];

/** Any object: its metadata, then its content with the names of fields made readable. */
export function* describeAnything(session: Session, info: Info): Talk<string> {
  const events = yield* eventsOf(session, info);
  const writer = newWriter();
  entry(writer, 0, "Name", textAt(info.object, "metadata", "name"));
  entry(writer, 0, "Namespace", textAt(info.object, "metadata", "namespace"));
  writeMetadata(writer, info.object);
  writeContent(writer, { level: 0, prefix: "" }, info.object);
  yield* writeEvents(writer, events);
  return finished(writer);
}

interface Place {
  readonly level: number;
  readonly prefix: string;
}

function writeContent(writer: Writer, place: Place, content: Fields): void {
  const { level } = place;
  for (const field of sortedKeys(content)) {
    const value = content[field];
    const path = `${place.prefix}.${field}`;
    if (SKIPPED.includes(path)) continue;
    if (isFields(value)) {
      write(writer, level, `${readable(field)}:\n`);
      writeContent(writer, { level: level + 1, prefix: path }, value);
    } else if (Array.isArray(value)) {
      write(writer, level, `${readable(field)}:\n`);
      writeItems(writer, { level: level + 1, prefix: path }, value);
    } else write(writer, level, `${readable(field)}:\t${goValue(value)}\n`);
  }
}

function writeItems(writer: Writer, place: Place, items: readonly unknown[]): void {
  for (const item of list(items)) {
    if (isFields(item)) writeContent(writer, place, item);
    else write(writer, place.level, `${goValue(item)}\n`);
  }
}

/** Words that stay in capitals. Source: describe.go smartLabelFor. */
const ACRONYMS = ["API", "URL", "UID", "OSB", "GUID"];

/** `terminationGracePeriodSeconds` becomes `Termination Grace Period Seconds`; a name with other characters stays. */
export function readable(field: string): string {
  if (!/^[A-Za-z-]+$/.test(field)) return field;
  return splitCamel(field)
    .map((part) => (ACRONYMS.includes(part.toUpperCase()) ? part.toUpperCase() : titled(part)))
    .join(" ");
}

function titled(part: string): string {
  return part.slice(0, 1).toUpperCase() + part.slice(1);
}

/** After github.com/fatih/camelcase: runs of the same class of character; a capital begins the word it stands before. */
function splitCamel(field: string): readonly string[] {
  return field.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|-+/g) ?? [field];
}
