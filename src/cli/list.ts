import { parseArgs } from "node:util";
import { chapters, labs, pointsOf, quizzes, titleOf } from "@workbook/labs";
import { EXIT, type Terminal } from "./terminal.ts";

/** `workbook list`: chapters, labs and quizzes. */
export function list(args: readonly string[], terminal: Terminal): number {
  const { values } = parseArgs({ args: [...args], options: { json: { type: "boolean", default: false } } });
  terminal.out(values.json ? `${JSON.stringify(catalogue(), null, 2)}\n` : table());
  return EXIT.passed;
}

function catalogue(): unknown {
  return {
    schema: "workbook.list/v1",
    chapters: chapters.map(({ id, number, claims }) => ({ id, number, title: titleOf(id), claims })),
    labs: labs.map((lab) => ({
      id: lab.id,
      chapter: chapterOf(lab.id),
      title: titleOf(lab.id),
      points: pointsOf(lab),
    })),
    quizzes: quizzes.map(({ chapter, items }) => ({ chapter, items: items.map(({ id, kind }) => ({ id, kind })) })),
  };
}

function chapterOf(labId: string): string {
  return labId.slice(0, labId.indexOf("/"));
}

function table(): string {
  const lines = chapters.flatMap((chapter) => [
    `${chapter.number}  ${titleOf(chapter.id)}  (${chapter.id})`,
    ...labs
      .filter((lab) => chapterOf(lab.id) === chapter.id)
      .map((lab) => `    ${lab.id.padEnd(36)} ${String(pointsOf(lab)).padStart(2)} points  ${titleOf(lab.id)}`),
    ...quizzes
      .filter((quiz) => quiz.chapter === chapter.id)
      .map((quiz) => `    quiz                                 ${quiz.items.length} questions`),
  ]);
  return `${lines.join("\n")}\n`;
}
