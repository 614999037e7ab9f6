import { type Check, type Evidence, type Judgement, NOT_SURE } from "../lab.ts";

/** An order of steps that is held against a partial order: every order that keeps the pairs is right. Partial credit by pairs. */
export function orders(question: {
  readonly id: string;
  readonly points: number;
  readonly steps: readonly string[];
  readonly before: readonly (readonly [string, string])[];
}): Check {
  return {
    id: question.id,
    kind: "order",
    points: question.points,
    judge: (evidence) => judgeOrder(question, evidence),
  };
}

function judgeOrder(
  question: {
    readonly id: string;
    readonly steps: readonly string[];
    readonly before: readonly (readonly [string, string])[];
  },
  evidence: Evidence,
): Judgement {
  const { id, steps, before } = question;
  const answer = Object.hasOwn(evidence.submission.answers, id) ? evidence.submission.answers[id] : undefined;
  if (answer === NOT_SURE) return { kind: "failed", reason: "not-sure", facts: { expected: steps.join(", ") } };
  const given: readonly unknown[] = Array.isArray(answer) ? answer : [];
  if (given.length !== steps.length || !steps.every((step) => given.includes(step))) {
    return {
      kind: "failed",
      reason: "unreadable",
      facts: { form: `each of ${steps.join(", ")} once`, answered: String(answer) },
    };
  }
  const broken = before.find(([first, second]) => given.indexOf(first) > given.indexOf(second));
  if (broken === undefined) return { kind: "passed" };
  const kept = before.filter(([first, second]) => given.indexOf(first) < given.indexOf(second)).length;
  const [first, second] = broken;
  return {
    kind: "failed",
    reason: id,
    facts: { first, second },
    earnedPercent: Math.floor((kept * 100) / before.length),
  };
}
