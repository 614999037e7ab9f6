// After kubernetes v1.36 pkg/registry/networking/networkpolicy/strategy.go, pkg/apis/networking/{v1/defaults,validation/validation}.go.
import type * as api from "../../../api/generated/types.ts";
import { formatSelector, selectorOfObject } from "../../../api/label-selector.ts";
import { portNameProblems, portNumberProblems } from "../../../api/names.ts";
import { age, nameOf, orNone } from "../cells.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { type FieldError, forbidden, invalid, notSupported, required } from "../field-error.ts";
import { isCidr, isStrictSubset, validateCidr } from "../ip-address.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { validateLabelSelector } from "../label-selector.ts";
import { type Errors, sayInvalid } from "../rules.ts";
import { mapShared, withDefaults, withField, withParts } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";

type Policy = DecodedObject<api.NetworkPolicy>;
type Spec = Decoded<api.NetworkPolicySpec>;
type Peer = Decoded<api.NetworkPolicyPeer>;
type Port = Decoded<api.NetworkPolicyPort>;

export const networkPolicies: Strategy<Policy> = kindStrategy<Policy>({
  place: ["networking.k8s.io", "v1", "networkpolicies"],
  generationOf: ["spec"],
  defaults: (policy) => withParts(policy, { spec: defaultSpec }),
  validate: (policy) => validateSpec(policy.spec ?? {}),
  cells: (policy, now) => [
    nameOf(policy),
    orNone(formatSelector(selectorOfObject((policy.spec?.podSelector ?? {}) as api.LabelSelector))),
    age(policy, now),
  ],
});

function defaultSpec(spec: Spec): Spec {
  const ported = withParts(spec, {
    ingress: (list) => mapShared(list, (rule) => withParts(rule, { ports: defaultPorts })),
    egress: (list) => mapShared(list, (rule) => withParts(rule, { ports: defaultPorts })),
  });
  if ((spec.policyTypes ?? []).length > 0) return ported;
  return withField(ported, "policyTypes", (spec.egress ?? []).length > 0 ? ["Ingress", "Egress"] : ["Ingress"]);
}

function defaultPorts(ports: readonly Port[]): readonly Port[] {
  return mapShared(ports, (port) => withDefaults(port, { protocol: "TCP" }));
}

function validateSpec(spec: Spec): readonly FieldError[] {
  const errors: Errors = [];
  validateLabelSelector(spec.podSelector, "spec.podSelector", errors);
  for (const [index, rule] of (spec.ingress ?? []).entries()) {
    validateRule(rule.ports, { peers: rule.from, side: "from", path: `spec.ingress[${index}]`, errors });
  }
  for (const [index, rule] of (spec.egress ?? []).entries()) {
    validateRule(rule.ports, { peers: rule.to, side: "to", path: `spec.egress[${index}]`, errors });
  }
  validateTypes(spec.policyTypes ?? [], errors);
  return errors;
}

function validateTypes(types: readonly string[], errors: Errors): void {
  const path = "spec.policyTypes";
  if (types.length > 2) return void errors.push(invalid(path, types, "may not specify more than two policyTypes"));
  for (const [index, type] of types.entries()) {
    if (type !== "Ingress" && type !== "Egress")
      errors.push(notSupported(`${path}[${index}]`, type, ["Ingress", "Egress"]));
  }
}

interface Side {
  readonly peers: readonly Peer[] | undefined;
  readonly side: "from" | "to";
  readonly path: string;
  readonly errors: Errors;
}

function validateRule(ports: readonly Port[] | undefined, { peers, side, path, errors }: Side): void {
  for (const [index, port] of (ports ?? []).entries()) validatePort(port, `${path}.ports[${index}]`, errors);
  for (const [index, peer] of (peers ?? []).entries()) validatePeer(peer, `${path}.${side}[${index}]`, errors);
}

function validatePort({ protocol, port, endPort }: Port, path: string, errors: Errors): void {
  if (protocol !== undefined && !["TCP", "UDP", "SCTP"].includes(protocol)) {
    errors.push(notSupported(`${path}.protocol`, protocol, ["TCP", "UDP", "SCTP"]));
  }
  const at = `${path}.endPort`;
  if (typeof port === "number") {
    sayInvalid(portNumberProblems(port), port, `${path}.port`, errors);
    if (endPort === undefined) return;
    // Upstream shows the port here, not the end.
    if (endPort < port) errors.push(invalid(at, port, "must be greater than or equal to `port`"));
    sayInvalid(portNumberProblems(endPort), endPort, at, errors);
  } else {
    const what = port === undefined ? "not specified" : "non-numeric";
    if (endPort !== undefined) errors.push(invalid(at, endPort, `may not be specified when \`port\` is ${what}`));
    if (port !== undefined) sayInvalid(portNameProblems(port), port, `${path}.port`, errors);
  }
}

function validatePeer({ podSelector, namespaceSelector, ipBlock }: Peer, path: string, errors: Errors): void {
  validateLabelSelector(podSelector, `${path}.podSelector`, errors);
  validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`, errors);
  if (ipBlock !== undefined) validateBlock(ipBlock, `${path}.ipBlock`, errors);
  const count = [podSelector, namespaceSelector, ipBlock].filter((one) => one !== undefined).length;
  if (count === 0) errors.push(required(path, "must specify a peer"));
  else if (count > 1 && ipBlock !== undefined)
    errors.push(forbidden(path, "may not specify both ipBlock and another peer"));
}

function validateBlock({ cidr = "", except = [] }: Decoded<api.IPBlock>, path: string, errors: Errors): void {
  if (cidr === "") return void errors.push(required(`${path}.cidr`));
  validateCidr(cidr, `${path}.cidr`, errors);
  if (!isCidr(cidr)) return;
  for (const [index, range] of except.entries()) {
    const at = `${path}.except[${index}]`;
    validateCidr(range, at, errors);
    if (isCidr(range) && !isStrictSubset(range, cidr))
      errors.push(invalid(at, range, "must be a strict subset of `cidr`"));
  }
}
