import { describe, expect, test } from "vitest";
import { drawnFor } from "./draw.ts";
import { starterOf } from "./grade.ts";
import { labOf, labs } from "./index.ts";
import type { Lab, Submission } from "./lab.ts";
import { type Given, runSchedule } from "./schedule.ts";
import { gradedCluster, quietened, stage, stageStarter } from "./stage.ts";

/** What each check says in the first schedules. */
function rulings(given: Given, count: number): readonly string[] {
  return Array.from({ length: count }, (_, number) => {
    const { judgements } = runSchedule(given, drawnFor(given.lab, given.lab.seed, number));
    return judgements.map((one) => (one.kind === "failed" ? one.reason : one.kind)).join(" ");
  });
}

function givenOf(lab: Lab, submission: Submission): Given {
  const start = stageStarter(lab, lab.seed, gradedCluster(lab)).world;
  return { lab, submission, before: stage(lab, submission, start).world, truth: {} };
}

const property = labs.filter((lab) => lab.play.schedules > 1);

describe("house rule 11: what a schedule has no work for may be ended before it", () => {
  test.each(property.map((lab) => [lab.id, lab] as const))("%s: the rulings are the same with it", (_, lab) => {
    for (const submission of [lab.solution, starterOf(lab)]) {
      const whole = givenOf(lab, submission);
      const quiet = { ...whole, before: quietened(lab, whole.before) };
      expect(quiet.before).not.toBe(whole.before);
      expect(rulings(quiet, 3)).toEqual(rulings(whole, 3));
    }
  });

  test("the rulings are the same in the learner's whole cluster", () => {
    const lab = labOf("probes/slow-starter") as Lab;
    for (const submission of [lab.solution, starterOf(lab)]) {
      const whole: Given = {
        lab,
        submission,
        before: stage(lab, submission, stageStarter(lab).world).world,
        truth: {},
      };
      expect(rulings(givenOf(lab, submission), 3)).toEqual(rulings(whole, 3));
    }
  });
});

test("commands that were typed take the place of the hand-in, and may fail", () => {
  const lab = labOf("probes/slow-starter") as Lab;
  const typed = { ...lab.solution, commands: ["kubectl apply -f nothing.yaml", "kubectl apply -f app.yaml"] };
  const staged = stage(lab, typed, stageStarter(lab).world);
  expect(staged.refusal).toBeUndefined();
  expect(staged.isWarm).toBe(true);
});
