import { boot, type World, workers } from "@workbook/engine";
import { labOf, labs, stageStarter } from "@workbook/labs";
import { InvalidInput } from "./invalid.ts";

/** The world that a lab starts with, or a plain cluster of two workers. */
export function worldFor(labId: string | undefined, seed: number | undefined): World {
  if (labId === undefined) return boot(workers(2), { seed: seed ?? 1 });
  const lab = labOf(labId);
  if (lab === undefined)
    throw new InvalidInput(`no lab "${labId}"; there are ${labs.map((known) => known.id).join(", ")}`);
  return stageStarter(lab, seed ?? lab.seed).world;
}
