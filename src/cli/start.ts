import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { fill, type Lab, labOf, labs, phraseOf, predictionWordsOf, taskOf, titleOf } from "@workbook/labs";
import { InvalidInput } from "./invalid.ts";
import { ANSWERS, MARKER } from "./submission-folder.ts";
import { EXIT, type Terminal } from "./terminal.ts";

/** `workbook start LAB [DIR]`: writes a folder to work in; never overwrites. */
export function start(args: readonly string[], terminal: Terminal): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { solution: { type: "boolean", default: false } },
  });
  const [id, folder, ...more] = positionals;
  if (id === undefined || more.length > 0) throw new InvalidInput("usage: workbook start LAB [DIR] [--solution]");
  const lab = labOf(id);
  if (lab === undefined)
    throw new InvalidInput(`no lab "${id}"; there are ${labs.map((known) => known.id).join(", ")}`);
  const shown = folder ?? id;
  const path = resolve(terminal.workingDirectory, shown);
  const files = values.solution ? solutionFiles(lab) : starterFiles(lab);
  for (const name of Object.keys(files)) refuseToOverwrite(path, name);
  write(path, files);
  terminal.out(`${titleOf(lab.id)}\n\n${taskOf(lab.id)}\n\n`);
  terminal.out(`Work in ${shown}: ${Object.keys(files).join(", ")}. Then: workbook grade ${shown}\n`);
  return EXIT.passed;
}

function refuseToOverwrite(path: string, name: string): void {
  const file = join(path, name);
  if (existsSync(file)) throw new InvalidInput("is there already; nothing was written", { file });
}

function write(path: string, files: Readonly<Record<string, string>>): void {
  try {
    mkdirSync(path, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text, { flag: "wx" });
  } catch (error) {
    throw new InvalidInput(`cannot write: ${error instanceof Error ? error.message : String(error)}`, { file: path });
  }
}

/** The files that a learner begins with. */
export function starterFiles(lab: Lab): Readonly<Record<string, string>> {
  const edited = lab.files.filter((file) => file.isEditable).map((file) => [file.path, file.text] as const);
  return { ...markerFile(lab), ...Object.fromEntries(edited), ...answersFile(lab, {}) };
}

/** The reference answer as a folder: for authors, and for a learner who wants to compare. */
export function solutionFiles(lab: Lab): Readonly<Record<string, string>> {
  return { ...markerFile(lab), ...lab.solution.files, ...answersFile(lab, lab.solution.answers) };
}

function markerFile(lab: Lab): Readonly<Record<string, string>> {
  return { [MARKER]: `# Says which lab this folder answers.\nlab: ${lab.id}\nversion: ${lab.version}\n` };
}

function answersFile(lab: Lab, answers: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  if (lab.predictions.length === 0) return {};
  const lines = lab.predictions.flatMap((prediction) => {
    const words = predictionWordsOf(lab.id, prediction.id);
    const options = Object.entries(words.options ?? {}).map(([id, text]) => `#   ${id}: ${text}`);
    const answer = Object.hasOwn(answers, prediction.id) ? ` ${JSON.stringify(answers[prediction.id])}` : "";
    return [...words.ask.split("\n").map((line) => `# ${line}`), ...options, `${prediction.id}:${answer}`, ""];
  });
  return { [ANSWERS]: `# ${fill(phraseOf("answersHead"), {})}\n\n${lines.join("\n")}` };
}
