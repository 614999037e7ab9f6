// After kubernetes v1.36 pkg/registry/networking/{ingress,ingressclass}/strategy.go, pkg/apis/networking/validation/validation.go.
import type * as api from "../../../api/generated/types.ts";
import {
  dnsLabelProblems,
  dnsSubdomainProblems,
  pathSegmentProblems,
  portNameProblems,
  portNumberProblems,
  wildcardSubdomainProblems,
} from "../../../api/names.ts";
import { age, nameOf, orNone } from "../cells.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { type FieldError, invalid, notSupported, required } from "../field-error.ts";
import { isIp, validateIp } from "../ip-address.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { type Errors, isSet, sayInvalid } from "../rules.ts";
import type { Strategy } from "../strategy.ts";

type Ingress = DecodedObject<api.Ingress>;
type Backend = Decoded<api.IngressBackend>;
type HttpPath = Decoded<api.HTTPIngressPath>;

const CLASS_ANNOTATION = "kubernetes.io/ingress.class";

export const ingresses: Strategy<Ingress> = kindStrategy<Ingress>({
  place: ["networking.k8s.io", "v1", "ingresses"],
  generationOf: ["spec"],
  validate: (ingress) => {
    const errors = validateSpec(ingress);
    const annotation = ingress.metadata.annotations?.[CLASS_ANNOTATION];
    const name = ingress.spec?.ingressClassName;
    if (annotation !== undefined && name !== undefined && annotation !== name) {
      errors.push(
        invalid(`annotations.${CLASS_ANNOTATION}`, annotation, "must match `ingressClassName` when both are specified"),
      );
    }
    return errors;
  },
  validateUpdate: (ingress, old) => (ingress.spec === old.spec ? [] : validateSpec(ingress)),
  validateStatus: (ingress) => {
    const errors: Errors = [];
    for (const [index, { ip, hostname }] of (ingress.status?.loadBalancer?.ingress ?? []).entries()) {
      const path = `status.loadBalancer.ingress[${index}]`;
      if (isSet(ip)) validateIp(ip, `${path}.ip`, errors);
      if (isSet(hostname)) sayInvalid(dnsSubdomainProblems(hostname), hostname, `${path}.hostname`, errors);
    }
    return errors;
  },
  warnings: (ingress) => {
    const hasAnnotation = ingress.metadata.annotations?.[CLASS_ANNOTATION] !== undefined;
    return hasAnnotation
      ? [`annotation "${CLASS_ANNOTATION}" is deprecated, please use 'spec.ingressClassName' instead`]
      : [];
  },
  cells: (ingress, now) => [
    nameOf(ingress),
    ingress.spec?.ingressClassName ?? "<none>",
    hostsCell(ingress),
    (ingress.status?.loadBalancer?.ingress ?? [])
      .map(({ ip, hostname }) => (isSet(ip) ? ip : (hostname ?? "")))
      .join(","),
    (ingress.spec?.tls ?? []).length > 0 ? "80, 443" : "80",
    age(ingress, now),
  ],
});

function validateSpec({ spec = {} }: Ingress): FieldError[] {
  const errors: Errors = [];
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec;
  if (rules.length === 0 && defaultBackend === undefined) {
    errors.push(invalid("spec", spec.rules ?? null, "either `defaultBackend` or `rules` must be specified"));
  }
  if (defaultBackend !== undefined) validateBackend(defaultBackend, "spec.defaultBackend", errors);
  for (const [index, { host, http }] of rules.entries()) {
    const path = `spec.rules[${index}]`;
    if (isSet(host)) validateHost(host, `${path}.host`, errors);
    if (http !== undefined) validatePaths(http.paths ?? [], `${path}.http.paths`, errors);
  }
  for (const [index, one] of tls.entries()) validateTls(one, `spec.tls[${index}]`, errors);
  if (ingressClassName !== undefined)
    sayInvalid(dnsSubdomainProblems(ingressClassName), ingressClassName, "spec.ingressClassName", errors);
  return errors;
}

type Tls = NonNullable<NonNullable<Ingress["spec"]>["tls"]>[number];

function validateTls({ hosts = [], secretName }: Tls, path: string, errors: Errors): void {
  for (const [index, host] of hosts.entries()) sayInvalid(hostProblems(host), host, `${path}.hosts[${index}]`, errors);
  if (isSet(secretName)) sayInvalid(dnsSubdomainProblems(secretName), secretName, `${path}.secretName`, errors);
}

function hostProblems(host: string): readonly string[] {
  return host.includes("*") ? wildcardSubdomainProblems(host) : dnsSubdomainProblems(host);
}

function validateHost(host: string, path: string, errors: Errors): void {
  if (isIp(host)) errors.push(invalid(path, host, "must be a DNS name, not an IP address"));
  sayInvalid(hostProblems(host), host, path, errors);
}

function validatePaths(paths: readonly HttpPath[], path: string, errors: Errors): void {
  if (paths.length === 0) errors.push(required(path));
  for (const [index, one] of paths.entries()) validatePath(one, `${path}[${index}]`, errors);
}

/** Source: invalidPathSequences, invalidPathSuffixes. */
const badSequences = ["//", "/./", "/../", "%2f", "%2F"];
const badSuffixes = ["/..", "/."];

