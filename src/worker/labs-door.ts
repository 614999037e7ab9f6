import type { World } from "@workbook/engine";
import { grade, type Lab, labOf, type Report, stageStarter, type Submission } from "@workbook/labs";
import { withHomeFiles } from "./files.ts";

export function findLab(id: string): Lab {
  const lab = labOf(id);
  if (lab === undefined) throw new Error(`there is no lab ${id}`);
  return lab;
}

/** The world in which the learner's turn begins: the lab's own, with the files that the learner saved last time. */
export function startLab(lab: Lab, files: Readonly<Record<string, string>>): World {
  return withHomeFiles(stageStarter(lab).world, files);
}

export function gradeLab(id: string, submission: Submission, progress: (share: number) => void = () => {}): Report {
  return grade(findLab(id), submission, { progress });
}
