import { describe, expect, test } from "vitest";
import { drawnFor, simpler, simplestOf } from "./draw.ts";
import { labOf } from "./index.ts";
import type { Lab } from "./lab.ts";

const lab = labOf("probes/slow-starter") as Lab;

describe("what is drawn for a schedule", () => {
  test("is the same for the same seed and number, and lies in its range", () => {
    for (let number = 0; number < 500; number++) {
      const drawn = drawnFor(lab, 7, number);
      expect(drawnFor(lab, 7, number)).toEqual(drawn);
      for (const [name, { from, to }] of Object.entries(lab.play.parameters)) {
        expect(drawn[name]).toBeGreaterThanOrEqual(from);
        expect(drawn[name]).toBeLessThanOrEqual(to);
      }
    }
  });

  test("covers its range: both ends come up in a few thousand schedules", () => {
    const starts = Array.from({ length: 3000 }, (_, number) => drawnFor(lab, 1, number)["startSeconds"] ?? 0);
    expect([Math.min(...starts), Math.max(...starts)]).toEqual([40, 200]);
  });

  test("does not change when a parameter is added", () => {
    const more = { ...lab.play.parameters, another: { from: 0, to: 9, step: 1, simplest: 0 } };
    const wider: Lab = { ...lab, play: { ...lab.play, parameters: more } };
    expect(drawnFor(wider, 3, 5)).toMatchObject(drawnFor(lab, 3, 5));
  });
});

describe("smaller values to try", () => {
  test("begin with the simplest and end one step away", () => {
    expect(simpler({ from: 0, to: 100, step: 1, simplest: 0 }, 9)).toEqual([0, 5, 7, 8]);
  });

  test("go up when the simplest lies above", () => {
    expect(simpler({ from: 0, to: 100, step: 1, simplest: 100 }, 98)).toEqual([100, 99]);
  });

  test("are none for the simplest itself", () => {
    expect(
      Object.entries(simplestOf(lab)).flatMap(([name, value]) => simpler(lab.play.parameters[name] as never, value)),
    ).toEqual([]);
  });
});
