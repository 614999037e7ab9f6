import type { GradeDocument, GradedLab } from "../grade-document.ts";

/**
 * Annotations for GitHub Actions. Nothing of a submission can become a command of its own: data and properties are escaped as the
 * runner's toolkit does, and everything is on one line.
 */
export function github(document: GradeDocument): string {
  const lines = [
    ...document.labs.flatMap(annotations),
    ...document.invalid.map(({ file, line, column, message }) =>
      annotation("error", { file, line: line ?? 1, col: column ?? 1, title: "invalid submission" }, message),
    ),
    annotation("notice", { title: "workbook" }, `${document.points} of ${document.maxPoints} points`),
  ];
  return `${lines.join("\n")}\n`;
}

function annotations(lab: GradedLab): readonly string[] {
  return lab.checks
    .filter((check) => !check.passed)
    .map((check) => {
      const text = [
        check.message,
        `expected: ${check.expected}`,
        `observed: ${check.observed}`,
        ...(lab.failingSchedule?.check === check.id ? lab.failingSchedule.story : []),
      ].join("\n");
      return annotation(
        "error",
        { file: `${lab.path}/${lab.file}`, line: 1, title: `${lab.id}: ${check.title}` },
        text,
      );
    });
}

function annotation(
  level: "error" | "notice",
  properties: Readonly<Record<string, string | number>>,
  text: string,
): string {
  const listed = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${level} ${listed.join(",")}::${data(text)}`;
}

/** Source: actions/toolkit packages/core/src/command.ts, escapeData and escapeProperty. */
function data(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function property(text: string): string {
  return data(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
