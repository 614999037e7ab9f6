import type { TraceLine } from "@workbook/engine";
import { simpler } from "./draw.ts";
import type { Drawn, Lab } from "./lab.ts";
import type { StoryEvent } from "./report.ts";
import { type Given, type Run, runSchedule } from "./schedule.ts";

/** How many schedules a search for a smaller one may run. */
const ATTEMPTS_MAX = 60;

/** How many events a story tells. */
export const STORY_EVENTS_MAX = 5;

/** Makes the numbers of a failing schedule smaller, one at a time, as long as the same check fails; then tells the story. */
export function shrink(
  given: Given,
  failing: { readonly check: number; readonly drawn: Drawn },
): { readonly smallest: Drawn; readonly story: readonly StoryEvent[] } {
  let best = runSchedule(given, failing.drawn);
  let attempts = 0;
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const candidate of candidatesOf(given.lab, best.drawn)) {
      if (attempts >= ATTEMPTS_MAX) break;
      attempts += 1;
      const run = runSchedule(given, candidate);
      if (run.judgements[failing.check]?.kind !== "failed") continue;
      best = run;
      isSmaller = true;
      break;
    }
  }
  return { smallest: best.drawn, story: storyOf(best, failing.check) };
}

function candidatesOf(lab: Lab, drawn: Drawn): readonly Drawn[] {
  return Object.keys(drawn)
    .toSorted()
    .flatMap((name) => {
      const parameter = lab.play.parameters[name];
      const value = drawn[name] ?? 0;
      if (parameter === undefined) return [];
      return simpler(parameter, value).map((smaller) => ({ ...drawn, [name]: smaller }));
    });
}

/** The faults up to the failure, and the lines that the lab tells, the last ones before it. */
function storyOf(run: Run, check: number): readonly StoryEvent[] {
  const judgement = run.judgements[check];
  const { evidence, drawn, moves } = run;
  const failedAt = judgement?.kind === "failed" ? (judgement.at ?? evidence.world.simulation.now) : 0;
  const faults = moves
    .filter((move) => move.told !== undefined && evidence.forkedAt + move.atMillis <= failedAt)
    .map((move): StoryEvent => ({ atMillis: move.atMillis, told: move.told ?? "", facts: drawn }));
  const told = evidence.lines.filter((line) => line.at <= failedAt && evidence.lab.tells.includes(line.reason));
  const lines = joined(told.map((line) => eventOf(line, evidence.forkedAt)));
  const room = Math.max(1, STORY_EVENTS_MAX - faults.length);
  return [...faults, ...lines.slice(-room)]
    .toSorted((one, other) => one.atMillis - other.atMillis)
    .slice(-STORY_EVENTS_MAX);
}

function eventOf(line: TraceLine, forkedAt: number): StoryEvent {
  const facts: Record<string, string | number> = { object: line.object?.name ?? "", count: 1 };
  for (const [name, fact] of Object.entries(line.facts ?? {}))
    facts[name] = typeof fact === "boolean" ? String(fact) : fact;
  return { atMillis: line.at - forkedAt, told: line.reason, facts };
}

/** Neighbours that say the same of the same object become one, with a count. */
function joined(events: readonly StoryEvent[]): readonly StoryEvent[] {
  const found: StoryEvent[] = [];
  for (const event of events) {
    const last = found.at(-1);
    const isSame = last?.told === event.told && last.facts["object"] === event.facts["object"];
    if (last === undefined || !isSame) {
      found.push(event);
      continue;
    }
    found[found.length - 1] = { ...last, facts: { ...last.facts, count: Number(last.facts["count"]) + 1 } };
  }
  return found;
}
