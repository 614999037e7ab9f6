import type { Benchmark } from "./measure.ts";

const ROUNDS = 100_000_000;

/** Arithmetic that every machine does alike: what the other figures are to be read beside. */
export const yardstick: Benchmark = {
  name: "yardstick: 100 million multiplications",
  unit: "rounds",
  prepare: () => () => {
    let sum = 1;
    for (let round = 0; round < ROUNDS; round++) sum = Math.imul(sum ^ round, 0x9e3779b1);
    return sum === 0 ? 0 : ROUNDS;
  },
};
