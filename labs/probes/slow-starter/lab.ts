import type { Fault, World } from "@workbook/engine";
import { WITHOUT_SERVICES } from "../../checks/idle.ts";
import { behaviour, never } from "../../checks/moment.ts";
import { areRunning, killsIn, podNamesOf, resultsIn, startsIn } from "../../checks/pod-lines.ts";
import { predictsChoice } from "../../checks/predictions.ts";
import { patienceOf, probesOf } from "../../checks/probe-settings.ts";
import { sameApps } from "../../checks/same-app.ts";
import type { Drawn, Evidence, Facts, Failure, Judgement, Lab, Truth } from "../../lab.ts";
import { diagnoses } from "./diagnoses.ts";
import { solution } from "./solution.ts";
import { start } from "./start.ts";

/** A hang must be over within this time. Source: the task. */
const REPLACED_SECONDS_MAX = 30;
/** Traffic must come within this time after the app listens. Source: the task. */
const SERVED_SECONDS_MAX = 30;
/** When the second start is set: after the hung container must be gone, before the program could listen by itself. */
const SECOND_START_SECONDS = 35;
/** How soon after the hang the second container can run. */
const SECOND_LOOK_MILLIS = 12_000;

export const slowStarter: Lab = {
  id: "probes/slow-starter",
  version: 1,
  kind: "YAML authoring",
  claims: ["002-50", "002-51", "002-56", "002-57", "002-58"],
  cluster: { nodes: [{ name: "worker-1" }] },
  seed: 242,
  files: start,
  setUp: ["kubectl apply -f service.yaml"],
  handIn: ["kubectl apply -f app.yaml"],
  predictions: [{ id: "restarts", kind: "choice", options: ["never", "once", "for-ever"] }],
  play: {
    isWarm: (world) => areRunning(world, "app", 1),
    warmUpMillis: 30_000,
    idle: WITHOUT_SERVICES,
    parameters: {
      startSeconds: { from: 40, to: 200, step: 1, simplest: 40 },
      hangAfterSeconds: { from: 35, to: 240, step: 1, simplest: 35 },
      secondStartSeconds: { from: 40, to: 200, step: 1, simplest: 40 },
    },
    moves: (drawn) => [
      { atMillis: 0, told: "starts", faults: changing(`start ${at(drawn, "startSeconds")}`) },
      { atMillis: hangAt(drawn), told: "hangs", faults: changing("hang") },
      {
        atMillis: hangAt(drawn) + SECOND_START_SECONDS * 1000,
        told: "starts-again",
        faults: changing(`start ${at(drawn, "secondStartSeconds")}`),
      },
    ],
    // A second start that survives until just before its end would survive the rest too: its end is not waited for.
    lengthMillis: (drawn) => hangAt(drawn) + SECOND_LOOK_MILLIS + at(drawn, "secondStartSeconds"),
    schedules: 1000,
  },
  checks: [
    predictsChoice({
      id: "restarts",
      check: "prediction",
      points: 1,
      misconceptions: { never: "probes/startup-runs-once", once: "probes/repairs-everything" },
    }),
    never({ id: "survives-start", points: 3 }, killedWhileStarting),
    behaviour({ id: "hang-replaced", points: 3 }, hangReplaced),
    behaviour({ id: "serves", points: 1 }, serves),
    sameApps({ id: "same-app", points: 1 }, [
      { deployment: "app", replicas: 1, image: "workbook.example/slow-starter", service: "app" },
    ]),
  ],
  truth,
  tells: ["Unhealthy", "Killing", "Started"],
  diagnoses,
  solution,
};

function at(drawn: Drawn, name: string): number {
  return (drawn[name] ?? 0) * 1000;
}

function hangAt(drawn: Drawn): number {
  return at(drawn, "startSeconds") + at(drawn, "hangAfterSeconds");
}

function changing(change: string): (world: World) => readonly Fault[] {
  return (world) =>
    podNamesOf(world, "app").map((pod): Fault => ({ kind: "container", namespace: "default", pod, change }));
}

