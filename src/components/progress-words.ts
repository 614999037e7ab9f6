import { translate } from "@docusaurus/Translate";

/** The words of the progress page. */
export const words = {
  where: (): string =>
    translate({
      id: "progress.where",
      message: "It is kept in this browser only. Nobody else sees it; export it to take it elsewhere.",
    }),
  labs: (): string => translate({ id: "progress.labs", message: "Labs" }),
  lab: (): string => translate({ id: "progress.lab", message: "Lab" }),
  state: (): string => translate({ id: "progress.state", message: "State" }),
  solved: (): string => translate({ id: "progress.solved", message: "solved" }),
  started: (): string => translate({ id: "progress.started", message: "started" }),
  untouched: (): string => translate({ id: "progress.untouched", message: "not started" }),
  points: (points: number, of: number): string =>
    translate({ id: "progress.points", message: "{points} of {of} points" }, { points, of }),
  quizzes: (): string => translate({ id: "progress.quizzes", message: "Quizzes" }),
  right: (chapter: string, right: number, of: number): string =>
    translate({ id: "progress.right", message: "{chapter}: {right} of {of} right" }, { chapter, right, of }),
  exportAll: (): string => translate({ id: "progress.export", message: "Export" }),
  importFile: (): string => translate({ id: "progress.import", message: "Import a file" }),
  imported: (): string => translate({ id: "progress.imported", message: "Imported. What was better stayed." }),
  importFailed: (why: string): string =>
    translate(
      { id: "progress.importFailed", message: "Not everything was imported: {why}. Nothing that was here is lost." },
      { why },
    ),
  clear: (): string => translate({ id: "progress.clear", message: "Delete all" }),
  clearSure: (): string => translate({ id: "progress.clearSure", message: "Delete all progress in this browser?" }),
  denied: (): string =>
    translate({
      id: "progress.denied",
      message: "This browser does not let the page store anything. Progress lasts until you close it.",
    }),
  full: (): string =>
    translate({
      id: "progress.full",
      message: "The storage of this browser is full. Export your progress before you leave.",
    }),
  damaged: (): string =>
    translate({
      id: "progress.damaged",
      message: "Stored progress could not be read in full. What could be read is here; the damaged copy is kept.",
    }),
  exportDamaged: (): string => translate({ id: "progress.exportDamaged", message: "Export the damaged copy" }),
  dropDamaged: (): string => translate({ id: "progress.dropDamaged", message: "Drop the damaged copy" }),
} as const;
