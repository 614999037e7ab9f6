import { inject, type World } from "@workbook/engine";
import { type Drawn, type Lab, type Move, simplestOf } from "@workbook/labs";

/** The faults of a lab, happening in the world that the learner looks at. */
export interface Story {
  readonly startedAt: number;
  readonly moves: readonly Move[];
  /** How many of the moves have happened. */
  readonly done: number;
  readonly endsAt: number;
}

/** One schedule of the lab, from now on: the simplest one, or one that failed. */
export function storyFor(lab: Lab, world: World, drawn: Drawn = simplestOf(lab)): Story {
  const startedAt = world.simulation.now;
  const moves = lab.play.moves(drawn, world);
  return { startedAt, moves, done: 0, endsAt: startedAt + lab.play.lengthMillis(drawn) };
}

/** When the next fault comes. */
export function nextMoveAt(story: Story | undefined): number | undefined {
  const move = story?.moves[story.done];
  return story === undefined || move === undefined ? undefined : story.startedAt + move.atMillis;
}

/** The world with the next fault in it. */
export function withNextMove(story: Story, world: World): { readonly story: Story; readonly world: World } {
  const faults = story.moves[story.done]?.faults(world) ?? [];
  return { story: { ...story, done: story.done + 1 }, world: faults.reduce(inject, world) };
}

/** The story as it stood at an earlier moment; none if it had not begun. */
export function storyAt(story: Story | undefined, at: number): Story | undefined {
  if (story === undefined || story.startedAt > at) return undefined;
  return { ...story, done: story.moves.filter((move) => story.startedAt + move.atMillis <= at).length };
}

export function isOver(story: Story, world: World): boolean {
  return world.simulation.now >= story.endsAt;
}
