/**
 * `npm run bench [-- TEXT]`: times what the project promises to be fast, in processor time, and prints a line for each whose name has
 * TEXT in it. Two runs on one machine can be compared; a figure alone says little, because machines differ: the first line is a yardstick.
 */
import { bootThree, deployment, firstPod, idleHour, requests } from "./cluster.ts";
import { kernelSteps, mapWrites } from "./kernel.ts";
import { databaseDown, slowStarter } from "./labs.ts";
import { type Benchmark, measure, printed } from "./measure.ts";
import { yardstick } from "./yardstick.ts";

const benchmarks: readonly Benchmark[] = [
  yardstick,
  mapWrites,
  kernelSteps,
  bootThree,
  firstPod,
  requests("get a pod", "GET", "/api/v1/namespaces/default/pods/POD"),
  requests("list 100 pods", "GET", "/api/v1/namespaces/default/pods"),
  requests("merge-patch a pod's label", "PATCH", "/api/v1/namespaces/default/pods/POD"),
  deployment(100),
  deployment(1000),
  idleHour,
  slowStarter,
  databaseDown,
];

const wanted = process.argv[2] ?? "";
for (const benchmark of benchmarks) {
  if (benchmark.name.includes(wanted) || benchmark === yardstick) console.log(printed(await measure(benchmark)));
}
