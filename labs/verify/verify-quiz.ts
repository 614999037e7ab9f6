import { judgeItem } from "../judge-item.ts";
import { experiments } from "../probes/experiments.ts";
import type { Item, ItemAnswer, ItemWords, Quiz } from "../quiz.ts";
import { english } from "../words.en.ts";
import type { Trial } from "./verify-lab.ts";

/** Source: learning.md, R5. */
const EXPLANATION_WORDS_MIN = 12;
/** Source: learning.md, G4. */
const ENGINE_SHARE_MIN = 0.4;
const RECALL_SHARE_MAX = 0.2;
/** Source: learning.md, R8. */
const CONFIDENCE_SHARE_MIN = 1 / 3;

/** Everything that must hold of a quiz: keys as the engine has them, words for everything, no cues in the texts. */
export function quizTrialsOf(quiz: Quiz): readonly (() => Trial)[] {
  const of = `quiz/${quiz.chapter}`;
  const words = english.quizzes[quiz.chapter] ?? {};
  return [
    ...quiz.items.flatMap((item) => [() => keyHolds(of, item), () => isWorded(of, item, words[item.id])]),
    () =>
      share(
        of,
        "keys from the engine",
        count(quiz, (item) => item.key.from === "engine"),
        (part) => part >= ENGINE_SHARE_MIN,
      ),
    () =>
      share(
        of,
        "pure recall",
        count(quiz, (item) => item.asks === "recall"),
        (part) => part <= RECALL_SHARE_MAX,
      ),
    () =>
      share(
        of,
        "items that ask for confidence",
        count(quiz, (item) => item.asksConfidence),
        (part) => part >= CONFIDENCE_SHARE_MIN,
      ),
    ...cueBots.map((bot) => () => isBlind(of, bot, quiz, words)),
  ];
}

function trial(of: string, kind: Trial["kind"], name: string, complaint: string): Trial {
  return { of, kind, name, isRight: complaint === "", complaint };
}

function count(quiz: Quiz, holds: (item: Item) => boolean): number {
  return quiz.items.filter(holds).length / quiz.items.length;
}

function share(of: string, name: string, part: number, isEnough: (part: number) => boolean): Trial {
  return trial(of, "count", name, isEnough(part) ? "" : `${Math.floor(part * 100)} %`);
}

/** The engine's answer is judged right, and the key of the item is judged right too. */
function keyHolds(of: string, item: Item): Trial {
  const key = keyOf(item);
  if (!judgeItem(item, key).isRight) return trial(of, "key", item.id, "its own key is judged wrong");
  if (item.key.from === "source")
    return trial(of, "key", item.id, item.key.url.startsWith("https://") ? "" : "has no source");
  const experiment = experiments[item.key.experiment];
  if (experiment === undefined) return trial(of, "key", item.id, `no experiment ${item.key.experiment}`);
  const found = experiment();
  const answer: ItemAnswer = typeof found === "number" ? String(found) : found;
  const isRight = judgeItem(item, answer).isRight;
  return trial(
    of,
    "key",
    item.id,
    isRight ? "" : `the engine answers ${String(found)}, the key is ${JSON.stringify(key)}`,
  );
}

/** The right answer, as a learner would give it. */
export function keyOf(item: Item): ItemAnswer {
  switch (item.kind) {
    case "single":
    case "predict-output":
    case "predict-run":
      return item.options.find((option) => option.isRight)?.id ?? "";
    case "multiple":
      return item.options.filter((option) => option.isRight).map((option) => option.id);
    case "number":
      return String(item.right);
    case "text":
      return item.accepted[0] ?? "";
    case "order":
      return ordered(item.steps, item.before);
    case "match":
      return item.pairs;
  }
}

/** An order that keeps all pairs. */
function ordered(steps: readonly string[], before: readonly (readonly [string, string])[]): readonly string[] {
  const left = [...steps];
  const done: string[] = [];
  while (left.length > 0) {
    const next = left.findIndex((step) => before.every(([first, second]) => second !== step || done.includes(first)));
    if (next < 0) return steps;
    done.push(...left.splice(next, 1));
  }
  return done;
}

