// `npm test`: installs what is missing, runs Vitest and then the browser tests, and sums both up in one last line.
// `npm test -- ARGS` hands ARGS to Vitest and leaves the browser out: `npm test -- -u`, `npm test -- engine/kubelet`.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuilt } from "./build.mjs";
import { ensureChromium } from "./chromium.mjs";
import { ensureInstalled } from "./install.mjs";
import { findNode, nodeEnv } from "./node.mjs";
import { main, PlainError, root, run } from "./run.mjs";
import { addCounts, countPlaywright, countVitest, summarise } from "./test-counts.mjs";

/** @typedef {import("./test-counts.mjs").Counts} Counts */

const failedSetUp = { passed: 0, failed: 1, skipped: 0 };
const reports = mkdtempSync(join(tmpdir(), "workbook-test-"));

await main(async () => {
  const args = process.argv.slice(2);
  /** @type {Counts[]} */
  const counts = [];
  try {
    await ensureInstalled();
    counts.push(await runVitest(args));
    if (args.length === 0) counts.push(await runBrowser());
  } catch (error) {
    console.error(error instanceof PlainError ? error.message : error);
    counts.push(failedSetUp);
  }
  rmSync(reports, { recursive: true, force: true });
  const total = addCounts(counts);
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
  console.log(summarise(total));
});

/**
 * @param {readonly string[]} args
 * @returns {Promise<Counts>}
 */
async function runVitest(args) {
  const node = findNode();
  const file = join(reports, "vitest.json");
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const code = await run(node, [vitest, "run", ...reporters, ...args], nodeEnv(node));
  return countVitest(readReport(file), code);
}

/** @returns {Promise<Counts>} */
async function runBrowser() {
  const chromium = await ensureChromium();
  await ensureBuilt();
  const node = findNode();
  const file = join(reports, "playwright.json");
  const playwright = join(root, "node_modules/@playwright/test/cli.js");
  const code = await run(node, [playwright, "test", "--config", "test/e2e", "--reporter=list,json"], {
    ...nodeEnv(node),
    CHROMIUM: chromium,
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  return countPlaywright(readReport(file), code);
}

/**
 * @param {string} file
 * @returns {unknown} undefined when the runner died before it wrote its report
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
