/**
 * THE REGISTER of labs and quizzes, and the one way to grade them. Page, worker and command line import this and nothing below it.
 */
import type { Lab } from "./lab.ts";
import type { Quiz } from "./quiz.ts";
import { databaseDown } from "./probes/database-down/lab.ts";
import { detectionTime } from "./probes/detection-time/lab.ts";
import { fourMechanisms } from "./probes/four-mechanisms/lab.ts";
import { notReadyNotUnreachable } from "./probes/not-ready-not-unreachable/lab.ts";
import { probesQuiz } from "./probes/quiz.ts";
import { slowStarter } from "./probes/slow-starter/lab.ts";

/** One line per lab, in the order of the book. */
export const labs: readonly Lab[] = [notReadyNotUnreachable, slowStarter, detectionTime, fourMechanisms, databaseDown];

/** One line per chapter's quiz. */
export const quizzes: readonly Quiz[] = [probesQuiz];

/** A chapter of the book, and the statements of the notes that it covers. */
export interface Chapter {
  readonly id: string;
  readonly number: number;
  readonly claims: readonly string[];
}

/** One line per chapter that is written. */
export const chapters: readonly Chapter[] = [
  {
    id: "probes",
    number: 24,
    claims: [
      ...["002-16", "002-47", "002-48", "002-49", "002-50", "002-51", "002-52", "002-53", "002-54", "002-55"],
      ...["002-56", "002-57", "002-58", "003-75", "004-72"],
    ],
  },
];

/** The lab of that id, or undefined. */
export function labOf(id: string): Lab | undefined {
  return labs.find((lab) => lab.id === id);
}

/** What a lab is worth. */
export function pointsOf(lab: Lab): number {
  return lab.checks.reduce((sum, check) => sum + check.points, 0);
}

export {
  begin,
  EVENTS_MAX,
  grade,
  type GradeOptions,
  type Grading,
  isFinished,
  reportOf,
  starterOf,
  step,
} from "./grade.ts";
export { judgeItem } from "./judge-item.ts";
export {
  type Cell,
  type Check,
  type CheckKind,
  type Drawn,
  type Facts,
  type Lab,
  type LabFile,
  type LabKind,
  type Move,
  NOT_SURE,
  type Parameter,
  type Play,
  type Prediction,
  type Submission,
  type Unit,
} from "./lab.ts";
export { misconceptions } from "./misconceptions/register.ts";
export type { Misconception } from "./misconceptions/misconception.ts";
export type { Item, ItemAnswer, ItemFinding, ItemWords, Option, Question, Quiz } from "./quiz.ts";
export type { FailingSchedule, Finding, Report, SeedRange, StoryEvent } from "./report.ts";
export { simplestOf } from "./draw.ts";
export { HOME, stage, type Staged, stageStarter } from "./stage.ts";
export {
  languages,
  phraseOf,
  predictionWordsOf,
  type Sentence,
  sentenceOf,
  storyOf,
  taskOf,
  titleOf,
  wordsIn,
} from "./tell.ts";
export { type Experiment, experiments } from "./probes/experiments.ts";
export { quizTrialsOf } from "./verify/verify-quiz.ts";
export { type Trial, trialsOf } from "./verify/verify-lab.ts";
export { english as words } from "./words.en.ts";
export {
  type CheckWords,
  fill,
  type LabWords,
  type Message,
  type MisconceptionWords,
  type Phrases,
  type PredictionWords,
  type Term,
  type Words,
} from "./words.ts";
