// After github.com/spf13/pflag v1.0 flag.go: long and short flags, values beside or behind, `--` ends them.
import { refusal } from "./failure.ts";
import { parseDuration } from "./duration.ts";
import { FLAG_GROUPS } from "./command-table.ts";

export type FlagType = "bool" | "string" | "int" | "duration" | "list" | "array" | "map";

export interface Flag {
  readonly name: string;
  readonly shorthand: string;
  readonly type: FlagType;
  readonly initial: string;
  /** What the flag is set to when it is named without a value; empty: it must have one. */
  readonly bare: string;
}

/** The flags given on a command line, with the types' readers. */
export interface Flags {
  readonly defined: ReadonlyMap<string, Flag>;
  /** What was given, in order; a flag that was not given is absent. */
  readonly given: ReadonlyMap<string, readonly string[]>;
}

/** Reads the register's short form: `f,filename:list dry-run:string=none?unchanged all`. */
export function flagsOf(encoded: string): readonly Flag[] {
  return encoded
    .split(" ")
    .filter((word) => word !== "")
    .flatMap((word) => {
      const group = FLAG_GROUPS[word];
      return group === undefined ? [flagOf(word)] : flagsOf(group);
    });
}

function flagOf(word: string): Flag {
  const match = /^(?:(\w),)?([\w-]+)(?::(\w+))?(?:=(.*?))?(?:\?(\w*))?$/.exec(word);
  const type = (match?.[3] ?? "bool") as FlagType;
  return {
    shorthand: match?.[1] ?? "",
    name: match?.[2] ?? "",
    type,
    initial: match?.[4] ?? (type === "bool" ? "false" : ""),
    bare: match?.[5] ?? (type === "bool" ? "true" : ""),
  };
}

export interface Parsed {
  readonly flags: Flags;
  readonly args: readonly string[];
  /** How many arguments came before `--`; -1 where there is none. */
  readonly argsBeforeDash: number;
}

/** Parses the words after the command's name. `-h` and `--help` count as a flag named `help`. */
export function parseFlags(defined: readonly Flag[], words: readonly string[]): Parsed {
  const byName = new Map(defined.map((flag) => [flag.name, flag]));
  byName.set("help", HELP);
  const given = new Map<string, string[]>();
  const args: string[] = [];
  let argsBeforeDash = -1;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "--") {
      argsBeforeDash = args.length;
      args.push(...words.slice(index + 1));
      break;
    }
    if (word === "-" || !word.startsWith("-")) args.push(word);
    else index += takeFlag({ byName, given }, words, index);
  }
  return { flags: { defined: byName, given }, args, argsBeforeDash };
}

const HELP: Flag = { name: "help", shorthand: "h", type: "bool", initial: "false", bare: "true" };

interface Parsing {
  readonly byName: ReadonlyMap<string, Flag>;
  readonly given: Map<string, string[]>;
}

/** Takes the flag at `index`; answers how many further words were its value. */
function takeFlag(parsing: Parsing, words: readonly string[], index: number): number {
  const word = words[index] ?? "";
  return word.startsWith("--")
    ? takeLong(parsing, word.slice(2), words[index + 1])
    : takeShort(parsing, word.slice(1), words[index + 1]);
}

function takeLong(parsing: Parsing, body: string, next: string | undefined): number {
  if (body.startsWith("-") || body.startsWith("=")) throw refusal(`bad flag syntax: --${body}`);
  const equals = body.indexOf("=");
  const name = equals < 0 ? body : body.slice(0, equals);
  const flag = parsing.byName.get(name);
  if (flag === undefined) throw refusal(`unknown flag: --${name}`);
  if (equals >= 0) return assign(parsing, flag, body.slice(equals + 1), 0);
  if (flag.bare !== "") return assign(parsing, flag, flag.bare, 0);
  if (next === undefined) throw refusal(`flag needs an argument: --${name}`);
  return assign(parsing, flag, next, 1);
}

