import type { Finding, Report } from "./report.ts";
import { fill, type LabWords, type Message, type PredictionWords, type Words } from "./words.ts";
import { english } from "./words.en.ts";

/** The languages there are, the first one in front. */
export const languages: readonly Words[] = [english];

/** The words of a language; English where that language is not there. */
export function wordsIn(language: string): Words {
  return languages.find((words) => words.language === language) ?? english;
}

/** What a finding says, in sentences. */
export interface Sentence {
  readonly title: string;
  readonly message: string;
  readonly expected: string;
  readonly observed: string;
}

export function sentenceOf(labId: string, finding: Finding, words: Words = english): Sentence {
  const lab = labWordsOf(labId, words);
  const check = lab?.checks[finding.id];
  const title = check?.title ?? finding.id;
  if (finding.passed) return { title, message: check?.proves ?? "", expected: "", observed: "" };
  const message = messageOf(finding.reason, lab);
  const facts = withOptionWords(finding.facts, lab);
  return {
    title,
    message: fill(message.next, facts),
    expected: fill(message.expected, facts),
    observed: fill(message.observed, facts),
  };
}

/** The right option of a choice is told in the words that the learner chose from, not by its id. */
function withOptionWords(facts: Finding["facts"], lab: LabWords | undefined): Finding["facts"] {
  const { expected } = facts;
  if (typeof expected !== "string") return facts;
  for (const { options = {} } of Object.values(lab?.predictions ?? {})) {
    if (Object.hasOwn(options, expected)) return { ...facts, expected: options[expected] ?? expected };
  }
  return facts;
}

const NO_MESSAGE: Message = { expected: "", observed: "", next: "" };

function messageOf(reason: string, lab: LabWords | undefined): Message {
  const own = lab !== undefined && Object.hasOwn(lab.messages, reason) ? lab.messages[reason] : undefined;
  return own ?? { ...NO_MESSAGE, observed: reason };
}

/** The lines of the smallest failing story, each with its time: `0:42  the app listens`. */
export function storyOf(report: Report, words: Words = english): readonly string[] {
  const story = labWordsOf(report.id, words)?.story ?? {};
  return (report.failingSchedule?.story ?? []).map(({ atMillis, told, facts }) => {
    const sentence = Object.hasOwn(story, told) ? story[told] : undefined;
    return `${clock(atMillis)}  ${fill(sentence ?? told, facts)}`;
  });
}

function clock(millis: number): string {
  const seconds = Math.floor(millis / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The title of a lab or a chapter. */
export function titleOf(id: string, words: Words = english): string {
  return labWordsOf(id, words)?.title ?? words.chapters[id] ?? id;
}

export function taskOf(labId: string, words: Words = english): string {
  return labWordsOf(labId, words)?.task ?? "";
}

export function predictionWordsOf(labId: string, prediction: string, words: Words = english): PredictionWords {
  return labWordsOf(labId, words)?.predictions[prediction] ?? { ask: prediction };
}

export function phraseOf(phrase: "notSure" | "answersHead" | "notModelled" | "bound", words: Words = english): string {
  return words.phrases[phrase];
}

function labWordsOf(id: string, words: Words): LabWords | undefined {
  return Object.hasOwn(words.labs, id) ? words.labs[id] : undefined;
}
