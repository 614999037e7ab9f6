// House §8: of every lab in the register the starter fails, the solution passes, twice the same, and every finding has a reason.
import { digest, exec, trace } from "@workbook/engine";
import {
  begin,
  chapters,
  grade,
  isFinished,
  labs,
  reportOf,
  sentenceOf,
  stageStarter,
  starterOf,
  step,
  storyOf,
} from "@workbook/labs";
import { describe, expect, test } from "vitest";

/** Enough to meet the faults that a starter fails on; `workbook verify` runs more. */
const COUNT = 12;

describe.each(labs.map((lab) => [lab.id, lab] as const))("%s", (_, lab) => {
  const count = Math.min(COUNT, lab.play.schedules);

  test("the starter fails every check but the guards, and every finding has a reason and its words", () => {
    const report = grade(lab, starterOf(lab), { count });
    const guards = lab.checks.filter((check) => check.isInvariant === true).map((check) => check.id);
    expect(report.findings.filter((finding) => finding.passed).map((finding) => finding.id)).toEqual(guards);
    for (const finding of report.findings.filter((one) => !one.passed)) {
      const { expected, observed, message } = sentenceOf(lab.id, finding);
      expect(finding.reason).not.toBe("");
      expect(`${expected}|${observed}|${message}`).not.toMatch(/\{\w+\}|\|\||^\||\|$/);
    }
  });

  test("the solution passes, twice with the same digest", () => {
    const report = grade(lab, lab.solution, { count });
    expect(report.findings.filter((finding) => !finding.passed)).toEqual([]);
    expect(report.passed).toBe(true);
    expect(grade(lab, lab.solution, { count }).digest).toBe(report.digest);
  });

  test("the learner's world comes up, and the same seed gives the same one", () => {
    const { world } = stageStarter(lab);
    expect(digest(stageStarter(lab).world)).toBe(digest(world));
    expect(trace(world).length).toBeGreaterThan(0);
    expect(exec(world, "kubectl get nodes").exitCode).toBe(0);
  });
});

describe("a grade in steps", () => {
  const [lab] = labs.filter((one) => one.id === "probes/slow-starter");

  test("is the grade in one go", () => {
    if (lab === undefined) return;
    const seeds = { seed: 5, count: 7 };
    let grading = begin(lab, lab.solution, seeds);
    while (!isFinished(grading)) grading = step(grading, 2);
    expect(reportOf(grading)).toEqual(grade(lab, lab.solution, seeds));
  });

  test("reports how far it is", () => {
    if (lab === undefined) return;
    const shares: number[] = [];
    grade(lab, lab.solution, { count: 40, progress: (share) => shares.push(share) });
    expect(shares.at(-1)).toBe(1);
  });

  test("a failing answer gets its smallest story, told in five events at most", () => {
    if (lab === undefined) return;
    const report = grade(lab, starterOf(lab), { count: 3 });
    const smallest = report.failingSchedule?.smallest ?? {};
    expect(smallest).toEqual({ hangAfterSeconds: 35, secondStartSeconds: 40, startSeconds: 40 });
    const story = storyOf(report);
    expect(story.length).toBeGreaterThan(1);
    expect(story.length).toBeLessThanOrEqual(5);
    expect(story.join("\n")).toContain("failed liveness probe");
  });

  test("stops when enough schedules have failed, but not because of a wrong prediction", () => {
    if (lab === undefined) return;
    expect(grade(lab, starterOf(lab), { count: 60 }).schedules).toEqual({ run: 20, passed: 0 });
    const guessed = { ...lab.solution, answers: { restarts: "never" } };
    const report = grade(lab, guessed, { count: 60 });
    expect(report.schedules).toEqual({ run: 60, passed: 60 });
    expect(report.findings.filter((finding) => !finding.passed).map((finding) => finding.reason)).toEqual([
      "prediction/never",
    ]);
    expect(report.failingSchedule).toBeUndefined();
  });

  test("a manifest that the cluster refuses fails every check with the cluster's words", () => {
    if (lab === undefined) return;
    const files = { "app.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: app }\nspec: {}\n" };
    const report = grade(lab, { ...lab.solution, files }, { count: 2 });
    expect(new Set(report.findings.map((finding) => finding.reason))).toEqual(new Set(["hand-in-failed"]));
  });
});

test("every lab belongs to a chapter that is in the register", () => {
  const ids = chapters.map((chapter) => chapter.id);
  expect(labs.filter((lab) => !ids.includes(lab.id.split("/")[0] ?? ""))).toEqual([]);
});
