// The reports of the two test runners as counts. A runner that crashed, wrote no report or ran nothing counts as a failure.

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * @param {any} report Vitest's JSON report
 * @param {number} exitCode
 * @returns {Counts}
 */
export function countVitest(report, exitCode) {
  const skipped = number(report?.numPendingTests) + number(report?.numTodoTests);
  return honest({ passed: number(report?.numPassedTests), failed: number(report?.numFailedTests), skipped }, exitCode);
}

/**
 * @param {any} report Playwright's JSON report
 * @param {number} exitCode
 * @returns {Counts}
 */
export function countPlaywright(report, exitCode) {
  const stats = report?.stats;
  // A browser test that passed at a second try has passed; the list reporter names it as flaky.
  const passed = number(stats?.expected) + number(stats?.flaky);
  return honest({ passed, failed: number(stats?.unexpected), skipped: number(stats?.skipped) }, exitCode);
}

/**
 * What no test accounts for is one failure more: an error outside the tests, a crash, an empty run.
 * @param {Counts} counts
 * @param {number} exitCode
 * @returns {Counts}
 */
function honest(counts, exitCode) {
  const unexplained = counts.failed === 0 && (exitCode !== 0 || counts.passed === 0);
  return unexplained ? { ...counts, failed: 1 } : counts;
}

/** @param {unknown} value */
function number(value) {
  return typeof value === "number" ? value : 0;
}

/**
 * @param {readonly Counts[]} all
 * @returns {Counts}
 */
export function addCounts(all) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const one of all) {
    sum.passed += one.passed;
    sum.failed += one.failed;
    sum.skipped += one.skipped;
  }
  return sum;
}

/** @param {Counts} counts */
export function summarise({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}
