import type { TraceLine, World } from "@workbook/engine";
import { describe, expect, test } from "vitest";
import type { Check, Evidence, Failure, Judgement } from "../lab.ts";
import { always, atTheEnd, behaviour, causedBy, eventually, fromTheStart, never } from "./moment.ts";
import { orders } from "./order.ts";

const BAD: Failure = { kind: "failed", reason: "bad", facts: {} };

function line(id: number, at: number, reason: string, cause = 0): TraceLine {
  return { id, at, reason, cause, actor: "worker-1/kubelet" };
}

interface Moment {
  readonly now?: number;
  readonly isOver?: boolean;
  readonly lines?: readonly TraceLine[];
  readonly answers?: Readonly<Record<string, unknown>>;
}

/** As much evidence as these checks look at. */
function evidence({ now = 0, isOver = false, lines = [], answers = {} }: Moment): Evidence {
  const world = { simulation: { now } } as unknown as World;
  return { world, lines, isOver, submission: { files: {}, answers, commands: [] } } as unknown as Evidence;
}

const named = { id: "it", points: 1 };
const broken = (moment: Evidence): Failure | undefined =>
  moment.lines.some((one) => one.reason === "Broken") ? BAD : undefined;
const isLate: Check = eventually(named, {
  since: (moment) => moment.lines.filter((one) => one.reason === "Fault"),
  until: (moment, since) => moment.lines.find((one) => one.reason === "Healed" && one.at >= since.at),
  withinMillis: 100,
  late: () => BAD,
});
const caused = causedBy(named, {
  effect: (one) => one.reason === "Killed",
  isCause: (one) => one.reason === "ProbeFailed",
  stray: () => BAD,
});

describe("when a check decides", () => {
  const cases: readonly (readonly [says: string, check: Check, moment: Moment, kind: Judgement["kind"]])[] = [
    ["at the end: not before", atTheEnd(named, () => BAD), {}, "undecided"],
    ["at the end: then", atTheEnd(named, () => BAD), { isOver: true }, "failed"],
    ["at the end: nothing wrong", atTheEnd(named, () => undefined), { isOver: true }, "passed"],
    ["always: a breach counts at once", always(named, broken), { lines: [line(1, 5, "Broken")] }, "failed"],
    ["always: no breach is only known at the end", always(named, broken), {}, "undecided"],
    ["always: held to the end", always(named, broken), { isOver: true }, "passed"],
    ["never: it happened", never(named, broken), { lines: [line(1, 5, "Broken")], isOver: true }, "failed"],
    ["never: it did not", never(named, broken), { isOver: true }, "passed"],
    ["from the start: asked once", fromTheStart(named, () => undefined), {}, "passed"],
    ["eventually: there is time left", isLate, { now: 90, lines: [line(1, 0, "Fault")] }, "undecided"],
    ["eventually: the time is over", isLate, { now: 101, lines: [line(1, 0, "Fault")] }, "failed"],
    [
      "eventually: in time",
      isLate,
      { now: 500, isOver: true, lines: [line(1, 0, "Fault"), line(2, 100, "Healed")] },
      "passed",
    ],
    [
      "eventually: too late is a failure, though it came",
      isLate,
      { now: 500, lines: [line(1, 0, "Fault"), line(2, 101, "Healed")] },
      "failed",
    ],
    [
      "eventually: each fault counts",
      isLate,
      { now: 400, lines: [line(1, 0, "Fault"), line(2, 9, "Healed"), line(3, 200, "Fault")] },
      "failed",
    ],
    [
      "caused by: the cause stands on the chain",
      caused,
      { isOver: true, lines: [line(1, 0, "ProbeFailed"), line(2, 1, "Decided", 1), line(3, 2, "Killed", 2)] },
      "passed",
    ],
    ["caused by: another cause", caused, { lines: [line(1, 0, "Deleted"), line(2, 2, "Killed", 1)] }, "failed"],
    ["behaviour: as the rule says", behaviour(named, () => ({ kind: "passed" })), {}, "passed"],
  ];
  test.each(cases)("%s", (_, check, moment, kind) => {
    expect(check.judge(evidence(moment)).kind).toBe(kind);
  });
});

describe("an order against a partial order", () => {
  const check = orders({
    id: "order",
    points: 2,
    steps: ["a", "b", "c"],
    before: [
      ["a", "b"],
      ["a", "c"],
    ],
  });
  const cases: readonly (readonly [says: string, answer: unknown, judged: Partial<Failure> | { kind: "passed" }])[] = [
    ["the written order is right", ["a", "b", "c"], { kind: "passed" }],
    ["another order that keeps the pairs is right too", ["a", "c", "b"], { kind: "passed" }],
    ["half of the pairs earn half", ["b", "a", "c"], { reason: "order", earnedPercent: 50 }],
    ["a step twice is no order", ["a", "a", "b"], { reason: "unreadable" }],
    ["not sure is said so", "not-sure", { reason: "not-sure" }],
    ["no answer is no order", undefined, { reason: "unreadable" }],
  ];
  test.each(cases)("%s", (_, answer, judged) => {
    expect(check.judge(evidence({ answers: { order: answer } }))).toMatchObject(judged);
  });
});
