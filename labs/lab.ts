import type { Fault, Millis, Topology, TraceLine, World } from "@workbook/engine";

/**
 * A lab: what the learner gets, what happens to it, and how it is judged. Everything here is data or a pure function; the words stand
 * apart (`words.ts`), so that a language can be added without touching a lab.
 */
export interface Lab {
  /** `<chapter>/<lab>`: the name of its folder. */
  readonly id: string;
  /** Rises when the lab asks something else; stored answers belong to one version. */
  readonly version: number;
  readonly kind: LabKind;
  /** Ids of the statements of the notes that it tries. */
  readonly claims: readonly string[];
  readonly cluster: Topology;
  readonly seed: number;
  /** What stands in the learner's home folder; `editable` files are the answer. */
  readonly files: readonly LabFile[];
  /** Command lines that run before the learner's. */
  readonly setUp: readonly string[];
  /** Command lines that hand the learner's files in. Commands that the learner typed instead take their place. */
  readonly handIn: readonly string[];
  /** Asked, stored and locked before anything runs. */
  readonly predictions: readonly Prediction[];
  readonly play: Play;
  readonly checks: readonly Check[];
  /** The reasons of trace lines that the story of a failing schedule may tell. */
  readonly tells: readonly string[];
  /** What predictions are held against: read from a run of the starter under the simplest schedule. */
  readonly truth?: (evidence: Evidence) => Truth;
  /** Known wrong answers: the first that fits chooses the words of the failed check. */
  readonly diagnoses: readonly Diagnosis[];
  /** The reference answer. */
  readonly solution: Submission;
}

export type LabKind =
  | "calculation"
  | "fault injection"
  | "packet-trace prediction"
  | "kubectl task"
  | "ordering"
  | "YAML authoring"
  | "code";

export interface LabFile {
  readonly path: string;
  readonly text: string;
  readonly isEditable: boolean;
}

/** What a learner hands in. In a folder: the files, `answers.yaml` and `commands.sh`. */
export interface Submission {
  /** By the path in the lab's folder. */
  readonly files: Readonly<Record<string, string>>;
  /** By the id of the prediction: a number, a text with a unit, an option's id, or "not-sure". */
  readonly answers: Readonly<Record<string, unknown>>;
  /** Command lines typed, oldest first; empty where the files alone are the answer. */
  readonly commands: readonly string[];
}

/** The answer that is always there, and never punished with a sermon. */
export const NOT_SURE = "not-sure";

/** A question before the run. Its text and those of its options stand in the words. */
export type Prediction =
  | { readonly id: string; readonly kind: "number"; readonly unit: Unit }
  | { readonly id: string; readonly kind: "choice"; readonly options: readonly string[] };

export type Unit = "s" | "count";

/** What happens to the world after the learner's objects are there. */
export interface Play {
  /** Advances the world after the hand-in until this holds, `warmUpMillis` at most: the world that every schedule forks. */
  readonly isWarm: (world: World) => boolean;
  readonly warmUpMillis: Millis;
  /** Processes that have nothing to do in a schedule: they are ended before the fork (house rule 11). */
  readonly idle: readonly string[];
  /** What differs from schedule to schedule. */
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** The faults of one schedule, by time after the fork, oldest first. */
  readonly moves: (drawn: Drawn, world: World) => readonly Move[];
  /** How long a schedule lasts. */
  readonly lengthMillis: (drawn: Drawn) => Millis;
  /** How many schedules a grade runs when nothing else is said. */
  readonly schedules: number;
}

/** A whole number that is drawn for each schedule, from `from` to `to` in steps of `step`. Shrinking goes towards `simplest`. */
export interface Parameter {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly simplest: number;
}

export type Drawn = Readonly<Record<string, number>>;

/** Something that happens to the world at a moment of the schedule. */
export interface Move {
  readonly atMillis: Millis;
  /** Names the line of the story that tells it; absent for what a story need not tell. */
  readonly told?: string;
  /** Made at that moment, so that it can look for the Pod that is there then. */
  readonly faults: (world: World) => readonly Fault[];
}

/**
 * One thing that must hold. `judge` is asked at every pause of a schedule; once it has decided, it is not asked again. An `isInvariant`
 * check already holds in the starter: it guards against answers that take the task away.
 */
export interface Check {
  readonly id: string;
  readonly kind: CheckKind;
  readonly points: number;
  readonly isInvariant?: boolean;
  readonly judge: (evidence: Evidence) => Judgement;
}

export type CheckKind =
  | "at the end"
  | "always"
  | "eventually"
  | "never"
  | "caused by"
  | "behaviour"
  | "number"
  | "order"
  | "table"
  | "yaml";

/** What really happens, by the id of the prediction. */
export type Truth = Readonly<Record<string, number | string>>;

/** What a check may look at. */
export interface Evidence {
  readonly lab: Lab;
  readonly submission: Submission;
  /** The world after the hand-in, before the first move. */
  readonly before: World;
  readonly world: World;
  /** What happened since the fork, oldest first. */
  readonly lines: readonly TraceLine[];
  readonly drawn: Drawn;
  readonly truth: Truth;
  /** The time of the fork; a line's time in the schedule is `line.at - forkedAt`. */
  readonly forkedAt: Millis;
  /** Whether the schedule is over: a check that has not decided by then has failed. */
  readonly isOver: boolean;
}

export type Judgement = { readonly kind: "undecided" } | { readonly kind: "passed"; readonly facts?: Facts } | Failure;

export interface Failure {
  readonly kind: "failed";
  /** Names the words: a message of the lab. */
  readonly reason: string;
  readonly facts: Facts;
  /** The time of the fault in the world, where there is one. */
  readonly at?: Millis;
  /** The object to look at: `pod/web-1`. */
  readonly object?: string;
  /** The share of the points that is earned nevertheless, in hundredths. */
  readonly earnedPercent?: number;
  /** The belief that leads to this answer. */
  readonly misconception?: string;
  readonly cells?: readonly Cell[];
}

/** One cell of a table with partial credit. */
export interface Cell {
  readonly id: string;
  readonly isRight: boolean;
  readonly answered: string;
  readonly expected: string;
  readonly misconception?: string;
}

/** What a message may name. */
export type Facts = Readonly<Record<string, string | number>>;

/** A known wrong answer. It never decides whether a check fails, only which words the learner reads. */
export interface Diagnosis {
  /** Names the message. */
  readonly reason: string;
  /** The checks whose failure it explains. */
  readonly checks: readonly string[];
  readonly misconception?: string;
  readonly fits: (evidence: Evidence, failure: Failure) => boolean;
}
