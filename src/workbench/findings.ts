import type { Finding, StoryEvent } from "@workbook/labs";
import type { LabCard } from "../components/card.ts";

/** A failed check in the learner's language. */
export interface Told {
  readonly expected: string;
  readonly observed: string;
  readonly next: string;
}

/** Reasons that every lab shares, by the phrase that words them. */
const shared: Readonly<Record<string, "undecided" | "handInFailed" | "limitReached">> = {
  undecided: "undecided",
  "hand-in-failed": "handInFailed",
  "limit-reached": "limitReached",
};

export function messageOf(card: LabCard, finding: Finding): Told {
  const phrase = shared[finding.reason];
  const message = card.words.messages[finding.reason] ?? (phrase === undefined ? undefined : card.phrases[phrase]);
  if (message === undefined)
    return { expected: card.words.checks[finding.id]?.title ?? finding.id, observed: finding.reason, next: "" };
  const { expected, observed, next } = message;
  return {
    expected: filled(expected, finding.facts),
    observed: filled(observed, finding.facts),
    next: filled(next, finding.facts),
  };
}

export function storyLine(card: LabCard, event: StoryEvent): string {
  return filled(card.words.story[event.told] ?? event.told, event.facts);
}

/** The sentence with its facts: `{seconds}`. An unknown name stays, so that it is seen. */
function filled(sentence: string, facts: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(facts, name) ? String(facts[name]) : whole,
  );
}
