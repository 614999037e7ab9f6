import { digest, ENGINE_VERSION, type World } from "@workbook/engine";
import { drawnFor, simplestOf } from "./draw.ts";
import { absorb, EMPTY, type Fingerprint, hexOf } from "./fingerprint.ts";
import type { Check, Failure, Judgement, Lab, Submission, Truth } from "./lab.ts";
import type { FailingSchedule, Finding, Report, SeedRange } from "./report.ts";
import { type Given, type Run, runSchedule, runWhole } from "./schedule.ts";
import { shrink } from "./shrink.ts";
import { gradedCluster, quietened, stage, type Staged, stageStarter } from "./stage.ts";

/** How many events one grade may carry out. Source: contract, "Limits". */
export const EVENTS_MAX = 2_000_000;

/**
 * A grade on its way: plain data, so that a worker can report how far it is, stop between two schedules, or throw it away. `grade` is the
 * same from beginning to end.
 */
export interface Grading {
  readonly lab: Lab;
  readonly submission: Submission;
  readonly seeds: SeedRange;
  readonly staged: Staged;
  readonly truth: Truth;
  /** How many schedules were run, and in how many of them the answer held. */
  readonly run: number;
  readonly passed: number;
  readonly events: number;
  readonly fingerprint: Fingerprint;
  /** For each check its first failure. */
  readonly failures: readonly (FirstFailure | undefined)[];
  readonly failingSchedule?: FailingSchedule;
  readonly isShrunk: boolean;
  readonly limit?: string;
}

interface FirstFailure {
  readonly failure: Failure;
  readonly schedule: number;
  /** In how many schedules it failed. */
  readonly times: number;
}

export interface GradeOptions {
  readonly seed?: number;
  /** How many schedules; the lab's own number when absent. */
  readonly count?: number;
  /** Called after every few schedules with the share done, from 0 to 1. */
  readonly progress?: (share: number) => void;
}

/** Grades a submission from beginning to end. The same arguments give the same report on every machine. */
export function grade(lab: Lab, submission: Submission, options: GradeOptions = {}): Report {
  let grading = begin(lab, submission, { seed: options.seed ?? lab.seed, count: options.count ?? lab.play.schedules });
  while (!isFinished(grading)) {
    grading = step(grading, SCHEDULES_PER_STEP);
    options.progress?.(isRun(grading) ? 1 : grading.run / grading.seeds.count);
  }
  return reportOf(grading);
}

const SCHEDULES_PER_STEP = 20;

/** Brings the cluster up, hands the answer in and waits until it is warm. */
export function begin(lab: Lab, submission: Submission, seeds: SeedRange): Grading {
  const start = stageStarter(lab, seeds.seed, gradedCluster(lab)).world;
  const handed = stage(lab, submission, start);
  const staged = { ...handed, world: quietened(lab, handed.world) };
  const { refusal } = staged;
  const truth = truthOf(lab, start);
  return {
    lab,
    submission,
    seeds,
    staged,
    truth,
    run: refusal === undefined ? 0 : seeds.count,
    passed: 0,
    events: staged.world.simulation.steps,
    fingerprint: absorb(EMPTY, digest(staged.world)),
    failures: lab.checks.map(() =>
      refusal === undefined ? undefined : { failure: refusedBy(staged), schedule: 0, times: seeds.count },
    ),
    isShrunk: refusal !== undefined,
  };
}

/** The starter, handed in as it is. */
export function starterOf(lab: Lab): Submission {
  const edited = lab.files.filter((file) => file.isEditable).map((file) => [file.path, file.text] as const);
  return { files: Object.fromEntries(edited), answers: {}, commands: [] };
}

function truthOf(lab: Lab, start: World): Truth {
  if (lab.truth === undefined) return {};
  const submission = starterOf(lab);
  const before = stage(lab, submission, start).world;
  return lab.truth(runWhole({ lab, submission, before, truth: {} }, simplestOf(lab)));
}

function givenBy({ lab, submission, staged, truth }: Grading): Given {
  return { lab, submission, before: staged.world, truth };
}

/** The longest piece of a command's answer that a message quotes. */
const QUOTE_LENGTH_MAX = 300;

function refusedBy({ refusal }: Staged): Failure {
  const { line = "", words = "", exitCode = 0 } = refusal ?? {};
  return {
    kind: "failed",
    reason: "hand-in-failed",
    facts: { line, words: words.slice(0, QUOTE_LENGTH_MAX), exitCode },
  };
}

export function isFinished(grading: Grading): boolean {
  if (grading.limit !== undefined) return true;
  return isRun(grading) && grading.isShrunk;
}

/** How many failing schedules say enough: the others would say the same, and the learner is waiting. */
const FAILING_ENOUGH = 20;

/** Whether no more schedules are to be run. */
function isRun({ run, passed, seeds }: Grading): boolean {
  return run >= seeds.count || run - passed >= FAILING_ENOUGH;
}

/** Runs up to `schedules` more schedules; when no more are to be run, finds the smallest failing story. */
export function step(grading: Grading, schedules: number): Grading {
  if (isFinished(grading)) return grading;
  if (isRun(grading)) return withStory(grading);
  let next = grading;
  const until = grading.run + schedules;
  while (next.run < until && !isRun(next) && next.limit === undefined) next = withSchedule(next);
  return next;
}

