// After kubernetes v1.36 pkg/apis/core/validation/validation.go ValidatePodUpdate, ValidatePodEphemeralContainersUpdate.
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import { type FieldError, forbidden, invalid, required } from "../field-error.ts";
import { goValue } from "../go-struct.ts";
import { lineDiff } from "../line-diff.ts";
import { validateMetadata, subdomainName } from "../metadata.ts";
import { INT32_MAX } from "../rules.ts";
import { withField } from "../shared-change.ts";
import { validateTolerations } from "./affinity.ts";
import { validatePodBody } from "./pod-rules.ts";
import type { Container, Pod, PodSpec } from "./scope.ts";

/** Source: updatablePodSpecFields. */
const UPDATABLE = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
].join(",");

export function validatePodUpdate(pod: Pod, old: Pod): readonly FieldError[] {
  if (
    pod.spec === old.spec &&
    pod.metadata.annotations === old.metadata.annotations &&
    pod.metadata.labels === old.metadata.labels
  )
    return [];
  const errors = [...validateMetadata(pod, true, subdomainName)];
  if (pod.spec === old.spec) return errors;
  errors.push(...validatePodBody(pod));
  const spec = pod.spec ?? {};
  const oldSpec = old.spec ?? {};
  const isStopped =
    validateContainersUpdate(spec.containers, oldSpec.containers, "spec.containers", errors) ||
    validateContainersUpdate(spec.initContainers, oldSpec.initContainers, "spec.initContainers", errors) ||
    validateDeadline(spec.activeDeadlineSeconds, oldSpec.activeDeadlineSeconds, errors);
  if (isStopped) return errors;
  validateTolerationsUpdate(spec, oldSpec, errors);
  validateGatesUpdate(spec, oldSpec, errors);
  validateRest(spec, oldSpec, errors);
  return errors;
}

/** True: nothing more can be said. */
function validateContainersUpdate(
  given: readonly Container[] | undefined,
  old: readonly Container[] = [],
  path: string,
  errors: FieldError[],
): boolean {
  // A list that was left out is printed as null.
  const containers = given ?? [];
  if (containers.length !== old.length) {
    errors.push(forbidden(path, "pod updates may not add or remove containers"));
    return true;
  }
  for (const [index, { image = "" }] of containers.entries()) {
    const at = `${path}[${index}].image`;
    if (image === "") errors.push(required(at));
    if (image.trim() !== image) errors.push(invalid(at, image, "must not have leading or trailing whitespace"));
  }
  return false;
}

function validateDeadline(seconds: number | undefined, old: number | undefined, errors: FieldError[]): boolean {
  const path = "spec.activeDeadlineSeconds";
  if (seconds === undefined) {
    if (old !== undefined) errors.push(invalid(path, seconds, "must not update from a positive integer to nil value"));
    return false;
  }
  if (seconds < 0 || seconds > INT32_MAX)
    errors.push(invalid(path, seconds, `must be between 0 and ${INT32_MAX}, inclusive`));
  else if (old !== undefined && old < seconds)
    errors.push(invalid(path, seconds, "must be less than or equal to previous value"));
  else return false;
  return true;
}

