import { advanceWhen, type Fault, inject, type Millis, trace, type World } from "@workbook/engine";
import { WITHOUT_SERVICES } from "../../checks/idle.ts";
import { killsIn, resultsIn, startsIn } from "../../checks/pod-lines.ts";
import { predictsNumber } from "../../checks/predictions.ts";
import type { Evidence, Lab, Truth } from "../../lab.ts";
import { detectionBeliefs } from "./beliefs.ts";
import { solution } from "./solution.ts";
import { start } from "./start.ts";

/** The settings, and one period of each: the tolerance. */
const PERIOD_SECONDS = { hang: 10, unready: 5, delay: 5, "slow-start": 10, "delayed-ready": 10, budget: 5 } as const;
type Setting = keyof typeof PERIOD_SECONDS;
const SETTINGS = ["hang", "unready", "delay", "slow-start", "delayed-ready", "budget"] as const;

export const detectionTime: Lab = {
  id: "probes/detection-time",
  version: 1,
  kind: "calculation",
  claims: ["002-16", "002-51", "002-57"],
  cluster: { nodes: [{ name: "worker-1" }] },
  seed: 241,
  files: start,
  setUp: [],
  handIn: ["kubectl apply -f probes.yaml"],
  predictions: SETTINGS.map((id) => ({ id, kind: "number", unit: "s" })),
  play: {
    isWarm: (world) => SETTINGS.every((pod) => startsIn(trace(world), pod).length > 0),
    warmUpMillis: 30_000,
    idle: WITHOUT_SERVICES,
    parameters: {},
    moves: () => [{ atMillis: 120_000, told: "faults", faults: () => FAULTS }],
    lengthMillis: () => 180_000,
    schedules: 1,
  },
  checks: SETTINGS.map((id) =>
    predictsNumber({
      id,
      unit: "s",
      tolerance: PERIOD_SECONDS[id],
      points: 1,
      beliefs: detectionBeliefs[id] ?? [],
      beliefTolerance: 2,
    }),
  ),
  truth,
  tells: [],
  diagnoses: [],
  solution,
};

const FAULTS: readonly Fault[] = [fault("hang", "hang"), fault("unready", "break"), fault("delay", "hang")];

function fault(pod: Setting, change: string): Fault {
  return { kind: "container", namespace: "default", pod, change };
}

function truth({ before, lines }: Evidence): Truth {
  const started = (pod: Setting): Millis => startsIn(trace(before), pod)[0]?.at ?? before.simulation.now;
  const ready = (pod: Setting, probe: string): Millis | undefined =>
    resultsIn(lines, probe, pod).find((line) => line.facts?.["result"] === "success")?.at;
  const well = advanceWhen(before, () => false, 120_000).world;
  return {
    hang: reaction(well, FAULTS[0], (world, since) => killsIn(trace(world, since), "hang")[0]?.line.at),
    unready: reaction(well, FAULTS[1], (world, since) => resultsIn(trace(world, since), "readiness", "unready")[0]?.at),
    delay: reaction(well, FAULTS[2], (world, since) => killsIn(trace(world, since), "delay")[0]?.line.at),
    "slow-start": seconds((ready("slow-start", "startup") ?? Number.NaN) - started("slow-start")),
    "delayed-ready": seconds((ready("delayed-ready", "readiness") ?? Number.NaN) - started("delayed-ready")),
    budget: seconds((killsIn(lines, "budget")[0]?.line.at ?? Number.NaN) - started("budget")),
  };
}

type Reaction = (world: World, since: number) => Millis | undefined;

/** How far the faults of a search for the longest wait lie apart. */
const PHASE_MILLIS = 500;
const PERIOD_MILLIS_MAX = 10_000;

/** The longest time from the fault to the reaction: the fault is tried at every phase of the probe's period. */
function reaction(well: World, change: Fault | undefined, reacted: Reaction): number {
  if (change === undefined) return Number.NaN;
  let longest = 0;
  for (let phase = 0; phase < PERIOD_MILLIS_MAX; phase += PHASE_MILLIS) {
    const at = advanceWhen(well, () => false, phase).world;
    const since = at.simulation.trace?.line.id ?? 0;
    const after = advanceWhen(inject(at, change), (world) => reacted(world, since) !== undefined, 60_000);
    const took = (reacted(after.world, since) ?? Number.NaN) - at.simulation.now;
    if (took > longest) longest = took;
  }
  return seconds(longest);
}

/** To a tenth of a second. */
function seconds(millis: number): number {
  return Math.floor(millis / 100 + 0.5) / 10;
}
