import { advance, type Millis, type World } from "@workbook/engine";

/** The worlds that were, so that any earlier moment can be looked at: worlds share what did not change. */
export interface Timeline {
  /** In order of time. Between two neighbours nothing came from outside. */
  readonly marks: readonly World[];
}

/** How many worlds are kept; beyond it every second of the older half goes. */
export const MARKS_MAX = 10_000;

export function timelineFrom(world: World): Timeline {
  return { marks: [world] };
}

/** The timeline with one more world at its end. */
export function withMark({ marks }: Timeline, world: World): Timeline {
  if (marks.at(-1) === world) return { marks };
  if (marks.length < MARKS_MAX) return { marks: [...marks, world] };
  const half = marks.length >> 1;
  return { marks: [...marks.filter((mark, index) => index >= half || isWorthKeeping(marks, mark, index)), world] };
}

/** A world right before or after an input cannot be computed from its neighbour. */
function isWorthKeeping(marks: readonly World[], mark: World, index: number): boolean {
  const hadInput = marks[index - 1]?.inputs !== mark.inputs;
  const willHaveInput = marks[index + 1]?.inputs !== mark.inputs;
  return index % 2 === 0 || hadInput || willHaveInput;
}

/** The world as it was at that time, computed from the last mark before it. */
export function worldAt({ marks }: Timeline, at: Millis): World {
  let low = 0;
  let high = marks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((marks[middle]?.simulation.now ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  const mark = marks[low];
  if (mark === undefined) throw new Error("a timeline has at least one mark");
  return mark.simulation.now >= at ? mark : advance(mark, { until: at });
}

/** The timeline up to a moment: what came later is dropped. */
export function cutAfter({ marks }: Timeline, at: Millis): Timeline {
  const kept = marks.filter((mark) => mark.simulation.now <= at);
  return { marks: kept.length > 0 ? kept : marks.slice(0, 1) };
}
