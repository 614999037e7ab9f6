import type { Item, ItemWords, LabWords, MisconceptionWords, Phrases, Prediction } from "@workbook/labs";

/** What a page knows of a lab before anything runs: made at build time, so that a page needs neither engine nor graders. */
export interface LabCard {
  readonly id: string;
  readonly kind: string;
  readonly version: number;
  readonly points: number;
  readonly files: readonly { readonly path: string; readonly text: string; readonly isEditable: boolean }[];
  /** Command lines that hand the learner's files in. */
  readonly handIn: readonly string[];
  readonly predictions: readonly Prediction[];
  readonly checks: readonly string[];
  readonly schedules: number;
  readonly hasStory: boolean;
  readonly words: LabWords;
  readonly phrases: Phrases;
}

/** A chapter's quiz with its words. */
export interface QuizCard {
  readonly chapter: string;
  readonly items: readonly Item[];
  readonly words: Readonly<Record<string, ItemWords>>;
  readonly misconceptions: Readonly<Record<string, MisconceptionWords>>;
}

/** `probes/slow-starter` is kept in `lab-probes.slow-starter.json`. */
export function cardNameOf(id: string): string {
  return id.replaceAll("/", ".");
}
