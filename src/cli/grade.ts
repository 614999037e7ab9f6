import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { ENGINE_VERSION } from "@workbook/engine";
import { begin, type Grading, isFinished, labOf, labs, reportOf, step } from "@workbook/labs";
import { documentOf, type GradeDocument, type GradedFolder, type InvalidSubmission } from "./grade-document.ts";
import { complaintOf, InvalidInput } from "./invalid.ts";
import { CPU_SECONDS_MAX } from "./limits.ts";
import { printable } from "./printable.ts";
import { github } from "./reporters/github.ts";
import { json } from "./reporters/json.ts";
import { junit } from "./reporters/junit.ts";
import { pretty } from "./reporters/pretty.ts";
import { sarif } from "./reporters/sarif.ts";
import { findFolders, readFolder, shownPath } from "./submission-folder.ts";
import { type Handed, understand } from "./submission.ts";
import { EXIT, type Terminal } from "./terminal.ts";

const reporters: Readonly<Record<string, (document: GradeDocument) => string>> = { pretty, json, junit, sarif, github };

interface Wish {
  readonly paths: readonly string[];
  readonly labIds: readonly string[];
  readonly seed: number | undefined;
  readonly seeds: number | undefined;
  readonly reporter: (document: GradeDocument) => string;
  readonly output: string | undefined;
  readonly cpuSeconds: number;
}

/** `workbook grade`: reads submission folders, grades each, prints one document in the form that was asked for. */
export function grade(args: readonly string[], terminal: Terminal): number {
  const wish = wishOf(args);
  const graded: GradedFolder[] = [];
  const invalid: InvalidSubmission[] = [];
  for (const target of targetsOf(wish, terminal)) {
    try {
      graded.push(gradeFolder(target, wish, terminal));
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      invalid.push(invalidOf(error, target.shown));
    }
  }
  if (graded.length + invalid.length === 0) throw new InvalidInput(nothingFound(wish));
  const document = documentOf(ENGINE_VERSION, graded, invalid);
  print(wish, document, terminal);
  return exitCodeOf(graded, invalid);
}

function nothingFound(wish: Wish): string {
  const where = wish.paths.length === 0 ? "this folder" : wish.paths.join(", ");
  return `no submission found below ${where}; "workbook start LAB" writes one`;
}

function wishOf(args: readonly string[]): Wish {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      lab: { type: "string", multiple: true },
      seed: { type: "string" },
      seeds: { type: "string" },
      reporter: { type: "string", default: "pretty" },
      output: { type: "string" },
      timeout: { type: "string" },
      kubeconfig: { type: "string" },
    },
  });
  if (values.kubeconfig !== undefined) {
    throw new InvalidInput(
      "--kubeconfig: the labs of this version need the simulated cluster; none can run on a real one",
    );
  }
  const labIds = (values.lab ?? []).flatMap((ids) => ids.split(","));
  for (const id of labIds) {
    if (labOf(id) === undefined)
      throw new InvalidInput(`no lab "${id}"; there are ${labs.map((lab) => lab.id).join(", ")}`);
  }
  const reporter = Object.hasOwn(reporters, values.reporter) ? reporters[values.reporter] : undefined;
  if (reporter === undefined) {
    throw new InvalidInput(`no reporter "${values.reporter}"; there are ${Object.keys(reporters).join(", ")}`);
  }
  return {
    paths: positionals,
    labIds,
    seed: numberOf("--seed", values.seed, { from: 0, to: 4_294_967_295 }),
    seeds: numberOf("--seeds", values.seeds, { from: 1, to: 1_000_000 }),
    reporter,
    output: values.output,
    cpuSeconds: numberOf("--timeout", values.timeout, { from: 1, to: 3600 }) ?? CPU_SECONDS_MAX,
  };
}

function numberOf(
  name: string,
  text: string | undefined,
  range: { readonly from: number; readonly to: number },
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= range.from && value <= range.to) return value;
  throw new InvalidInput(`${name}: expected a whole number from ${range.from} to ${range.to}, found "${text}"`);
}

interface Target {
  readonly path: string;
  readonly shown: string;
  readonly labId: string | undefined;
}