function withSchedule(grading: Grading): Grading {
  const { lab, seeds } = grading;
  const given = givenBy(grading);
  const drawn = drawnFor(lab, seeds.seed, grading.run);
  const run = runSchedule(given, drawn);
  const print = printOf(run);
  // The first schedule is run twice: a world that forgets its seed is found on the spot.
  if (grading.run === 0 && printOf(runSchedule(given, drawn)) !== print) {
    return { ...grading, limit: `RunsDiffer: schedule 0 under seed ${seeds.seed}` };
  }
  const events = grading.events + run.events;
  const counted = {
    ...grading,
    run: grading.run + 1,
    passed: grading.passed + (hasHeld(lab, run) ? 1 : 0),
    events,
    fingerprint: absorb(grading.fingerprint, print),
    failures: grading.failures.map((known, index) => withFailure(known, run.judgements[index], grading.run)),
  };
  return events > EVENTS_MAX ? { ...counted, limit: `EventsMax ${EVENTS_MAX}: schedule ${grading.run}` } : counted;
}

/** Whether the answer held in a schedule. A prediction is right or wrong whatever the schedule: it does not count here. */
function hasHeld(lab: Lab, { judgements }: Run): boolean {
  return judgements.every((judgement, index) => judgement.kind === "passed" || isPrediction(lab.checks[index]));
}

function isPrediction(check: Check | undefined): boolean {
  return check !== undefined && ["number", "table", "order"].includes(check.kind);
}

function printOf({ drawn, judgements, evidence }: Run): string {
  const { steps, sent, now } = evidence.world.simulation;
  const lines = evidence.lines.map((line) => `${line.at}${line.reason}`).join();
  return JSON.stringify([drawn, judgements, steps, sent, now]) + lines;
}

function withFailure(
  known: FirstFailure | undefined,
  judgement: Judgement | undefined,
  schedule: number,
): FirstFailure | undefined {
  if (judgement?.kind !== "failed") return known;
  if (known === undefined) return { failure: judgement, schedule, times: 1 };
  return { ...known, times: known.times + 1 };
}

/** The story of the first check that failed for a reason that lies in the schedule. */
function withStory(grading: Grading): Grading {
  const { lab, seeds, failures } = grading;
  const index = failures.findIndex((first, at) => first !== undefined && hasStory(lab.checks[at]));
  const first = failures[index];
  const check = lab.checks[index];
  if (first === undefined || check === undefined) return { ...grading, isShrunk: true };
  const drawn = drawnFor(lab, seeds.seed, first.schedule);
  const found = shrink(givenBy(grading), { check: index, drawn });
  const failingSchedule = { check: check.id, schedule: first.schedule, drawn, ...found };
  return { ...grading, isShrunk: true, failingSchedule };
}

/** A prediction or a manifest is wrong in itself; only what happens in time has a story. */
function hasStory(check: Check | undefined): boolean {
  return check !== undefined && check.isInvariant !== true && check.kind !== "yaml" && !isPrediction(check);
}

/** What is known by now. */
export function reportOf(grading: Grading): Report {
  const { lab, seeds, staged, failingSchedule, limit } = grading;
  const findings = lab.checks.map((_, index) => findingOf(grading, index));
  const isWhole = grading.run >= seeds.count && limit === undefined;
  return {
    id: lab.id,
    version: lab.version,
    engine: ENGINE_VERSION,
    seeds,
    digest: hexOf(grading.fingerprint),
    passed: isWhole && findings.every((finding) => finding.passed),
    points: findings.reduce((sum, finding) => sum + finding.points, 0),
    maxPoints: findings.reduce((sum, finding) => sum + finding.maxPoints, 0),
    findings,
    schedules: { run: grading.run, passed: grading.passed },
    events: grading.events,
    notModelled: staged.notModelled,
    ...(failingSchedule === undefined ? {} : { failingSchedule }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function findingOf(grading: Grading, index: number): Finding {
  const check = grading.lab.checks[index];
  const first = grading.failures[index];
  const id = check?.id ?? "";
  const maxPoints = check?.points ?? 0;
  if (!isRun(grading) && first === undefined) {
    return { id, passed: false, points: 0, maxPoints, reason: "limit-reached", facts: { limit: grading.limit ?? "" } };
  }
  if (first === undefined) return { id, passed: true, points: maxPoints, maxPoints, reason: id, facts: {} };
  const { failure, schedule, times } = first;
  const { reason, facts, at, object, misconception, cells } = failure;
  return {
    id,
    passed: false,
    points: Math.floor((maxPoints * (failure.earnedPercent ?? 0)) / 100),
    maxPoints,
    reason,
    facts: { ...facts, failedSchedules: times, schedules: grading.run },
    ...(at === undefined ? {} : { at }),
    ...(object === undefined ? {} : { object }),
    ...(misconception === undefined ? {} : { misconception }),
    ...(cells === undefined ? {} : { cells }),
    schedule,
  };
}
