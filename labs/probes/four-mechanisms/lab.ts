import { advance, exec, type Fault, objectAt, type World, writeFile } from "@workbook/engine";
import { WITHOUT_SERVICES } from "../../checks/idle.ts";
import { behaviour } from "../../checks/moment.ts";
import { areRunning, killsIn, podNamesOf } from "../../checks/pod-lines.ts";
import { predictsChoice } from "../../checks/predictions.ts";
import { patienceOf, probesOf } from "../../checks/probe-settings.ts";
import { sameApps } from "../../checks/same-app.ts";
import type { Check, Diagnosis, Drawn, Evidence, Failure, Judgement, Lab, Move, Truth } from "../../lab.ts";
import { solution } from "./solution.ts";
import { start } from "./start.ts";

/** A fault must have its container killed within this time. Source: the task. */
const SEEN_MILLIS = 60_000;

const IMAGES = { web: "web-app", queue: "tcp-server", rpc: "grpc-server", batch: "batch-job" } as const;
type App = keyof typeof IMAGES;
const APPS = ["web", "queue", "rpc", "batch"] as const;

/** The faults of each app, and the one that a schedule draws. */
const FAULTS: Readonly<Record<App, readonly (readonly [change: string, told: string])[]>> = {
  web: [
    ["hang", "web-hangs"],
    ["break", "web-breaks"],
  ],
  queue: [["close", "queue-closes"]],
  rpc: [
    ["break", "rpc-breaks"],
    ["hang", "rpc-hangs"],
  ],
  batch: [["hang", "batch-hangs"]],
};

const FAULT_SECONDS = { from: 45, to: 120, step: 1, simplest: 45 } as const;
const KIND = { from: 0, to: 1, step: 1, simplest: 0 } as const;

export const fourMechanisms: Lab = {
  id: "probes/four-mechanisms",
  version: 1,
  kind: "YAML authoring",
  claims: ["002-50", "002-52", "002-55"],
  cluster: { nodes: [{ name: "worker-1" }] },
  seed: 244,
  files: start,
  setUp: [],
  handIn: ["kubectl apply -f apps.yaml"],
  predictions: [{ id: "redirect", kind: "choice", options: ["success", "failure", "nothing"] }],
  play: {
    isWarm: (world) => APPS.every((app) => areRunning(world, app, 1)),
    warmUpMillis: 30_000,
    idle: WITHOUT_SERVICES,
    parameters: {
      webSeconds: FAULT_SECONDS,
      queueSeconds: FAULT_SECONDS,
      rpcSeconds: FAULT_SECONDS,
      batchSeconds: FAULT_SECONDS,
      webFault: KIND,
      rpcFault: KIND,
      slowSeconds: { from: 10, to: 30, step: 1, simplest: 10 },
    },
    moves: movesOf,
    lengthMillis: (drawn) => Math.max(...APPS.map((app) => faultAt(drawn, app))) + SEEN_MILLIS + 20_000,
    schedules: 50,
  },
  checks: [
    predictsChoice({
      id: "redirect",
      points: 1,
      misconceptions: { failure: "probes/redirect-fails", nothing: "probes/redirect-fails" },
    }),
    ...APPS.map(seesFaultOf),
    sameApps(
      { id: "same-apps", points: 1 },
      APPS.map((app) => ({ deployment: app, replicas: 1, image: `workbook.example/${IMAGES[app]}` })),
    ),
  ],
  truth,
  tells: ["Unhealthy", "Killing", "Started"],
  diagnoses: APPS.flatMap(diagnosesOf),
  solution,
};

function faultAt(drawn: Drawn, app: App): number {
  return (drawn[`${app}Seconds`] ?? 0) * 1000;
}

/** Each app gets its fault; before that web is slow for a while, which is no fault. */
function movesOf(drawn: Drawn): readonly Move[] {
  const slowAt = (drawn["slowSeconds"] ?? 0) * 1000;
  const moves = APPS.map((app): Move => {
    const [change, told] = FAULTS[app][drawn[`${app}Fault`] ?? 0] ?? ["hang", ""];
    return { atMillis: faultAt(drawn, app), told, faults: (world) => changing(world, app, change) };
  });
  const slow: readonly Move[] = [
    { atMillis: slowAt, told: "web-slow", faults: (world) => changing(world, "web", "slow 600") },
    { atMillis: slowAt + 12_000, faults: (world) => changing(world, "web", "slow 0") },
  ];
  return [...moves, ...slow].toSorted((one, other) => one.atMillis - other.atMillis);
}

