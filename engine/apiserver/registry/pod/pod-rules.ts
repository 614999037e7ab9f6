// After kubernetes v1.36 pkg/apis/core/validation/validation.go ValidatePodCreate, validatePodMetadataAndSpec; not modelled: AppArmor and seccomp annotations.
import { type FieldError, forbidden, invalid } from "../field-error.ts";
import { validateImagesOfPod } from "./containers.ts";
import { validatePodSpec } from "./pod-spec.ts";
import type { Pod, PodSpec } from "./scope.ts";

/** All rules for a pod as such. */
export function validatePod(pod: Pod): FieldError[] {
  const errors = validatePodBody(pod);
  const { spec = {} } = pod;
  if (spec.ephemeralContainers !== undefined)
    errors.push(forbidden("spec.ephemeralContainers", "cannot be set on create"));
  if (spec.nodeName !== undefined && spec.schedulingGates !== undefined) {
    errors.push(forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared"));
  }
  return errors;
}

/** The rules that hold for a new pod and for an updated one. */
export function validatePodBody(pod: Pod): FieldError[] {
  const errors: FieldError[] = [];
  const { spec = {} } = pod;
  validatePodAnnotations(pod, errors);
  validatePodSpec(spec, { errors, path: "spec", isPod: true, podName: pod.metadata.name ?? "" });
  validateTokens(spec, errors);
  validateImagesOfPod({ errors, path: "spec", spec });
  return errors;
}

const MIRROR = "kubernetes.io/config.mirror";

function validatePodAnnotations(pod: Pod, errors: FieldError[]): void {
  const mirror = pod.metadata.annotations?.[MIRROR];
  if (mirror === undefined || (pod.spec?.nodeName ?? "") !== "") return;
  const field = `metadata.annotations[${MIRROR}]`;
  errors.push(invalid(field, mirror, "must set spec.nodeName if mirror pod annotation is set"));
}

function validateTokens(spec: PodSpec, errors: FieldError[]): void {
  if ((spec.serviceAccountName ?? "") !== "") return;
  for (const [index, { projected }] of (spec.volumes ?? []).entries()) {
    for (const [sourceIndex, { serviceAccountToken }] of (projected?.sources ?? []).entries()) {
      if (serviceAccountToken === undefined) continue;
      const path = `spec.volumes[${index}].projected.sources[${sourceIndex}].serviceAccountToken`;
      errors.push(forbidden(path, "must not be specified when serviceAccountName is not set"));
    }
  }
}
