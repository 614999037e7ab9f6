// After kubernetes v1.36 pkg/apis/core/validation/validation.go validateContainers, validateInitContainers, validateContainerCommon.
import type * as api from "../../../api/generated/types.ts";
import { dnsLabelProblems, portNameProblems, portNumberProblems } from "../../../api/names.ts";
import type { Decoded } from "../decoded.ts";
import { duplicate, invalid, notSupported, required, tooMany } from "../field-error.ts";
import { type Errors, isSet, oneOf, optionalOneOf, sayInvalid } from "../rules.ts";
import { validateEnv, validateEnvFrom } from "./env.ts";
import { validateVolumeDevices, validateVolumeMounts } from "./mounts.ts";
import { protocols } from "./protocols.ts";
import { forbidHooksAndProbes, validateHooksAndProbes } from "./probes.ts";
import { validateRequirements } from "./resources.ts";
import type { Container, Scope } from "./scope.ts";
import { validateContainerContext } from "./security-context.ts";

export function validateContainers(scope: Scope): void {
  const { errors } = scope;
  const path = `${scope.path}.containers`;
  const containers = scope.spec.containers ?? [];
  if (containers.length === 0) return void errors.push(required(path));
  const names = new Set<string>();
  for (const [index, container] of containers.entries()) {
    const at = `${path}[${index}]`;
    validateContainer(container, at, scope);
    const name = container.name ?? "";
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    names.add(name);
    validateHooksAndProbes(container, at, scope);
    validateRestartPolicy(container, at, errors);
  }
  validateHostPorts(containers, path, errors);
}

export function validateInitContainers(scope: Scope): void {
  const { errors } = scope;
  const path = `${scope.path}.initContainers`;
  const names = new Set((scope.spec.containers ?? []).map((container) => container.name ?? ""));
  for (const [index, container] of (scope.spec.initContainers ?? []).entries()) {
    const at = `${path}[${index}]`;
    validateContainer(container, at, scope);
    validateRestartPolicy(container, at, errors);
    const name = container.name ?? "";
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    else if (name !== "") names.add(name);
    validateHostPorts([container], path, errors);
    if (container.restartPolicy === "Always") validateHooksAndProbes(container, at, scope);
    else forbidHooksAndProbes(container, at, errors);
  }
}

/** Rules for every container, whatever its list. */
export function validateContainer(container: Container, path: string, scope: Scope): void {
  const { errors } = scope;
  const { name = "", image = "" } = container;
  if (name === "") errors.push(required(`${path}.name`));
  else sayInvalid(dnsLabelProblems(name), name, `${path}.name`, errors);
  if (image === "") errors.push(required(`${path}.image`));
  oneOf(
    container.terminationMessagePolicy,
    ["File", "FallbackToLogsOnError"],
    `${path}.terminationMessagePolicy`,
    errors,
  );
  validatePorts(container.ports, `${path}.ports`, errors);
  validateEnv(container.env, `${path}.env`, errors);
  validateEnvFrom(container.envFrom, `${path}.envFrom`, errors);
  validateVolumeMounts(container, `${path}.volumeMounts`, scope);
  validateVolumeDevices(container, `${path}.volumeDevices`, scope);
  validatePullPolicy(container.imagePullPolicy, `${path}.imagePullPolicy`, errors);
  if (container.resources !== undefined) validateRequirements(container.resources, `${path}.resources`, scope);
  validateResizePolicy(container.resizePolicy, `${path}.resizePolicy`, scope);
  if (container.securityContext !== undefined)
    validateContainerContext(container.securityContext, `${path}.securityContext`, scope);
}

export function validatePullPolicy(policy: string | undefined, path: string, errors: Errors): void {
  oneOf(policy, ["Always", "IfNotPresent", "Never"], path, errors);
}

function validatePorts(ports: readonly Decoded<api.ContainerPort>[] | undefined, path: string, errors: Errors): void {
  if (ports === undefined) return;
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `${path}[${index}]`;
    if (isSet(port.name)) validatePortName(port.name, { names, path: `${at}.name`, errors });
    const { containerPort = 0, hostPort = 0 } = port;
    if (containerPort === 0) errors.push(required(`${at}.containerPort`));
    else sayInvalid(portNumberProblems(containerPort), containerPort, `${at}.containerPort`, errors);
    if (hostPort !== 0) sayInvalid(portNumberProblems(hostPort), hostPort, `${at}.hostPort`, errors);
    oneOf(port.protocol, protocols, `${at}.protocol`, errors);
  }
}

