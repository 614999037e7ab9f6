import { type Fault, trafficOf, view } from "@workbook/engine";
import { WITHOUT_NEW_PODS } from "../../checks/idle.ts";
import { areReady, startsIn } from "../../checks/pod-lines.ts";
import { predictsChoice, predictsNumber } from "../../checks/predictions.ts";
import type { Evidence, Lab, Truth } from "../../lab.ts";
import { mistakenBeliefs } from "./beliefs.ts";
import { solution } from "./solution.ts";
import { start } from "./start.ts";

/** When the probe begins to fail, when new clients come, and when the picture is taken. */
const CLOSED_MILLIS = 10_000;
const NEW_CLIENTS_MILLIS = 60_000;
const LENGTH_MILLIS = 90_000;

export const notReadyNotUnreachable: Lab = {
  id: "probes/not-ready-not-unreachable",
  version: 1,
  kind: "packet-trace prediction",
  claims: ["002-48", "002-53", "002-54"],
  cluster: { nodes: [{ name: "worker-1" }, { name: "worker-2" }] },
  seed: 245,
  files: start,
  setUp: [],
  handIn: ["kubectl apply -f web.yaml"],
  predictions: [
    { id: "service", kind: "choice", options: ["answered", "refused", "silent"] },
    { id: "pod-ip", kind: "choice", options: ["answered", "refused", "silent"] },
    { id: "open", kind: "choice", options: ["goes-on", "cut", "moved"] },
    { id: "restarts", kind: "number", unit: "count" },
    { id: "endpoint", kind: "choice", options: ["marked", "removed", "unchanged"] },
  ],
  play: {
    isWarm: (world) => areReady(world, "web", 1),
    warmUpMillis: 60_000,
    idle: WITHOUT_NEW_PODS,
    parameters: {},
    moves: () => [
      { atMillis: 2000, told: "opens", faults: () => [client("open", { service: "default/web" }, true)] },
      { atMillis: CLOSED_MILLIS, told: "closes", faults: () => [CLOSE] },
      {
        atMillis: NEW_CLIENTS_MILLIS,
        told: "new-clients",
        faults: () => [
          client("service", { service: "default/web" }, false),
          client("pod-ip", { pod: "default/web" }, false),
        ],
      },
    ],
    lengthMillis: () => LENGTH_MILLIS,
    schedules: 1,
  },
  checks: [
    predictsChoice({ id: "service", points: 1, misconceptions: mistakenBeliefs.service }),
    predictsChoice({ id: "pod-ip", points: 1, misconceptions: mistakenBeliefs["pod-ip"] }),
    predictsChoice({ id: "open", points: 1, misconceptions: mistakenBeliefs.open }),
    predictsNumber({
      id: "restarts",
      unit: "count",
      tolerance: 0,
      points: 1,
      beliefs: [{ id: "readiness-restarts", value: 1, misconception: "probes/readiness-restarts" }],
      // Any restart at all is the same belief.
      beliefTolerance: 1_000_000,
    }),
    predictsChoice({ id: "endpoint", points: 1, misconceptions: mistakenBeliefs.endpoint }),
  ],
  truth,
  tells: [],
  diagnoses: [],
  solution,
};

const CLOSE: Fault = { kind: "container", namespace: "default", pod: "web", change: "write /tmp/closed 1" };

function client(
  name: string,
  to: { readonly service: string } | { readonly pod: string },
  isKeptAlive: boolean,
): Fault {
  const exchange = { kind: "http", port: 8080, path: "/" } as const;
  return { kind: "traffic", client: { name, node: "worker-2", to, exchange, ratePerSecond: 10, isKeptAlive } };
}

function truth(evidence: Evidence): Truth {
  const { world, lines } = evidence;
  const endpoint = view(world).services.find((service) => service.name === "web")?.endpoints[0];
  return {
    service: isAnswered(evidence, "service") ? "answered" : "refused",
    "pod-ip": isAnswered(evidence, "pod-ip") ? "answered" : "refused",
    open: isAnswered(evidence, "open") ? "goes-on" : "cut",
    restarts: startsIn(lines, "web").length,
    endpoint: endpoint === undefined ? "removed" : endpoint.isReady ? "unchanged" : "marked",
  };
}

/** Whether most of a client's requests were answered. */
function isAnswered({ world }: Evidence, name: string): boolean {
  const tally = trafficOf(world, name);
  return tally !== undefined && tally.requests > 0 && tally.failed * 2 < tally.requests;
}