function changing(world: World, app: App, change: string): readonly Fault[] {
  return podNamesOf(world, app).map((pod) => ({ kind: "container", namespace: "default", pod, change }));
}

/** The fault has the container killed in time, and nothing else has it killed. */
function seesFaultOf(app: App): Check {
  return behaviour({ id: app, points: 2 }, (evidence) => judge(evidence, app));
}

function judge(evidence: Evidence, app: App): Judgement {
  const faultyAt = evidence.forkedAt + faultAt(evidence.drawn, app);
  const kills = killsIn(evidence.lines, `${app}-`);
  const first = kills.find(({ line }) => line.at >= faultyAt);
  const stray = kills.find((kill) => kill !== first);
  if (stray !== undefined) return falseAlarm(evidence, app, { at: stray.line.at, probe: stray.probe, pod: stray.pod });
  const { now } = evidence.world.simulation;
  const end = first?.line.at ?? now;
  if (end - faultyAt > SEEN_MILLIS) return missed(evidence, app, faultyAt + SEEN_MILLIS);
  return evidence.isOver ? { kind: "passed" } : { kind: "undecided" };
}

function falseAlarm(
  evidence: Evidence,
  app: App,
  kill: { readonly at: number; readonly probe: string; readonly pod: string },
): Failure {
  const facts = { afterSeconds: Math.floor((kill.at - evidence.forkedAt) / 1000), probe: kill.probe };
  return { kind: "failed", reason: `${app}/false-alarm`, facts, at: kill.at, object: `pod/${kill.pod}` };
}

function missed(evidence: Evidence, app: App, at: number): Failure {
  const { liveness } = probesOf(evidence.before, app);
  const observedSeconds = "60 s after the fault nothing had happened";
  const facts = { observedSeconds, patienceSeconds: liveness === undefined ? 0 : patienceOf(liveness) };
  return { kind: "failed", reason: app, facts, at };
}

function diagnosesOf(app: App): readonly Diagnosis[] {
  const made = (name: string, misconception: string, fits: (evidence: Evidence) => boolean): Diagnosis => ({
    reason: `${app}/${name}`,
    checks: [app],
    misconception,
    fits: (evidence, failure) => failure.reason === app && fits(evidence),
  });
  const livenessIn = (evidence: Evidence): ReturnType<typeof probesOf>["liveness"] =>
    probesOf(evidence.before, app).liveness;
  return [
    made("no-liveness", "probes/repairs-everything", (evidence) => livenessIn(evidence) === undefined),
    made(
      "port-only",
      "probes/reachable-means-healthy",
      (evidence) => livenessIn(evidence)?.mechanism === "tcpSocket" && app !== "queue",
    ),
    made("late", "probes/patience-is-free", (evidence) => {
      const liveness = livenessIn(evidence);
      return liveness !== undefined && patienceOf(liveness) > SEEN_MILLIS / 1000;
    }),
    made("blind", "probes/repairs-everything", () => true),
  ];
}

const REDIRECTED = `apiVersion: v1
kind: Pod
metadata: { name: redirected }
spec:
  containers:
    - name: web
      image: workbook.example/web-app:1.0
      livenessProbe:
        httpGet: { path: /old, port: 8080 }
        initialDelaySeconds: 5
        periodSeconds: 1
        failureThreshold: 1
`;

/** Asks a Pod whose probe is redirected. */
function truth({ before }: Evidence): Truth {
  const path = "/home/learner/redirected.yaml";
  const applied = exec(writeFile(before, path, REDIRECTED), `kubectl apply -f ${path}`).world;
  const later = advance(applied, { for: 30_000 });
  const pod = objectAt(later, { plural: "pods", namespace: "default", name: "redirected" }) as
    | { readonly status?: { readonly containerStatuses?: readonly { readonly restartCount?: number }[] } }
    | undefined;
  return { redirect: pod?.status?.containerStatuses?.[0]?.restartCount === 0 ? "success" : "failure" };
}
