// After kubernetes v1.36 pkg/apis/core/validation/validation.go ValidateService.
import { dnsLabelProblems, dnsSubdomainProblems, labelKeyProblems, portNumberProblems } from "../../../api/names.ts";
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from "../field-error.ts";
import { goStruct } from "../go-struct.ts";
import { isIp, validateCidr, validateIp, validateNonSpecialIp } from "../ip-address.ts";
import { validateLabels } from "../metadata.ts";
import { protocols } from "../pod/protocols.ts";
import { type Errors, isSet, oneOf, portNumberOrName, sayInvalid } from "../rules.ts";
import { validateClusterIps } from "./cluster-ips.ts";
import {
  isExternallyAccessible,
  isHeadless,
  needsClusterIp,
  needsHealthCheck,
  type Service,
  type ServicePort,
  type ServiceSpec,
} from "./scope.ts";

export function validateService(service: Service): FieldError[] {
  const errors: Errors = [];
  const { spec = {} } = service;
  if ((spec.ports ?? []).length === 0 && !isHeadless(spec) && spec.type !== "ExternalName")
    errors.push(required("spec.ports"));
  validateType(spec, errors);
  validatePorts(spec, errors);
  validateLabels(spec.selector, "spec.selector", errors);
  validateAffinity(spec, errors);
  validateClusterIps(spec, errors);
  validateExternalIps(spec, errors);
  oneOf(spec.type, ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"], "spec.type", errors);
  validateNodePorts(spec, errors);
  validateDuplicates(spec.ports ?? [], errors);
  validateSourceRanges(service, errors);
  validateBalancer(spec, errors);
  validateLoadBalancerClass(spec, errors);
  validateTraffic(spec, errors);
  return errors;
}

function validateType(spec: ServiceSpec, errors: Errors): void {
  if (isHeadless(spec) && (spec.type === "LoadBalancer" || spec.type === "NodePort")) {
    errors.push(invalid("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${spec.type} services`));
  }
  if (spec.type !== "ExternalName") return;
  const detail = "may not be set for ExternalName services";
  if ((spec.clusterIPs ?? []).length > 0) errors.push(forbidden("spec.clusterIPs", detail));
  if ((spec.ipFamilies ?? []).length > 0) errors.push(forbidden("spec.ipFamilies", detail));
  if (spec.ipFamilyPolicy !== undefined) errors.push(forbidden("spec.ipFamilyPolicy", detail));
  const { externalName = "" } = spec;
  const name = externalName.endsWith(".") ? externalName.slice(0, -1) : externalName;
  if (name === "") errors.push(required("spec.externalName"));
  else sayInvalid(dnsSubdomainProblems(name), name, "spec.externalName", errors);
}

function validatePorts(spec: ServiceSpec, errors: Errors): void {
  const { ports = [] } = spec;
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const path = `spec.ports[${index}]`;
    if (!isSet(port.name)) {
      if (ports.length > 1) errors.push(required(`${path}.name`));
    } else {
      sayInvalid(dnsLabelProblems(port.name), port.name, `${path}.name`, errors);
      if (names.has(port.name)) errors.push(duplicate(`${path}.name`, port.name));
      names.add(port.name);
    }
    validatePort(port, path, errors);
  }
}

function validatePort(port: ServicePort, path: string, errors: Errors): void {
  const { port: number = 0, appProtocol } = port;
  sayInvalid(portNumberProblems(number), number, `${path}.port`, errors);
  oneOf(port.protocol, protocols, `${path}.protocol`, errors);
  portNumberOrName(port.targetPort, `${path}.targetPort`, errors);
  if (appProtocol !== undefined) sayInvalid(labelKeyProblems(appProtocol), appProtocol, `${path}.appProtocol`, errors);
}

/** Source: MaxClientIPServiceAffinitySeconds: one day. */
const AFFINITY_SECONDS_MAX = 86_400;

function validateAffinity(spec: ServiceSpec, errors: Errors): void {
  oneOf(spec.sessionAffinity, ["ClientIP", "None"], "spec.sessionAffinity", errors);
  const path = "spec.sessionAffinityConfig";
  const config = spec.sessionAffinityConfig;
  if (spec.sessionAffinity === "None" && config !== undefined) {
    errors.push(forbidden(path, "must not be set when session affinity is None"));
  }
  if (spec.sessionAffinity !== "ClientIP") return;
  const detail = "when session affinity type is ClientIP";
  const seconds = config?.clientIP?.timeoutSeconds;
  if (config === undefined) errors.push(required(path, detail));
  else if (config.clientIP === undefined) errors.push(required(`${path}.clientIP`, detail));
  else if (seconds === undefined) errors.push(required(`${path}.clientIP.timeoutSeconds`, detail));
  else if (seconds <= 0 || seconds > AFFINITY_SECONDS_MAX) {
    errors.push(
      invalid(
        `${path}.clientIP.timeoutSeconds`,
        seconds,
        `must be greater than 0 and less than ${AFFINITY_SECONDS_MAX}`,
      ),
    );
  }
}

function validateExternalIps(spec: ServiceSpec, errors: Errors): void {
  for (const [index, address] of (spec.externalIPs ?? []).entries()) {
    const path = `spec.externalIPs[${index}]`;
    if (isIp(address)) validateNonSpecialIp(address, path, errors);
    else validateIp(address, path, errors);
  }
}

function validateNodePorts(spec: ServiceSpec, errors: Errors): void {
  const seen = new Set<string>();
  if (spec.type === "ClusterIP") {
    for (const [index, { nodePort = 0 }] of (spec.ports ?? []).entries()) {
      if (nodePort !== 0)
        errors.push(forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
    }
  }
  for (const [index, { nodePort = 0, protocol = "" }] of (spec.ports ?? []).entries()) {
    if (nodePort === 0) continue;
    const key = `${protocol}/${nodePort}`;
    if (seen.has(key)) errors.push(duplicate(`spec.ports[${index}].nodePort`, nodePort));
    seen.add(key);
  }
}

function validateDuplicates(ports: readonly ServicePort[], errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, { port = 0, protocol = "" }] of ports.entries()) {
    const key = `${protocol}/${port}`;
    if (seen.has(key)) errors.push(duplicate(`spec.ports[${index}]`, goStruct("ServicePort", { protocol, port })));
    seen.add(key);
  }
}

const SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";

function validateSourceRanges({ metadata, spec = {} }: Service, errors: Errors): void {
  const { loadBalancerSourceRanges: ranges = [] } = spec;
  const annotation = metadata.annotations?.[SOURCE_RANGES];
  if (ranges.length === 0 && annotation === undefined) return;
  const isField = ranges.length > 0;
  const path = isField ? "spec.LoadBalancerSourceRanges" : `metadata.annotations[${SOURCE_RANGES}]`;
  if (spec.type !== "LoadBalancer") errors.push(forbidden(path, "may only be used when `type` is 'LoadBalancer'"));
  if (isField) {
    for (const [index, range] of ranges.entries()) validateCidr(range.trim(), `${path}[${index}]`, errors);
  } else if ((annotation ?? "").trim() !== "") {
    for (const range of (annotation ?? "").split(",")) validateCidr(range.trim(), path, errors);
  }
}

function validateBalancer(spec: ServiceSpec, errors: Errors): void {
  const isBalancer = spec.type === "LoadBalancer";
  if (spec.allocateLoadBalancerNodePorts !== undefined && !isBalancer) {
    errors.push(forbidden("spec.allocateLoadBalancerNodePorts", "may only be used when `type` is 'LoadBalancer'"));
  }
  if (spec.allocateLoadBalancerNodePorts === undefined && isBalancer)
    errors.push(required("allocateLoadBalancerNodePorts"));
}

export function validateLoadBalancerClass(spec: ServiceSpec, errors: Errors): void {
  const name = spec.loadBalancerClass;
  if (name === undefined) return;
  if (spec.type === "LoadBalancer") sayInvalid(labelKeyProblems(name), name, "spec.loadBalancerClass", errors);
  else errors.push(forbidden("spec.loadBalancerClass", "may only be used when `type` is 'LoadBalancer'"));
}

function validateTraffic(spec: ServiceSpec, errors: Errors): void {
  validateExternalTraffic(spec, errors);
  const internal = spec.internalTrafficPolicy;
  if (internal === undefined && needsClusterIp(spec)) errors.push(required("spec.internalTrafficPolicy"));
  if (internal !== undefined && internal !== "Cluster" && internal !== "Local") {
    errors.push(notSupported("spec.internalTrafficPolicy", internal, ["Cluster", "Local"]));
  }
  const distribution = spec.trafficDistribution;
  // PreferSameZone and PreferSameNode are on since 1.34.
  const known = ["PreferClose", "PreferSameNode", "PreferSameZone"];
  if (distribution !== undefined && !known.includes(distribution)) {
    errors.push(notSupported("spec.trafficDistribution", distribution, known));
  }
}

function validateExternalTraffic(spec: ServiceSpec, errors: Errors): void {
  const { externalTrafficPolicy: policy = "", healthCheckNodePort = 0 } = spec;
  const path = "spec.externalTrafficPolicy";
  if (isExternallyAccessible(spec)) oneOf(policy, ["Cluster", "Local"], path, errors);
  else if (policy !== "") errors.push(invalid(path, policy, "may only be set for externally-accessible services"));
  const at = "spec.healthCheckNodePort";
  if (needsHealthCheck(spec)) {
    if (healthCheckNodePort === 0) errors.push(required(at));
    else sayInvalid(portNumberProblems(healthCheckNodePort), healthCheckNodePort, at, errors);
  } else if (healthCheckNodePort !== 0) {
    const detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    errors.push(invalid(at, healthCheckNodePort, detail));
  }
}
