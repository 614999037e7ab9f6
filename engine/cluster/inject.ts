import { settleUntil, type TrafficSettings, type TrafficState } from "../edge/traffic.ts";
import { pause, restart, resume, stop, withoutRule, withRule } from "../kernel/faults.ts";
import { type Address, hostOf } from "../kernel/process.ts";
import { get, keys, set } from "../kernel/sorted-map.ts";
import { post, spawn, type World as Simulation } from "../kernel/world.ts";
import { LAPTOP, outsideAt, proxyOf, runtimeOf } from "./addresses.ts";
import type { Fault, TrafficSpec } from "./fault.ts";
import { objectAt } from "./objects.ts";
import { programs } from "./programs.ts";
import { routesOf } from "./topology.ts";
import { touched, type World } from "./world.ts";

/** The world with a fault in it, or with one put right. */
export function inject(world: World, fault: Fault): World {
  return touched(world, applied(world, fault), { kind: "fault", fault });
}

function applied(world: World, fault: Fault): Simulation {
  const { simulation } = world;
  switch (fault.kind) {
    case "kill":
      return stop(simulation, fault.process, programs);
    case "restart":
      return restart(simulation, fault.process, programs);
    case "pause":
      return pause(simulation, fault.process);
    case "resume":
      return resume(simulation, fault.process);
    case "crash-host":
      return onHost(simulation, fault.host, (next, address) => stop(next, address, programs));
    case "boot-host":
      return onHost(simulation, fault.host, (next, address) => restart(next, address, programs));
    case "cut":
      return withRule(simulation, { ...place(fault), verdict: { kind: "drop" } });
    case "slow":
      return withRule(simulation, { ...place(fault), verdict: { kind: "deliver", delayMillis: fault.delayMillis } });
    case "heal":
      return withoutRule(simulation, fault.id);
    case "outside":
      return tell(simulation, outsideAt(fault.name), { kind: "set-condition", condition: fault.condition });
    case "container":
      return disturb(world, fault);
    case "traffic":
      return startTraffic(world, fault.client);
    case "end-traffic":
      return stop(settledTraffic(world, fault.name), trafficAt(world, fault.name), programs);
  }
}

function place(fault: { readonly id: string; readonly from: string; readonly to: string }): {
  readonly id: string;
  readonly from: string;
  readonly to: string;
} {
  return { id: fault.id, from: fault.from, to: fault.to };
}

function onHost(
  simulation: Simulation,
  host: string,
  change: (simulation: Simulation, address: Address) => Simulation,
): Simulation {
  return keys(simulation.residents)
    .filter((address) => hostOf(address) === host)
    .reduce(change, simulation);
}

function tell(simulation: Simulation, to: Address, message: unknown): Simulation {
  return post(simulation, { from: `${LAPTOP}/fault`, to, message });
}

interface PodPlace {
  readonly spec?: { readonly nodeName?: string };
  readonly status?: { readonly podIP?: string };
}

function disturb(world: World, fault: Extract<Fault, { readonly kind: "container" }>): Simulation {
  const { namespace, pod, container, change } = fault;
  const found = objectAt(world, { plural: "pods", namespace, name: pod }) as PodPlace | undefined;
  const node = found?.spec?.nodeName;
  if (node === undefined) return world.simulation;
  const message = { kind: "disturb", namespace, pod, ...(container === undefined ? {} : { container }), change };
  return tell(world.simulation, runtimeOf(node), message);
}

function startTraffic(world: World, client: TrafficSpec): Simulation {
  const node = client.node ?? world.topology.nodes[0]?.name ?? "";
  const isService = "service" in client.to;
  const settings: TrafficSettings = {
    name: client.name,
    address:
      "service" in client.to
        ? serviceAddress(world, client, client.to.service)
        : podAddress(world, client, client.to.pod),
    exchange: client.exchange,
    ratePerSecond: client.ratePerSecond,
    timeoutMillis: client.timeoutMillis ?? DEFAULT_TIMEOUT_MILLIS,
    proxy: isService ? proxyOf(node) : undefined,
    routes: routesOf(world.topology),
    isKeptAlive: client.isKeptAlive ?? false,
  };
  const address = `${node}/traffic-${client.name}`;
  return spawn(world.simulation, { address, program: "traffic", settings }, programs);
}

/** The account is closed at the moment of the stop. */
function settledTraffic(world: World, name: string): Simulation {
  const address = trafficAt(world, name);
  const resident = get(world.simulation.residents, address);
  if (resident === undefined) return world.simulation;
  const state = settleUntil(resident.state as TrafficState, world.simulation.now);
  return { ...world.simulation, residents: set(world.simulation.residents, address, { ...resident, state }) };
}

/** How long a client waits for an answer where the lab does not say. A choice of this model: a usual front-end timeout. */
const DEFAULT_TIMEOUT_MILLIS = 1000;

function serviceAddress(world: World, client: TrafficSpec, service: string): string {
  const found = objectAt(world, { plural: "services", ...split(service) }) as
    | { readonly spec?: { readonly clusterIP?: string } }
    | undefined;
  return `${found?.spec?.clusterIP ?? ""}:${client.exchange.port}`;
}

function podAddress(world: World, client: TrafficSpec, pod: string): string {
  const found = objectAt(world, { plural: "pods", ...split(pod) }) as PodPlace | undefined;
  return `${found?.status?.podIP ?? ""}:${client.exchange.port}`;
}

function split(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf("/");
  return slash < 0
    ? { namespace: "default", name: key }
    : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** Where the client of that name runs. */
export function trafficAt(world: World, name: string): Address {
  for (const node of world.topology.nodes) {
    const address = `${node.name}/traffic-${name}`;
    if (get(world.simulation.residents, address) !== undefined) return address;
  }
  return `${world.topology.nodes[0]?.name ?? ""}/traffic-${name}`;
}
