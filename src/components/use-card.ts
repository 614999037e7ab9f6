import { use } from "react";
import { cardNameOf, type LabCard, type QuizCard } from "./card.ts";

/**
 * The card of a lab, from the file that the build wrote (src/tools/lab-cards.ts). Suspends until it is there: on the server too, so that a
 * page's HTML holds the tasks and questions. An id that does not exist stops the build.
 */
export function useLabCard(id: string): LabCard {
  const name = cardNameOf(id);
  return use(once(`lab-${name}`, () => import(`@generated/workbook/default/lab-${name}.json`))) as LabCard;
}

export function useQuizCard(chapter: string): QuizCard {
  return use(once(`quiz-${chapter}`, () => import(`@generated/workbook/default/quiz-${chapter}.json`))) as QuizCard;
}

const loads = new Map<string, Promise<unknown>>();

function once(name: string, load: () => Promise<{ readonly default: unknown }>): Promise<unknown> {
  const known = loads.get(name) ?? load().then((module) => module.default);
  loads.set(name, known);
  return known;
}
