import { type Check, type Evidence, type Facts, type Failure, type Judgement, NOT_SURE } from "../lab.ts";
import { countOf, secondsOf } from "./quantity.ts";

/** A number that a belief yields in place of the truth. */
export interface Belief {
  /** The second half of the message's name: `hang/one-failure`. */
  readonly id: string;
  readonly value: number;
  readonly misconception: string;
}

interface NumberQuestion {
  readonly id: string;
  /** The check's own name, where it is not that of the prediction. */
  readonly check?: string;
  readonly unit: "s" | "count";
  readonly tolerance: number;
  readonly points: number;
  /** How far from a belief's value an answer still counts as that belief. */
  readonly beliefs: readonly Belief[];
  readonly beliefTolerance?: number;
}

/** A number with its unit, held against what the engine measured. */
export function predictsNumber(question: NumberQuestion): Check {
  const { id, points } = question;
  return { id: question.check ?? id, kind: "number", points, judge: (evidence) => judgeNumber(question, evidence) };
}

function judgeNumber(question: NumberQuestion, evidence: Evidence): Judgement {
  const truth = Number(evidence.truth[question.id] ?? Number.NaN);
  const expected = shown(truth, question.unit);
  const answer = answerTo(evidence, question.id);
  const open = unanswered(answer, expected);
  if (open !== undefined) return open;
  const value = question.unit === "s" ? secondsOf(answer) : countOf(answer);
  if (value === undefined) {
    const form = question.unit === "s" ? "a time such as 31 or 31 s" : "a whole number";
    return failed("unreadable", { form, answered: quoted(answer) });
  }
  if (Math.abs(value - truth) <= question.tolerance) return { kind: "passed" };
  const facts = { expected, answered: shown(value, question.unit) };
  const near = question.beliefTolerance ?? 0;
  const belief = question.beliefs.find((one) => Math.abs(one.value - value) <= near);
  const check = question.check ?? question.id;
  if (belief === undefined) return failed(check, facts);
  return { ...failed(`${check}/${belief.id}`, facts), misconception: belief.misconception };
}

/** Seconds to a tenth, without a useless zero; counts as they are. */
function shown(value: number, unit: "s" | "count"): string {
  return unit === "s" ? `${Math.floor(value * 10 + 0.5) / 10} s` : String(value);
}

interface ChoiceQuestion {
  readonly id: string;
  readonly check?: string;
  readonly points: number;
  /** The belief behind each wrong option. */
  readonly misconceptions: Readonly<Record<string, string>>;
}

/** One of several options, held against what the engine did: one cell of a table. */
export function predictsChoice(question: ChoiceQuestion): Check {
  const { id, points } = question;
  return { id: question.check ?? id, kind: "table", points, judge: (evidence) => judgeChoice(question, evidence) };
}

function judgeChoice(question: ChoiceQuestion, evidence: Evidence): Judgement {
  const truth = String(evidence.truth[question.id] ?? "");
  const answer = answerTo(evidence, question.id);
  const open = unanswered(answer, truth);
  if (open !== undefined) return open;
  const chosen = String(answer).trim().toLowerCase();
  if (chosen === truth) return { kind: "passed" };
  const misconception = Object.hasOwn(question.misconceptions, chosen) ? question.misconceptions[chosen] : undefined;
  const facts = { expected: truth, answered: quoted(answer) };
  const check = question.check ?? question.id;
  const isKnown = isOption(evidence, question.id, chosen);
  if (!isKnown) return failed("unreadable", { form: optionsOf(evidence, question.id), answered: quoted(answer) });
  const reason = `${check}/${chosen}`;
  return { ...failed(reason, facts), ...(misconception === undefined ? {} : { misconception }) };
}

function isOption(evidence: Evidence, id: string, chosen: string): boolean {
  const prediction = evidence.lab.predictions.find((one) => one.id === id);
  return prediction?.kind === "choice" && prediction.options.includes(chosen);
}

function optionsOf(evidence: Evidence, id: string): string {
  const prediction = evidence.lab.predictions.find((one) => one.id === id);
  return prediction?.kind === "choice" ? `one of ${prediction.options.join(", ")}` : "";
}

function answerTo(evidence: Evidence, id: string): unknown {
  const { answers } = evidence.submission;
  return Object.hasOwn(answers, id) ? answers[id] : undefined;
}

function unanswered(answer: unknown, expected: string): Failure | undefined {
  if (answer === undefined || answer === null || answer === "") return failed("unanswered", {});
  return answer === NOT_SURE ? failed("not-sure", { expected }) : undefined;
}

/** The longest answer that a message repeats. */
const QUOTE_LENGTH_MAX = 60;

function quoted(answer: unknown): string {
  const text = typeof answer === "string" ? answer : (JSON.stringify(answer) ?? "");
  return text.length > QUOTE_LENGTH_MAX ? `${text.slice(0, QUOTE_LENGTH_MAX)}…` : text;
}

function failed(reason: string, facts: Facts): Failure {
  return { kind: "failed", reason, facts };
}
