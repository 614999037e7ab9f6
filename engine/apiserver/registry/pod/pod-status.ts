// After kubernetes v1.36 pkg/apis/core/validation/validation.go ValidatePodStatusUpdate; not modelled: allocated resources, container users.
import type * as api from "../../../api/generated/types.ts";
import { dnsSubdomainProblems, labelKeyProblems } from "../../../api/names.ts";
import type { Decoded } from "../decoded.ts";
import { duplicate, type FieldError, forbidden, invalid } from "../field-error.ts";
import { goStruct } from "../go-struct.ts";
import { isIpv4, validateIp } from "../ip-address.ts";
import { validateImmutable } from "../metadata.ts";
import { type Errors, isSet, sayInvalid } from "../rules.ts";
import type { Pod } from "./scope.ts";

type Status = Decoded<api.ContainerStatus>;

const systemConditions: ReadonlySet<string> = new Set(["PodScheduled", "Ready", "Initialized"]);

export function validatePodStatus(pod: Pod, old: Pod): readonly FieldError[] {
  const errors: Errors = [];
  const { status = {} } = pod;
  const { status: before = {}, spec = {} } = old;
  for (const [index, { type = "" }] of (status.conditions ?? []).entries()) {
    if (systemConditions.has(type)) continue;
    sayInvalid(labelKeyProblems(type), type, `metadata.conditions[${index}].Type`, errors);
  }
  const { nominatedNodeName } = status;
  if (nominatedNodeName !== before.nominatedNodeName && isSet(nominatedNodeName)) {
    sayInvalid(dnsSubdomainProblems(nominatedNodeName), nominatedNodeName, "status.nominatedNodeName", errors);
  }
  validateImmutable(status.qosClass ?? "", before.qosClass ?? "", "status.qosClass", errors);
  const policy = spec.restartPolicy ?? "Always";
  validateTransitions(status.containerStatuses, before.containerStatuses, {
    path: "status.containerStatuses",
    policy,
    old,
    errors,
  });
  validateTransitions(status.initContainerStatuses, before.initContainerStatuses, {
    path: "status.initContainerStatuses",
    policy,
    old,
    errors,
  });
  validateIps(status.podIPs, "PodIP", "status.podIPs", errors);
  validateHostIps(status, errors);
  return errors;
}

interface Transition {
  readonly path: string;
  readonly policy: string;
  readonly old: Pod;
  readonly errors: Errors;
}

/** A container that has ended and may not restart stays ended. */
function validateTransitions(statuses: readonly Status[] = [], old: readonly Status[] = [], rules: Transition): void {
  if (rules.policy === "Always" || statuses === old) return;
  for (const [index, before] of old.entries()) {
    const exitCode = before.state?.terminated?.exitCode;
    if (exitCode === undefined || (exitCode !== 0 && rules.policy === "OnFailure")) continue;
    if (mayRestart(rules.old, before.name, exitCode)) continue;
    for (const after of statuses) {
      if (after.name !== before.name || after.state?.terminated !== undefined) continue;
      rules.errors.push(forbidden(`${rules.path}[${index}].state`, "may not be transitioned to non-terminated state"));
    }
  }
}

/** A container may have a policy or rules of its own, and a rule of any container may restart them all. */
function mayRestart(pod: Pod, name: string | undefined, exitCode: number): boolean {
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])];
  const isAll = containers.some(
    ({ restartPolicyRules }) => restartPolicyRules?.some(({ action }) => action === "RestartAllContainers") === true,
  );
  const container = containers.find((one) => one.name === name);
  if (isAll || container?.restartPolicy === "Always" || container?.restartPolicyRules !== undefined) return true;
  return container?.restartPolicy === "OnFailure" && exitCode !== 0;
}

type Address = Decoded<api.PodIP>;

function validateIps(addresses: readonly Address[] | undefined, type: string, path: string, errors: Errors): void {
  if (addresses === undefined) return;
  for (const [index, { ip = "" }] of addresses.entries()) validateIp(ip, `${path}[${index}]`, errors);
  if (addresses.length < 2) return;
  const families = new Set(addresses.map(({ ip = "" }) => isIpv4(ip)));
  if (families.size < 2 || addresses.length > 2) {
    errors.push(invalid(path, addresses, "may specify no more than one IP for each IP family"));
  }
  const seen = new Set<string>();
  for (const [index, address] of addresses.entries()) {
    const { ip = "" } = address;
    if (seen.has(ip)) errors.push(duplicate(`${path}[${index}]`, goStruct(type, address)));
    seen.add(ip);
  }
}

function validateHostIps(status: NonNullable<Pod["status"]>, errors: Errors): void {
  const { hostIPs, hostIP = "" } = status;
  const first = hostIPs?.[0]?.ip;
  if (first !== undefined && first !== hostIP)
    errors.push(invalid("status.hostIPs[0].ip", first, "must be equal to `hostIP`"));
  validateIps(hostIPs, "PodIP", "status.hostIPs", errors);
}
