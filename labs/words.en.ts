import { misconceptionWords } from "./misconceptions/words.en.ts";
import { words as databaseDown } from "./probes/database-down/words.en.ts";
import { words as detectionTime } from "./probes/detection-time/words.en.ts";
import { words as fourMechanisms } from "./probes/four-mechanisms/words.en.ts";
import { words as notReadyNotUnreachable } from "./probes/not-ready-not-unreachable/words.en.ts";
import { quizWords } from "./probes/quiz-words.en.ts";
import { words as slowStarter } from "./probes/slow-starter/words.en.ts";
import type { LabWords, Message, Words } from "./words.ts";

/** Messages that every lab may need. */
const common = {
  undecided: {
    expected: "what the check asks for, within the time of the schedule",
    observed: "it had not happened when the schedule ended",
    next: "Run the lab in the page and look at the log from the first fault on.",
  },
  "hand-in-failed": {
    expected: "`{line}` succeeds",
    observed: "exit code {exitCode}: {words}",
    next: "Correct the manifest at the place that the message names, and hand it in again.",
  },
  "limit-reached": {
    expected: "a grade within its limits",
    observed: "stopped by {limit}",
    next: "Look for a setting that makes very many events, such as a probe every second on many Pods.",
  },
  unanswered: {
    expected: "a prediction before the run",
    observed: "no answer",
    next: "Write down what you expect, even as a guess: a wrong guess is remembered better than none.",
  },
  "not-sure": {
    expected: "{expected}",
    observed: "not sure",
    next: "Run it and watch; then read the section above once more and answer again.",
  },
  unreadable: {
    expected: "{form}",
    observed: "{answered}",
    next: "Write a plain number, with its unit where one is asked for.",
  },
} as const satisfies Readonly<Record<string, Message>>;

/** English. Another language is another file of this shape, and one line in `tell.ts`. */
export const english: Words = {
  language: "en",
  chapters: { probes: "Probes" },
  labs: {
    "probes/detection-time": withCommon(detectionTime),
    "probes/slow-starter": withCommon(slowStarter),
    "probes/database-down": withCommon(databaseDown),
    "probes/four-mechanisms": withCommon(fourMechanisms),
    "probes/not-ready-not-unreachable": withCommon(notReadyNotUnreachable),
  },
  quizzes: { probes: quizWords },
  misconceptions: misconceptionWords,
  phrases: {
    notSure: "Not sure",
    undecided: common.undecided,
    handInFailed: common["hand-in-failed"],
    limitReached: common["limit-reached"],
    answersHead: "Your predictions. Write one answer after each colon; not-sure is an answer too.",
    notModelled: "not modelled: {path}; the grade does not depend on this field",
    bound: "No schedule failed: with 95 % confidence fewer than 3/{count} of all schedules fail.",
  },
};

function withCommon(words: LabWords): LabWords {
  return { ...words, messages: { ...common, ...words.messages } };
}
