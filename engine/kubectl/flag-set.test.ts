import { expect, test } from "vitest";
import { failureOf, messageOf } from "./failure.ts";
import { boolFlag, flagsOf, intFlag, listFlag, parseFlags, textFlag } from "./flag-set.ts";

const DEFINED = flagsOf(
  "f,filename:list o,output:string replicas:int=1 w,watch dry-run:string=none?unchanged t,tty i,stdin timeout:duration",
);

function complaint(words: readonly string[]): string {
  try {
    parseFlags(DEFINED, words);
  } catch (caught) {
    return messageOf(failureOf(caught));
  }
  return "";
}

/** Sentences of kubectl 1.36 itself, taken from its own command line. */
const COMPLAINTS: readonly (readonly [what: string, words: readonly string[], message: string])[] = [
  ["an unknown long flag is named", ["--foo"], "unknown flag: --foo"],
  ["an unknown letter is named with its group", ["-z"], "unknown shorthand flag: 'z' in -z"],
  ["a flag without its value", ["--output"], "flag needs an argument: --output"],
  ["a letter without its value", ["-o"], "flag needs an argument: 'o' in -o"],
  [
    "a number that is none",
    ["--replicas=x"],
    'invalid argument "x" for "--replicas" flag: strconv.ParseInt: parsing "x": invalid syntax',
  ],
  [
    "a boolean that is none",
    ["-w=abc"],
    'invalid argument "abc" for "-w, --watch" flag: strconv.ParseBool: parsing "abc": invalid syntax',
  ],
  [
    "a duration without a unit",
    ["--timeout=5"],
    'invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"',
  ],
];

test.each(COMPLAINTS)("%s", (_, words, message) => {
  expect(complaint(words)).toBe(message);
});

test("flags and arguments may stand in any order, and -- ends the flags", () => {
  const { flags, args, argsBeforeDash } = parseFlags(DEFINED, [
    "pods",
    "-ojson",
    "-it",
    "--replicas",
    "3",
    "-f",
    "a,b",
    "-f=c",
    "--",
    "-x",
  ]);
  expect(textFlag(flags, "output")).toBe("json");
  expect([boolFlag(flags, "stdin"), boolFlag(flags, "tty"), boolFlag(flags, "watch")]).toEqual([true, true, false]);
  expect(intFlag(flags, "replicas")).toBe(3);
  expect(listFlag(flags, "filename")).toEqual(["a", "b", "c"]);
  expect(args).toEqual(["pods", "-x"]);
  expect(argsBeforeDash).toBe(1);
});

test("a flag that may stand alone has a value of its own", () => {
  expect(textFlag(parseFlags(DEFINED, ["--dry-run"]).flags, "dry-run")).toBe("unchanged");
  expect(textFlag(parseFlags(DEFINED, ["--dry-run=client"]).flags, "dry-run")).toBe("client");
  expect(textFlag(parseFlags(DEFINED, []).flags, "dry-run")).toBe("none");
});
