/**
 * Holds the engine against recordings: `npm run parity -- KIND DIR [--only TEXT] [--json FILE]`. For each case a line `=` or
 * `≠` with the first difference; the last line is `N of M equal (P %)`; exit 0 when all are equal, 2 on wrong usage.
 */
import { existsSync, writeFileSync } from "node:fs";
import { argv, exit, stderr, stdout } from "node:process";
import { parseArgs } from "node:util";
import type { Cases, ParityCase } from "./parity-case.ts";

const KINDS = [
  "objects",
  "validation",
  "controllers",
  "scheduler",
  "kube-proxy",
  "kubelet",
  "kubelet-writes",
  "vectors",
  "kubectl",
] as const;

interface Outcome {
  readonly name: string;
  readonly equal: boolean;
  readonly difference?: string;
}

function fail(message: string): never {
  stderr.write(`${message}\nusage: npm run parity -- KIND DIR [--only TEXT] [--json FILE]\n  KIND: ${KINDS.join(", ")}\n`);
  exit(2);
}

async function casesOf(kind: string): Promise<Cases> {
  const file = new URL(`./${kind}.ts`, import.meta.url);
  if (!(KINDS as readonly string[]).includes(kind)) fail(`unknown kind "${kind}"`);
  if (!existsSync(file)) fail(`nothing compares "${kind}" yet: ${file.pathname} is missing`);
  const module = (await import(file.href)) as { readonly cases: Cases };
  return module.cases;
}

function outcomeOf({ name, compare }: ParityCase): Outcome {
  try {
    const difference = compare();
    return difference === undefined ? { name, equal: true } : { name, equal: false, difference };
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { name, equal: false, difference: `threw ${text.split("\n").slice(0, 4).join(" ")}` };
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv.slice(2),
    allowPositionals: true,
    options: { only: { type: "string" }, json: { type: "string" } },
  });
  const [kind, directory, ...rest] = positionals;
  if (kind === undefined || directory === undefined || rest.length > 0) fail("KIND and DIR are needed");
  if (!existsSync(directory)) fail(`no folder at ${directory}`);
  const cases = await casesOf(kind);
  const outcomes: Outcome[] = [];
  for (const one of cases(directory)) {
    if (values.only !== undefined && !one.name.includes(values.only)) continue;
    const outcome = outcomeOf(one);
    outcomes.push(outcome);
    stdout.write(outcome.equal ? `= ${outcome.name}\n` : `≠ ${outcome.name}: ${outcome.difference}\n`);
  }
  const equal = outcomes.filter((outcome) => outcome.equal).length;
  const percent = outcomes.length === 0 ? 0 : Math.floor((equal * 1000) / outcomes.length) / 10;
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ kind, equal, total: outcomes.length, outcomes }, null, 2)}\n`);
  stdout.write(`${equal} of ${outcomes.length} equal (${percent} %)\n`);
  return outcomes.length > 0 && equal === outcomes.length ? 0 : 1;
}

exit(await main());
