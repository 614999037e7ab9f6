// After kubernetes v1.36 pkg/registry/core/service/strategy.go and pkg/apis/core/validation ValidateServiceUpdate.
import { dnsLabelProblems, dnsSubdomainProblems } from "../../../api/names.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import { age, labelsText, nameOf, orNone } from "../cells.ts";
import { type FieldError, forbidden, invalid, notSupported, required } from "../field-error.ts";
import { validateIp } from "../ip-address.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { allowPrefix } from "../metadata.ts";
import { type Errors, isSet, sayInvalid } from "../rules.ts";
import { withField } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";
import { allocate } from "./allocate.ts";
import { defaultService } from "./defaults.ts";
import {
  isExternallyAccessible,
  isHeadless,
  needsClusterIp,
  needsHealthCheck,
  needsNodePort,
  type Service,
  type ServiceSpec,
} from "./scope.ts";
import { validateLoadBalancerClass, validateService } from "./validate.ts";

export const services: Strategy<Service> = kindStrategy<Service>({
  place: ["", "v1", "services"],
  nameRule: allowPrefix(dnsLabelProblems),
  defaults: defaultService,
  allocate,
  prepareForUpdate: (service, old) => withField(service, "spec", dropTypeDependent(service.spec ?? {}, old.spec ?? {})),
  validate: validateService,
  validateUpdate,
  validateStatus,
  warnings: (service, old) => (service.spec === old?.spec ? [] : warnings(service.spec ?? {})),
  cells: (service, now) => [
    nameOf(service),
    service.spec?.type ?? "",
    orNone(service.spec?.clusterIPs?.[0]),
    externalCell(service),
    portsCell(service.spec ?? {}),
    age(service, now),
    labelsText(service.spec?.selector),
  ],
  fields: {
    "spec.clusterIP": (service) => service.spec?.clusterIP ?? "",
    "spec.type": (service) => service.spec?.type ?? "",
  },
});

/** What a type has no use for goes when the type changes and the author did not touch it. */
function dropTypeDependent(spec: ServiceSpec, old: ServiceSpec): ServiceSpec {
  let made = spec;
  const drop = (keys: readonly (keyof ServiceSpec)[]): void => {
    for (const key of keys) if (isSemanticallyEqual(made[key], old[key])) made = withField(made, key, undefined);
  };
  if (needsClusterIp(old) && !needsClusterIp(spec)) drop(["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"]);
  if (needsNodePort(old) && !needsNodePort(spec)) made = withoutNodePorts(made, old);
  if (needsHealthCheck(old) && !needsHealthCheck(spec)) drop(["healthCheckNodePort"]);
  if (old.type === "LoadBalancer" && spec.type !== "LoadBalancer")
    drop(["allocateLoadBalancerNodePorts", "loadBalancerClass"]);
  if (isExternallyAccessible(old) && !isExternallyAccessible(spec)) drop(["externalTrafficPolicy"]);
  return made;
}

function withoutNodePorts(spec: ServiceSpec, old: ServiceSpec): ServiceSpec {
  const before = new Set((old.ports ?? []).map(({ nodePort = 0 }) => nodePort));
  const isSame = (spec.ports ?? []).every(({ nodePort = 0 }) => nodePort === 0 || before.has(nodePort));
  return isSame
    ? withField(
        spec,
        "ports",
        spec.ports?.map((port) => withField(port, "nodePort", undefined)),
      )
    : spec;
}

function validateUpdate(service: Service, old: Service): readonly FieldError[] {
  if (service.spec === old.spec) return [];
  const errors: Errors = [];
  const { spec = {} } = service;
  const before = old.spec ?? {};
  if (spec.type !== "ExternalName" && before.type !== "ExternalName") {
    validateIpsKept(spec, before, errors);
    validateFamiliesKept(spec, before, errors);
  }
  if (
    spec.type === "LoadBalancer" &&
    before.type === "LoadBalancer" &&
    spec.loadBalancerClass !== before.loadBalancerClass
  ) {
    errors.push(invalid("spec.loadBalancerClass", spec.loadBalancerClass ?? null, "may not change once set"));
  }
  validateLoadBalancerClass(spec, errors);
  const isChecked = needsHealthCheck(before) && needsHealthCheck(spec);
  if (isChecked && spec.healthCheckNodePort !== before.healthCheckNodePort) {
    errors.push(forbidden("spec.healthCheckNodePort", "field is immutable"));
  }
  return [...errors, ...validateService(service)];
}

