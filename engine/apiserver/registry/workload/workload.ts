// After kubernetes v1.36 pkg/printers/internalversion/printers.go layoutContainerCells and pkg/apis/apps/validation/validation.go.
import type * as api from "../../../api/generated/types.ts";
import { formatSelector, selectorOfObject } from "../../../api/label-selector.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import { type FieldError, invalid } from "../field-error.ts";
import { orNone } from "../cells.ts";
import type { LabelSelector } from "../label-selector.ts";
import type { Template } from "../pod/scope.ts";
import { type Errors, nonNegative } from "../rules.ts";
import { printSelector } from "../template.ts";

/** The cells CONTAINERS and IMAGES. */
export function containersAndImages(template: Template | undefined): readonly [string, string] {
  const containers = template?.spec?.containers ?? [];
  return [containers.map(({ name = "" }) => name).join(","), containers.map(({ image = "" }) => image).join(",")];
}

/** A selector as text: `app=web,tier in (a,b)`. */
export function selectorText(selector: LabelSelector | undefined): string {
  return selector === undefined || selector === null
    ? ""
    : formatSelector(selectorOfObject(selector as api.LabelSelector));
}

/** The same in a table. Source: metav1.FormatLabelSelector. */
export function selectorCell(selector: LabelSelector | undefined): string {
  return orNone(selectorText(selector));
}

export function validateSelectorKept(
  selector: LabelSelector | undefined,
  old: LabelSelector | undefined,
  errors: Errors,
): void {
  if (isSemanticallyEqual(selector, old)) return;
  errors.push(invalid("spec.selector", printSelector(selector), "field is immutable"));
}

type Counts = Readonly<Record<string, unknown>> & {
  readonly collisionCount?: number;
  readonly observedGeneration?: number;
};

/** The counts of a status: none is negative, and no part is more than the whole. */
export function replicaStatusErrors(status: Counts, keys: readonly string[]): readonly FieldError[] {
  const errors: Errors = [];
  const count = (key: string): number => (status[key] as number | undefined) ?? 0;
  for (const key of keys) nonNegative(count(key), `status.${key}`, errors);
  nonNegative(status.observedGeneration, "status.observedGeneration", errors);
  nonNegative(status.collisionCount, "status.collisionCount", errors);
  const parts = ["updatedReplicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "currentReplicas"];
  for (const key of parts.filter((part) => keys.includes(part))) {
    if (count(key) > count("replicas"))
      errors.push(invalid(`status.${key}`, count(key), "cannot be greater than status.replicas"));
  }
  if (keys.includes("availableReplicas") && count("availableReplicas") > count("readyReplicas")) {
    errors.push(
      invalid("status.availableReplicas", count("availableReplicas"), "cannot be greater than readyReplicas"),
    );
  }
  return errors;
}
