// After kubernetes v1.36 pkg/registry/core/endpoint/strategy.go, pkg/apis/core/validation ValidateEndpoints; not modelled: the repacking of subsets.
import type * as api from "../../../api/generated/types.ts";
import { dnsLabelProblems, dnsSubdomainProblems, labelKeyProblems, portNumberProblems } from "../../../api/names.ts";
import { age, nameOf } from "../cells.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { required } from "../field-error.ts";
import { validateIp, validateNonSpecialIp } from "../ip-address.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { protocols } from "../pod/protocols.ts";
import { type Errors, isSet, oneOf, sayInvalid } from "../rules.ts";
import { mapShared, withDefaults, withParts } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";

type Endpoints = DecodedObject<api.Endpoints>;
type Subset = Decoded<api.EndpointSubset>;

export const endpoints: Strategy<Endpoints> = kindStrategy<Endpoints>({
  place: ["", "v1", "endpoints"],
  createOnUpdate: true,
  defaults: (object) => withParts(object, { subsets: (list) => mapShared(list, defaultSubset) }),
  validate: (object) => {
    const errors: Errors = [];
    for (const [index, subset] of (object.subsets ?? []).entries()) validateSubset(subset, `subsets[${index}]`, errors);
    return errors;
  },
  cells: (object, now) => [nameOf(object), endpointsCell(object.subsets ?? []), age(object, now)],
});

function defaultSubset(subset: Subset): Subset {
  return withParts(subset, { ports: (list) => mapShared(list, (port) => withDefaults(port, { protocol: "TCP" })) });
}

function validateSubset(subset: Subset, path: string, errors: Errors): void {
  const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
  if (addresses.length === 0 && notReadyAddresses.length === 0) {
    errors.push(required(path, "must specify `addresses` or `notReadyAddresses`"));
  }
  for (const [index, address] of addresses.entries()) validateAddress(address, `${path}.addresses[${index}]`, errors);
  for (const [index, address] of notReadyAddresses.entries())
    validateAddress(address, `${path}.notReadyAddresses[${index}]`, errors);
  for (const [index, port] of ports.entries())
    validatePort(port, { isNamed: ports.length > 1, path: `${path}.ports[${index}]`, errors });
}

function validateAddress(
  { ip = "", hostname, nodeName }: Decoded<api.EndpointAddress>,
  path: string,
  errors: Errors,
): void {
  validateIp(ip, `${path}.ip`, errors);
  if (isSet(hostname)) sayInvalid(dnsLabelProblems(hostname), hostname, `${path}.hostname`, errors);
  if (nodeName !== undefined) sayInvalid(dnsSubdomainProblems(nodeName), nodeName, `${path}.nodeName`, errors);
  validateNonSpecialIp(ip, `${path}.ip`, errors);
}

interface PortPlace {
  readonly isNamed: boolean;
  readonly path: string;
  readonly errors: Errors;
}

function validatePort(
  { name, port = 0, protocol, appProtocol }: Decoded<api.EndpointPort>,
  { isNamed, path, errors }: PortPlace,
): void {
  if (isSet(name)) sayInvalid(dnsLabelProblems(name), name, `${path}.name`, errors);
  else if (isNamed) errors.push(required(`${path}.name`));
  sayInvalid(portNumberProblems(port), port, `${path}.port`, errors);
  oneOf(protocol, protocols, `${path}.protocol`, errors);
  if (appProtocol !== undefined) sayInvalid(labelKeyProblems(appProtocol), appProtocol, `${path}.appProtocol`, errors);
}

/** How many are shown. Source: printers.go formatEndpoints. */
const SHOWN_MAX = 3;

function endpointsCell(subsets: readonly Subset[]): string {
  const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip = "" }) => ip)
      : ports.flatMap(({ port = 0 }) =>
          addresses.map(({ ip = "" }) => (ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`)),
        ),
  );
  const text = all.slice(0, SHOWN_MAX).join(",");
  if (all.length > SHOWN_MAX) return `${text} + ${all.length - SHOWN_MAX} more...`;
  return text === "" ? "<none>" : text;
}
