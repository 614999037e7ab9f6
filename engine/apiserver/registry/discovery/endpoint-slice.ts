// After kubernetes v1.36 pkg/registry/discovery/endpointslice/strategy.go, pkg/apis/discovery/validation/validation.go.
import type * as api from "../../../api/generated/types.ts";
import { dnsLabelProblems, dnsSubdomainProblems, labelKeyProblems, portNumberProblems } from "../../../api/names.ts";
import { age, nameOf } from "../cells.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { duplicate, type FieldError, invalid, notSupported, required, tooMany } from "../field-error.ts";
import { isIpv4, isIpv6, validateNonSpecialIp } from "../ip-address.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { validateImmutable, validateLabels } from "../metadata.ts";
import { protocols } from "../pod/protocols.ts";
import { type Errors, isSet, oneOf, sayInvalid } from "../rules.ts";
import { mapShared, withDefaults, withField, withParts } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";

type Slice = DecodedObject<api.EndpointSlice>;
type Endpoint = Decoded<api.Endpoint>;
type Port = Decoded<api.DiscoveryEndpointPort>;

export const endpointSlices: Strategy<Slice> = kindStrategy<Slice>({
  place: ["discovery.k8s.io", "v1", "endpointslices"],
  generationOf: ["metadata.labels", "endpoints", "ports", "addressType"],
  defaults: (slice) => withParts(slice, { ports: (list) => mapShared(list ?? [], defaultPort) }),
  validate,
  validateUpdate: (slice, old) => {
    const errors: Errors = [];
    if (slice.endpoints !== old.endpoints || slice.ports !== old.ports || slice.addressType !== old.addressType)
      errors.push(...validate(slice));
    validateImmutable(slice.addressType, old.addressType, "addressType", errors);
    return errors;
  },
  cells: (slice, now) => [
    nameOf(slice),
    slice.addressType ?? "",
    portsCell(slice.ports),
    endpointsCell(slice.endpoints),
    age(slice, now),
  ],
});

function defaultPort(port: Port): Port {
  return withDefaults(withField(port, "name", port.name ?? ""), { protocol: "TCP" });
}

/** Source: maxEndpoints, maxPorts, maxAddresses. */
const ENDPOINTS_MAX = 1000;
const PORTS_MAX = 20_000;
const ADDRESSES_MAX = 100;

function validate(slice: Slice): readonly FieldError[] {
  const errors: Errors = [];
  const { addressType = "", endpoints = [], ports = [] } = slice;
  oneOf(addressType, ["FQDN", "IPv4", "IPv6"], "addressType", errors);
  const list = endpoints ?? [];
  if (list.length > ENDPOINTS_MAX) errors.push(tooMany("endpoints", list.length, ENDPOINTS_MAX));
  for (const [index, endpoint] of list.entries())
    validateEndpoint(endpoint, addressType, `endpoints[${index}]`, errors);
  validatePorts(ports ?? [], errors);
  return errors;
}

function validateEndpoint(endpoint: Endpoint, type: string, path: string, errors: Errors): void {
  const addresses = endpoint.addresses ?? [];
  if (addresses.length === 0) errors.push(required(`${path}.addresses`, "must contain at least 1 address"));
  else if (addresses.length > ADDRESSES_MAX) errors.push(tooMany(`${path}.addresses`, addresses.length, ADDRESSES_MAX));
  for (const [index, address] of addresses.entries())
    validateAddress(address, type, { list: `${path}.addresses`, index, errors });
  const { nodeName, hostname, deprecatedTopology } = endpoint;
  if (nodeName !== undefined) sayInvalid(dnsSubdomainProblems(nodeName), nodeName, `${path}.nodeName`, errors);
  validateLabels(deprecatedTopology, `${path}.deprecatedTopology`, errors);
  if (hostname !== undefined) sayInvalid(dnsLabelProblems(hostname), hostname, `${path}.hostname`, errors);
  validateHints(endpoint, path, errors);
}

interface AddressPlace {
  readonly list: string;
  readonly index: number;
  readonly errors: Errors;
}

function validateAddress(address: string, type: string, { list, index, errors }: AddressPlace): void {
  if (type === "FQDN") return sayInvalid(dnsSubdomainProblems(address), address, `${list}[${index}]`, errors);
  if (type !== "IPv4" && type !== "IPv6") return;
  const isRight = type === "IPv4" ? isIpv4(address) : isIpv6(address);
  if (!isRight) errors.push(invalid(list, address, `must be an ${type} address`));
  validateNonSpecialIp(address, `${list}[${index}]`, errors);
}

/** Source: maxZoneHints, maxNodeHints. */
const HINTS_MAX = 8;

function validateHints({ hints }: Endpoint, path: string, errors: Errors): void {
  for (const key of ["forZones", "forNodes"] as const) {
    const list = hints?.[key] ?? [];
    const at = `${path}.hints.${key}`;
    if (list.length > HINTS_MAX) errors.push(tooMany(at, list.length, HINTS_MAX));
    const seen = new Set<string>();
    for (const [index, { name = "" }] of list.entries()) {
      if (seen.has(name)) errors.push(duplicate(`${at}[${index}].name`, name));
      seen.add(name);
      sayInvalid(
        key === "forZones" ? labelKeyProblems(name) : dnsSubdomainProblems(name),
        name,
        `${at}[${index}].name`,
        errors,
      );
    }
  }
}

function validatePorts(ports: readonly Port[], errors: Errors): void {
  if (ports.length > PORTS_MAX) return void errors.push(tooMany("ports", ports.length, PORTS_MAX));
  const names = new Set<string>();
  for (const [index, { name = "", port, protocol, appProtocol }] of ports.entries()) {
    const path = `ports[${index}]`;
    if (isSet(name)) sayInvalid(dnsLabelProblems(name), name, `${path}.name`, errors);
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
    if (protocol === undefined) errors.push(required(`${path}.protocol`));
    else if (!protocols.includes(protocol)) errors.push(notSupported(`${path}.protocol`, protocol, protocols));
    if (port !== undefined) sayInvalid(portNumberProblems(port), port, `${path}.port`, errors);
    if (appProtocol !== undefined)
      sayInvalid(labelKeyProblems(appProtocol), appProtocol, `${path}.appProtocol`, errors);
  }
}

/** How many are shown. Source: printers.go formatDiscoveryPorts. */
const SHOWN_MAX = 3;

function shown(list: readonly string[]): string {
  const text = list.slice(0, SHOWN_MAX).join(",");
  if (list.length > SHOWN_MAX) return `${text} + ${list.length - SHOWN_MAX} more...`;
  return text === "" ? "<unset>" : text;
}

function portsCell(ports: readonly Port[] | null | undefined): string {
  return shown((ports ?? []).map(({ port, name }) => (port === undefined ? (name ?? "*") : String(port))));
}

function endpointsCell(endpoints: readonly Endpoint[] | null | undefined): string {
  return shown((endpoints ?? []).flatMap(({ addresses = [] }) => addresses ?? []));
}
