import { parseTime, rfc3339 } from "../api/time.ts";
import type { Situation } from "./sync.ts";

/** Milliseconds since 1970 of an object's time, or undefined where it has none. */
export function parseDate(text: string | null | undefined): number | undefined {
  return text === undefined || text === null ? undefined : parseTime(text);
}

/** The time as an object shows it. */
export function printDate(epochMillis: number): string {
  return rfc3339(epochMillis);
}

/** The date of a situation in milliseconds since 1970. */
export function dateOf(situation: Pick<Situation<unknown>, "now" | "epochMillis">): number {
  return situation.epochMillis + situation.now;
}
