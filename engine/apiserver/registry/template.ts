// After kubernetes v1.36 pkg/apis/core/validation/validation.go ValidatePodTemplateSpec and pkg/apis/apps/validation ValidatePodTemplateSpecForReplicaSet.
import { matchesLabels, selectorOfObject, type Labels } from "../../api/label-selector.ts";
import type { LabelSelector as ApiSelector } from "../../api/generated/types.ts";
import { forbidden, invalid, notSupported, required } from "./field-error.ts";
import { goStruct, sorted } from "./go-struct.ts";
import { isConvertible, isEmptySelector, type LabelSelector, validateLabelSelector } from "./label-selector.ts";
import { validateAnnotations, validateLabels } from "./metadata.ts";
import { validatePodSpec } from "./pod/pod-spec.ts";
import type { Template } from "./pod/scope.ts";
import type { Errors } from "./rules.ts";
import type { Printed } from "./field-error.ts";

/** A template as such. */
export function validateTemplate(template: Template, path: string, errors: Errors): void {
  const { metadata, spec = {} } = template;
  validateLabels(metadata?.labels, `${path}.labels`, errors);
  validateAnnotations(metadata?.annotations, `${path}.annotations`, errors);
  validatePodSpec(spec, { errors, path: `${path}.spec`, isPod: false, podName: "" });
  if (spec.ephemeralContainers !== undefined) {
    errors.push(forbidden(`${path}.spec.ephemeralContainers`, "ephemeral containers not allowed in pod template"));
  }
}

/** A selector that must be there and select something. */
export function validateWorkloadSelector(
  selector: LabelSelector | undefined,
  kind: string,
  path: string,
  errors: Errors,
): void {
  if (selector === undefined || selector === null) return void errors.push(required(path));
  validateLabelSelector(selector, path, errors);
  if (isEmptySelector(selector))
    errors.push(invalid(path, printSelector(selector), `empty selector is invalid for ${kind}`));
}

/** A selector as Go prints it: an empty list is left out. */
export function printSelector(selector: LabelSelector | undefined): unknown {
  if (selector === undefined || selector === null) return null;
  const { matchLabels, matchExpressions } = selector;
  return {
    ...(matchLabels === undefined ? {} : { matchLabels: sorted(matchLabels) }),
    ...(matchExpressions === undefined
      ? {}
      : {
          matchExpressions: matchExpressions.map(({ key = "", operator = "", values }) => ({
            key,
            operator,
            ...(values === undefined || values.length === 0 ? {} : { values }),
          })),
        }),
  };
}

export interface Workload {
  readonly selector: LabelSelector | undefined;
  readonly path: string;
  readonly errors: Errors;
  /** The kind whose name the errors tell: ReplicaSet. */
  readonly kind: string;
}

/** A template whose pods the selector must find again, and that run for ever. */
export function validateWorkloadTemplate(template: Template, { selector, path, errors, kind }: Workload): void {
  // An absent selector selects nothing; an empty one selects everything.
  const isAbsent = selector === undefined || selector === null;
  if ((isAbsent || !isEmptySelector(selector)) && !selects(selector, template.metadata?.labels))
    errors.push(labelsProblem(template, path));
  validateTemplate(template, path, errors);
  validateForEver(template, { path, errors, kind });
}

export function validateForEver(
  template: Template,
  { path, errors, kind }: Pick<Workload, "path" | "errors" | "kind">,
): void {
  const { restartPolicy = "", activeDeadlineSeconds } = template.spec ?? {};
  if (restartPolicy !== "Always") errors.push(notSupported(`${path}.spec.restartPolicy`, restartPolicy, ["Always"]));
  if (activeDeadlineSeconds !== undefined) {
    errors.push(forbidden(`${path}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${kind} is not Supported`));
  }
}

export function labelsProblem(template: Template, path: string): ReturnType<typeof invalid> {
  const labels = template.metadata?.labels;
  const found = labels === undefined ? null : sorted(labels);
  return invalid(`${path}.metadata.labels`, found, "`selector` does not match template `labels`");
}

export function selects(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  return (
    isConvertible(selector) &&
    matchesLabels(selectorOfObject((selector ?? undefined) as ApiSelector | undefined), labels)
  );
}

/** A template as a value in an error message. */
export function printTemplate(template: Template): Printed {
  const { metadata, spec } = template;
  return goStruct("PodTemplateSpec", { labels: metadata?.labels, annotations: metadata?.annotations, spec });
}
