import type { Lab, Quiz, Words } from "@workbook/labs";
import { cardNameOf, type LabCard, type QuizCard } from "../components/card.ts";

/** A file of data that pages import from `@generated/workbook/default/<name>`. */
export interface DataFile {
  readonly name: string;
  readonly data: unknown;
}

/** The cards of all labs and quizzes. The labs' own code stays behind: the page loads it with the engine, on demand. */
export async function makeCards(): Promise<readonly DataFile[]> {
  const { labs, pointsOf, quizzes, words } = await import("@workbook/labs");
  const index = labs.map((lab) => ({ id: lab.id, title: words.labs[lab.id]?.title ?? lab.id, points: pointsOf(lab) }));
  return [
    ...labs.map((lab) => ({ name: `lab-${cardNameOf(lab.id)}.json`, data: labCard(lab, words, pointsOf(lab)) })),
    ...quizzes.map((quiz) => ({ name: `quiz-${quiz.chapter}.json`, data: quizCard(quiz, words) })),
    { name: "misconceptions.json", data: words.misconceptions },
    {
      name: "labs.json",
      data: { labs: index, quizzes: quizzes.map(({ chapter, items }) => ({ chapter, items: items.length })) },
    },
  ];
}

function labCard(lab: Lab, words: Words, points: number): LabCard {
  const own = words.labs[lab.id];
  if (own === undefined) throw new Error(`lab ${lab.id} has no words`);
  const { id, kind, version, files, handIn, predictions, checks, play } = lab;
  const isStory = Object.keys(play.parameters).length > 0;
  return {
    id,
    kind,
    version,
    points,
    files,
    handIn,
    predictions,
    checks: checks.map((check) => check.id),
    schedules: play.schedules,
    hasStory: isStory,
    words: own,
    phrases: words.phrases,
  };
}

function quizCard(quiz: Quiz, words: Words): QuizCard {
  const { chapter, items } = quiz;
  return { chapter, items, words: words.quizzes[chapter] ?? {}, misconceptions: words.misconceptions };
}
