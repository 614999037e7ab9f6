import { type Fault, trafficOf, view, type World } from "@workbook/engine";
import { WITHOUT_NEW_PODS } from "../../checks/idle.ts";
import { behaviour } from "../../checks/moment.ts";
import { areReady, areRunning, killsIn, podNamesOf, startsIn } from "../../checks/pod-lines.ts";
import { predictsChoice, predictsNumber } from "../../checks/predictions.ts";
import { patienceOf, probesOf } from "../../checks/probe-settings.ts";
import { sameApps } from "../../checks/same-app.ts";
import type { Drawn, Evidence, Facts, Failure, Judgement, Lab, Truth } from "../../lab.ts";
import { diagnoses } from "./diagnoses.ts";
import { solution } from "./solution.ts";
import { start } from "./start.ts";

const REPLICAS = 6;
/** By then a readiness probe must have taken the Pods out. Source: the task's message; three default periods. */
const WITHHELD_MILLIS = 30_000;
/** Source: chapters.md, lab 24.3: errors end within 10 s after the database returns. */
const RETURN_MILLIS = 10_000;
/** A hung container must be killed within this time: twice what the defaults need. */
const DEADLOCK_MILLIS = 60_000;

const CLIENTS = "clients";

export const databaseDown: Lab = {
  id: "probes/database-down",
  version: 1,
  kind: "fault injection",
  claims: ["002-48", "002-50", "002-53", "003-75"],
  cluster: {
    nodes: [{ name: "worker-1" }, { name: "worker-2" }],
    outside: [{ name: "database", ports: [5432] }],
  },
  seed: 243,
  files: start,
  setUp: ["kubectl apply -f service.yaml"],
  handIn: ["kubectl apply -f api.yaml"],
  predictions: [
    { id: "restarted", kind: "number", unit: "count" },
    { id: "recovery", kind: "choice", options: ["at-once", "soon", "late"] },
  ],
  play: {
    isWarm: (world) => areRunning(world, "api", REPLICAS) && areReady(world, "api", REPLICAS),
    warmUpMillis: 45_000,
    idle: WITHOUT_NEW_PODS,
    parameters: {
      downSeconds: { from: 10, to: 40, step: 1, simplest: 10 },
      outageSeconds: { from: 90, to: 150, step: 1, simplest: 150 },
      hangAfterSeconds: { from: 20, to: 60, step: 1, simplest: 20 },
      victim: { from: 0, to: REPLICAS - 1, step: 1, simplest: 0 },
    },
    moves: (drawn) => {
      const { down, up, hang } = timesOf(drawn);
      return [
        { atMillis: 0, faults: () => [CLIENT] },
        { atMillis: down, told: "down", faults: () => [{ kind: "outside", name: "database", condition: "down" }] },
        { atMillis: down + WITHHELD_MILLIS, faults: () => [] },
        { atMillis: up, told: "up", faults: () => [{ kind: "outside", name: "database", condition: "up" }] },
        { atMillis: up + RETURN_MILLIS + 1000, faults: () => [] },
        { atMillis: hang, told: "hangs", faults: (world) => hanging(world, drawn["victim"] ?? 0) },
      ];
    },
    lengthMillis: (drawn) => timesOf(drawn).hang + DEADLOCK_MILLIS + 2000,
    schedules: 100,
  },
  checks: [
    predictsNumber({
      id: "restarted",
      check: "predict-restarted",
      unit: "count",
      tolerance: 0,
      points: 1,
      beliefs: [],
    }),
    predictsChoice({
      id: "recovery",
      check: "predict-recovery",
      points: 1,
      misconceptions: { "at-once": "probes/repairs-everything", soon: "probes/restart-without-wait" },
    }),
    behaviour({ id: "no-restarts", points: 3 }, noRestarts),
    behaviour({ id: "withheld", points: 2 }, withheld),
    behaviour({ id: "errors-end", points: 2 }, errorsEnd),
    behaviour({ id: "deadlock-seen", points: 2 }, deadlockSeen),
    sameApps({ id: "same-app", points: 1 }, [
      { deployment: "api", replicas: REPLICAS, image: "workbook.example/api-with-database", service: "api" },
    ]),
  ],
  truth,
  tells: ["Unhealthy", "Killing", "Started"],
  diagnoses,
  solution,
};

const CLIENT: Fault = {
  kind: "traffic",
  client: {
    name: CLIENTS,
    to: { service: "default/api" },
    exchange: { kind: "http", port: 80, path: "/" },
    ratePerSecond: 50,
  },
};

interface Times {
  readonly down: number;
  readonly up: number;
  readonly hang: number;
}

function timesOf(drawn: Drawn): Times {
  const down = (drawn["downSeconds"] ?? 0) * 1000;
  const up = down + (drawn["outageSeconds"] ?? 0) * 1000;
  return { down, up, hang: up + (drawn["hangAfterSeconds"] ?? 0) * 1000 };
}

