import { matchesLabels as matches, parseLabelSelector } from "../api/label-selector.ts";
import { refusal } from "./failure.ts";
import { sortedKeys, text, type Fields } from "./json.ts";

/** Whether a written selector selects these labels; a selector that does not parse ends the command. */
export function matchesLabels(selector: string, labels: Fields): boolean {
  const parsed = parseLabelSelector(selector);
  if (typeof parsed === "string") throw refusal(parsed);
  return matches(parsed, labels as Readonly<Record<string, string>>);
}

/** `a=b,c=d`, sorted; `<none>` where there are none. Source: apimachinery pkg/labels FormatLabels. */
export function formatLabels(labels: Fields): string {
  const line = joinLabels(labels);
  return line === "" ? "<none>" : line;
}

/** `a=b,c=d`, sorted. Source: apimachinery pkg/labels Set.String. */
export function joinLabels(labels: Fields): string {
  return sortedKeys(labels)
    .map((key) => `${key}=${text(labels[key])}`)
    .join(",");
}
