import { causesOf, linesSince, type TraceLine } from "../kernel/trace.ts";
import type { World } from "./world.ts";

/** The lines of the trace after `sinceId`, oldest first. */
export function trace(world: World, sinceId = 0): readonly TraceLine[] {
  return linesSince(world.simulation.trace, sinceId);
}

/** Why a line happened: the line itself, its cause, and so on back to what came from outside. */
export function causes(world: World, id: number): readonly TraceLine[] {
  return causesOf(world.simulation.trace, id);
}

/** Why an object is as it is: the chain behind the last line about it, or nothing when nothing happened to it. */
export function why(
  world: World,
  object: { readonly kind: string; readonly namespace?: string; readonly name: string },
): readonly TraceLine[] {
  for (let link = world.simulation.trace; link !== null; link = link.before) {
    const about = link.line.object;
    if (about?.kind !== object.kind || about.name !== object.name) continue;
    if ((about.namespace ?? "") === (object.namespace ?? "")) return causesOf(world.simulation.trace, link.line.id);
  }
  return [];
}