function validateIpsKept(spec: ServiceSpec, old: ServiceSpec, errors: Errors): void {
  if (isHeadless(spec) && isHeadless(old)) return;
  const { clusterIPs: ips = [] } = spec;
  const { clusterIPs: before = [] } = old;
  const path = "spec.clusterIPs";
  if (ips.length === before.length) {
    for (const [index, ip] of before.entries()) {
      if (ip !== ips[index]) errors.push(invalid(`${path}[${index}]`, ips, "may not change once set"));
    }
    return;
  }
  if (ips.length === 0) errors.push(invalid(`${path}[0]`, null, "primary clusterIP can not be unset"));
  else if (before.length > 0 && ips[0] !== before[0])
    errors.push(invalid(`${path}[0]`, ips, "may not change once set"));
  if (before.length > ips.length && ips.length === 1 && spec.ipFamilyPolicy !== "SingleStack") {
    const detail = "must be set to 'SingleStack' when releasing the secondary clusterIP";
    errors.push(invalid("spec.ipFamilyPolicy", spec.ipFamilyPolicy ?? null, detail));
  }
}

function validateFamiliesKept(spec: ServiceSpec, old: ServiceSpec, errors: Errors): void {
  if (isHeadless(spec) || isHeadless(old)) return;
  const { ipFamilies: families = [] } = spec;
  const { ipFamilies: before = [] } = old;
  if (families.length !== before.length) return;
  for (const [index, family] of before.entries()) {
    if (family !== families[index]) errors.push(invalid("spec.ipFamilies[0]", families, "may not change once set"));
  }
}

function validateStatus(service: Service): readonly FieldError[] {
  const errors: Errors = [];
  for (const [index, { ip, ipMode, hostname }] of (service.status?.loadBalancer?.ingress ?? []).entries()) {
    const path = `status.loadBalancer.ingress[${index}]`;
    if (isSet(ip)) validateIp(ip, `${path}.ip`, errors);
    if (ipMode === undefined && isSet(ip))
      errors.push(required(`${path}.ipMode`, "must be specified when `ip` is set"));
    else if (ipMode !== undefined && !isSet(ip)) {
      errors.push(forbidden(`${path}.ipMode`, "may not be specified when `ip` is not set"));
    } else if (ipMode !== undefined && ipMode !== "VIP" && ipMode !== "Proxy") {
      errors.push(notSupported(`${path}.ipMode`, ipMode, ["Proxy", "VIP"]));
    }
    if (isSet(hostname)) sayInvalid(dnsSubdomainProblems(hostname), hostname, `${path}.hostname`, errors);
  }
  return errors;
}

/** Source: pkg/api/service/warnings.go. */
function warnings(spec: ServiceSpec): readonly string[] {
  const found: string[] = [];
  if (isHeadless(spec)) {
    if (isSet(spec.loadBalancerIP)) found.push('spec.loadBalancerIP is ignored when spec.clusterIP is "None"');
    if ((spec.externalIPs ?? []).length > 0) found.push('spec.externalIPs is ignored when spec.clusterIP is "None"');
    if (spec.sessionAffinity !== "None") found.push("spec.SessionAffinity is ignored for headless services");
  }
  return found;
}

function externalCell({ spec = {}, status }: Service): string {
  const { externalIPs = [] } = spec;
  if (spec.type === "ExternalName") return spec.externalName ?? "";
  if (spec.type !== "LoadBalancer") return orNone(externalIPs.join(","));
  const balancers = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) =>
    isSet(ip) ? ip : (hostname ?? ""),
  );
  const unique = [...new Set(balancers.filter((one) => one !== ""))].toSorted();
  const all = [...unique, ...externalIPs];
  return all.length === 0 ? "<pending>" : all.join(",");
}

function portsCell({ ports = [] }: ServiceSpec): string {
  const texts = ports.map(({ port = 0, nodePort = 0, protocol = "" }) => {
    return nodePort === 0 ? `${port}/${protocol}` : `${port}:${nodePort}/${protocol}`;
  });
  return orNone(texts.join(","));
}
