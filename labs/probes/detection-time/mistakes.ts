import type { Mistake } from "../../verify/mistake.ts";
import { solution } from "./solution.ts";

/** Wrong predictions that people make, each with the check that must refuse it and the words that they must read. */
export const mistakes: readonly Mistake[] = [
  answered("hang-one-failure", "forgets failureThreshold: 10 + 1 s", { hang: 11 }, "hang/one-failure"),
  answered("hang-at-once", "the next probe kills: 10 s", { hang: "10 s" }, "hang/one-failure"),
  answered("unready-one-failure", "forgets failureThreshold: 5 s", { unready: 5 }, "unready/one-failure"),
  answered("delay-again", "counts initialDelaySeconds again", { delay: 47 }, "delay/delay-again"),
  answered("delay-one-failure", "forgets failureThreshold: 5 + 2 s", { delay: 7 }, "delay/one-failure"),
  answered(
    "slow-start-whole-budget",
    "waits for the whole budget",
    { "slow-start": "5 min" },
    "slow-start/whole-budget",
  ),
  answered("slow-start-once", "the startup probe runs once, at the start", { "slow-start": 0 }, "slow-start/once"),
  answered(
    "delayed-ready-no-delay",
    "ready as soon as the app listens",
    { "delayed-ready": 3 },
    "delayed-ready/no-delay",
  ),
  answered("budget-once", "killed at the first failure", { budget: "5 s" }, "budget/once"),
  answered("budget-waits", "waits until the app listens", { budget: 300 }, "budget/waits"),
];

function answered(id: string, says: string, answers: Readonly<Record<string, unknown>>, reason: string): Mistake {
  const refusedBy = reason.slice(0, reason.indexOf("/"));
  return { id, says, submission: { ...solution, answers: { ...solution.answers, ...answers } }, refusedBy, reason };
}
