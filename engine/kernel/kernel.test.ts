import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digestOf } from "./digest.ts";
import { pause, restart, resume, stop, withRule } from "./faults.ts";
import { causesOf, linesSince } from "./trace.ts";
import { drawBelow, type Prng } from "./prng.ts";
import type { Address, Process } from "./process.ts";
import { get } from "./sorted-map.ts";
import { advance, advanceUntil, emptyWorld, post, type Programs, spawn, type World } from "./world.ts";

/** A component that draws, waits, and passes a number on: enough to make chance, time and order matter. */
interface Walker {
  readonly prng: Prng;
  readonly sum: number;
  readonly peers: readonly Address[];
}

type Message = { readonly kind: "hop"; readonly left: number } | { readonly kind: "wake"; readonly key: string };

const walker: Process<Walker, Message> = {
  name: "walker",
  start: (birth) => ({
    state: { prng: birth.prng, sum: 0, peers: birth.settings as readonly Address[] },
    effects: [],
  }),
  step: (state, message, moment) => {
    if (message.kind === "wake") {
      return { state: { ...state, sum: state.sum + 1 }, effects: [{ kind: "note", note: { reason: "Woke" } }] };
    }
    const draw = drawBelow(state.prng, state.peers.length);
    const delay = drawBelow(draw.prng, 50);
    const to = state.peers[draw.value] ?? moment.self;
    const note = { kind: "note", note: { reason: "Hopped", facts: { left: message.left } } } as const;
    const send = {
      kind: "send",
      to,
      message: { kind: "hop", left: message.left - 1 },
      delayMillis: delay.value,
    } as const;
    const wake = { kind: "wake", key: "later", at: moment.now + 100 } as const;
    return {
      state: { ...state, prng: delay.prng, sum: state.sum + message.left },
      effects: message.left > 0 ? [note, send, wake] : [note],
    };
  },
};

const programs: Programs = new Map([["walker", walker as Process<unknown, unknown>]]);
const names = ["a/w", "b/w", "c/w"];

function bornWorld(seed: number, addresses: readonly string[] = names): World {
  let world = emptyWorld(seed, 0);
  for (const address of addresses) {
    world = spawn(world, { address, program: "walker", settings: names }, programs);
  }
  return world;
}

function started(seed: number, hops: number): World {
  return post(bornWorld(seed), { from: "outside", to: "a/w", message: { kind: "hop", left: hops } });
}

function run(world: World, steps: number): World {
  let next = world;
  for (let step = 0; step < steps; step++) next = advance(next, programs);
  return next;
}

const seeds = fc.integer({ min: 0, max: 0xffffffff });
const counts = fc.integer({ min: 0, max: 80 });

describe("the laws of the kernel", () => {
  test("the same seed and the same inputs give the same world", () => {
    fc.assert(
      fc.property(seeds, counts, (seed, hops) => {
        expect(digestOf(run(started(seed, hops), 200))).toBe(digestOf(run(started(seed, hops), 200)));
      }),
    );
  });

  test("two seeds give two worlds", () => {
    expect(digestOf(run(started(1, 60), 200).trace)).not.toBe(digestOf(run(started(2, 60), 200).trace));
  });

  test("going on from a kept world is the same as never having stopped", () => {
    fc.assert(
      fc.property(seeds, counts, counts, (seed, first, second) => {
        const kept = run(started(seed, 60), first);
        expect(digestOf(run(kept, second))).toBe(digestOf(run(started(seed, 60), first + second)));
      }),
    );
  });

  test("a fork never changes its parent", () => {
    fc.assert(
      fc.property(seeds, counts, (seed, steps) => {
        const parent = run(started(seed, 60), steps);
        const before = digestOf(parent);
        run(post(parent, { from: "outside", to: "b/w", message: { kind: "hop", left: 9 } }), 50);
        expect(digestOf(parent)).toBe(before);
      }),
    );
  });

  test("one more component that draws chance does not change what the others draw", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const wider = post(bornWorld(seed, ["x/w", ...names]), {
          from: "outside",
          to: "x/w",
          message: { kind: "hop", left: 0 },
        });
        const both = post(wider, { from: "outside", to: "a/w", message: { kind: "hop", left: 40 } });
        const sums = (world: World): unknown[] =>
          names.map((name) => (get(world.residents, name)?.state as Walker | undefined)?.sum);
        expect(sums(run(both, 300))).toEqual(sums(run(started(seed, 40), 300)));
      }),
    );
  });

  test("time never runs backwards", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        let world = started(seed, 60);
        for (let step = 0; step < 150; step++) {
          const next = advance(world, programs);
          expect(next.now).toBeGreaterThanOrEqual(world.now);
          world = next;
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe("wakes", () => {
  test("a wake with the same key replaces the earlier one", () => {
    const hop = { from: "outside", to: "a/w", message: { kind: "hop", left: 1 } };
    const twice = post(post(bornWorld(3), hop), { ...hop, delayMillis: 60 });
    const world = advanceUntil(twice, 10_000, programs);
    const woken = linesSince(world.trace, 0).filter((line) => line.reason === "Woke" && line.actor === "a/w");
    expect(woken.map((line) => line.at)).toEqual([161]);
  });

  test("a killed process is not woken in its next life", () => {
    const hopped = run(started(3, 10), 1);
    const reborn = restart(stop(hopped, "a/w", programs), "a/w", programs);
    const later = advanceUntil(reborn, 10_000, programs);
    const byA = linesSince(later.trace, 0).filter(
      (line) => line.actor === "a/w" && line.reason === "Woke" && line.at === 100,
    );
    expect(byA).toEqual([]);
  });
});

describe("faults", () => {
  test("a paused process finds in the old order what arrived meanwhile", () => {
    let world = pause(bornWorld(1), "a/w");
    for (const left of [-1, -2, -3]) {
      world = post(world, { from: "outside", to: "a/w", message: { kind: "hop", left } });
    }
    const quiet = advanceUntil(world, 1000, programs);
    expect(linesSince(quiet.trace, 0).filter((line) => line.reason === "Hopped")).toEqual([]);
    const awake = advanceUntil(resume(quiet, "a/w"), 2000, programs);
    const heard = linesSince(awake.trace, 0).flatMap((line) =>
      line.reason === "Hopped" ? [line.facts?.["left"]] : [],
    );
    expect(heard).toEqual([-1, -2, -3]);
  });

  test("a rule that drops keeps messages from arriving", () => {
    const cut = withRule(bornWorld(1), { id: "cut", from: "outside", to: "a", verdict: { kind: "drop" } });
    const world = post(cut, { from: "outside", to: "a/w", message: { kind: "hop", left: 0 } });
    expect(advanceUntil(world, 1000, programs).trace).toBeNull();
  });
});

test("the trace leads from an effect back to what came from outside", () => {
  const world = advanceUntil(started(5, 4), 10_000, programs);
  const last = linesSince(world.trace, 0).findLast((line) => line.reason === "Hopped");
  const chain = causesOf(world.trace, last?.id ?? 0);
  expect(chain.map((line) => line.facts?.["left"])).toEqual([0, 1, 2, 3, 4]);
});