function isWorded(of: string, item: Item, words: ItemWords | undefined): Trial {
  if (words === undefined) return trial(of, "message", item.id, "has no words");
  const shown = "options" in item ? item.options.map((option) => option.id) : item.kind === "order" ? item.steps : [];
  const missing = shown.find((id) => words.options[id] === undefined);
  if (missing !== undefined) return trial(of, "message", item.id, `no text for ${missing}`);
  const unexplained = explainedIn(item).find(
    (id) => (words.explanations[id]?.split(/\s+/).length ?? 0) < EXPLANATION_WORDS_MIN,
  );
  if (unexplained !== undefined)
    return trial(
      of,
      "message",
      item.id,
      `the explanation of ${unexplained} has fewer than ${EXPLANATION_WORDS_MIN} words`,
    );
  const unknown = beliefsOf(item).find((id) => english.misconceptions[id] === undefined);
  return trial(of, "message", item.id, unknown === undefined ? "" : `no misconception ${unknown}`);
}

function explainedIn(item: Item): readonly string[] {
  if ("options" in item) return item.options.map((option) => option.id);
  return ["right", "wrong", ...("beliefs" in item ? item.beliefs.map((belief) => belief.misconception) : [])];
}

function beliefsOf(item: Item): readonly string[] {
  if ("options" in item) return item.options.flatMap((option) => option.misconception ?? []);
  return "beliefs" in item ? item.beliefs.map((belief) => belief.misconception) : [item.misconception];
}

interface Seen {
  readonly stem: string;
  readonly texts: readonly string[];
}

interface CueBot {
  readonly name: string;
  /** The position that it chooses, from the texts alone. */
  readonly choose: (seen: Seen) => number;
}

/** Source: learning.md, R9 and G6. */
const cueBots: readonly CueBot[] = [
  { name: "the longest option", choose: ({ texts }) => best(texts, (text) => text.length) },
  { name: "the shortest option", choose: ({ texts }) => best(texts, (text) => -text.length) },
  {
    name: "the most qualified option",
    choose: ({ texts }) => best(texts, (text) => text.split(/[,;:(]|\b(?:as|until|while|up to|when)\b/).length),
  },
  {
    name: "the option that shares most words with the stem",
    choose: ({ stem, texts }) => best(texts, (text) => sharedWords(stem, text)),
  },
  { name: "the middle option", choose: ({ texts }) => Math.floor((texts.length - 1) / 2) },
  { name: "the last option", choose: ({ texts }) => texts.length - 1 },
];

function best(texts: readonly string[], score: (text: string) => number): number {
  const scores = texts.map(score);
  return scores.indexOf(Math.max(...scores));
}

function sharedWords(stem: string, text: string): number {
  const known = new Set(stem.toLowerCase().match(/[a-z]{4,}/g));
  return (text.toLowerCase().match(/[a-z]{4,}/g) ?? []).filter((word) => known.has(word)).length;
}

/** How far above chance a bot may score in one chapter: two standard errors, 17 points for 30 items of 3 options (G6). */
function allowance(chance: number, items: number): number {
  let root = 1;
  const variance = (chance * (1 - chance)) / items;
  for (let turn = 0; turn < 30; turn++) root = (root + variance / root) / 2;
  return 2 * root;
}

function isBlind(of: string, bot: CueBot, quiz: Quiz, words: Readonly<Record<string, ItemWords>>): Trial {
  const singles = quiz.items.flatMap((item) => ("options" in item && item.kind !== "multiple" ? [item] : []));
  const hits = singles.filter((item) => {
    const own = words[item.id];
    const texts = item.options.map((option) => own?.options[option.id] ?? "");
    return item.options[bot.choose({ stem: own?.stem ?? "", texts })]?.isRight === true;
  }).length;
  const chance = singles.reduce((sum, item) => sum + 1 / item.options.length, 0) / singles.length;
  const score = hits / singles.length;
  const most = chance + allowance(chance, singles.length);
  return trial(
    of,
    "cue",
    bot.name,
    score <= most ? "" : `scores ${Math.floor(score * 100)} %, at most ${Math.floor(most * 100)} %`,
  );
}
