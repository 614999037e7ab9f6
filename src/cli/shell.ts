import { createInterface } from "node:readline/promises";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { advance, interrupt, open, outcomeOf, type World } from "@workbook/engine";
import { InvalidInput } from "./invalid.ts";
import { worldFor } from "./lab-world.ts";
import { EXIT, type Terminal } from "./terminal.ts";

/** How much virtual time a command gets before the clock is paced: what every quick command needs. */
const AT_ONCE_MILLIS = 500;

/** How often a command that lasts is looked at, in real time. */
const LOOK_MILLIS = 50;

/** `workbook shell`: the page's terminal, in a terminal. Between commands the cluster's time goes on. */
export async function shell(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { lab: { type: "string" }, seed: { type: "string" }, speed: { type: "string", default: "1" } },
  });
  const speed = Number(values.speed);
  if (!(speed > 0 && speed <= 1000))
    throw new InvalidInput(`--speed: expected a number from 1 to 1000, found "${values.speed}"`);
  let world = worldFor(values.lab, values.seed === undefined ? undefined : Number(values.seed));
  const isTerminal = process.stdin.isTTY;
  const reader = createInterface({ input: process.stdin, output: process.stdout, terminal: isTerminal, prompt: "$ " });
  let isInterrupted = false;
  reader.on("SIGINT", () => {
    isInterrupted = true;
  });
  if (isTerminal) reader.prompt();
  let typedAt = performance.now();
  for await (const line of reader) {
    if (line.trim() === "exit") break;
    world = advance(world, { for: Math.round((performance.now() - typedAt) * speed) });
    isInterrupted = false;
    world = await runLine({ world, line, speed, terminal, isInterrupted: () => isInterrupted });
    typedAt = performance.now();
    if (isTerminal) reader.prompt();
  }
  reader.close();
  return EXIT.passed;
}

interface Run {
  readonly world: World;
  readonly line: string;
  readonly speed: number;
  readonly terminal: Terminal;
  readonly isInterrupted: () => boolean;
}

async function runLine({ world, line, speed, terminal, isInterrupted }: Run): Promise<World> {
  if (line.trim() === "") return world;
  const opened = open(world, line);
  let next = advance(opened.world, { for: AT_ONCE_MILLIS });
  let printed = print(next, opened.command, { out: 0, error: 0 }, terminal);
  while (outcomeOf(next, opened.command).exitCode === undefined) {
    if (isInterrupted()) {
      terminal.out("^C\n");
      return interrupt(next, opened.command);
    }
    await wait(LOOK_MILLIS);
    next = advance(next, { for: Math.max(1, Math.round(LOOK_MILLIS * speed)) });
    printed = print(next, opened.command, printed, terminal);
  }
  return next;
}

interface Printed {
  readonly out: number;
  readonly error: number;
}

function print(world: World, command: number, printed: Printed, terminal: Terminal): Printed {
  const { stdout, stderr } = outcomeOf(world, command);
  if (stdout.length > printed.out) terminal.out(stdout.slice(printed.out));
  if (stderr.length > printed.error) terminal.error(stderr.slice(printed.error));
  return { out: stdout.length, error: stderr.length };
}
