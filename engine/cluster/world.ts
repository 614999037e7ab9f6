import type { ApiRequest, Identity } from "../api/wire.ts";
import type { Millis } from "../kernel/process.ts";
import type { World as Simulation } from "../kernel/world.ts";
import type { SortedMap } from "../kernel/sorted-map.ts";
import type { Fault } from "./fault.ts";
import type { Topology } from "./topology.ts";

/** A world with a cluster in it: an immutable value. Keeping one is a bookmark; using it twice is a fork. */
export interface World {
  readonly topology: Topology;
  readonly seed: number;
  readonly simulation: Simulation;
  /** What came from outside so far, the newest first: with topology and seed it is the whole history. */
  readonly inputs: Inputs | null;
  /** The learner's files, by absolute path. */
  readonly files: SortedMap<string, string>;
  /** How many commands and requests were ever started. */
  readonly visitors: number;
}

/** A list of inputs that shares its past with all forks. */
export interface Inputs {
  readonly input: Input;
  readonly before: Inputs | null;
}

/** Something from outside, in its place: after that many steps, at that time. */
export type Input = { readonly at: Millis; readonly step: number } & Cause;

export type Cause =
  | { readonly kind: "command"; readonly line: string; readonly edited?: string }
  | { readonly kind: "interrupt"; readonly command: number }
  | { readonly kind: "request"; readonly request: ApiRequest; readonly as: Identity | null }
  | { readonly kind: "file"; readonly path: string; readonly text: string | null }
  | { readonly kind: "fault"; readonly fault: Fault };

/** The world after something came from outside: `simulation` is what became of it. */
export function touched(world: World, simulation: Simulation, cause: Cause): World {
  const input: Input = { ...cause, at: world.simulation.now, step: world.simulation.steps };
  return { ...world, simulation, inputs: { input, before: world.inputs } };
}

/** The inputs, oldest first. */
export function inputsOf(world: World): Input[] {
  const found: Input[] = [];
  for (let link = world.inputs; link !== null; link = link.before) found.push(link.input);
  return found.toReversed();
}
