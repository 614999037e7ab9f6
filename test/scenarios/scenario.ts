import { advance, boot, exec, type Fault, inject, narrate, trace, type World, workers, writeFile } from "@workbook/engine";

/**
 * A scenario: blocks of a command, `----`, and what it printed, with an empty line between blocks. The whole file is made anew from
 * a run, so that a difference is a diff of the file, and `npx vitest run -u` accepts it.
 *
 * Commands: `boot nodes=2 seed=7` · `file NAME` with the text below it, each line behind `| ` · `run 3s [show=WORD]` prints the
 * lines of the trace whose actor or reason has the word · `fault {JSON}` · everything else is typed into the learner's shell.
 */
export function rerun(scenario: string): string {
  let world: World | undefined;
  const blocks = scenario.trimEnd().split("\n\n");
  const written = blocks.map((block) => {
    const lines = block.split("\n");
    const comments = lines.filter((line) => line.startsWith("#"));
    const end = lines.indexOf("----");
    const command = lines.slice(comments.length, end < 0 ? undefined : end);
    if (command.length === 0) return block;
    const done = carryOut(world, command);
    world = done.world;
    return [...comments, ...command, "----", ...done.output].join("\n");
  });
  return `${written.join("\n\n")}\n`;
}

interface Done {
  readonly world: World;
  readonly output: readonly string[];
}

function carryOut(world: World | undefined, command: readonly string[]): Done {
  const [first = "", ...below] = command;
  const [verb = "", ...words] = first.split(" ");
  if (verb === "boot") return { world: bootWith(words), output: [] };
  if (world === undefined) throw new Error("a scenario begins with boot");
  switch (verb) {
    case "file": {
      const text = below.map((line) => `${line.slice(2)}\n`).join("");
      return { world: writeFile(world, `/home/learner/${words[0] ?? ""}`, text), output: [] };
    }
    case "run":
      return runFor(world, words);
    case "fault":
      return { world: inject(world, JSON.parse(words.join(" ")) as Fault), output: [] };
    default:
      return type(world, command.join("\n"));
  }
}

/** `boot nodes=2 seed=7`. */
function bootWith(words: readonly string[]): World {
  const settings = new Map(words.map((word) => word.split("=", 2) as [string, string]));
  return boot(workers(Number(settings.get("nodes") ?? 1)), { seed: Number(settings.get("seed") ?? 1) });
}

function type(world: World, line: string): Done {
  const done = exec(world, line);
  const output = `${done.stdout}${done.stderr}`.split("\n").filter((text) => text !== "");
  const ending = done.exitCode === 0 ? [] : [`[exit ${done.exitCode}]`];
  return { world: done.world, output: [...output, ...ending] };
}

/** `run 3s show=scheduler`: times are seconds since the boot ended. */
function runFor(world: World, words: readonly string[]): Done {
  const seconds = Number.parseFloat(words[0] ?? "0");
  const later = advance(world, { for: Math.round(seconds * 1000) });
  const shown = words.find((word) => word.startsWith("show="))?.slice("show=".length);
  if (shown === undefined) return { world: later, output: [] };
  const since = world.simulation.trace?.line.id ?? 0;
  const lines = trace(later, since).filter((line) => line.actor.includes(shown) || line.reason.includes(shown));
  return { world: later, output: lines.map((line) => `${(line.at / 1000).toFixed(3)} ${narrate(line)}`) };
}
