import type { Millis } from "@workbook/engine";
import type { Cell, Drawn, Facts } from "./lab.ts";

/** What a grade says: one value for the page, the command line and every reporter. */
export interface Report {
  /** The lab's id. */
  readonly id: string;
  readonly version: number;
  /** The simulated version of Kubernetes. */
  readonly engine: string;
  readonly seeds: SeedRange;
  /** A fingerprint of everything that happened: equal on every machine. */
  readonly digest: string;
  readonly passed: boolean;
  readonly points: number;
  readonly maxPoints: number;
  readonly findings: readonly Finding[];
  readonly schedules: { readonly run: number; readonly passed: number };
  /** How many events the engine carried out. */
  readonly events: number;
  readonly failingSchedule?: FailingSchedule;
  /** What the engine does not model and the submission uses. */
  readonly notModelled: readonly string[];
  /** A limit that stopped the grade. */
  readonly limit?: string;
}

/** `count` schedules, numbered from 0, under one seed. */
export interface SeedRange {
  readonly seed: number;
  readonly count: number;
}

/** How one check came out. */
export interface Finding {
  readonly id: string;
  readonly passed: boolean;
  readonly points: number;
  readonly maxPoints: number;
  /** Names the words: the message of a failure, or the check itself. */
  readonly reason: string;
  readonly facts: Facts;
  /** Virtual time, in the world of the schedule. */
  readonly at?: Millis;
  readonly object?: string;
  readonly misconception?: string;
  readonly cells?: readonly Cell[];
  /** The number of the first schedule in which it failed. */
  readonly schedule?: number;
}

/** The smallest schedule found that fails, and its story. */
export interface FailingSchedule {
  readonly check: string;
  /** The number of the schedule that failed first, and what was drawn for it. */
  readonly schedule: number;
  readonly drawn: Drawn;
  /** The same failure with smaller numbers. */
  readonly smallest: Drawn;
  readonly story: readonly StoryEvent[];
}

/** One event of the story; `told` names its words. */
export interface StoryEvent {
  /** After the start of the schedule. */
  readonly atMillis: Millis;
  readonly told: string;
  readonly facts: Facts;
}
