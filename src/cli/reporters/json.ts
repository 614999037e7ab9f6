import type { GradeDocument } from "../grade-document.ts";

/** The document itself. */
export function json(document: GradeDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
