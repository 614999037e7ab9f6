import type { Millis } from "../kernel/process.ts";
import { advance as step, advanceUntil } from "../kernel/world.ts";
import { programs } from "./programs.ts";
import type { World } from "./world.ts";

/** How far to go: to a moment, for a while, or by a number of steps. */
export type Distance = { readonly until: Millis } | { readonly for: Millis } | { readonly steps: number };

/** The world later. Virtual time only. */
export function advance(world: World, distance: Distance): World {
  if ("steps" in distance) return advanceSteps(world, distance.steps);
  const until = "until" in distance ? distance.until : world.simulation.now + distance.for;
  return { ...world, simulation: advanceUntil(world.simulation, until, programs) };
}

function advanceSteps(world: World, count: number): World {
  let { simulation } = world;
  for (let taken = 0; taken < count; taken++) simulation = step(simulation, programs);
  return { ...world, simulation };
}

/** Advances until `isReached` holds or the limit has come; it is asked after each moment in which something happened. */
export function advanceWhen(
  world: World,
  isReached: (world: World) => boolean,
  limitMillis: Millis,
): { readonly world: World; readonly isReached: boolean } {
  const limit = world.simulation.now + limitMillis;
  let next = world;
  while (!isReached(next)) {
    const at = next.simulation.agenda?.envelope.at;
    if (at === undefined || at > limit) return { world: advance(next, { until: limit }), isReached: false };
    next = advance(next, { until: at });
  }
  return { world: next, isReached: true };
}
