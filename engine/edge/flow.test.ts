import fc from "fast-check";
import { expect, test } from "vitest";
import { uint32At } from "../kernel/prng.ts";
import type { Answer } from "../network/exchange.ts";
import { isSuccess } from "../network/exchange.ts";
import { type Run, settle, SPANS_MAX, type Tally } from "./flow.ts";

const nothing: Tally = { requests: 0, failed: 0, firstFailureAt: undefined, lastFailureAt: undefined, spans: [] };

const answers: fc.Arbitrary<Answer> = fc.constantFrom<Answer>(
  { kind: "http", status: 200, latencyMillis: 5 },
  { kind: "http", status: 500, latencyMillis: 5 },
  { kind: "http", status: 200, latencyMillis: 5000 },
  { kind: "silent" },
  { kind: "refused" },
);

function runOf(from: number, to: number, given: readonly Answer[], choice: number): Run {
  const targets = given.map((answer, index) => ({ endpoint: { ip: `10.244.0.${index}`, port: 80 }, answer }));
  return { from, to, targets, choice, timeoutMillis: 1000, timeOf: (request) => request * 10 };
}

/** Each request on its own, as somebody who looks at single requests sees them. */
function oneByOne(run: Run): { readonly failed: number; readonly last: number | undefined } {
  let failed = 0;
  let last: number | undefined;
  for (let request = run.from; request < run.to; request++) {
    const target = run.targets[uint32At(run.choice, request) % (run.targets.length || 1)];
    if (target?.answer !== undefined && isSuccess(target.answer, run.timeoutMillis)) continue;
    failed += 1;
    last = run.timeOf(request);
  }
  return { failed, last };
}

test("a flow counts exactly what its single requests would", () => {
  fc.assert(
    fc.property(fc.array(answers, { maxLength: 4 }), fc.nat(500), fc.integer(), (given, count, choice) => {
      const run = runOf(0, count, given, choice);
      const tally = settle(nothing, run);
      const single = oneByOne(run);
      expect(tally.failed).toBe(single.failed);
      expect(tally.lastFailureAt).toBe(single.last);
    }),
  );
});

test("a flow may be settled in any pieces", () => {
  fc.assert(
    fc.property(fc.array(answers, { maxLength: 4 }), fc.nat(300), fc.nat(300), (given, one, other) => {
      const choice = 77;
      const whole = settle(nothing, runOf(0, one + other, given, choice));
      const half = settle(nothing, runOf(0, one, given, choice));
      const both = settle(half, runOf(one, one + other, given, choice));
      expect({ ...both, spans: [] }).toEqual({ ...whole, spans: [] });
    }),
  );
});

test("a long account keeps its sums and a bounded number of spans", () => {
  let tally = nothing;
  for (let index = 0; index < 2000; index++) {
    const good = { kind: "http", status: index % 2 === 0 ? 200 : 500, latencyMillis: 1 } as const;
    tally = settle(tally, runOf(index * 10, index * 10 + 10, [good], 1));
  }
  expect(tally.requests).toBe(20_000);
  expect(tally.failed).toBe(10_000);
  expect(tally.spans.length).toBeLessThanOrEqual(SPANS_MAX + 1);
  expect(tally.spans.reduce((sum, span) => sum + span.failed, 0)).toBe(10_000);
});
