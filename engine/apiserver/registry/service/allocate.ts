// After kubernetes v1.36 pkg/registry/core/service/storage/{storage,alloc}.go; not modelled: dual stack, dry-run reservations.
import { type FieldError, internalError, invalid } from "../field-error.ts";
import { isIpv4 } from "../ip-address.ts";
import type { Errors } from "../rules.ts";
import { withField } from "../shared-change.ts";
import type { Allocated, Supply } from "../strategy.ts";
import { validateClusterIps } from "./cluster-ips.ts";
import {
  isHeadless,
  needsClusterIp,
  needsHealthCheck,
  needsNodePort,
  type Service,
  type ServicePort,
  type ServiceSpec,
} from "./scope.ts";

/** Gives a Service its addresses and ports, as far as its type needs them and its author left them open. */
export function allocate(service: Service, old: Service | undefined, supply: Supply): Allocated<Service> {
  const errors: Errors = [];
  const patched = old === undefined ? service : patchAllocated(service, old);
  let spec = normalize(patched.spec ?? {}, old?.spec);
  spec = withFamilies(spec, old?.spec, errors);
  if (errors.length === 0) spec = withClusterIp(spec, old?.spec, { supply, errors });
  if (errors.length === 0) spec = withNodePorts(spec, old?.spec, { supply, errors });
  if (errors.length === 0) spec = withHealthCheckPort(spec, { supply, errors });
  if (errors.length > 0) return { kind: "refused", errors };
  return { kind: "allocated", object: withField(patched, "spec", spec) };
}

/** What the author left out stays as it was given out before. */
function patchAllocated(service: Service, old: Service): Service {
  let spec = service.spec ?? {};
  const before = old.spec ?? {};
  if (needsClusterIp(before) && needsClusterIp(spec)) {
    if ((spec.clusterIP ?? "") === "") spec = withField(spec, "clusterIP", before.clusterIP);
    if (spec.clusterIPs === undefined && spec.clusterIP === before.clusterIP)
      spec = withField(spec, "clusterIPs", before.clusterIPs);
  }
  if (needsNodePort(before) && needsNodePort(spec))
    spec = withField(spec, "ports", patchPorts(spec.ports, before.ports));
  if (needsHealthCheck(before) && needsHealthCheck(spec) && (spec.healthCheckNodePort ?? 0) === 0) {
    spec = withField(spec, "healthCheckNodePort", before.healthCheckNodePort);
  }
  return withField(service, "spec", spec);
}

function patchPorts(
  ports: readonly ServicePort[] | undefined,
  old: readonly ServicePort[] | undefined,
): readonly ServicePort[] | undefined {
  if (ports === old) return ports;
  const used = new Set((ports ?? []).map(({ nodePort = 0 }) => nodePort));
  return ports?.map((port) => {
    if ((port.nodePort ?? 0) !== 0) return port;
    const same = old?.find((one) => one.port === port.port && one.protocol === port.protocol);
    if (same?.nodePort === undefined || used.has(same.nodePort)) return port;
    used.add(same.nodePort);
    return { ...port, nodePort: same.nodePort };
  });
}

/** `clusterIP` and the first of `clusterIPs` say the same. */
function normalize(spec: ServiceSpec, old: ServiceSpec | undefined): ServiceSpec {
  const { clusterIP = "", clusterIPs = [] } = spec;
  if (old === undefined)
    return clusterIP !== "" && clusterIPs.length === 0 ? { ...spec, clusterIPs: [clusterIP] } : spec;
  const isSameList = clusterIPs.join() === (old.clusterIPs ?? []).join();
  if (clusterIP !== (old.clusterIP ?? "")) {
    if (!isSameList) return spec;
    return withField(spec, "clusterIPs", clusterIP === "" ? undefined : [clusterIP, ...clusterIPs.slice(1)]);
  }
  if (isSameList) return spec;
  return withField(spec, "clusterIP", clusterIPs[0]);
}

function familiesOf(addresses: readonly string[]): readonly string[] {
  return addresses.filter((one) => one !== "None").map((one) => (isIpv4(one) ? "IPv4" : "IPv6"));
}

function withFamilies(spec: ServiceSpec, old: ServiceSpec | undefined, errors: Errors): ServiceSpec {
  if (spec.type === "ExternalName") return spec;
  const found: Errors = [];
  validateClusterIps(spec, found);
  // On an update the validation says it.
  if (found.length > 0 && old === undefined) errors.push(...found);
  if (found.length > 0) return spec;
  if (isHeadless(spec) && Object.keys(spec.selector ?? {}).length === 0) return withEveryFamily(spec);
  const families = spec.ipFamilies ?? old?.ipFamilies ?? familiesOf(spec.clusterIPs ?? []);
  refuseIpv6(families, errors);
  const policy = spec.ipFamilyPolicy ?? "SingleStack";
  if (policy === "RequireDualStack") {
    errors.push(invalid("spec.ipFamilyPolicy", policy, "this cluster is not configured for dual-stack services"));
  }
  const known = withField(spec, "ipFamilyPolicy", policy);
  return families.length === 0 ? { ...known, ipFamilies: ["IPv4"] } : withField(known, "ipFamilies", families);
}

