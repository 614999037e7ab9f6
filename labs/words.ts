import type { ItemWords } from "./quiz.ts";

/** Everything a learner reads, by language. A language is one such value; see `words.en.ts`. */
export interface Words {
  readonly language: string;
  readonly labs: Readonly<Record<string, LabWords>>;
  readonly quizzes: Readonly<Record<string, Readonly<Record<string, ItemWords>>>>;
  readonly misconceptions: Readonly<Record<string, MisconceptionWords>>;
  readonly chapters: Readonly<Record<string, string>>;
  readonly phrases: Phrases;
}

export interface LabWords {
  readonly title: string;
  /** The task in a few short sentences; Markdown. */
  readonly task: string;
  /** The key terms, with the Chinese ones of the notes beside them. */
  readonly terms: readonly Term[];
  readonly predictions: Readonly<Record<string, PredictionWords>>;
  /** What each check asks for, by the check's id; and what it proves when it turns green. */
  readonly checks: Readonly<Record<string, CheckWords>>;
  /** By reason: why an answer fails. Names in braces are facts. */
  readonly messages: Readonly<Record<string, Message>>;
  /** What happened in a schedule, by the `told` of a move or the reason of a line. */
  readonly story: Readonly<Record<string, string>>;
  /** Point, principle, nearly the solution. */
  readonly hints: readonly [string, string, string];
  /** What this lab leaves out or simplifies. */
  readonly simplified: readonly string[];
}

export interface Term {
  readonly term: string;
  readonly chinese: string;
}

export interface PredictionWords {
  readonly ask: string;
  readonly options?: Readonly<Record<string, string>>;
}

export interface CheckWords {
  readonly title: string;
  readonly proves: string;
}

/** Expected, observed, and one next step: 60 words at most altogether. When and where come from the finding. */
export interface Message {
  readonly expected: string;
  readonly observed: string;
  readonly next: string;
}

export interface MisconceptionWords {
  /** The belief, as somebody who holds it would say it. */
  readonly belief: string;
  /** What is true instead. */
  readonly truth: string;
}

/** Phrases that several places need. */
export interface Phrases {
  readonly notSure: string;
  readonly undecided: Message;
  readonly handInFailed: Message;
  readonly limitReached: Message;
  readonly answersHead: string;
  readonly notModelled: string;
  /** What the page and the command line say when no schedule failed. */
  readonly bound: string;
}

/** The sentence with its facts filled in. An unknown name stays as it is: a test finds it. */
export function fill(sentence: string, facts: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const fact = Object.hasOwn(facts, name) ? facts[name] : undefined;
    return fact === undefined ? whole : String(fact);
  });
}
