// After kubernetes v1.36 pkg/apis/core/validation/validation.go ValidatePodSpec; not modelled: HostProcess rules.
import { dnsLabelProblems, dnsSubdomainProblems, labelKeyProblems } from "../../../api/names.ts";
import { compareQuantities, quantityOf, ZERO_QUANTITY } from "../../../api/quantity.ts";
import { duplicate, forbidden, invalid, notSupported, required } from "../field-error.ts";
import { validateLabels } from "../metadata.ts";
import { inRange, INT32_MAX, isSet, oneOf, sayInvalid } from "../rules.ts";
import { validateAffinity, validateSpread, validateTolerations } from "./affinity.ts";
import { validateContainers, validateInitContainers } from "./containers.ts";
import { validateEphemeralContainers } from "./ephemeral-containers.ts";
import { validateOsFields } from "./os.ts";
import { validateDnsConfig, validateHostAliases } from "./pod-network.ts";
import { validatePodResources } from "./resources.ts";
import type { PodSpec, Scope } from "./scope.ts";
import { validateHostUsers, validatePodContext } from "./security-context.ts";
import { type VolumeScope, validateVolumes } from "./volumes.ts";

/** All rules for a pod spec, in upstream's order. */
export function validatePodSpec(spec: PodSpec, place: VolumeScope): void {
  const { errors, path } = place;
  if (spec.terminationGracePeriodSeconds === undefined) errors.push(required(`${path}.terminationGracePeriodSeconds`));
  const volumes = validateVolumes(spec, place);
  const claims = new Set((spec.resourceClaims ?? []).map(({ name }) => name ?? ""));
  const scope: Scope = { ...place, spec, volumes, claims, hostUsers: spec.hostUsers !== false };
  validateResourceClaims(scope);
  validateContainers(scope);
  validateInitContainers(scope);
  validateEphemeralContainers(scope);
  if (spec.resources !== undefined) validatePodResources(spec.resources, scope);
  validateHostPorts(scope);
  oneOf(spec.restartPolicy, ["Always", "OnFailure", "Never"], `${path}.restartPolicy`, errors);
  oneOf(spec.dnsPolicy, ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"], `${path}.dnsPolicy`, errors);
  validateLabels(spec.nodeSelector, `${path}.nodeSelector`, errors);
  if (spec.securityContext !== undefined) validatePodContext(spec.securityContext, scope);
  if (spec.affinity !== undefined) validateAffinity(spec.affinity, `${path}.affinity`, errors);
  validateDnsConfig(spec, path, errors);
  validateGates(scope);
  if (spec.topologySpreadConstraints !== undefined) {
    validateSpread(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`, errors);
  }
  validateHostUsers(scope);
  validateNames(scope);
  if (spec.tolerations !== undefined) validateTolerations(spec.tolerations, `${path}.tolerations`, errors);
  validateHostAliases(spec.hostAliases, `${path}.hostAliases`, errors);
  validateClasses(scope);
  validateOs(scope);
  validateOsFields(scope);
}

/** Host ports on the host's own network are the containers' ports. */
function validateHostPorts({ spec, path, isPod, errors }: Scope): void {
  if (spec.hostNetwork !== true) return;
  for (const [index, { ports = [] }] of (spec.containers ?? []).entries()) {
    for (const [portIndex, { hostPort = 0, containerPort = 0 }] of ports.entries()) {
      if (hostPort === containerPort || (!isPod && hostPort === 0)) continue;
      const detail = "must match `containerPort` when `hostNetwork` is true";
      errors.push(invalid(`${path}.containers[${index}].ports[${portIndex}].hostPort`, hostPort, detail));
    }
  }
}

function validateGates({ spec, path, errors }: Scope): void {
  for (const [index, { conditionType = "" }] of (spec.readinessGates ?? []).entries()) {
    sayInvalid(
      labelKeyProblems(conditionType),
      conditionType,
      `${path}.readinessGates[${index}].conditionType`,
      errors,
    );
  }
  const seen = new Set<string>();
  for (const [index, { name = "" }] of (spec.schedulingGates ?? []).entries()) {
    const at = `${path}.schedulingGates[${index}]`;
    sayInvalid(labelKeyProblems(name), name, at, errors);
    if (seen.has(name)) errors.push(duplicate(at, name));
    seen.add(name);
  }
}

function validateNames({ spec, path, errors }: Scope): void {
  const { serviceAccountName, nodeName, activeDeadlineSeconds, hostname, subdomain } = spec;
  if (isSet(serviceAccountName)) {
    sayInvalid(dnsSubdomainProblems(serviceAccountName), serviceAccountName, `${path}.serviceAccountName`, errors);
  }
  if (isSet(nodeName)) sayInvalid(dnsSubdomainProblems(nodeName), nodeName, `${path}.nodeName`, errors);
  if (activeDeadlineSeconds !== undefined) {
    inRange(activeDeadlineSeconds, [1, INT32_MAX], `${path}.activeDeadlineSeconds`, errors);
  }
  if (isSet(hostname)) sayInvalid(dnsLabelProblems(hostname), hostname, `${path}.hostname`, errors);
  if (isSet(subdomain)) sayInvalid(dnsLabelProblems(subdomain), subdomain, `${path}.subdomain`, errors);
}

function validateClasses({ spec, path, errors }: Scope): void {
  const { priorityClassName, runtimeClassName, preemptionPolicy, overhead } = spec;
  if (isSet(priorityClassName)) {
    sayInvalid(dnsSubdomainProblems(priorityClassName), priorityClassName, `${path}.priorityClassName`, errors);
  }
  if (runtimeClassName !== undefined) {
    sayInvalid(dnsSubdomainProblems(runtimeClassName), runtimeClassName, `${path}.runtimeClassName`, errors);
  }
  if (preemptionPolicy !== undefined)
    oneOf(preemptionPolicy, ["PreemptLowerPriority", "Never"], `${path}.preemptionPolicy`, errors);
  for (const name in overhead) {
    if (compareQuantities(quantityOf(overhead[name] ?? "0"), ZERO_QUANTITY) >= 0) continue;
    errors.push(invalid(`${path}.overhead[${name}]`, overhead[name], "must be greater than or equal to 0"));
  }
}

function validateOs({ spec, path, errors }: Scope): void {
  if (spec.os === undefined) return;
  const { name = "" } = spec.os;
  if (name === "") errors.push(required(`${path}.os.name`, "cannot be empty"));
  else if (name !== "linux" && name !== "windows") errors.push(notSupported(`${path}.os`, name, ["linux", "windows"]));
  else if (name === "linux" && spec.securityContext?.windowsOptions !== undefined) {
    errors.push(forbidden(`${path}.securityContext.windowsOptions`, "windows options cannot be set for a linux pod"));
  }
}

function validateResourceClaims({ spec, path, errors }: Scope): void {
  const seen = new Set<string>();
  for (const [index, claim] of (spec.resourceClaims ?? []).entries()) {
    const at = `${path}.resourceClaims[${index}]`;
    const { name = "", resourceClaimName, resourceClaimTemplateName } = claim;
    if (name === "") errors.push(required(`${at}.name`));
    else if (seen.has(name)) errors.push(duplicate(`${at}.name`, name));
    else sayInvalid(dnsLabelProblems(name), name, `${at}.name`, errors);
    seen.add(name);
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined) {
      errors.push(
        invalid(at, claim, "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"),
      );
    }
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined) {
      errors.push(invalid(at, claim, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"));
    }
  }
}
