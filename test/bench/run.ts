/**
 * `npm run bench [-- TEXT]`: times what the project promises to be fast, in processor time, and prints a line for each. Two runs
 * on one machine can be compared; a figure alone says little, because machines differ.
 */
import { quantityNumbers, selectorMatches, strategicPatches, templateHashes } from "./api.ts";
import { kernelSteps, mapWrites } from "./kernel.ts";
import { type Benchmark, measure, printed } from "./measure.ts";
import { schedulerCycles } from "./scheduler.ts";

const benchmarks: readonly Benchmark[] = [
  kernelSteps,
  mapWrites,
  quantityNumbers,
  selectorMatches,
  strategicPatches,
  templateHashes,
  schedulerCycles,
];

const wanted = process.argv[2] ?? "";
for (const benchmark of benchmarks) {
  if (benchmark.name.includes(wanted)) console.log(printed(await measure(benchmark)));
}
