// After kubectl pkg/describe/describe.go PrefixWriter, tabbedString.
import { at, fieldsAt, sortedKeys, text, textAt, type Fields } from "../json.ts";
import { parseTime, civilOf } from "../../api/time.ts";
import { DESCRIBE_LAYOUT, tabulate } from "../tabulate.ts";

/** Gathers lines whose cells end in tabs; what stands between two flushes is aligned together. */
export interface Writer {
  readonly blocks: string[];
}

export function newWriter(): Writer {
  return { blocks: [""] };
}

/** Appends text behind two spaces a level. */
export function write(writer: Writer, level: number, text: string): void {
  const last = writer.blocks.length - 1;
  writer.blocks[last] = (writer.blocks[last] ?? "") + "  ".repeat(level) + text;
}

/** A line of a name and a value. */
export function entry(writer: Writer, level: number, name: string, value: unknown): void {
  write(writer, level, `${name}:\t${typeof value === "string" ? value : text(value)}\n`);
}

export function flush(writer: Writer): void {
  writer.blocks.push("");
}

export function finished(writer: Writer): string {
  return writer.blocks.map((block) => tabulate(block, DESCRIBE_LAYOUT)).join("");
}

/** Labels, one a line, sorted. Source: printLabelsMultiline. */
export function writeLabels(writer: Writer, title: string, labels: Fields, indent: string = ""): void {
  write(writer, 0, `${indent}${title}:`);
  const keys = sortedKeys(labels);
  if (keys.length === 0) write(writer, 0, "\t<none>\n");
  for (const key of keys) {
    write(writer, 0, `\t${key}=${text(labels[key])}\n`);
  }
}

const HIDDEN = "kubectl.kubernetes.io/last-applied-configuration";
/** Source: describe.go maxAnnotationLen. */
const ANNOTATION_LENGTH_MAX = 140;

export function writeAnnotations(
  writer: Writer,
  annotations: Fields,
  indent: string = "",
  title: string = "Annotations",
): void {
  const keys = sortedKeys(annotations).filter((key) => key !== HIDDEN);
  write(writer, 0, `${indent}${title}:\t`);
  if (keys.length === 0) write(writer, 0, "<none>\n");
  for (const [index, key] of keys.entries()) {
    if (index > 0) write(writer, 0, "\t");
    write(writer, 0, annotationText(key, text(annotations[key])));
  }
}

/** A long or many-lined value stands below its key. */
function annotationText(key: string, value: string): string {
  const trimmed = value.replace(/\n+$/, "");
  const line = `${key}: ${trimmed}`;
  if (line.length <= ANNOTATION_LENGTH_MAX && !trimmed.includes("\n")) return `${line}\n`;
  return `${key}:\n${trimmed
    .split("\n")
    .map(
      (each) =>
        `\t  ${each.length > ANNOTATION_LENGTH_MAX - 2 ? `${each.slice(0, ANNOTATION_LENGTH_MAX - 2)}...` : each}\n`,
    )
    .join("")}`;
}

/** Name and, where there is one, namespace. */
export function writeName(writer: Writer, object: Fields): void {
  entry(writer, 0, "Name", textAt(object, "metadata", "name"));
  const namespace = textAt(object, "metadata", "namespace");
  if (namespace !== "") entry(writer, 0, "Namespace", namespace);
}

export function writeMetadata(writer: Writer, object: Fields): void {
  writeLabels(writer, "Labels", fieldsAt(object, "metadata", "labels"));
  writeAnnotations(writer, fieldsAt(object, "metadata", "annotations"));
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Go's time.RFC1123Z in UTC: `Fri, 20 Nov 2026 11:55:28 +0000`. */
export function timeText(timestamp: unknown): string {
  const millis = typeof timestamp === "string" ? parseTime(timestamp) : undefined;
  if (millis === undefined) return "Mon, 01 Jan 0001 00:00:00 +0000";
  const { year, month, day, hour, minute, second, weekday } = civilOf(millis);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${DAYS[weekday] ?? ""}, ${two(day)} ${MONTHS[month - 1] ?? ""} ${year} ${two(hour)}:${two(minute)}:${two(second)} +0000`;
}

export function valueOr(object: unknown, path: readonly (string | number)[], absent: string): string {
  const value = at(object, ...path);
  return value === undefined || value === null ? absent : text(value);
}

/** Go's `%v` of a boolean, with a capital: True, False. */
export function capitalized(value: unknown): string {
  return value === true ? "True" : "False";
}