/** A kill is right once: the first one after the hang. Any other hits a container that starts, or one that is well. */
function killedWhileStarting(evidence: Evidence): Failure | undefined {
  const { forkedAt, drawn, lines } = evidence;
  const hungAt = forkedAt + hangAt(drawn);
  const kills = killsIn(lines, "app-");
  const right = kills.find((kill) => kill.line.at >= hungAt && !kills.some((other) => other.line.at < hungAt));
  const wrong = kills.find((kill) => kill !== right);
  if (wrong === undefined) return undefined;
  const isFirst = wrong.line.at < hungAt;
  const startedAt = startsIn(lines, "app-").findLast((line) => line.at < wrong.line.at)?.at ?? forkedAt;
  return {
    kind: "failed",
    reason: "survives-start",
    at: wrong.line.at,
    object: `pod/${wrong.pod}`,
    facts: {
      ...settingsOf(evidence),
      probe: wrong.probe,
      needsSeconds: drawn[isFirst ? "startSeconds" : "secondStartSeconds"] ?? 0,
      afterSeconds: Math.floor((wrong.line.at - startedAt + 500) / 1000),
    },
  };
}

function hangReplaced(evidence: Evidence): Judgement {
  const { forkedAt, drawn, lines, world, isOver } = evidence;
  const hungAt = forkedAt + hangAt(drawn);
  const facts = settingsOf(evidence);
  const early = killsIn(lines, "app-").find((kill) => kill.line.at < hungAt);
  if (early !== undefined)
    return { kind: "failed", reason: "never-up", facts, at: early.line.at, object: `pod/${early.pod}` };
  const limit = hungAt + REPLACED_SECONDS_MAX * 1000;
  const replaced = startsIn(lines, "app-").find((line) => line.at >= hungAt);
  if (replaced !== undefined && replaced.at <= limit) return { kind: "passed" };
  if (world.simulation.now <= limit && !isOver) return { kind: "undecided" };
  const took =
    replaced === undefined ? "the hung container was still there" : `after ${seconds(replaced.at - hungAt)} s`;
  return { kind: "failed", reason: "hang-replaced", facts: { ...facts, observedSeconds: took }, at: limit };
}

function serves(evidence: Evidence): Judgement {
  const { forkedAt, drawn, lines, before, world, isOver } = evidence;
  const listensAt = forkedAt + at(drawn, "startSeconds");
  const limit = listensAt + SERVED_SECONDS_MAX * 1000;
  const probes = probesOf(before, "app");
  const early = killsIn(lines, "app-").find((kill) => kill.line.at < listensAt);
  if (early !== undefined) return late(evidence, "it was killed before it was up", early.line.at);
  const waited = (["startup", "readiness"] as const).filter((probe) => probes[probe] !== undefined);
  const times = waited.map(
    (probe) => resultsIn(lines, probe, "app-").find((line) => line.facts?.["result"] === "success")?.at,
  );
  if (world.simulation.now >= listensAt && times.every((time) => time !== undefined && time <= limit))
    return { kind: "passed" };
  if (world.simulation.now <= limit && !isOver) return { kind: "undecided" };
  return late(evidence, `${SERVED_SECONDS_MAX} s after it listened it was not ready`, limit);
}

function late(evidence: Evidence, observedSeconds: string, moment: number): Failure {
  return { kind: "failed", reason: "serves", facts: { ...settingsOf(evidence), observedSeconds }, at: moment };
}

function seconds(millis: number): number {
  return Math.floor((millis + 500) / 1000);
}

/** What the messages may name. */
function settingsOf({ before, drawn }: Evidence): Facts {
  const { liveness, startup } = probesOf(before, "app");
  return {
    startSeconds: drawn["startSeconds"] ?? 0,
    hangSeconds: (drawn["startSeconds"] ?? 0) + (drawn["hangAfterSeconds"] ?? 0),
    delaySeconds: liveness?.initialDelaySeconds ?? 0,
    periodSeconds: liveness?.periodSeconds ?? 0,
    timeoutSeconds: liveness?.timeoutSeconds ?? 0,
    failureThreshold: liveness?.failureThreshold ?? 0,
    patienceSeconds: liveness === undefined ? 0 : patienceOf(liveness),
    budgetSeconds:
      startup === undefined ? 0 : startup.initialDelaySeconds + startup.periodSeconds * startup.failureThreshold,
  };
}

function truth({ lines }: Evidence): Truth {
  const kills = killsIn(lines, "app-").length;
  return { restarts: kills === 0 ? "never" : kills === 1 ? "once" : "for-ever" };
}
