// After github.com/spf13/cobra v1 command.go (Find, legacyArgs, SuggestionsFor).
import { COMMANDS, GLOBAL_FLAGS, type CommandEntry } from "./command-table.ts";
import { flagsOf, type Flag } from "./flag-set.ts";

/** The words of a line resolved to a command. */
export interface Found {
  readonly path: string;
  readonly entry: CommandEntry | undefined;
  /** All other words, flags in their places. */
  readonly words: readonly string[];
}

export function entryOf(path: string): CommandEntry | undefined {
  return COMMANDS.find((entry) => entry.path === path);
}

/** The commands directly below `path`. */
export function childrenOf(path: string): readonly CommandEntry[] {
  const depth = path === "" ? 1 : path.split(" ").length + 1;
  return COMMANDS.filter(
    (entry) => entry.path.split(" ").length === depth && (path === "" || entry.path.startsWith(`${path} `)),
  );
}

export function nameOf(entry: CommandEntry): string {
  return entry.path.split(" ").at(-1) ?? "";
}

export function flagsFor(path: string): readonly Flag[] {
  const own = flagsOf(`${entryOf(path)?.flags ?? ""} ${HIDDEN_FLAGS[path] ?? ""}`);
  const ownNames = new Set(own.map((flag) => flag.name));
  const ownLetters = new Set(own.map((flag) => flag.shorthand));
  const global = flagsOf(GLOBAL_FLAGS).filter((flag) => !ownNames.has(flag.name));
  return [...own, ...global.map((flag) => (ownLetters.has(flag.shorthand) ? { ...flag, shorthand: "" } : flag))];
}

/** Flags that work and are not shown: the deprecated ones. */
const HIDDEN_FLAGS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      "annotate",
      "apply",
      "autoscale",
      "create",
      "edit",
      "expose",
      "label",
      "patch",
      "replace",
      "run",
      "scale",
      "set env",
      "set image",
      "set resources",
      "set selector",
      "set serviceaccount",
    ].map((path) => [path, "record"]),
  ),
  autoscale: "record cpu-percent:int=-1",
};

/** What is said when such a flag is used. Source: kubectl pkg/cmd, MarkDeprecated. */
export const DEPRECATIONS: Readonly<Record<string, string>> = {
  record: "Flag --record has been deprecated, --record will be removed in the future",
  "cpu-percent":
    "Flag --cpu-percent has been deprecated, Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).",
};

export function findCommand(words: readonly string[]): Found {
  let path = "";
  let rest = words;
  for (;;) {
    const index = firstArgument(rest, flagsFor(path));
    const child = index < 0 ? undefined : childNamed(path, rest[index] ?? "");
    if (child === undefined) return { path, entry: entryOf(path), words: rest };
    rest = [...rest.slice(0, index), ...rest.slice(index + 1)];
    path = child.path;
  }
}

function childNamed(path: string, word: string): CommandEntry | undefined {
  return childrenOf(path).find((entry) => nameOf(entry) === word || entry.aliases.split(" ").includes(word));
}

/** Where the first word stands that is neither a flag nor the value of one; -1 where there is none. */
function firstArgument(words: readonly string[], flags: readonly Flag[]): number {
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "--") return -1;
    if (!word.startsWith("-") || word === "-") return word === "" ? -1 : index;
    if (takesNext(word, flags)) index++;
  }
  return -1;
}

function takesNext(word: string, flags: readonly Flag[]): boolean {
  if (word.includes("=")) return false;
  if (word.startsWith("--")) return (flags.find((flag) => flag.name === word.slice(2))?.bare ?? "") === "";
  return word.length === 2 && (flags.find((flag) => flag.shorthand === word[1])?.bare ?? "") === "";
}

/** Words that suggest a command although they are not like its name. Source: SuggestFor in kubectl pkg/cmd. */
const SUGGEST_FOR: Readonly<Record<string, readonly string[]>> = {
  get: ["list"],
  delete: ["rm", "remove"],
  describe: ["inspect"],
};

/** Source: cobra, SuggestionsMinimumDistance. */
const DISTANCE_MAX = 2;

export function suggestionsFor(word: string): readonly string[] {
  const lower = word.toLowerCase();
  return childrenOf("")
    .map(nameOf)
    .filter(
      (name) =>
        distance(lower, name) <= DISTANCE_MAX || name.startsWith(lower) || SUGGEST_FOR[name]?.includes(lower) === true,
    );
}

/** Levenshtein's distance. */
export function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let left = 1; left <= one.length; left++) {
    const next = [left];
    for (let right = 1; right <= other.length; right++) {
      const change = one[left - 1] === other[right - 1] ? 0 : 1;
      next.push(Math.min((row[right] ?? 0) + 1, (next[right - 1] ?? 0) + 1, (row[right - 1] ?? 0) + change));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
