import { begin, isFinished, labOf, step } from "@workbook/labs";
import type { Benchmark } from "./measure.ts";

/** How many schedules a property lab is graded over here. Source: the promise of the book, 1,000 seeded schedules. */
const SCHEDULES = 1000;

/** The reference answer of a lab over 1,000 seeds, as page and command line grade it. */
function grading(id: string): Benchmark {
  return {
    name: `grade ${id}, reference, ${SCHEDULES} seeds`,
    unit: "schedules",
    prepare: () => {
      const lab = labOf(id);
      if (lab === undefined) throw new Error(`no lab ${id}`);
      return () => {
        let state = begin(lab, lab.solution, { seed: lab.seed, count: SCHEDULES });
        while (!isFinished(state)) state = step(state, SCHEDULES);
        if (state.passed < state.run) throw new Error(`${id}: ${state.run - state.passed} schedules failed`);
        return state.run;
      };
    },
  };
}

export const slowStarter: Benchmark = grading("probes/slow-starter");
export const databaseDown: Benchmark = grading("probes/database-down");
