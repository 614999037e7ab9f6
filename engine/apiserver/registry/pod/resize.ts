// After kubernetes v1.36 pkg/apis/core/validation/validation.go ValidatePodResize and pkg/registry/core/pod/strategy.go podResizeStrategy.
import type * as api from "../../../api/generated/types.ts";
import { qosClassOf } from "../../../api/pod.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import { type FieldError, forbidden, invalid } from "../field-error.ts";
import { subdomainName, validateMetadata } from "../metadata.ts";
import { withField } from "../shared-change.ts";
import { validatePodBody } from "./pod-rules.ts";
import type { Requirements } from "./resources.ts";
import type { Container, Pod, PodSpec } from "./scope.ts";

/** The old spec with the new one's resources and resize policies, container by container. */
export function prepareResize(spec: PodSpec, old: PodSpec): PodSpec {
  const containers = resized(spec.containers, old.containers);
  const initContainers = resized(spec.initContainers, old.initContainers);
  const merged = withField(withField(old, "containers", containers), "initContainers", initContainers);
  return spec.resources === undefined ? merged : withField(merged, "resources", spec.resources);
}

function resized(
  containers: readonly Container[] | undefined,
  old: readonly Container[] | undefined,
): readonly Container[] | undefined {
  if (containers === old || containers === undefined || containers.length !== old?.length) return old;
  return old.map((container, index) => {
    const wanted = containers[index];
    if (wanted?.name !== container.name) return container;
    return withField(withField(container, "resources", wanted?.resources), "resizePolicy", wanted?.resizePolicy);
  });
}

export function validateResize(pod: Pod, old: Pod): readonly FieldError[] {
  const errors: FieldError[] = [...validateMetadata(pod, true, subdomainName), ...validatePodBody(pod)];
  if (old.metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined) {
    return [forbidden("[]", "static pods cannot be resized")];
  }
  const spec = pod.spec ?? {};
  const before = old.spec ?? {};
  if (old.status?.qosClass !== qosClassOf(spec as api.PodSpec)) {
    errors.push(invalid("spec", old.status?.qosClass ?? "", "Pod QOS Class may not change as a result of resizing"));
  }
  for (const list of ["initContainers", "containers"] as const) {
    for (const [index, container] of (spec[list] ?? []).entries()) {
      const previous = before[list]?.[index];
      if (previous !== undefined)
        validateContainer(container, previous, { path: `spec.${list}[${index}].resources`, list, errors });
    }
  }
  return errors;
}

interface Place {
  readonly path: string;
  readonly list: "initContainers" | "containers";
  readonly errors: FieldError[];
}

function validateContainer(container: Container, old: Container, { path, list, errors }: Place): void {
  const now = container.resources ?? {};
  const before = old.resources ?? {};
  if (isSemanticallyEqual(now, before)) return;
  if (list === "initContainers" && container.restartPolicy !== "Always") {
    return void errors.push(forbidden("spec", "resources for non-sidecar init containers are immutable"));
  }
  if (isAnyRemoved(now.requests, before.requests))
    errors.push(forbidden(`${path}.requests`, "resource requests cannot be removed"));
  if (isAnyRemoved(now.limits, before.limits))
    errors.push(forbidden(`${path}.limits`, "resource limits cannot be removed"));
  if (isSemanticallyEqual(withoutCompute(now), withoutCompute(before))) return;
  const whose = list === "initContainers" ? "resources for sidecar containers" : "resources";
  errors.push(forbidden("spec", `only cpu and memory ${whose} are mutable`));
}

type Amounts = Requirements["requests"];

function isAnyRemoved(now: Amounts, before: Amounts): boolean {
  return Object.keys(before ?? {}).some((name) => now?.[name] === undefined);
}

function withoutCompute({ limits, requests }: Requirements): object {
  return { limits: rest(limits), requests: rest(requests) };
}

function rest(amounts: Amounts): object {
  const { cpu: _, memory: _m, ...others } = amounts ?? {};
  return others;
}
