// After kubernetes v1.36 pkg/registry/core/service/ipallocator and portallocator; not modelled: IPv6, several ServiceCIDRs.
import { drawUint32 } from "../kernel/prng.ts";
import { has, values } from "../kernel/sorted-map.ts";
import type { Strategy, Supply } from "./registry/strategy.ts";
import { collectionAt, type Turn } from "./state.ts";

/** 10.96.0.0/12: the default of kubeadm, with which the recordings were made. */
const RANGE_FIRST = (10 << 24) + (96 << 16);
const RANGE_SIZE = 1 << 20;

/** Addresses below are left for those who choose theirs. Source: KEP-3070: min(max(16, size / 16), 256). */
const STATIC_BAND = 256;

/** Source: kube-apiserver --service-node-port-range, default 30000-32767; static band min(max(16, size / 32), 128) after KEP-3668. */
const PORT_FIRST = 30_000;
const PORT_LAST = 32_767;
const PORT_STATIC_BAND = 86;

/** How often chance may hit what is taken before the search goes in order. */
const DRAWS_MAX = 16;

/** What Services may take, or undefined for kinds that take nothing. */
export function supplyOf(turn: Turn, strategy: Strategy): Supply | undefined {
  if (strategy.allocate === undefined) return undefined;
  const takenAddresses = collectionAt(turn.state, "ipaddresses").objects;
  const takenPorts = portsInUse(turn);
  const given = new Set<string | number>();
  const addressIsTaken = (address: string): boolean => has(takenAddresses, address) || given.has(address);
  const portIsTaken = (port: number): boolean => takenPorts.has(port) || given.has(port);
  return {
    freeAddress: () =>
      keep(
        given,
        search(turn, { from: STATIC_BAND, size: RANGE_SIZE - 1 }, (offset) => free(addressAt(offset), addressIsTaken)),
      ),
    addressState: (address) => stateOfAddress(address, addressIsTaken),
    freePort: () => {
      const size = PORT_LAST - PORT_FIRST + 1;
      return keep(
        given,
        search(turn, { from: PORT_STATIC_BAND, size }, (offset) => free(PORT_FIRST + offset, portIsTaken)),
      );
    },
    portState: (port) => (port < PORT_FIRST || port > PORT_LAST ? "outside" : portIsTaken(port) ? "taken" : "free"),
    portRange: `${String(PORT_FIRST)}-${String(PORT_LAST)}`,
  };
}

function free<Value>(value: Value, isTaken: (value: Value) => boolean): Value | undefined {
  return isTaken(value) ? undefined : value;
}

function keep<Value extends string | number>(given: Set<string | number>, value: Value | undefined): Value | undefined {
  if (value !== undefined) given.add(value);
  return value;
}

function search<Value>(
  turn: Turn,
  range: { readonly from: number; readonly size: number },
  look: (offset: number) => Value | undefined,
): Value | undefined {
  for (let draw = 0; draw < DRAWS_MAX; draw++) {
    const drawn = drawUint32(turn.state.prng);
    turn.state = { ...turn.state, prng: drawn.prng };
    const found = look(range.from + (drawn.value % (range.size - range.from)));
    if (found !== undefined) return found;
  }
  for (let offset = range.from; offset < range.size; offset++) {
    const found = look(offset);
    if (found !== undefined) return found;
  }
  return undefined;
}

function addressAt(offset: number): string {
  const address = RANGE_FIRST + offset;
  return `${String((address >>> 24) & 255)}.${String((address >>> 16) & 255)}.${String((address >>> 8) & 255)}.${String(address & 255)}`;
}

function stateOfAddress(
  address: string,
  isTaken: (address: string) => boolean,
): "free" | "taken" | "outside" | "reserved" {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return "outside";
  const [first = 0, second = 0, third = 0, fourth = 0] = parts;
  const offset = (first << 24) + (second << 16) + (third << 8) + fourth - RANGE_FIRST;
  if (offset < 0 || offset >= RANGE_SIZE) return "outside";
  if (offset === 0 || offset === RANGE_SIZE - 1) return "reserved";
  return isTaken(address) ? "taken" : "free";
}

interface ServiceSpec {
  readonly ports?: readonly { readonly nodePort?: number }[];
  readonly healthCheckNodePort?: number;
}

function portsInUse(turn: Turn): ReadonlySet<number> {
  const ports = new Set<number>();
  for (const service of values(collectionAt(turn.state, "services/specs").objects)) {
    const spec = service.spec as ServiceSpec | undefined;
    for (const { nodePort = 0 } of spec?.ports ?? []) if (nodePort > 0) ports.add(nodePort);
    if ((spec?.healthCheckNodePort ?? 0) > 0) ports.add(spec?.healthCheckNodePort ?? 0);
  }
  return ports;
}
