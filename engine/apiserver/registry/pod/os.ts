// After kubernetes v1.36 pkg/apis/core/validation/validation.go validateWindows, validateLinux.
import { forbidden } from "../field-error.ts";
import type { Scope } from "./scope.ts";

/** What a Windows pod cannot have, in upstream's order. */
const ofPods = [
  "appArmorProfile",
  "seLinuxOptions",
  "hostUsers",
  "hostPID",
  "hostIPC",
  "seccompProfile",
  "fsGroup",
  "fsGroupChangePolicy",
  "sysctls",
  "shareProcessNamespace",
  "runAsUser",
  "runAsGroup",
  "supplementalGroups",
  "supplementalGroupsPolicy",
] as const;

const ofContainers = [
  "appArmorProfile",
  "seLinuxOptions",
  "seccompProfile",
  "capabilities",
  "readOnlyRootFilesystem",
  "privileged",
  "allowPrivilegeEscalation",
  "procMount",
  "runAsUser",
  "runAsGroup",
] as const;

const DETAIL = "cannot be set for a windows pod";

/** What the pod's operating system rules out. */
export function validateOsFields(scope: Scope): void {
  const name = scope.spec.os?.name;
  if (name === "windows") validateWindows(scope);
  if (name === "linux") validateLinux(scope);
}

function validateWindows(scope: Scope): void {
  const { spec, path, errors } = scope;
  // Upstream keeps these members of the pod in its security context.
  const { hostUsers, hostPID, hostIPC, shareProcessNamespace } = spec;
  const context: Readonly<Record<string, unknown>> = {
    ...spec.securityContext,
    hostUsers,
    hostPID,
    hostIPC,
    shareProcessNamespace,
  };
  for (const key of ofPods)
    if (context[key] !== undefined) errors.push(forbidden(`${path}.securityContext.${key}`, DETAIL));
  for (const [place, { securityContext }] of containersOf(scope)) {
    for (const key of ofContainers) {
      if (securityContext?.[key] !== undefined) errors.push(forbidden(`${place}.securityContext.${key}`, DETAIL));
    }
  }
}

function validateLinux(scope: Scope): void {
  const detail = "windows options cannot be set for a linux pod";
  const { spec, path, errors } = scope;
  if (spec.securityContext?.windowsOptions !== undefined)
    errors.push(forbidden(`${path}.securityContext.windowsOptions`, detail));
  for (const [place, { securityContext }] of containersOf(scope)) {
    if (securityContext?.windowsOptions !== undefined)
      errors.push(forbidden(`${place}.securityContext.windowsOptions`, detail));
  }
}

type Container = NonNullable<Scope["spec"]["containers"]>[number];

function containersOf({ spec, path }: Scope): readonly (readonly [place: string, container: Container])[] {
  return (["initContainers", "containers"] as const).flatMap((key) =>
    (spec[key] ?? []).map((container, index) => [`${path}.${key}[${index}]`, container] as const),
  );
}
