import type { TraceLine } from "@workbook/engine";
import type { Check, CheckKind, Evidence, Failure, Judgement } from "../lab.ts";

/**
 * The words that graders are written in. Each makes a check from a rule over the evidence; a rule answers with a failure, or with
 * undefined where nothing is wrong.
 */
export interface Named {
  readonly id: string;
  readonly points: number;
  readonly isInvariant?: boolean;
}

type Rule = (evidence: Evidence) => Failure | undefined;

/** Holds when the schedule is over. */
export function atTheEnd(named: Named, rule: Rule): Check {
  return made(named, "at the end", (evidence) => (evidence.isOver ? ended(rule(evidence)) : { kind: "undecided" }));
}

/** Holds at every moment that is looked at, from the fork to the end. */
export function always(named: Named, rule: Rule): Check {
  return made(named, "always", (evidence) => decided(evidence, rule(evidence)));
}

/** Never happens. `rule` finds the happening; what never happened by the end has passed. */
export function never(named: Named, rule: Rule): Check {
  return made(named, "never", (evidence) => decided(evidence, rule(evidence)));
}

/** Holds at the first look already, and is not asked again: for guards. */
export function fromTheStart(named: Named, rule: Rule): Check {
  return made(named, "yaml", (evidence) => ended(rule(evidence)));
}

/** Every happening that `since` finds is followed by one that `until` finds, within `withinMillis`. */
export interface Deadline {
  readonly since: (evidence: Evidence) => readonly TraceLine[];
  readonly until: (evidence: Evidence, since: TraceLine) => TraceLine | undefined;
  readonly withinMillis: number;
  readonly late: (evidence: Evidence, since: TraceLine) => Failure;
}

export function eventually(named: Named, deadline: Deadline): Check {
  return made(named, "eventually", (evidence) => {
    const { simulation } = evidence.world;
    for (const since of deadline.since(evidence)) {
      const until = deadline.until(evidence, since);
      const end = until?.at ?? simulation.now;
      if (end - since.at > deadline.withinMillis) return deadline.late(evidence, since);
    }
    return evidence.isOver ? { kind: "passed" } : { kind: "undecided" };
  });
}

/** Every line that `effect` finds has a cause that `isCause` accepts, somewhere on its chain. */
export function causedBy(
  named: Named,
  rule: {
    readonly effect: (line: TraceLine) => boolean;
    readonly isCause: (line: TraceLine) => boolean;
    readonly stray: (evidence: Evidence, line: TraceLine) => Failure;
  },
): Check {
  return made(named, "caused by", (evidence) => {
    const byId = new Map(evidence.lines.map((line) => [line.id, line]));
    const stray = evidence.lines.find((line) => rule.effect(line) && !chainOf(line, byId).some(rule.isCause));
    return decided(evidence, stray === undefined ? undefined : rule.stray(evidence, stray));
  });
}

function chainOf(line: TraceLine, byId: ReadonlyMap<number, TraceLine>): readonly TraceLine[] {
  const chain: TraceLine[] = [];
  for (let link = byId.get(line.cause); link !== undefined; link = byId.get(link.cause)) chain.push(link);
  return chain;
}

/** What a rule decides in its own way: for behaviour that several happenings make up. */
export function behaviour(named: Named, judge: (evidence: Evidence) => Judgement): Check {
  return made(named, "behaviour", judge);
}

function made(named: Named, kind: CheckKind, judge: (evidence: Evidence) => Judgement): Check {
  const { id, points, isInvariant } = named;
  return { id, kind, points, judge, ...(isInvariant === undefined ? {} : { isInvariant }) };
}

function ended(failure: Failure | undefined): Judgement {
  return failure ?? { kind: "passed" };
}

/** A failure counts at once; that nothing failed is only known at the end. */
function decided(evidence: Evidence, failure: Failure | undefined): Judgement {
  if (failure !== undefined) return failure;
  return evidence.isOver ? { kind: "passed" } : { kind: "undecided" };
}
