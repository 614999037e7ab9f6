import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { complaintOf, InvalidInput } from "./invalid.ts";
import { printable } from "./printable.ts";
import { type CliCommand, EXIT, processTerminal, type Terminal } from "./terminal.ts";

/** Each command is loaded when it is called, so that `workbook list` does not wait for what `serve` needs. */
const commands: Readonly<Record<string, () => Promise<CliCommand>>> = {
  list: async () => (await import("./list.ts")).list,
  start: async () => (await import("./start.ts")).start,
  grade: async () => (await import("./grade.ts")).grade,
  verify: async () => (await import("./verify.ts")).verify,
  serve: async () => (await import("./serve.ts")).serve,
  kubectl: async () => (await import("./kubectl.ts")).kubectl,
  shell: async () => (await import("./shell.ts")).shell,
  why: async () => (await import("./why.ts")).why,
  replay: async () => (await import("./replay.ts")).replay,
};

const HELP = `workbook: read, try and be graded on a simulated Kubernetes cluster

  workbook list [--json]                     chapters, labs and quizzes
  workbook start LAB [DIR] [--solution]      write a folder to work in
  workbook grade [PATH…] [--lab ID…] [--seed N] [--seeds N]
                 [--reporter pretty|json|junit|sarif|github] [--output FILE] [--timeout SECONDS]
  workbook verify [--lab ID…] [--json]       the authors' gate
  workbook serve [--port 8001] [--lab ID]    the simulated cluster as a Kubernetes API
  workbook kubectl [--server URL | --lab ID] -- ARGS…
  workbook shell [--lab ID]                  the page's terminal, in a terminal
  workbook why OBJECT [--lab ID | --recording FILE]
  workbook replay FILE                       run a recording again and print its digest

Exit codes: 0 all passed, 1 an answer fails, 2 wrong usage or invalid input, 3 engine failure or limit, 4 two runs differed.
`;

/** Runs one command line and gives its exit code; never throws. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name = "", ...args] = argv;
  if (name === "" || name === "help" || name === "--help" || name === "-h") {
    terminal.out(HELP);
    return name === "" ? EXIT.invalid : EXIT.passed;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    terminal.error(`workbook: unknown command "${printable(name)}"; "workbook help" lists them\n`);
    return EXIT.invalid;
  }
  try {
    const command = await load();
    return await command(args, terminal);
  } catch (error) {
    return report(error, terminal);
  }
}

/** What went wrong in one line; the stack stays inside unless WORKBOOK_DEBUG asks for it. */
function report(error: unknown, terminal: Terminal): number {
  if (error instanceof InvalidInput) {
    terminal.error(`workbook: ${printable(complaintOf(error))}\n`);
    return EXIT.invalid;
  }
  if (isArgumentError(error)) {
    terminal.error(`workbook: ${printable(error.message)}\n`);
    return EXIT.invalid;
  }
  const detail = error instanceof Error ? error : new Error(String(error));
  terminal.error(`workbook: the engine failed: ${printable(detail.message)}\n`);
  if (terminal.environment["WORKBOOK_DEBUG"] !== undefined) terminal.error(`${detail.stack ?? ""}\n`);
  return EXIT.engineFailed;
}

/** What `parseArgs` of node:util throws for an unknown option or a missing value. */
function isArgumentError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

// `bin.mjs` imports this file and names it as the program.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // Keeps the stripped and compiled sources of the engine between runs: a command starts in a third of the time.
  enableCompileCache();
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(EXIT.passed);
  });
  process.exitCode = await run(process.argv.slice(2), processTerminal());
}
