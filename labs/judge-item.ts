import { countOf, secondsOf } from "./checks/quantity.ts";
import { NOT_SURE } from "./lab.ts";
import type { Item, ItemAnswer, ItemFinding, Option } from "./quiz.ts";

/** Judges one answer. "Not sure" is wrong without a misconception: the explanation of what is right follows. */
export function judgeItem(item: Item, answer: ItemAnswer): ItemFinding {
  if (answer === NOT_SURE) return finding(item, { earnedPercent: 0, explanations: ["right"] });
  switch (item.kind) {
    case "single":
    case "predict-output":
    case "predict-run":
      return judgeSingle(item, item.options, answer);
    case "multiple":
      return judgeMultiple(item, item.options, answer);
    case "number":
      return judgeNumber(item, answer);
    case "text":
      return judgeText(item, answer);
    case "order":
      return judgeOrder(item, answer);
    case "match":
      return judgeMatch(item, answer);
  }
}

interface Outcome {
  readonly earnedPercent: number;
  readonly explanations: readonly string[];
  readonly misconception?: string | undefined;
}

function finding(item: Item, outcome: Outcome): ItemFinding {
  const { earnedPercent, explanations, misconception } = outcome;
  return {
    item: item.id,
    isRight: earnedPercent === 100,
    earnedPercent,
    explanations: explanations.includes("right") && hasOptions(item) ? rightOptions(item) : explanations,
    ...(misconception === undefined ? {} : { misconception }),
  };
}

function hasOptions(item: Item): item is Extract<Item, { readonly options: readonly Option[] }> {
  return "options" in item;
}

function rightOptions(item: Extract<Item, { readonly options: readonly Option[] }>): readonly string[] {
  return item.options.filter((option) => option.isRight).map((option) => option.id);
}

function judgeSingle(item: Item, options: readonly Option[], answer: ItemAnswer): ItemFinding {
  const chosen = options.find((option) => option.id === answer);
  if (chosen === undefined) return finding(item, { earnedPercent: 0, explanations: ["right"] });
  const explanations = [chosen.id, ...options.filter((option) => option !== chosen).map((option) => option.id)];
  return finding(item, {
    earnedPercent: chosen.isRight ? 100 : 0,
    explanations,
    misconception: chosen.misconception,
  });
}

function judgeMultiple(item: Item, options: readonly Option[], answer: ItemAnswer): ItemFinding {
  const chosen = Array.isArray(answer) ? answer : [];
  const wrong = options.filter((option) => chosen.includes(option.id) !== option.isRight);
  const earnedPercent = Math.floor(((options.length - wrong.length) * 100) / options.length);
  const misconception = wrong.find((option) => option.misconception !== undefined)?.misconception;
  return finding(item, { earnedPercent, explanations: options.map((option) => option.id), misconception });
}

function judgeNumber(item: Extract<Item, { readonly kind: "number" }>, answer: ItemAnswer): ItemFinding {
  const value = item.unit === "s" ? secondsOf(answer) : countOf(answer);
  if (value === undefined) return finding(item, { earnedPercent: 0, explanations: ["right"] });
  if (Math.abs(value - item.right) <= item.tolerance)
    return finding(item, { earnedPercent: 100, explanations: ["right"] });
  const belief = item.beliefs.find((one) => one.value === value);
  const misconception = belief?.misconception;
  return finding(item, { earnedPercent: 0, explanations: [misconception ?? "wrong", "right"], misconception });
}

function judgeText(item: Extract<Item, { readonly kind: "text" }>, answer: ItemAnswer): ItemFinding {
  const typed = typeof answer === "string" ? plain(answer) : "";
  if (item.accepted.some((text) => plain(text) === typed)) {
    return finding(item, { earnedPercent: 100, explanations: ["right"] });
  }
  const misconception = item.beliefs.find((one) => plain(one.value) === typed)?.misconception;
  return finding(item, { earnedPercent: 0, explanations: [misconception ?? "wrong", "right"], misconception });
}

function plain(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[`"'.]/g, "")
    .replace(/\s+/g, " ");
}

function judgeOrder(item: Extract<Item, { readonly kind: "order" }>, answer: ItemAnswer): ItemFinding {
  const given = Array.isArray(answer) ? answer : [];
  const isWhole = given.length === item.steps.length && item.steps.every((step) => given.includes(step));
  const kept = item.before.filter(([first, second]) => given.indexOf(first) < given.indexOf(second)).length;
  const earnedPercent = isWhole ? Math.floor((kept * 100) / item.before.length) : 0;
  const isRight = earnedPercent === 100;
  return finding(item, {
    earnedPercent,
    explanations: [isRight ? "right" : "wrong"],
    misconception: isRight || !isWhole ? undefined : item.misconception,
  });
}

function judgeMatch(item: Extract<Item, { readonly kind: "match" }>, answer: ItemAnswer): ItemFinding {
  const pairs: Readonly<Record<string, string>> =
    typeof answer === "object" && !Array.isArray(answer) ? (answer as Readonly<Record<string, string>>) : {};
  const right = item.left.filter((id) => Object.hasOwn(pairs, id) && pairs[id] === item.pairs[id]).length;
  const earnedPercent = Math.floor((right * 100) / item.left.length);
  const isRight = earnedPercent === 100;
  return finding(item, {
    earnedPercent,
    explanations: [isRight ? "right" : "wrong"],
    misconception: isRight ? undefined : item.misconception,
  });
}
