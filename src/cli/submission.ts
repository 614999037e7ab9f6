import type { Lab, Submission } from "@workbook/labs";
import { labOf, labs } from "@workbook/labs";
import { InvalidInput } from "./invalid.ts";
import { COMMANDS_MAX } from "./limits.ts";
import { ANSWERS, COMMANDS, type Folder, MARKER, nameOf } from "./submission-folder.ts";
import { mappingOf, valuesOf } from "./yaml-text.ts";

/** A submission that was read and understood, but not graded. */
export interface Handed {
  readonly lab: Lab;
  readonly folder: Folder;
  readonly submission: Submission;
}

/** What a folder hands in, for the lab that its marker, its name or the command line names. */
export function understand(folder: Folder, labId: string | undefined): Handed {
  const lab = labFor(folder, labId);
  const files: Record<string, string> = {};
  for (const file of lab.files) {
    if (!file.isEditable) continue;
    files[file.path] = readManifest(folder, file.path);
  }
  return {
    lab,
    folder,
    submission: { files, answers: answersOf(folder, lab), commands: commandsOf(folder) },
  };
}

function placeIn(folder: Folder, name: string): string {
  return `${folder.path}/${name}`;
}

function labFor(folder: Folder, labId: string | undefined): Lab {
  const id = labId ?? markedId(folder) ?? nameOf(folder.path);
  const lab = labOf(id);
  if (lab !== undefined) return lab;
  throw new InvalidInput(`no lab "${id}"; there are ${labs.map((known) => known.id).join(", ")}`, {
    file: folder.files[MARKER] === undefined ? folder.path : placeIn(folder, MARKER),
  });
}

function markedId(folder: Folder): string | undefined {
  const text = folder.files[MARKER];
  if (text === undefined) return undefined;
  const file = placeIn(folder, MARKER);
  const marker = mappingOf(file, text);
  const id = Object.hasOwn(marker, "lab") ? marker["lab"] : undefined;
  if (typeof id !== "string") throw new InvalidInput("expected `lab: <chapter>/<lab>`", { file, line: 1, column: 1 });
  return id;
}

function readManifest(folder: Folder, name: string): string {
  const text = folder.files[name];
  if (text === undefined) throw new InvalidInput(`expected the file ${name}`, { file: placeIn(folder, name) });
  valuesOf(placeIn(folder, name), text);
  return text;
}

function answersOf(folder: Folder, lab: Lab): Submission["answers"] {
  const text = folder.files[ANSWERS];
  if (text === undefined) return {};
  const file = placeIn(folder, ANSWERS);
  const answers = mappingOf(file, text);
  const known = lab.predictions.map((prediction) => prediction.id);
  for (const id of Object.keys(answers)) {
    if (known.includes(id)) continue;
    throw new InvalidInput(`no question "${id}"; the questions are ${known.join(", ")}`, {
      file,
      ...positionOf(text, id),
    });
  }
  const given = Object.entries(answers).filter(([, answer]) => answer !== null && answer !== "");
  return Object.fromEntries(given);
}

/** The first line that starts with the key: `answers.yaml` is flat. */
function positionOf(text: string, key: string): { readonly line: number; readonly column: number } {
  const index = text.split("\n").findIndex((line) => line.trimStart().replace(/^["']/, "").startsWith(key));
  return { line: index < 0 ? 1 : index + 1, column: 1 };
}

function commandsOf(folder: Folder): readonly string[] {
  const text = folder.files[COMMANDS];
  if (text === undefined) return [];
  const file = placeIn(folder, COMMANDS);
  const lines = text.split("\n").map((line, index) => ({ text: line.trim(), line: index + 1 }));
  const commands = lines.filter((line) => line.text !== "" && !line.text.startsWith("#"));
  if (commands.length > COMMANDS_MAX) {
    throw new InvalidInput(`more than ${COMMANDS_MAX} commands`, {
      file,
      line: commands[COMMANDS_MAX]?.line ?? 1,
      column: 1,
    });
  }
  for (const command of commands) refuseEscape(file, command);
  return commands.map((command) => command.text);
}

/** File names that lead out of the lab's folder mean nothing here: nothing but the submission's own files is ever read. */
function refuseEscape(file: string, command: { readonly text: string; readonly line: number }): void {
  const names = command.text.matchAll(/(?:^|\s)(?:-f|--filename|--patch-file)[=\s]*["']?([^\s"']+)/g);
  for (const [, name = ""] of names) {
    const isOutside = name.split("/").includes("..") || (name.startsWith("/") && !name.startsWith("/home/learner/"));
    if (!isOutside) continue;
    const column = command.text.indexOf(name) + 1;
    throw new InvalidInput(`"${name}" lies outside the submission`, { file, line: command.line, column });
  }
}
