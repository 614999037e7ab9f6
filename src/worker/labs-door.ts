import { boot, exec, type World } from "@workbook/engine";
import { grade, type Lab, labs, type Report, type Submission } from "@workbook/labs";
import { withHomeFiles } from "./files.ts";

export function findLab(id: string): Lab {
  const lab = labs.find((candidate) => candidate.id === id);
  if (lab === undefined) throw new Error(`there is no lab ${id}`);
  return lab;
}

/** The world in which the learner's turn begins: the lab's cluster, files and set-up. */
export function startLab(lab: Lab, files: Readonly<Record<string, string>>): World {
  const given = Object.fromEntries(lab.files.map((file) => [file.path, file.text]));
  const booted = withHomeFiles(boot(lab.cluster, { seed: lab.seed }), { ...given, ...files });
  return lab.setUp.reduce((world, line) => exec(world, line).world, booted);
}

export function gradeLab(id: string, submission: Submission, progress: (share: number) => void = () => {}): Report {
  return grade(findLab(id), submission, { progress });
}
