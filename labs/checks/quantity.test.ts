import { describe, expect, test } from "vitest";
import { countOf, secondsOf } from "./quantity.ts";

describe("a time as people write it", () => {
  const cases: readonly (readonly [says: string, answer: unknown, seconds: number | undefined])[] = [
    ["a bare number is seconds", 31, 31],
    ["a bare number as text is seconds", "31", 31],
    ["a unit with a space", "31 s", 31],
    ["a unit without a space", "31s", 31],
    ["a unit written out", "31 seconds", 31],
    ["minutes", "0.5 min", 30],
    ["milliseconds", "15000 ms", 15],
    ["a decimal comma", "12,5", 12.5],
    ["a Chinese unit", "17 秒", 17],
    ["as Go prints durations", "1m1s", 61],
    ["with a tilde", "~31 s", 31],
    ["a negative number is none", -1, undefined],
    ["infinity is none", Number.POSITIVE_INFINITY, undefined],
    ["an unknown unit is none", "31 parsecs", undefined],
    ["a name of Object.prototype is no unit", "1 constructor", undefined],
    ["nothing is none", "", undefined],
    ["a list is none", [31], undefined],
    ["a very long text is not read", "1".repeat(100), undefined],
  ];
  test.each(cases)("%s", (_, answer, seconds) => {
    expect(secondsOf(answer)).toBe(seconds);
  });
});

describe("a count", () => {
  const cases: readonly (readonly [says: string, answer: unknown, count: number | undefined])[] = [
    ["a number", 3, 3],
    ["as text", " 3 ", 3],
    ["with a word", "3 times", 3],
    ["with a Chinese word", "3次", 3],
    ["half a time is none", 1.5, undefined],
    ["a time is none", "3 s", undefined],
  ];
  test.each(cases)("%s", (_, answer, count) => {
    expect(countOf(answer)).toBe(count);
  });
});