function takeShort(parsing: Parsing, body: string, next: string | undefined): number {
  const letter = body[0] ?? "";
  const flag = [...parsing.byName.values()].find((each) => each.shorthand === letter);
  if (flag === undefined) throw refusal(`unknown shorthand flag: '${letter}' in -${body}`);
  if (body.length > 2 && body[1] === "=") return assign(parsing, flag, body.slice(2), 0);
  if (flag.bare !== "") {
    assign(parsing, flag, flag.bare, 0);
    return body.length > 1 ? takeShort(parsing, body.slice(1), next) : 0;
  }
  if (body.length > 1) return assign(parsing, flag, body.slice(1), 0);
  if (next === undefined) throw refusal(`flag needs an argument: '${letter}' in -${body}`);
  return assign(parsing, flag, next, 1);
}

function assign(parsing: Parsing, flag: Flag, value: string, taken: number): number {
  const problem = problemOf(flag, value);
  if (problem !== undefined) {
    const shown = flag.shorthand === "" ? `--${flag.name}` : `-${flag.shorthand}, --${flag.name}`;
    throw refusal(`invalid argument ${JSON.stringify(value)} for "${shown}" flag: ${problem}`);
  }
  const before = parsing.given.get(flag.name) ?? [];
  before.push(value);
  parsing.given.set(flag.name, before);
  return taken;
}

const TRUE_WORDS = ["1", "t", "T", "TRUE", "true", "True"];
const FALSE_WORDS = ["0", "f", "F", "FALSE", "false", "False"];

/** Go's strconv.ParseBool; undefined where the word is neither. */
export function parseBool(word: string): boolean | undefined {
  if (TRUE_WORDS.includes(word)) return true;
  return FALSE_WORDS.includes(word) ? false : undefined;
}

function problemOf(flag: Flag, value: string): string | undefined {
  const syntax = (what: string): string => `strconv.${what}: parsing ${JSON.stringify(value)}: invalid syntax`;
  if (flag.type === "bool") return parseBool(value) === undefined ? syntax("ParseBool") : undefined;
  if (flag.type === "int") return /^[+-]?\d+$/.test(value) ? undefined : syntax("ParseInt");
  if (flag.type === "map")
    return value.includes("=") || value === "" ? undefined : `${value} must be formatted as key=value`;
  if (flag.type !== "duration") return undefined;
  const duration = parseDuration(value);
  return duration.kind === "duration" ? undefined : duration.message;
}

export function isGiven(flags: Flags, name: string): boolean {
  return flags.given.has(name);
}

export function textFlag(flags: Flags, name: string): string {
  return flags.given.get(name)?.at(-1) ?? flags.defined.get(name)?.initial ?? "";
}

export function boolFlag(flags: Flags, name: string): boolean {
  return parseBool(textFlag(flags, name)) === true;
}

export function intFlag(flags: Flags, name: string): number {
  return Number(textFlag(flags, name));
}

/** In milliseconds. */
export function durationFlag(flags: Flags, name: string): number {
  const duration = parseDuration(textFlag(flags, name));
  return duration.kind === "duration" ? duration.millis : 0;
}

/** The values of a flag that may be repeated; `list` flags also split at commas, as CSV. */
export function listFlag(flags: Flags, name: string): readonly string[] {
  const flag = flags.defined.get(name);
  const given = flags.given.get(name) ?? (flag?.initial === undefined || flag.initial === "" ? [] : [flag.initial]);
  return flag?.type === "list" ? given.flatMap(splitCsv) : given;
}

/** encoding/csv, one record: fields in double quotes may hold commas. */
function splitCsv(record: string): readonly string[] {
  if (record === "") return [];
  const parts: string[] = [];
  let [part, quoted] = ["", false];
  for (const character of record) {
    if (character === '"') quoted = !quoted;
    else if (character === "," && !quoted) {
      parts.push(part);
      part = "";
    } else part += character;
  }
  return [...parts, part];
}
