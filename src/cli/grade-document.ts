import { fill, type Finding, type Lab, phraseOf, type Report, sentenceOf, storyOf, titleOf } from "@workbook/labs";
import { printable } from "./printable.ts";

/**
 * The one result from which every reporter is made: `workbook.grade/v1`. Its schema is published as
 * `static/schema/workbook.grade.v1.json`; fields may be added, never changed or taken away under this name.
 */
export interface GradeDocument {
  readonly schema: "workbook.grade/v1";
  readonly engine: string;
  readonly passed: boolean;
  readonly points: number;
  readonly maxPoints: number;
  readonly labs: readonly GradedLab[];
  readonly invalid: readonly InvalidSubmission[];
}

export interface GradedLab {
  readonly id: string;
  readonly title: string;
  /** The folder that was graded, and the file that a complaint points at. */
  readonly path: string;
  readonly file: string;
  readonly engine: string;
  readonly seeds: { readonly seed: number; readonly count: number; readonly passed: number };
  readonly digest: string;
  readonly passed: boolean;
  readonly points: number;
  readonly maxPoints: number;
  readonly durationMs: number;
  readonly events: number;
  readonly checks: readonly GradedCheck[];
  readonly failingSchedule?: GradedSchedule;
  /** When no schedule failed: the upper bound of the failure rate, 3/N with 95 % confidence. */
  readonly failureRateBound?: number;
  readonly warnings: readonly string[];
  readonly limit?: string;
}

export interface GradedCheck {
  readonly id: string;
  readonly title: string;
  readonly passed: boolean;
  readonly points: number;
  readonly maxPoints: number;
  readonly message: string;
  readonly expected: string;
  readonly observed: string;
  /** Virtual seconds since boot, as `12.345`; empty where no moment is meant. */
  readonly at: string;
  readonly object: string;
  readonly misconception?: string;
}

export interface GradedSchedule {
  readonly check: string;
  readonly schedule: number;
  readonly drawn: Readonly<Record<string, number>>;
  readonly smallest: Readonly<Record<string, number>>;
  readonly story: readonly string[];
  readonly replay: string;
}

export interface InvalidSubmission {
  readonly path: string;
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** What was graded, where, and how long it took. */
export interface GradedFolder {
  readonly lab: Lab;
  readonly report: Report;
  readonly path: string;
  readonly durationMs: number;
}

export function documentOf(
  engine: string,
  graded: readonly GradedFolder[],
  invalid: readonly InvalidSubmission[],
): GradeDocument {
  const labs = graded.map(gradedLab);
  return {
    schema: "workbook.grade/v1",
    engine,
    passed: invalid.length === 0 && labs.every((lab) => lab.passed),
    points: sum(labs.map((lab) => lab.points)),
    maxPoints: sum(labs.map((lab) => lab.maxPoints)),
    labs,
    invalid,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function gradedLab({ lab, report, path, durationMs }: GradedFolder): GradedLab {
  const { id, engine, digest, passed, points, maxPoints, events, seeds, schedules } = report;
  const story = storyOf(report);
  const isProperty = schedules.run > 1;
  return {
    id,
    title: titleOf(lab.id),
    path,
    file: lab.files.find((file) => file.isEditable)?.path ?? "answers.yaml",
    engine,
    seeds: { seed: seeds.seed, count: schedules.run, passed: schedules.passed },
    digest,
    passed,
    points,
    maxPoints,
    durationMs,
    events,
    checks: report.findings.map((finding) => gradedCheck(report, finding)),
    ...(report.failingSchedule === undefined
      ? {}
      : { failingSchedule: { ...scheduleOf(report), story: story.map(printable), replay: replayLine(report, path) } }),
    ...(passed && isProperty ? { failureRateBound: 3 / schedules.run } : {}),
    warnings: report.notModelled.map((warning) => printable(fill(phraseOf("notModelled"), { path: warning }))),
    ...(report.limit === undefined ? {} : { limit: report.limit }),
  };
}

function scheduleOf(report: Report): Omit<GradedSchedule, "story" | "replay"> {
  const failing = report.failingSchedule;
  const { check = "", schedule = 0, drawn = {}, smallest = {} } = failing ?? {};
  return { check, schedule, drawn, smallest };
}

/** The command that shows the same failure again. */
function replayLine(report: Report, path: string): string {
  const { seed } = report.seeds;
  const count = (report.failingSchedule?.schedule ?? 0) + 1;
  return `workbook grade ${printable(path)} --lab ${report.id} --seed ${seed} --seeds ${count}`;
}

function gradedCheck(report: Report, finding: Finding): GradedCheck {
  const sentence = sentenceOf(report.id, finding);
  return {
    id: finding.id,
    title: sentence.title,
    passed: finding.passed,
    points: finding.points,
    maxPoints: finding.maxPoints,
    message: printable(sentence.message),
    expected: printable(sentence.expected),
    observed: printable(sentence.observed),
    at: finding.at === undefined ? "" : (finding.at / 1000).toFixed(3),
    object: printable(finding.object ?? ""),
    ...(finding.misconception === undefined ? {} : { misconception: finding.misconception }),
  };
}
