import { chanceOf } from "./fingerprint.ts";
import type { Drawn, Lab, Parameter } from "./lab.ts";

/** What is drawn for schedule `number` under `seed`. Each parameter draws by its own name: adding one changes no other. */
export function drawnFor(lab: Lab, seed: number, number: number): Drawn {
  const { parameters } = lab.play;
  return Object.fromEntries(
    Object.keys(parameters)
      .toSorted()
      .map((name) => [name, drawOne(parameters[name], `${seed}/${lab.id}/${name}/${number}`)]),
  );
}

/** The schedule in which every parameter has its simplest value. */
export function simplestOf(lab: Lab): Drawn {
  const names = Object.keys(lab.play.parameters).toSorted();
  return Object.fromEntries(names.map((name) => [name, lab.play.parameters[name]?.simplest ?? 0]));
}

function drawOne(parameter: Parameter | undefined, name: string): number {
  if (parameter === undefined) return 0;
  const { from, to, step } = parameter;
  const choices = Math.floor((to - from) / step) + 1;
  return from + (chanceOf(name) % choices) * step;
}

/** Smaller values to try in place of a drawn one, the smallest first. */
export function simpler(parameter: Parameter, value: number): readonly number[] {
  const { simplest, step } = parameter;
  const found: number[] = [];
  for (let distance = value - simplest; Math.abs(distance) >= step; distance = Math.trunc(distance / 2)) {
    const candidate = value - Math.trunc(distance / step) * step;
    if (candidate !== value && !found.includes(candidate)) found.push(candidate);
  }
  return found;
}
