import type { GradeDocument, GradedCheck, GradedLab } from "../grade-document.ts";

/** The report for a person at a terminal; what could not be read is said on standard error. */
export function pretty(document: GradeDocument): string {
  const labs = document.labs.map(prettyLab);
  const isAlone = document.labs.length <= 1;
  const total = `${document.points} of ${document.maxPoints} points in ${document.labs.length} labs\n`;
  return [...labs, ...(isAlone ? [] : [total])].join("\n");
}

function prettyLab(lab: GradedLab): string {
  const lines = [
    `${lab.passed ? "✓" : "✗"} ${lab.id}  ${lab.title}  (${lab.path})`,
    ...lab.checks.flatMap(prettyCheck),
    ...lab.warnings.map((warning) => `    ! ${warning}`),
    ...storyLines(lab),
    `  ${lab.points} of ${lab.maxPoints} points · ${schedulesLine(lab)} · digest ${lab.digest} · ${lab.durationMs} ms`,
  ];
  return `${lines.join("\n")}\n`;
}

function prettyCheck(check: GradedCheck): readonly string[] {
  const head = `  ${check.passed ? "✓" : "✗"} ${check.title}  ${check.points}/${check.maxPoints}`;
  if (check.passed) return [head];
  const where = [check.object, check.at === "" ? "" : `at ${check.at} s`].filter((part) => part !== "").join(", ");
  return [
    head,
    `      expected  ${check.expected}`,
    `      observed  ${check.observed}${where === "" ? "" : `  (${where})`}`,
    `      ${check.message}`,
  ];
}

function storyLines(lab: GradedLab): readonly string[] {
  const failing = lab.failingSchedule;
  if (failing === undefined) return lab.limit === undefined ? [] : [`  stopped: ${lab.limit}`];
  return [
    `  the smallest story that fails "${failing.check}" (schedule ${failing.schedule}):`,
    ...failing.story.map((line) => `    ${line}`),
    `  again: ${failing.replay}`,
  ];
}

function schedulesLine({ seeds, failureRateBound }: GradedLab): string {
  if (seeds.count <= 1) return `seed ${seeds.seed}`;
  const bound =
    failureRateBound === undefined || failureRateBound >= 1
      ? ""
      : `, so fewer than ${percent(failureRateBound)} fail (3/N, 95 %)`;
  return `${seeds.passed} of ${seeds.count} schedules passed from seed ${seeds.seed}${bound}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
