import { digestOf } from "../kernel/digest.ts";
import { remove } from "../kernel/sorted-map.ts";
import { advance as step } from "../kernel/world.ts";
import { boot } from "./boot.ts";
import { open, interrupt } from "./command.ts";
import { writeFile } from "./file.ts";
import { inject } from "./inject.ts";
import { programs } from "./programs.ts";
import { MAILBOX, send } from "./request.ts";
import type { Topology } from "./topology.ts";
import { type Input, inputsOf, type World } from "./world.ts";

/** The engine whose behaviour a recording relies on; a change of behaviour is a change of version. */
export const ENGINE_VERSION = "0.1.0";

/** A history in a few hundred bytes: run again, it gives the same world. */
export interface Recording {
  readonly engineVersion: string;
  readonly topology: Topology;
  readonly seed: number;
  readonly inputs: readonly Input[];
  /** Where the recording ends. */
  readonly steps: number;
  readonly now: number;
}

/** How the world came about. */
export function record(world: World): Recording {
  const { topology, seed, simulation } = world;
  const { steps, now } = simulation;
  return { engineVersion: ENGINE_VERSION, topology, seed, inputs: inputsOf(world), steps, now };
}

/** Runs a recording again. */
export function replay(recording: Recording): World {
  let world = boot(recording.topology, { seed: recording.seed });
  for (const input of recording.inputs) {
    world = apply(advanceToStep(world, input.step, input.at), input);
  }
  return advanceToStep(world, recording.steps, recording.now);
}

function advanceToStep(world: World, steps: number, now: number): World {
  let { simulation } = world;
  while (simulation.steps < steps && simulation.agenda !== null) simulation = step(simulation, programs);
  return { ...world, simulation: { ...simulation, now } };
}

function apply(world: World, input: Input): World {
  switch (input.kind) {
    case "command":
      return open(world, input.line, input.edited === undefined ? {} : { edited: input.edited }).world;
    case "interrupt":
      return interrupt(world, input.command);
    case "request":
      return send(world, input.request, input.as).world;
    case "file":
      return writeFile(world, input.path, input.text);
    case "fault":
      return inject(world, input.fault);
  }
}

/** A fingerprint of everything that there is; equal on every machine for equal histories. */
export function digest(world: World): string {
  const residents = remove(world.simulation.residents, MAILBOX);
  return digestOf({ ...world.simulation, residents });
}
