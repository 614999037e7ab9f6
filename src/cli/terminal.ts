/** Where a command prints and what it may know of its surroundings; tests pass their own. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
}

/** A command of `workbook`: arguments in, exit code out. */
export type CliCommand = (args: readonly string[], terminal: Terminal) => Promise<number> | number;

/** The exit codes of every command; `workbook help` says what they mean. */
export const EXIT = {
  passed: 0,
  answerFails: 1,
  invalid: 2,
  engineFailed: 3,
  runsDiffer: 4,
} as const;

export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    error: (text) => void process.stderr.write(text),
    environment: process.env,
    workingDirectory: process.cwd(),
  };
}