function validateTolerationsUpdate(spec: PodSpec, old: PodSpec, errors: FieldError[]): void {
  const tolerations = spec.tolerations ?? [];
  if (tolerations === old.tolerations) return;
  const isLost = (old.tolerations ?? []).some(
    (one) =>
      !tolerations.some((other) =>
        isSemanticallyEqual(withField(one, "tolerationSeconds", other.tolerationSeconds), other),
      ),
  );
  if (isLost)
    errors.push(forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds"));
  else validateTolerations(tolerations, "spec.tolerations", errors);
}

function validateGatesUpdate(spec: PodSpec, old: PodSpec, errors: FieldError[]): void {
  const before = new Set((old.schedulingGates ?? []).map(({ name }) => name));
  for (const [index, { name = "" }] of (spec.schedulingGates ?? []).entries()) {
    if (before.has(name)) continue;
    const detail = `only deletion is allowed, but found new scheduling gate '${name}'`;
    errors.push(forbidden(`spec.schedulingGates[${index}].name`, detail));
  }
}

/** Everything else must stay: the changes that are allowed are taken back, and what is left is told line by line. */
function validateRest(spec: PodSpec, old: PodSpec, errors: FieldError[]): void {
  let munged: PodSpec = {
    ...spec,
    containers: withImagesOf(spec.containers ?? [], old.containers ?? []),
    ...(spec.initContainers === undefined
      ? {}
      : { initContainers: withImagesOf(spec.initContainers, old.initContainers ?? []) }),
  };
  for (const key of ["activeDeadlineSeconds", "schedulingGates", "tolerations"] as const)
    munged = withField(munged, key, old[key]);
  if ((old.terminationGracePeriodSeconds ?? 0) < 0 && munged.terminationGracePeriodSeconds === 1) {
    munged = withField(munged, "terminationGracePeriodSeconds", old.terminationGracePeriodSeconds);
  }
  if (old.schedulingGates !== undefined) munged = withGatedChanges(munged, old, errors);
  munged = withAccountOf(munged);
  if (isSemanticallyEqual(munged, withAccountOf(old))) return;
  const diff = lineDiff(goValue("PodSpec", old), goValue("PodSpec", munged));
  errors.push(forbidden("spec", `pod updates may not change fields other than ${UPDATABLE}\n${diff}`));
}

/** The internal spec has no deprecated name. */
function withAccountOf(spec: PodSpec): PodSpec {
  return withField(spec, "serviceAccount", spec.serviceAccountName);
}

function withImagesOf(containers: readonly Container[], old: readonly Container[]): readonly Container[] {
  return containers.map((container, index) => withField(container, "image", old[index]?.image));
}

/** A gated pod may still narrow down where it may go. */
function withGatedChanges(spec: PodSpec, old: PodSpec, errors: FieldError[]): PodSpec {
  const { nodeSelector = {} } = spec;
  for (const [key, value] of Object.entries(old.nodeSelector ?? {})) {
    if (nodeSelector[key] === value) continue;
    const detail = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
    errors.push(invalid("spec.nodeSelector", nodeSelector, detail));
    break;
  }
  const selected = withField(spec, "nodeSelector", old.nodeSelector);
  validateNodeAffinityUpdate(selected, old, errors);
  const { nodeAffinity: _, ...others } = selected.affinity ?? {};
  const kept = old.affinity?.nodeAffinity;
  const affinity = { ...others, ...(kept === undefined ? {} : { nodeAffinity: kept }) };
  return withField(selected, "affinity", Object.keys(affinity).length === 0 ? old.affinity : affinity);
}

function validateNodeAffinityUpdate(spec: PodSpec, old: PodSpec, errors: FieldError[]): void {
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const before = old.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (before.length === 0) return;
  const path = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
  if (terms.length !== before.length) {
    return void errors.push(
      invalid(path, terms, "no additions/deletions to non-empty NodeSelectorTerms list are allowed"),
    );
  }
  for (const [index, term] of terms.entries()) {
    const kept = before[index]?.matchExpressions ?? [];
    if (isSemanticallyEqual((term.matchExpressions ?? []).slice(0, kept.length), kept)) continue;
    errors.push(invalid(`${path}[${index}]`, term, "only additions are allowed (no mutations or deletions)"));
  }
}

/** Containers for debugging may be added, and never changed or taken away. */
export function validateEphemeralUpdate(pod: Pod, old: Pod): readonly FieldError[] {
  const errors = [...validateMetadata(pod, true, subdomainName), ...validatePodBody(pod)];
  const path = "spec.ephemeralContainers";
  for (const before of old.spec?.ephemeralContainers ?? []) {
    const name = JSON.stringify(before.name ?? "");
    const after = pod.spec?.ephemeralContainers?.find((one) => one.name === before.name);
    if (after === undefined) errors.push(forbidden(path, `existing ephemeral containers ${name} may not be removed\n`));
    else if (!isSemanticallyEqual(before, after)) {
      const diff = lineDiff(goValue("EphemeralContainer", before), goValue("EphemeralContainer", after));
      errors.push(forbidden(path, `existing ephemeral containers ${name} may not be changed\n${diff}`));
    }
  }
  return errors;
}