function refuseIpv6(families: readonly string[], errors: Errors): void {
  for (const [index, family] of families.entries()) {
    if (family !== "IPv4") errors.push(invalid(`spec.ipFamilies[${index}]`, family, "not configured on this cluster"));
  }
}

/** Nobody but the author knows what stands behind it, so it may be of both families. */
function withEveryFamily(spec: ServiceSpec): ServiceSpec {
  const policy = spec.ipFamilyPolicy ?? "RequireDualStack";
  const first = spec.ipFamilies?.[0] ?? "IPv4";
  const isDual = policy !== "SingleStack";
  const families =
    spec.ipFamilies?.length === 2 ? spec.ipFamilies : isDual ? [first, first === "IPv4" ? "IPv6" : "IPv4"] : [first];
  return withField(withField(spec, "ipFamilyPolicy", policy), "ipFamilies", families);
}

interface Means {
  readonly supply: Supply;
  readonly errors: FieldError[];
}

function withClusterIp(spec: ServiceSpec, old: ServiceSpec | undefined, { supply, errors }: Means): ServiceSpec {
  if (!needsClusterIp(spec) || isHeadless(spec)) return spec;
  const { clusterIPs = [] } = spec;
  const wanted = clusterIPs[0];
  const isKept = wanted !== undefined && old?.clusterIPs?.includes(wanted) === true;
  if (isKept || (old !== undefined && needsClusterIp(old) && wanted !== undefined)) return spec;
  if (wanted === undefined) {
    const address = supply.freeAddress();
    if (address !== undefined) return { ...spec, clusterIP: address, clusterIPs: [address] };
    errors.push(internalError("spec.clusterIP", "failed to allocate a serviceIP: range is full"));
    return spec;
  }
  const problem = addressProblems[supply.addressState(wanted)];
  if (problem !== undefined)
    errors.push(invalid("spec.clusterIPs", clusterIPs, `failed to allocate IP ${wanted}: ${problem}`));
  return spec;
}

const addressProblems: Readonly<Record<string, string>> = {
  taken: "provided IP is already allocated",
  outside: "the provided network does not match the current range",
  reserved: "provided IP is not in the valid range",
};

function withNodePorts(spec: ServiceSpec, old: ServiceSpec | undefined, means: Means): ServiceSpec {
  const { ports = [] } = spec;
  const isWanted = spec.type === "NodePort" || spec.type === "LoadBalancer";
  if (!isWanted) return spec;
  const held = new Set((old?.ports ?? []).map(({ nodePort = 0 }) => nodePort));
  const given = new Map<number, number>();
  const made: ServicePort[] = [];
  for (const [index, port] of ports.entries()) {
    made.push(withNodePort(port, { index, held, given, isNeeded: needsNodePort(spec) }, means));
  }
  return made.every((port, index) => port === ports[index]) ? spec : { ...spec, ports: made };
}

interface PortPlace {
  readonly index: number;
  /** What the Service holds already. */
  readonly held: ReadonlySet<number>;
  /** The node port of each port that has one: TCP and UDP of the same number share it. */
  readonly given: Map<number, number>;
  readonly isNeeded: boolean;
}

function withNodePort(
  port: ServicePort,
  { index, held, given, isNeeded }: PortPlace,
  { supply, errors }: Means,
): ServicePort {
  const { nodePort = 0, port: number = 0 } = port;
  const path = `spec.ports[${index}].nodePort`;
  if (nodePort !== 0) {
    const state = held.has(nodePort) || [...given.values()].includes(nodePort) ? "free" : supply.portState(nodePort);
    if (state === "taken") errors.push(invalid(path, nodePort, "provided port is already allocated"));
    if (state === "outside") {
      errors.push(
        invalid(
          path,
          nodePort,
          `provided port is not in the valid range. The range of valid ports is ${supply.portRange}`,
        ),
      );
    }
    given.set(number, nodePort);
    return port;
  }
  if (!isNeeded) return port;
  const free = given.get(number) ?? supply.freePort();
  if (free === undefined) {
    errors.push(internalError(path, "failed to allocate a nodePort: range is full"));
    return port;
  }
  given.set(number, free);
  return { ...port, nodePort: free };
}

function withHealthCheckPort(spec: ServiceSpec, { supply, errors }: Means): ServiceSpec {
  if (!needsHealthCheck(spec) || (spec.healthCheckNodePort ?? 0) !== 0) return spec;
  const port = supply.freePort();
  if (port !== undefined) return { ...spec, healthCheckNodePort: port };
  errors.push(internalError("spec.healthCheckNodePort", "failed to allocate a HealthCheck NodePort"));
  return spec;
}
