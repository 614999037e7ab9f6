// After kubernetes v1.36 pkg/printers/internalversion/printers.go.
import type { KubernetesObject } from "../../api/object.ts";
import { ageOf } from "../../api/time.ts";

/** The AGE cell: `<unknown>` for what has no creation time. */
export function age(object: KubernetesObject, now: number): string {
  return ageOf(object.metadata.creationTimestamp, now);
}

export function nameOf(object: KubernetesObject): string {
  return object.metadata.name ?? "";
}

export function orNone(text: string | undefined): string {
  return text === undefined || text === "" ? "<none>" : text;
}

/** `a=b,c=d`, or `<none>`. Source: labels.FormatLabels. */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const keys = Object.keys(labels ?? {}).toSorted();
  return orNone(keys.map((key) => `${key}=${labels?.[key] ?? ""}`).join(","));
}
