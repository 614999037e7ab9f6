import type { Variant } from "../../verify/mistake.ts";
import { solution } from "./solution.ts";

/** Other ways to write the same predictions. */
export const alternatives: readonly Variant[] = [
  answered("count-as-text", "the count as text", { restarts: "0" }),
  answered("count-in-words", "the count with its word", { restarts: "0 times" }),
  answered("count-in-chinese", "the count with a Chinese unit", { restarts: "0次" }),
];

/** Changes that alter nothing that was asked for. */
export const harmless: readonly Variant[] = [
  answered("spaces", "spaces around an answer", { service: " refused " }),
  answered("capitals", "capital letters", { service: "Refused" }),
  answered("spaced-count", "spaces around the count", { restarts: " 0 " }),
  answered("restarts-word", "the word restarts", { restarts: "0 restarts" }),
  answered("capital-open", "capital letters in an id", { open: "Goes-On" }),
  answered("times-sign", "0x", { restarts: "0x" }),
  reordered("reversed", "the answers in reverse order", Object.entries(solution.answers).toReversed()),
  reordered("moved", "the last answer first", [
    ...Object.entries(solution.answers).slice(-1),
    ...Object.entries(solution.answers).slice(0, -1),
  ]),
];

function answered(id: string, says: string, answers: Readonly<Record<string, unknown>>): Variant {
  return { id, says, submission: { ...solution, answers: { ...solution.answers, ...answers } } };
}

function reordered(id: string, says: string, entries: readonly (readonly [string, unknown])[]): Variant {
  return { id, says, submission: { ...solution, answers: Object.fromEntries(entries) } };
}
