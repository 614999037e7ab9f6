import type { Variant } from "../../verify/mistake.ts";
import { solution } from "./solution.ts";

/** Other right answers: within one period of what the engine measures. */
export const alternatives: readonly Variant[] = [
  answered("without-timeout", "the timeout left out", { hang: 30, delay: 15 }),
  answered("rounded", "rounded values", {
    hang: 30,
    unready: 15,
    delay: 20,
    "slow-start": 45,
    "delayed-ready": 25,
    budget: 30,
  }),
  answered("on-average", "half a period less than the worst case", { hang: 26, unready: 12.5, delay: 14.5 }),
];

/** Changes that alter nothing that was asked for. */
export const harmless: readonly Variant[] = [
  answered("seconds", "with the unit", { hang: "31 s" }),
  answered("no-space", "the unit without a space", { hang: "31s" }),
  answered("in-words", "the unit written out", { hang: "31 seconds" }),
  answered("minutes", "in minutes", { "slow-start": "0.8 min" }),
  answered("milliseconds", "in milliseconds", { unready: "15000 ms" }),
  answered("chinese", "a Chinese unit", { delay: "17 秒" }),
  answered("about", "with a tilde", { hang: "~31 s" }),
  answered("decimal-comma", "a decimal comma", { unready: "15,0" }),
  answered("go-duration", "as Kubernetes prints durations", { "slow-start": "0m50s" }),
];

function answered(id: string, says: string, answers: Readonly<Record<string, unknown>>): Variant {
  return { id, says, submission: { ...solution, answers: { ...solution.answers, ...answers } } };
}