/** With one `--lab` and paths the paths are the folders; else every submission below them, of the labs asked for. */
function targetsOf(wish: Wish, terminal: Terminal): readonly Target[] {
  const paths = wish.paths.length === 0 ? ["."] : wish.paths;
  const [only] = wish.labIds;
  return paths.flatMap((path) => {
    const whole = resolve(terminal.workingDirectory, path);
    const folders = findFolders(whole, (id) => labOf(id) !== undefined);
    const isNamed = wish.labIds.length === 1 && !folders.some((folder) => folder !== whole);
    const targets = isNamed ? [whole] : folders;
    return targets
      .map((folder) => ({
        path: folder,
        shown: shownPath(folder, terminal.workingDirectory),
        labId: isNamed ? only : undefined,
      }))
      .filter((target) => target.labId !== undefined || isWanted(target, wish));
  });
}

function isWanted(target: Target, wish: Wish): boolean {
  if (wish.labIds.length === 0) return true;
  try {
    return wish.labIds.includes(understand(readFolder(target.path), undefined).lab.id);
  } catch {
    return true;
  }
}

function gradeFolder(target: Target, wish: Wish, terminal: Terminal): GradedFolder {
  const folder = { ...readFolder(target.path), path: target.shown };
  const handed = understand(folder, target.labId);
  const startedAt = performance.now();
  const grading = finishOrTell(handed, wish, terminal);
  const durationMs = Math.round(performance.now() - startedAt);
  return { lab: handed.lab, report: reportOf(grading), path: target.shown, durationMs };
}

/** A broken engine stops everything; before that the command that shows it again is printed. */
function finishOrTell(handed: Handed, wish: Wish, terminal: Terminal): Grading {
  try {
    return finish(handed, wish, terminal);
  } catch (error) {
    const seed = wish.seed ?? handed.lab.seed;
    const path = printable(handed.folder.path);
    terminal.error(
      `workbook: the engine failed; again: workbook grade ${path} --lab ${handed.lab.id} --seed ${seed}\n`,
    );
    throw error;
  }
}

/** How many schedules pass between two looks at the clock. */
const SCHEDULES_PER_LOOK = 10;

/** Processor time of this thread; the collector's helpers do not count against the answer. */
function cpuSeconds(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1_000_000;
}

function finish({ lab, submission }: Handed, wish: Wish, terminal: Terminal): Grading {
  const before = cpuSeconds();
  const seed = wish.seed ?? lab.seed;
  const count = wish.seeds ?? lab.play.schedules;
  let grading = begin(lab, submission, { seed, count });
  while (!isFinished(grading)) {
    grading = step(grading, SCHEDULES_PER_LOOK);
    if (cpuSeconds() - before > wish.cpuSeconds && !isFinished(grading)) {
      terminal.error(`workbook: ${lab.id} stopped after ${wish.cpuSeconds} s of processor time (--timeout)\n`);
      return { ...grading, limit: `CpuSecondsMax ${wish.cpuSeconds}` };
    }
  }
  return grading;
}

function invalidOf(error: InvalidInput, path: string): InvalidSubmission {
  const { place } = error;
  return {
    path: printable(path),
    file: printable(place?.file ?? path),
    ...(place?.line === undefined ? {} : { line: place.line }),
    ...(place?.column === undefined ? {} : { column: place.column }),
    message: printable(error.message),
  };
}

function print(wish: Wish, document: GradeDocument, terminal: Terminal): void {
  const text = wish.reporter(document);
  if (wish.output === undefined) terminal.out(text);
  else {
    const file = resolve(terminal.workingDirectory, wish.output);
    try {
      writeFileSync(file, text);
    } catch (error) {
      throw new InvalidInput(`--output: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  for (const { file, line, column, message } of document.invalid) {
    terminal.error(`workbook: ${complaintOf(new InvalidInput(message, { file, line, column }))}\n`);
  }
}

function exitCodeOf(graded: readonly GradedFolder[], invalid: readonly InvalidSubmission[]): number {
  if (graded.some(({ report }) => report.limit?.startsWith("RunsDiffer") === true)) return EXIT.runsDiffer;
  if (invalid.length > 0) return EXIT.invalid;
  if (graded.some(({ report }) => report.limit !== undefined)) return EXIT.engineFailed;
  return graded.every(({ report }) => report.passed) ? EXIT.passed : EXIT.answerFails;
}
