import type { GradeDocument, GradedCheck, GradedLab, InvalidSubmission } from "../grade-document.ts";

/** SARIF 2.1.0 (OASIS): a rule for each check, a result for each that failed. */
export function sarif(document: GradeDocument): string {
  const rules = [...new Map(document.labs.flatMap(rulesOf).map((rule) => [rule.id, rule])).values(), INVALID_RULE];
  const results = [...document.labs.flatMap(resultsOf), ...document.invalid.map(invalidResult)];
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "workbook", version: document.engine, rules } },
        columnKind: "utf16CodeUnits",
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

interface Rule {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
}

const INVALID_RULE: Rule = { id: "invalid-submission", shortDescription: { text: "The submission can be read" } };

function ruleId(lab: GradedLab, check: GradedCheck): string {
  return `${lab.id}/${check.id}`;
}

function rulesOf(lab: GradedLab): readonly Rule[] {
  return lab.checks.map((check) => ({ id: ruleId(lab, check), shortDescription: { text: check.title } }));
}

function resultsOf(lab: GradedLab): readonly unknown[] {
  return lab.checks
    .filter((check) => !check.passed)
    .map((check) => ({
      ruleId: ruleId(lab, check),
      level: "error",
      message: { text: `${check.message} Expected: ${check.expected}. Observed: ${check.observed}.` },
      locations: [location(`${lab.path}/${lab.file}`, 1, 1)],
      partialFingerprints: { "workbookCheck/v1": ruleId(lab, check) },
      properties: { points: check.points, maxPoints: check.maxPoints, digest: lab.digest },
    }));
}

function invalidResult(invalid: InvalidSubmission): unknown {
  return {
    ruleId: INVALID_RULE.id,
    level: "error",
    message: { text: invalid.message },
    locations: [location(invalid.file, invalid.line ?? 1, invalid.column ?? 1)],
    partialFingerprints: { "workbookCheck/v1": INVALID_RULE.id },
  };
}

function location(file: string, startLine: number, startColumn: number): unknown {
  const uri = file.split("/").map(encodeURIComponent).join("/");
  return { physicalLocation: { artifactLocation: { uri }, region: { startLine, startColumn } } };
}