function validatePath({ path = "", pathType, backend = {} }: HttpPath, field: string, errors: Errors): void {
  if (pathType === undefined) return void errors.push(required(`${field}.pathType`, "pathType must be specified"));
  const isStrict = pathType === "Exact" || pathType === "Prefix";
  if (isStrict || (pathType === "ImplementationSpecific" && path !== "")) {
    if (!path.startsWith("/")) errors.push(invalid(`${field}.path`, path, "must be an absolute path"));
  }
  if (isStrict) {
    for (const one of badSequences)
      if (path.includes(one)) errors.push(invalid(`${field}.path`, path, `must not contain '${one}'`));
    for (const one of badSuffixes)
      if (path.endsWith(one)) errors.push(invalid(`${field}.path`, path, `cannot end with '${one}'`));
  } else if (pathType !== "ImplementationSpecific") {
    errors.push(notSupported(`${field}.pathType`, pathType, ["Exact", "ImplementationSpecific", "Prefix"]));
  }
  validateBackend(backend, `${field}.backend`, errors);
}

function validateBackend({ service, resource }: Backend, path: string, errors: Errors): void {
  if (service !== undefined && resource !== undefined) {
    return void errors.push(invalid(path, "", "cannot set both resource and service backends"));
  }
  if (resource !== undefined) return validateReference(resource, `${path}.resource`, errors);
  if (service === undefined) return void errors.push(invalid(path, "", "resource or service backend is required"));
  const { name = "", port = {} } = service;
  if (name === "") errors.push(required(`${path}.service.name`));
  else sayInvalid(dnsLabelProblems(name), name, `${path}.service.name`, errors);
  const { number = 0, name: portName = "" } = port;
  if (portName !== "" && number !== 0) errors.push(invalid(path, "", "cannot set both port name & port number"));
  else if (portName !== "") sayInvalid(portNameProblems(portName), portName, `${path}.service.port.name`, errors);
  else if (number !== 0) sayInvalid(portNumberProblems(number), number, `${path}.service.port.number`, errors);
  else errors.push(required(path, "port name or number is required"));
}

type Reference = Decoded<api.IngressClassParametersReference>;

function validateReference({ apiGroup, kind = "", name = "" }: Reference, path: string, errors: Errors): void {
  if (apiGroup !== undefined) sayInvalid(dnsSubdomainProblems(apiGroup), apiGroup, `${path}.apiGroup`, errors);
  if (kind === "") errors.push(required(`${path}.kind`));
  else sayInvalid(pathSegmentProblems(kind), kind, `${path}.kind`, errors);
  if (name === "") errors.push(required(`${path}.name`));
  else sayInvalid(pathSegmentProblems(name), name, `${path}.name`, errors);
}

/** How many hosts are shown. Source: printers.go formatHosts. */
const HOSTS_MAX = 3;

function hostsCell({ spec }: Ingress): string {
  const hosts = (spec?.rules ?? []).map(({ host = "" }) => host).filter((host) => host !== "");
  if (hosts.length === 0) return "*";
  const text = hosts.slice(0, HOSTS_MAX).join(",");
  return hosts.length > HOSTS_MAX ? `${text} + ${hosts.length - HOSTS_MAX} more...` : text;
}

type IngressClass = DecodedObject<api.IngressClass>;

export const ingressClasses: Strategy<IngressClass> = kindStrategy<IngressClass>({
  place: ["networking.k8s.io", "v1", "ingressclasses"],
  generationOf: ["spec"],
  validate: validateClass,
  validateUpdate: (one, old) => {
    const errors: Errors = [];
    if (one.spec?.controller !== old.spec?.controller)
      errors.push(invalid("spec.controller", one.spec?.controller ?? "", "field is immutable"));
    return [...errors, ...validateClass(one)];
  },
  cells: (one, now) => [nameOf(one), one.spec?.controller ?? "", parametersCell(one), age(one, now)],
});

/** Source: maxLenIngressClassController. */
const CONTROLLER_MAX = 250;
const domainPath = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/;

function validateClass({ spec = {} }: IngressClass): readonly FieldError[] {
  const errors: Errors = [];
  const { controller = "", parameters } = spec;
  if (controller === "") errors.push(required("spec.controller"));
  else {
    if (controller.length > CONTROLLER_MAX) {
      errors.push({
        type: "FieldValueTooLong",
        field: "spec.controller",
        detail: `may not be more than ${CONTROLLER_MAX} bytes`,
      });
    }
    if (!domainPath.test(controller))
      errors.push(invalid("spec.controller", controller, 'must be a domain-prefixed path (such as "acme.io/foo")'));
  }
  if (parameters !== undefined) validateParameters(parameters, errors);
  return errors;
}

function validateParameters(parameters: Reference, errors: Errors): void {
  const path = "spec.parameters";
  validateReference(parameters, path, errors);
  const { scope, namespace } = parameters;
  if (scope === undefined) errors.push(required(`${path}.scope`));
  else if (scope === "Namespace") {
    if (namespace === undefined) errors.push(required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'"));
    else sayInvalid(dnsLabelProblems(namespace), namespace, `${path}.namespace`, errors);
  } else if (scope !== "Cluster") errors.push(notSupported(`${path}.scope`, scope, ["Cluster", "Namespace"]));
  else if (namespace !== undefined) {
    errors.push({
      type: "FieldValueForbidden",
      field: `${path}.namespace`,
      detail: "`parameters.scope` is set to 'Cluster'",
    });
  }
}

function parametersCell({ spec }: IngressClass): string {
  const parameters = spec?.parameters;
  if (parameters === undefined) return "<none>";
  const group = isSet(parameters.apiGroup) ? `.${parameters.apiGroup}` : "";
  return orNone(`${parameters.kind ?? ""}${group}/${parameters.name ?? ""}`);
}
