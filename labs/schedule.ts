import { advance, inject, trace, type TraceLine, type World } from "@workbook/engine";
import type { Check, Drawn, Evidence, Failure, Judgement, Lab, Move, Submission, Truth } from "./lab.ts";

/** One schedule, run to its end or until every check has decided. */
export interface Run {
  readonly drawn: Drawn;
  /** In the order of the lab's checks. */
  readonly judgements: readonly Judgement[];
  readonly evidence: Evidence;
  readonly moves: readonly Move[];
  /** How many events the engine carried out for it. */
  readonly events: number;
}

/** How often the checks are asked, beside at every move: often enough to stop early, seldom enough to cost nothing. */
const LOOK_MILLIS = 20_000;

/** What all schedules of a grade have in common. */
export interface Given {
  readonly lab: Lab;
  readonly submission: Submission;
  /** The world that every schedule forks. */
  readonly before: World;
  readonly truth: Truth;
}

/** Lets one schedule happen to its end, whatever the checks say. */
export function runWhole(given: Given, drawn: Drawn): Evidence {
  const open: Check = { id: "open", kind: "at the end", points: 0, judge: () => ({ kind: "undecided" }) };
  return runSchedule({ ...given, lab: { ...given.lab, checks: [open], diagnoses: [] } }, drawn).evidence;
}

/** Forks the world and lets one schedule happen in it, until every check has decided. */
export function runSchedule(given: Given, drawn: Drawn): Run {
  const { lab, submission, before, truth } = given;
  const forkedAt = before.simulation.now;
  const moves = lab.play.moves(drawn, before);
  const endAt = forkedAt + lab.play.lengthMillis(drawn);
  let world = before;
  let lines: readonly TraceLine[] = [];
  let judgements: readonly Judgement[] = lab.checks.map(() => ({ kind: "undecided" }));
  let evidence: Evidence = { lab, submission, before, world, lines, drawn, truth, forkedAt, isOver: false };
  for (const pause of pausesOf(moves, { from: forkedAt, to: endAt })) {
    world = advance(world, { until: pause.at });
    lines = withNew(lines, world, before);
    evidence = { lab, submission, before, world, lines, drawn, truth, forkedAt, isOver: pause.at >= endAt };
    judgements = judgeOpen(evidence, judgements);
    if (judgements.every((judgement) => judgement.kind !== "undecided")) break;
    world = (pause.move?.faults(world) ?? []).reduce(inject, world);
  }
  return { drawn, judgements, evidence, moves, events: world.simulation.steps - before.simulation.steps };
}

interface Pause {
  readonly at: number;
  readonly move?: Move;
}

function pausesOf(moves: readonly Move[], span: { readonly from: number; readonly to: number }): readonly Pause[] {
  const pauses: Pause[] = moves.map((move) => ({ at: span.from + move.atMillis, move }));
  for (let at = span.from + LOOK_MILLIS; at < span.to; at += LOOK_MILLIS) pauses.push({ at });
  pauses.push({ at: span.to });
  return pauses.filter((pause) => pause.at <= span.to).toSorted((one, other) => one.at - other.at);
}

function withNew(lines: readonly TraceLine[], world: World, before: World): readonly TraceLine[] {
  const known = lines.at(-1)?.id ?? before.simulation.trace?.line.id ?? 0;
  const added = trace(world, known);
  return added.length === 0 ? lines : [...lines, ...added];
}

function judgeOpen(evidence: Evidence, judgements: readonly Judgement[]): readonly Judgement[] {
  return judgements.map((judgement, index) => {
    if (judgement.kind !== "undecided") return judgement;
    const check = evidence.lab.checks[index];
    return check === undefined ? judgement : explained(evidence, check.id, check.judge(evidence));
  });
}

/** A failure with the words of the first diagnosis that fits; one that was still open at the end says so. */
function explained(evidence: Evidence, check: string, judgement: Judgement): Judgement {
  if (judgement.kind === "passed" || (judgement.kind === "undecided" && !evidence.isOver)) return judgement;
  const failure: Failure = judgement.kind === "failed" ? judgement : { kind: "failed", reason: "undecided", facts: {} };
  const { diagnoses } = evidence.lab;
  const diagnosis = diagnoses.find((one) => one.checks.includes(check) && one.fits(evidence, failure));
  if (diagnosis === undefined) return failure;
  const { reason, misconception } = diagnosis;
  return { ...failure, reason, ...(misconception === undefined ? {} : { misconception }) };
}
