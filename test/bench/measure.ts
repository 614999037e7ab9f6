/** One measured run of a benchmark: how much work was done in how much processor time. */
export interface Measured {
  readonly name: string;
  /** What is counted: `steps`, `requests`, `schedules`. */
  readonly unit: string;
  readonly count: number;
  /** Processor time of each run, in milliseconds. */
  readonly cpuMillis: readonly number[];
}

export interface Benchmark {
  readonly name: string;
  readonly unit: string;
  /** Prepares once and gives the work to be timed; the work answers how many units it did. */
  prepare(): () => number | Promise<number>;
}

/** How often each benchmark runs after one warm-up; the median is quoted. */
const RUNS = 5;

/** Runs a benchmark: one run to warm up, then the counted ones. */
export async function measure(benchmark: Benchmark): Promise<Measured> {
  const work = benchmark.prepare();
  let count = await work();
  const cpuMillis: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const before = process.cpuUsage();
    count = await work();
    const spent = process.cpuUsage(before);
    cpuMillis.push((spent.user + spent.system) / 1000);
  }
  return { name: benchmark.name, unit: benchmark.unit, count, cpuMillis };
}

/** The middle value: what a noisy machine still gets right. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** One line: name, median, spread, and the rate. */
export function printed(measured: Measured): string {
  const { name, unit, count, cpuMillis } = measured;
  const middle = median(cpuMillis);
  const spread = `${Math.min(...cpuMillis).toFixed(1)}–${Math.max(...cpuMillis).toFixed(1)}`;
  const rate = Math.round((count / middle) * 1000).toLocaleString("en");
  return `${name.padEnd(44)} ${middle.toFixed(1).padStart(9)} ms (${spread})  ${rate} ${unit}/s`;
}
