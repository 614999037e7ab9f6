import { type Finding, fill, type Message, type StoryEvent } from "@workbook/labs";
import type { LabCard } from "../components/card.ts";

/** A failed check in the learner's language. */
export function messageOf(card: LabCard, finding: Finding): Message {
  const message = card.words.messages[finding.reason];
  const title = card.words.checks[finding.id]?.title ?? finding.id;
  const { expected, observed, next } = message ?? { expected: title, observed: finding.reason, next: "" };
  const filled = (sentence: string): string => fill(sentence, finding.facts);
  return { expected: filled(expected), observed: filled(observed), next: filled(next) };
}

export function storyLine(card: LabCard, event: StoryEvent): string {
  return fill(card.words.story[event.told] ?? event.told, event.facts);
}