function hanging(world: World, victim: number): readonly Fault[] {
  const pod = podNamesOf(world, "api")[victim];
  return pod === undefined ? [] : [{ kind: "container", namespace: "default", pod, change: "hang" }];
}

/** How far the schedule is. */
function elapsed({ world, forkedAt }: Evidence): number {
  return world.simulation.now - forkedAt;
}

/** Decided when one Pod hangs: from then on a kill is what is asked for. */
function noRestarts(evidence: Evidence): Judgement {
  const failure = killedByOutage(evidence);
  if (failure !== undefined) return failure;
  return elapsed(evidence) >= timesOf(evidence.drawn).hang ? { kind: "passed" } : { kind: "undecided" };
}

function killedByOutage(evidence: Evidence): Failure | undefined {
  const { down, hang } = timesOf(evidence.drawn);
  const kill = killsIn(evidence.lines, "api-").find(({ line }) => line.at - evidence.forkedAt < hang);
  if (kill === undefined) return undefined;
  const afterSeconds = Math.floor((kill.line.at - evidence.forkedAt - down) / 1000);
  const facts = { ...settingsOf(evidence), pod: kill.pod, afterSeconds };
  return { kind: "failed", reason: "no-restarts", facts, at: kill.line.at, object: `pod/${kill.pod}` };
}

function withheld(evidence: Evidence): Judgement {
  const { down } = timesOf(evidence.drawn);
  if (elapsed(evidence) < down + WITHHELD_MILLIS) return { kind: "undecided" };
  const ready = readyEndpoints(evidence.world);
  if (ready === 0) return { kind: "passed" };
  return {
    kind: "failed",
    reason: "withheld",
    facts: { ...settingsOf(evidence), ready },
    at: evidence.world.simulation.now,
  };
}

function readyEndpoints(world: World): number {
  const service = view(world).services.find((one) => one.name === "api" && one.namespace === "default");
  return service?.endpoints.filter((endpoint) => endpoint.isReady).length ?? 0;
}

/** Judged just before one Pod hangs: that fault has its own check. */
function errorsEnd(evidence: Evidence): Judgement {
  const { up, hang } = timesOf(evidence.drawn);
  if (elapsed(evidence) < hang) return { kind: "undecided" };
  const last = trafficOf(evidence.world, CLIENTS)?.lastFailureAt;
  const lateMillis = last === undefined ? 0 : last - evidence.forkedAt - up;
  if (lateMillis <= RETURN_MILLIS) return { kind: "passed" };
  const facts = { ...settingsOf(evidence), lateSeconds: Math.floor((lateMillis + 500) / 1000) };
  return { kind: "failed", reason: "errors-end", facts, ...(last === undefined ? {} : { at: last }) };
}

function deadlockSeen(evidence: Evidence): Judgement {
  const { hang } = timesOf(evidence.drawn);
  const fault = evidence.lines.find((line) => line.reason === "ContainerDisturbed");
  if (fault === undefined) {
    const isLate = elapsed(evidence) > hang + DEADLOCK_MILLIS;
    return isLate ? missed(evidence, "one Pod") : { kind: "undecided" };
  }
  const pod = String(fault.facts?.["pod"] ?? "").replace("default/", "");
  const kill = killsIn(evidence.lines, pod).find(({ line }) => line.at >= fault.at);
  if (kill !== undefined && kill.line.at - fault.at <= DEADLOCK_MILLIS) return { kind: "passed" };
  return elapsed(evidence) <= hang + DEADLOCK_MILLIS ? { kind: "undecided" } : missed(evidence, pod);
}

function missed(evidence: Evidence, pod: string): Failure {
  const facts = { ...settingsOf(evidence), pod };
  return { kind: "failed", reason: "deadlock-seen", facts, at: evidence.world.simulation.now, object: `pod/${pod}` };
}

/** What the messages may name. */
function settingsOf({ before }: Evidence): Facts {
  const { liveness, readiness } = probesOf(before, "api");
  return {
    timeoutSeconds: liveness?.timeoutSeconds ?? 0,
    failureThreshold: liveness?.failureThreshold ?? 0,
    patienceSeconds: liveness === undefined ? 0 : patienceOf(liveness),
    returnSeconds: readiness === undefined ? 0 : readiness.successThreshold * readiness.periodSeconds,
  };
}

/** What the template does: how many Pods restart before the database is back, and how long the errors go on after it. */
function truth(evidence: Evidence): Truth {
  const { up } = timesOf(evidence.drawn);
  const restarted = new Set(
    startsIn(evidence.lines, "api-")
      .filter((line) => line.at - evidence.forkedAt <= up)
      .map((line) => line.object?.name),
  );
  const last = trafficOf(evidence.world, CLIENTS)?.spans.findLast(
    (span) => span.failed === span.requests && span.requests > 0,
  )?.to;
  const lateMillis = last === undefined ? 0 : last - evidence.forkedAt - up;
  return {
    restarted: restarted.size,
    recovery: lateMillis <= 1000 ? "at-once" : lateMillis <= RETURN_MILLIS ? "soon" : "late",
  };
}
