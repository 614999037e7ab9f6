// After kubernetes v1.36 pkg/apis/core/validation/validation.go ValidateSecurityContext, validatePodSpecSecurityContext.
import type * as api from "../../../api/generated/types.ts";
import { dnsSubdomainProblems } from "../../../api/names.ts";
import type { Decoded } from "../decoded.ts";
import { duplicate, forbidden, invalid, notSupported, required, tooLong } from "../field-error.ts";
import { goStruct } from "../go-struct.ts";
import { type Errors, isSet, optionalOneOf, sayInvalid, validateId } from "../rules.ts";
import type { Scope } from "./scope.ts";
import { validateLocalDescendingPath } from "./paths.ts";

type ContainerContext = Decoded<api.SecurityContext>;
type PodContext = Decoded<api.PodSecurityContext>;

export function validateContainerContext(context: ContainerContext, path: string, scope: Scope): void {
  const { errors } = scope;
  validateId(context.runAsUser, `${path}.runAsUser`, errors);
  validateId(context.runAsGroup, `${path}.runAsGroup`, errors);
  if (context.procMount !== undefined) validateProcMount(context.procMount, `${path}.procMount`, scope);
  validateSeccomp(context.seccompProfile, `${path}.seccompProfile`, errors);
  validateEscalation(context, path, errors);
  validateWindows(context.windowsOptions, `${path}.windowsOptions`, errors);
  validateAppArmor(context.appArmorProfile, `${path}.appArmorProfile`, errors);
}

function validateProcMount(procMount: string, path: string, scope: Scope): void {
  optionalOneOf(procMount, ["Default", "Unmasked"], path, scope.errors);
  if (scope.hostUsers && procMount === "Unmasked") {
    scope.errors.push(invalid(path, procMount, "`hostUsers` must be false to use `Unmasked`"));
  }
}

function validateEscalation(context: ContainerContext, path: string, errors: Errors): void {
  if (context.allowPrivilegeEscalation !== false) return;
  if (context.privileged === true) {
    const detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
    errors.push(invalid(path, goStruct("SecurityContext", context), detail));
  }
  for (const capability of context.capabilities?.add ?? []) {
    if (capability !== "CAP_SYS_ADMIN") continue;
    const detail = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN";
    errors.push(invalid(path, goStruct("SecurityContext", context), detail));
  }
}

const profileTypes = ["Localhost", "RuntimeDefault", "Unconfined"];

function validateSeccomp(profile: Decoded<api.SeccompProfile> | undefined, path: string, errors: Errors): void {
  if (profile === undefined) return;
  const { type = "", localhostProfile } = profile;
  if (type === "") errors.push(required(`${path}.type`, "type is required when seccompProfile is set"));
  else optionalOneOf(type, profileTypes, `${path}.type`, errors);
  if (type !== "Localhost") {
    if (localhostProfile === undefined) return;
    const found = goStruct("SeccompProfile", profile);
    return void errors.push(
      invalid(`${path}.localhostProfile`, found, "can only be set when seccomp type is Localhost"),
    );
  }
  if (localhostProfile === undefined) {
    errors.push(required(`${path}.localhostProfile`, "must be set when seccomp type is Localhost"));
  } else validateLocalDescendingPath(localhostProfile, `${path}.localhostProfile`, errors);
}

/** Source: PATH_MAX - 1. */
const PROFILE_BYTES_MAX = 4095;

function validateAppArmor(profile: Decoded<api.AppArmorProfile> | undefined, path: string, errors: Errors): void {
  if (profile === undefined) return;
  const { type = "", localhostProfile } = profile;
  const at = `${path}.localhostProfile`;
  if (type === "Localhost") validateLocalAppArmor(localhostProfile, at, errors);
  else if (type === "RuntimeDefault" || type === "Unconfined") {
    if (localhostProfile !== undefined)
      errors.push(invalid(at, localhostProfile, "can only be set when AppArmor type is Localhost"));
  } else if (type === "") errors.push(required(`${path}.type`, "type is required when appArmorProfile is set"));
  else errors.push(notSupported(`${path}.type`, type, profileTypes));
}

function validateLocalAppArmor(profile: string | undefined, path: string, errors: Errors): void {
  if (!isSet(profile)) return void errors.push(required(path, "must be set when AppArmor type is Localhost"));
  if (profile.trim() !== profile) errors.push(invalid(path, profile, "must not be padded with whitespace"));
  if (profile.length > PROFILE_BYTES_MAX) errors.push(tooLong(path, PROFILE_BYTES_MAX));
}