interface Names {
  readonly names: Set<string>;
  readonly path: string;
  readonly errors: Errors;
}

function validatePortName(name: string, { names, path, errors }: Names): void {
  const problems = portNameProblems(name);
  if (problems.length > 0) return sayInvalid(problems, name, path, errors);
  if (names.has(name)) errors.push(duplicate(path, name));
  names.add(name);
}

/** No two ports of the containers may claim the same port of the host. */
function validateHostPorts(containers: readonly Container[], path: string, errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, { ports = [] }] of containers.entries()) {
    for (const [portIndex, { hostPort = 0, hostIP = "", protocol = "" }] of ports.entries()) {
      if (hostPort === 0) continue;
      const claim = `${protocol}/${hostIP}/${hostPort}`;
      if (seen.has(claim)) errors.push(duplicate(`${path}[${index}].ports[${portIndex}].hostPort`, claim));
      seen.add(claim);
    }
  }
}

/** Source: ContainerRestartRules, on since 1.35; the limits are those of the API's documentation. */
const RULES_MAX = 20;
const EXIT_CODES_MAX = 255;

function validateRestartPolicy(container: Container, path: string, errors: Errors): void {
  const rules = container.restartPolicyRules ?? [];
  if (container.restartPolicy === undefined) {
    if (rules.length > 0)
      errors.push(required(`${path}.restartPolicy`, "must specify restartPolicy when restart rules are used"));
    return;
  }
  optionalOneOf(container.restartPolicy, ["Always", "Never", "OnFailure"], `${path}.restartPolicy`, errors);
  if (rules.length > RULES_MAX) errors.push(tooMany(`${path}.restartPolicyRules`, rules.length, RULES_MAX));
  for (const [index, rule] of rules.entries())
    validateRestartRule(rule, `${path}.restartPolicyRules[${index}]`, errors);
}

function validateRestartRule(rule: Decoded<api.ContainerRestartRule>, path: string, errors: Errors): void {
  const action = rule.action ?? "";
  optionalOneOf(action, ["Restart", "RestartAllContainers"], `${path}.action`, errors);
  if (rule.exitCodes === undefined) return void errors.push(required(`${path}.exitCodes`, "must be specified"));
  const { operator = "", values = [] } = rule.exitCodes;
  optionalOneOf(operator, ["In", "NotIn"], `${path}.exitCodes.operator`, errors);
  if (values.length > EXIT_CODES_MAX) errors.push(tooMany(`${path}.exitCodes.values`, values.length, EXIT_CODES_MAX));
}

function validateResizePolicy(policies: Container["resizePolicy"], path: string, scope: Scope): void {
  const { errors } = scope;
  const seen = new Set<string>();
  for (const [index, { resourceName = "", restartPolicy = "" }] of (policies ?? []).entries()) {
    if (seen.has(resourceName)) errors.push(duplicate(`${path}[${index}]`, resourceName));
    seen.add(resourceName);
    if (resourceName === "") errors.push(required(path));
    else optionalOneOf(resourceName, ["cpu", "memory"], path, errors);
    if (restartPolicy === "") errors.push(required(path));
    else if (!["NotRequired", "RestartContainer"].includes(restartPolicy)) {
      errors.push(notSupported(path, restartPolicy, ["NotRequired", "RestartContainer"]));
    }
    if (scope.spec.restartPolicy === "Never" && restartPolicy !== "NotRequired") {
      errors.push(invalid(path, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
    }
  }
}

/** Rules that a pod's containers must keep and a template's need not. */
export function validateImagesOfPod(scope: Pick<Scope, "spec" | "path" | "errors">): void {
  for (const list of ["containers", "initContainers"] as const) {
    for (const [index, { image = "" }] of (scope.spec[list] ?? []).entries()) {
      if (image.trim() === image) continue;
      const detail = "must not have leading or trailing whitespace";
      scope.errors.push(invalid(`${scope.path}.${list}[${index}].image`, image, detail));
    }
  }
}
