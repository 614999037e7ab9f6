import { grade, starterOf } from "../grade.ts";
import type { Lab, Submission } from "../lab.ts";
import type { Report } from "../report.ts";
import { sentenceOf } from "../tell.ts";
import { cases } from "./cases.ts";

/** One thing that was tried on a grader, and how it came out. */
export interface Trial {
  /** The lab's id, or `quiz/<chapter>`. */
  readonly of: string;
  readonly kind:
    | "reference"
    | "starter"
    | "mistake"
    | "alternative"
    | "harmless"
    | "determinism"
    | "message"
    | "count"
    | "key"
    | "cue";
  readonly name: string;
  readonly isRight: boolean;
  /** What went wrong; empty when nothing did. */
  readonly complaint: string;
}

/** How many schedules each trial runs: enough for the faults that the mistakes are about. */
export const TRIAL_SCHEDULES = 60;

/** Source: learning.md, G12, G15, G16. */
const MISTAKES_MIN = 6;
const ALTERNATIVES_MIN = 3;
const HARMLESS_MIN = 8;

/** Source: learning.md, G32. */
const MESSAGE_WORDS_MAX = 60;

/** Everything that must hold of a lab's grader, one trial after another. */
export function trialsOf(lab: Lab): readonly (() => Trial)[] {
  const { mistakes = [], alternatives = [], harmless = [] } = cases[lab.id] ?? {};
  const of = lab.id;
  return [
    () => accepted(lab, lab.solution, { kind: "reference", name: "the reference passes" }),
    () => starterFails(lab),
    () => isSame(lab),
    ...mistakes.map((mistake) => () => refused(lab, mistake)),
    ...alternatives.map(
      ({ id, submission }) =>
        () =>
          accepted(lab, submission, { kind: "alternative", name: id }),
    ),
    ...harmless.map(
      ({ id, submission }) =>
        () =>
          accepted(lab, submission, { kind: "harmless", name: id }),
    ),
    () => enough(of, "mistakes", mistakes.length, MISTAKES_MIN),
    () => enough(of, "alternatives", alternatives.length, ALTERNATIVES_MIN),
    () => enough(of, "harmless changes", harmless.length, HARMLESS_MIN),
  ];
}

function trial(of: string, kind: Trial["kind"], name: string, complaint: string): Trial {
  return { of, kind, name, isRight: complaint === "", complaint };
}

function tried(lab: Lab, submission: Submission): Report {
  return grade(lab, submission, { count: Math.min(TRIAL_SCHEDULES, lab.play.schedules) });
}

function accepted(
  lab: Lab,
  submission: Submission,
  named: { readonly kind: Trial["kind"]; readonly name: string },
): Trial {
  const report = tried(lab, submission);
  return trial(lab.id, named.kind, named.name, report.passed ? "" : `was refused: ${failuresOf(report)}`);
}

function failuresOf(report: Report): string {
  const failed = report.findings.filter((finding) => !finding.passed);
  return (
    failed.map((finding) => `${finding.id} (${sentenceOf(report.id, finding).observed})`).join(", ") ||
    (report.limit ?? "")
  );
}

/** Every check but the guards fails in the starter. */
function starterFails(lab: Lab): Trial {
  const report = tried(lab, starterOf(lab));
  const guards = lab.checks.filter((check) => check.isInvariant === true).map((check) => check.id);
  const wrong = report.findings
    .filter((finding) => finding.passed !== guards.includes(finding.id))
    .map((finding) => finding.id);
  const complaint = wrong.length === 0 ? "" : `these are not as they should be: ${wrong.join(", ")}`;
  return trial(lab.id, "starter", "the starter fails every check but the guards", complaint);
}

function isSame(lab: Lab): Trial {
  const one = tried(lab, lab.solution).digest;
  const other = tried(lab, lab.solution).digest;
  return trial(lab.id, "determinism", "twice the same digest", one === other ? "" : `${one} and ${other}`);
}

function refused(
  lab: Lab,
  mistake: {
    readonly id: string;
    readonly submission: Submission;
    readonly refusedBy: string;
    readonly reason: string;
  },
): Trial {
  const report = tried(lab, mistake.submission);
  const finding = report.findings.find((one) => one.id === mistake.refusedBy);
  const complaint = complaintAbout(report, finding, mistake.reason);
  return trial(lab.id, "mistake", mistake.id, complaint);
}

function complaintAbout(report: Report, finding: Report["findings"][number] | undefined, reason: string): string {
  if (report.passed) return "was accepted";
  if (finding === undefined || finding.passed)
    return `was not refused by the expected check, but by: ${failuresOf(report)}`;
  if (finding.reason !== reason) return `got the message ${finding.reason} instead of ${reason}`;
  const { expected, observed, message } = sentenceOf(report.id, finding);
  const whole = `${expected} ${observed} ${message}`;
  if (/\{\w+\}/.test(whole)) return `its message has an empty place: ${whole}`;
  const words = whole.split(/\s+/).length;
  return words > MESSAGE_WORDS_MAX ? `its message has ${words} words, more than ${MESSAGE_WORDS_MAX}` : "";
}

function enough(of: string, what: string, count: number, least: number): Trial {
  const complaint = count >= least ? "" : `${count} ${what}, at least ${least} are asked for`;
  return trial(of, "count", what, complaint);
}
