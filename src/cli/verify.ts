import { parseArgs } from "node:util";
import { type Lab, labOf, labs, quizTrialsOf, quizzes, type Trial, trialsOf } from "@workbook/labs";
import { InvalidInput } from "./invalid.ts";
import { EXIT, type Terminal } from "./terminal.ts";

/** `workbook verify`: tries every grader with answers whose worth is known. */
export function verify(args: readonly string[], terminal: Terminal): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      lab: { type: "string", multiple: true },
      mutants: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  if (values.mutants) throw new InvalidInput("--mutants: generated mutants are not part of this version");
  const wanted = (values.lab ?? []).flatMap((ids) => ids.split(",")).map(labNamed);
  const tried = wanted.length === 0 ? labs : wanted;
  const say = values.json ? (): void => {} : (trial: Trial): void => terminal.out(lineOf(trial));
  const trials = [
    ...tried.flatMap((lab) => run(trialsOf(lab), say)),
    ...(wanted.length === 0 ? quizzes.flatMap((quiz) => run(quizTrialsOf(quiz), say)) : []),
  ];
  const wrong = trials.filter((trial) => !trial.isRight);
  if (values.json) terminal.out(`${JSON.stringify({ schema: "workbook.verify/v1", trials }, null, 2)}\n`);
  else terminal.out(summary(trials));
  if (wrong.some((trial) => trial.kind === "determinism")) return EXIT.runsDiffer;
  return wrong.length === 0 ? EXIT.passed : EXIT.invalid;
}

function labNamed(id: string): Lab {
  const lab = labOf(id);
  if (lab === undefined)
    throw new InvalidInput(`no lab "${id}"; there are ${labs.map((known) => known.id).join(", ")}`);
  return lab;
}

function run(trials: readonly (() => Trial)[], say: (trial: Trial) => void): readonly Trial[] {
  return trials.map((attempt) => {
    const trial = attempt();
    say(trial);
    return trial;
  });
}

function lineOf(trial: Trial): string {
  const complaint = trial.isRight ? "" : `: ${trial.complaint}`;
  return `${trial.isRight ? "✓" : "✗"} ${trial.of}  ${trial.kind}  ${trial.name}${complaint}\n`;
}

function summary(trials: readonly Trial[]): string {
  const kinds = [...new Set(trials.map((trial) => trial.kind))];
  const lines = kinds.map((kind) => {
    const of = trials.filter((trial) => trial.kind === kind);
    return `  ${kind.padEnd(12)} ${of.filter((trial) => trial.isRight).length} of ${of.length}`;
  });
  const wrong = trials.filter((trial) => !trial.isRight).length;
  return `\n${lines.join("\n")}\n${wrong === 0 ? "all as they should be" : `${wrong} not as they should be`}\n`;
}
