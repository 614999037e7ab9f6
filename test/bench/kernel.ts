import { advance, emptyWorld, post, type Programs, spawn } from "../../engine/kernel/world.ts";
import type { Process } from "../../engine/kernel/process.ts";
import { set, type SortedMap } from "../../engine/kernel/sorted-map.ts";
import type { Benchmark } from "./measure.ts";

const STEPS = 100_000;
const HOSTS = 20;

interface Hop {
  readonly to: string;
}

/** A component that passes a message on, sets a timer and leaves a note: what every component does. */
const passer: Process<{ readonly count: number }, Hop> = {
  name: "passer",
  start: () => ({ state: { count: 0 }, effects: [] }),
  step: (state, message, moment) => ({
    state: { count: state.count + 1 },
    effects: [
      { kind: "note", note: { reason: "Passed" } },
      { kind: "send", to: message.to, message: { to: moment.self }, delayMillis: 1 },
      { kind: "wake", key: "timer", at: moment.now + 100 },
    ],
  }),
};

const programs: Programs = new Map([["passer", passer as Process<unknown, unknown>]]);

export const kernelSteps: Benchmark = {
  name: "kernel: steps of 20 processes, each kept",
  unit: "steps",
  prepare: () => {
    let world = emptyWorld(1, 0);
    for (let host = 0; host < HOSTS; host++) {
      world = spawn(world, { address: `host-${host}/p`, program: "passer", settings: null }, programs);
      world = post(world, { from: "x/y", to: `host-${host}/p`, message: { to: `host-${(host + 1) % HOSTS}/p` } });
    }
    return () => {
      let next = world;
      for (let step = 0; step < STEPS; step++) next = advance(next, programs);
      return STEPS;
    };
  },
};

const WRITES = 100_000;
const KEYS = 2000;

export const mapWrites: Benchmark = {
  name: "kernel: writes to a sorted map of 2,000",
  unit: "writes",
  prepare: () => () => {
    let map: SortedMap<string, number> = null;
    for (let write = 0; write < WRITES; write++) map = set(map, `key-${(write * 7919) % KEYS}`, write);
    return WRITES;
  },
};
