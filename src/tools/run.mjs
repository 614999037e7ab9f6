// Child processes and one-line errors for the programs in this folder. Plain JavaScript: it runs on Node.js 20 before `npm ci`.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The clone's top folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/**
 * Runs a program with our output and no input; answers its exit code, 128 + n for a signal, 127 if it cannot start.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string>>} [env]
 * @returns {Promise<number>}
 */
export function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...env },
    });
    child.on("error", (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(127);
    });
    child.on("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 143)));
  });
}

/** A failure that the reader can act on: printed as one line, without a stack. */
export class PlainError extends Error {}

/**
 * Runs a program's body; trouble we expected is one line, anything else keeps its stack. Either way the exit code tells.
 * @param {() => Promise<void>} body
 */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    console.error(error instanceof PlainError ? error.message : error);
    process.exitCode = 1;
  }
}
