import type { Container, Pod } from "../api/generated/types.ts";

/** `name_namespace(uid)`, as the kubelet prints pods. Source: pkg/kubelet/util/format/pod.go. */
export function formatPod(pod: Pod): string {
  return `${pod.metadata.name ?? ""}_${pod.metadata.namespace ?? ""}(${pod.metadata.uid ?? ""})`;
}

/** A native sidecar. Source: pkg/api/pod IsRestartableInitContainer. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === "Always";
}

export function initContainersOf(pod: Pod): readonly Container[] {
  return pod.spec.initContainers ?? [];
}

export function sidecarsOf(pod: Pod): readonly Container[] {
  return initContainersOf(pod).filter(isSidecar);
}

/** The container of that name with its place in the pod: `spec.initContainers{s1}`. */
export function containerNamed(
  pod: Pod,
  name: string,
): { readonly container: Container; readonly fieldPath: string } | undefined {
  for (const field of ["containers", "initContainers", "ephemeralContainers"] as const) {
    const container = (pod.spec[field] ?? []).find((it) => it.name === name);
    if (container !== undefined) return { container, fieldPath: `spec.${field}{${name}}` };
  }
  return undefined;
}

/** Whether a container that ended so is started again. Source: pkg/kubelet/container/helpers.go ShouldContainerBeRestarted. */
export function restartsAfter(pod: Pod, container: Container, exitCode: number): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false;
  const rule = container.restartPolicyRules?.find((it) => {
    const values = it.exitCodes?.values ?? [];
    return it.exitCodes?.operator === "NotIn" ? !values.includes(exitCode) : values.includes(exitCode);
  });
  if (rule !== undefined && container.restartPolicy !== undefined) return true;
  const policy = container.restartPolicy ?? pod.spec.restartPolicy ?? "Always";
  return policy === "Always" || (policy === "OnFailure" && exitCode !== 0);
}

/** What a rule of the container does about an exit code. */
export function ruleOf(container: Container, exitCode: number): string | undefined {
  return container.restartPolicyRules?.find((it) => it.exitCodes?.values?.includes(exitCode) === true)?.action;
}

/** Whether any exit of the container may be followed by a start. */
export function mayRestart(pod: Pod, container: Container): boolean {
  return (container.restartPolicy ?? pod.spec.restartPolicy ?? "Always") !== "Never";
}

/** Whether the pod asks for volumes that the kubelet must mount. */
export function hasVolumes(pod: Pod): boolean {
  return (pod.spec.volumes ?? []).length > 0;
}