function validateWindows(
  options: Decoded<api.WindowsSecurityContextOptions> | undefined,
  path: string,
  errors: Errors,
): void {
  if (options === undefined) return;
  const { gmsaCredentialSpecName, gmsaCredentialSpec, runAsUserName } = options;
  if (gmsaCredentialSpecName !== undefined) {
    sayInvalid(
      dnsSubdomainProblems(gmsaCredentialSpecName),
      gmsaCredentialSpecName,
      `${path}.gmsaCredentialSpecName`,
      errors,
    );
  }
  if (gmsaCredentialSpec === "") {
    errors.push(
      invalid(`${path}.gmsaCredentialSpec`, gmsaCredentialSpec, "gmsaCredentialSpec cannot be an empty string"),
    );
  }
  if (runAsUserName === "")
    errors.push(invalid(`${path}.runAsUserName`, runAsUserName, "runAsUserName cannot be an empty string"));
}

export function validatePodContext(context: PodContext, scope: Scope): void {
  const { errors, spec } = scope;
  const path = `${scope.path}.securityContext`;
  validateId(context.fsGroup, `${path}.fsGroup`, errors);
  validateId(context.runAsUser, `${path}.runAsUser`, errors);
  validateId(context.runAsGroup, `${path}.runAsGroup`, errors);
  for (const [index, group] of (context.supplementalGroups ?? []).entries()) {
    validateId(group, `${path}.supplementalGroups[${index}]`, errors);
  }
  if (spec.shareProcessNamespace === true && spec.hostPID === true) {
    const detail = "ShareProcessNamespace and HostPID cannot both be enabled";
    errors.push(invalid(`${path}.shareProcessNamespace`, true, detail));
  }
  validateSysctls(context, scope);
  optionalOneOf(context.fsGroupChangePolicy, ["Always", "OnRootMismatch"], `${path}.fsGroupChangePolicy`, errors);
  validateSeccomp(context.seccompProfile, `${path}.seccompProfile`, errors);
  validateWindows(context.windowsOptions, `${path}.windowsOptions`, errors);
  validateAppArmor(context.appArmorProfile, `${path}.appArmorProfile`, errors);
  optionalOneOf(context.supplementalGroupsPolicy, ["Merge", "Strict"], `${path}.supplementalGroupsPolicy`, errors);
  optionalOneOf(context.seLinuxChangePolicy, ["MountOption", "Recursive"], `${path}.seLinuxChangePolicy`, errors);
}

const sysctlName = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
const SYSCTL_PROBLEM =
  "must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";

function validateSysctls(context: PodContext, scope: Scope): void {
  const { errors, spec } = scope;
  const seen = new Set<string>();
  for (const [index, { name = "" }] of (context.sysctls ?? []).entries()) {
    const at = `${scope.path}.securityContext.sysctls[${index}].name`;
    if (name === "") errors.push(required(at));
    else if (name.length > 253 || !sysctlName.test(name)) errors.push(invalid(at, name, SYSCTL_PROBLEM));
    else if (seen.has(name)) errors.push(duplicate(at, name));
    if (spec.hostNetwork === true && name.startsWith("net."))
      errors.push(invalid(at, name, "may not be specified when 'hostNetwork' is true"));
    if (spec.hostIPC === true && isIpc(name))
      errors.push(invalid(at, name, "may not be specified when 'hostIPC' is true"));
    seen.add(name);
  }
}

/** Source: component-helpers/node/util/sysctl GetNamespace. */
function isIpc(name: string): boolean {
  return ["kernel.sem", "kernel.shm", "kernel.msg", "fs.mqueue."].some((prefix) => name.startsWith(prefix));
}

/** A pod in a user namespace of its own shares no other namespace with the host. */
export function validateHostUsers(scope: Scope): void {
  if (scope.hostUsers) return;
  const { errors, path, spec } = scope;
  const detail = "when `hostUsers` is false";
  if (spec.hostNetwork === true) errors.push(forbidden(`${path}.hostNetwork`, "when `pod.Spec.HostUsers` is false"));
  if (spec.hostPID === true) errors.push(forbidden(`${path}.HostPID`, "when `pod.Spec.HostUsers` is false"));
  if (spec.hostIPC === true) errors.push(forbidden(`${path}.HostIPC`, "when `pod.Spec.HostUsers` is false"));
  for (const [index, container] of (spec.containers ?? []).entries()) {
    if ((container.volumeDevices ?? []).length > 0) {
      errors.push(forbidden(`${path}.containers[${index}].volumeDevices`, detail));
    }
  }
}
