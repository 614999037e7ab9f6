// After kubectl pkg/util/apply.go.
import { at, fields, isFields, put, text, type Fields } from "./json.ts";
import { compactJson } from "./printers/json-text.ts";

export const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** The object as its annotation keeps it: without the annotation itself, as one line of JSON. */
export function lastAppliedOf(object: Fields): string {
  const metadata = fields(object["metadata"]);
  const { [LAST_APPLIED]: _old, ...annotations } = fields(metadata["annotations"]);
  return `${compactJson({ ...object, metadata: { ...metadata, annotations } })}\n`;
}

export function withLastApplied(object: Fields): Fields {
  return withAnnotation(object, LAST_APPLIED, lastAppliedOf(object));
}

export function withAnnotation(object: Fields, key: string, value: string): Fields {
  return put(object, ["metadata", "annotations"], { ...fields(at(object, "metadata", "annotations")), [key]: value });
}

/** What was applied last; undefined where nothing was. */
export function appliedBefore(object: Fields): string | undefined {
  const annotations = at(object, "metadata", "annotations");
  return isFields(annotations) && Object.hasOwn(annotations, LAST_APPLIED)
    ? text(annotations[LAST_APPLIED])
    : undefined;
}
