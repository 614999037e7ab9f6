import { advanceWhen, boot, exec, inject, type Topology, type World, writeFile } from "@workbook/engine";
import type { Lab, Submission } from "./lab.ts";

/** The learner's home on the simulated machine. */
export const HOME = "/home/learner/";

/** A world with the learner's answer in it, before the first schedule. */
export interface Staged {
  readonly world: World;
  /** The first line of the hand-in that failed. */
  readonly refusal?: Refusal;
  /** Paths of fields that the engine does not model, as its warnings name them. */
  readonly notModelled: readonly string[];
  /** Whether the world became warm in time. */
  readonly isWarm: boolean;
}

export interface Refusal {
  readonly line: string;
  readonly words: string;
  readonly exitCode: number;
}

/** The controllers that a graded world runs. The others watch kinds that no lab grades; house rule 11: what cannot matter is not run. */
const GRADED_CONTROLLERS: readonly string[] = [
  "deployment",
  "replica-set",
  "endpoint-slice",
  "garbage-collector",
  "service-account",
  "node-lifecycle",
];

const NODE_LIFECYCLE = "control-plane/node-lifecycle-controller";

/** The lab's cluster as a grade runs it: heartbeats and Events are not written where nobody reads them. */
export function gradedCluster(lab: Lab): Topology {
  const thrift = { heartbeats: "once", events: "traced", bootstrap: "minimal" } as const;
  return { ...lab.cluster, ...thrift, controllers: GRADED_CONTROLLERS };
}

/** The world that the learner sits down at: cluster, files, and what the lab has set up. */
export function stageStarter(
  lab: Lab,
  seed: number = lab.seed,
  cluster: Topology = lab.cluster,
): { readonly world: World } {
  const up = boot(cluster, { seed });
  // A cluster for a grade needs its nodes admitted once; nobody watches them afterwards, and they send no heartbeats.
  const unwatched = cluster === lab.cluster ? up : inject(up, { kind: "kill", process: NODE_LIFECYCLE });
  const booted = lab.files.reduce((world, file) => writeFile(world, HOME + file.path, file.text), unwatched);
  return { world: lab.setUp.reduce((world, line) => exec(world, line).world, booted) };
}

/** Hands the answer in, as the learner would, and waits until the world is warm. */
export function stage(lab: Lab, submission: Submission, start: World): Staged {
  const filed = Object.keys(submission.files)
    .toSorted()
    .reduce((world, path) => writeFile(world, HOME + path, submission.files[path] ?? ""), start);
  const handed = handIn(lab, submission, filed);
  const warm = advanceWhen(handed.world, lab.play.isWarm, lab.play.warmUpMillis);
  return { ...handed, world: warm.world, isWarm: warm.isReached };
}

/** Ends what the schedules have no work for. A test holds a grade with it against one without. */
export function quietened(lab: Lab, world: World): World {
  const idle = world.topology.controllers === undefined ? [] : lab.play.idle;
  return idle.reduce((next, process) => inject(next, { kind: "kill", process }), world);
}

interface Handed {
  readonly world: World;
  readonly refusal?: Refusal;
  readonly notModelled: readonly string[];
}

function handIn(lab: Lab, submission: Submission, filed: World): Handed {
  const isTyped = submission.commands.length > 0;
  let world = filed;
  let refusal: Refusal | undefined;
  const notModelled: string[] = [];
  for (const line of isTyped ? submission.commands : lab.handIn) {
    const { stdout, stderr, exitCode, world: next } = exec(world, line);
    world = next;
    notModelled.push(...warningsIn(stderr));
    if (exitCode === 0 || isTyped) continue;
    refusal ??= { line, words: (stderr === "" ? stdout : stderr).trim(), exitCode };
  }
  return { world, notModelled, ...(refusal === undefined ? {} : { refusal }) };
}

function warningsIn(stderr: string): readonly string[] {
  return [...stderr.matchAll(/not modelled: (\S+)/g)].map((match) => match[1] ?? "");
}
