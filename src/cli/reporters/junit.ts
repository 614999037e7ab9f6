import type { GradeDocument, GradedCheck, GradedLab, InvalidSubmission } from "../grade-document.ts";

/** JUnit XML: a suite for each lab, a case for each check. */
export function junit(document: GradeDocument): string {
  const suites = [...document.labs.map(suite), ...document.invalid.map(invalidSuite)];
  const tests = document.labs.flatMap((lab) => lab.checks).length + document.invalid.length;
  const failures = document.labs.flatMap((lab) => lab.checks).filter((check) => !check.passed).length;
  const head = `<testsuites name="workbook" tests="${tests}" failures="${failures}" errors="${document.invalid.length}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${[head, ...suites, "</testsuites>"].join("\n")}\n`;
}

function suite(lab: GradedLab): string {
  const failed = lab.checks.filter((check) => !check.passed).length;
  const seconds = (lab.durationMs / 1000).toFixed(3);
  const head = `  <testsuite name="${xml(lab.id)}" tests="${lab.checks.length}" failures="${failed}" errors="0" skipped="0" time="${seconds}">`;
  const properties = [
    "    <properties>",
    `      <property name="digest" value="${xml(lab.digest)}"/>`,
    `      <property name="points" value="${lab.points}/${lab.maxPoints}"/>`,
    "    </properties>",
  ];
  return [head, ...properties, ...lab.checks.map((check) => testCase(lab, check)), "  </testsuite>"].join("\n");
}

function testCase(lab: GradedLab, check: GradedCheck): string {
  const open = `    <testcase classname="${xml(lab.id)}" name="${xml(check.title)}"`;
  if (check.passed) return `${open}/>`;
  const story = lab.failingSchedule?.check === check.id ? lab.failingSchedule.story : [];
  const text = [check.message, `expected: ${check.expected}`, `observed: ${check.observed}`, ...story].join("\n");
  return `${open}>\n      <failure message="${xml(check.message)}" type="${xml(check.id)}">${xml(text)}</failure>\n    </testcase>`;
}

function invalidSuite(invalid: InvalidSubmission): string {
  const place = [invalid.file, invalid.line, invalid.column].filter((part) => part !== undefined).join(":");
  return [
    `  <testsuite name="${xml(invalid.path)}" tests="1" failures="0" errors="1" skipped="0" time="0.000">`,
    `    <testcase classname="${xml(invalid.path)}" name="the submission can be read">`,
    `      <error message="${xml(invalid.message)}" type="invalid">${xml(`${place}: ${invalid.message}`)}</error>`,
    "    </testcase>",
    "  </testsuite>",
  ].join("\n");
}

/** Escapes, and leaves out what XML 1.0 has no way to write. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}
