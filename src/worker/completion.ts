import type { Completion } from "../session/session.ts";

/** What there is to complete with, in the world as it is. */
export interface Vocabulary {
  readonly programs: readonly string[];
  readonly verbs: readonly string[];
  readonly kinds: readonly string[];
  readonly files: readonly string[];
  /** Names of the objects of a kind, as the learner wrote the kind. */
  readonly namesOf: (kind: string) => readonly string[];
}

/** What Tab means at the cursor. */
export function completionOf(text: string, cursor: number, vocabulary: Vocabulary): Completion {
  const words = text
    .slice(0, cursor)
    .split(/[|;&]\s*/)
    .at(-1)
    ?.trimStart()
    .split(/\s+/) ?? [""];
  const word = words.at(-1) ?? "";
  const fits = [...new Set(candidates(words, vocabulary))].filter((candidate) => candidate.startsWith(word)).toSorted();
  const [only] = fits;
  if (only === undefined) return { insert: "", options: [] };
  if (fits.length === 1) return { insert: `${only.slice(word.length)}${/[/=]$/.test(only) ? "" : " "}`, options: [] };
  return { insert: commonStart(fits).slice(word.length), options: fits };
}

const flagsThatTakeFiles = ["-f", "--filename", "--patch-file"];
const verbsWithPods = ["logs", "exec", "port-forward", "attach", "cp", "debug"];
const flags = [
  "--all-namespaces",
  "--container=",
  "--filename=",
  "--follow",
  "--namespace=",
  "--output=",
  "--previous",
];
const moreFlags = [
  "--replicas=",
  "--selector=",
  "--timeout=",
  "--watch",
  "--for=",
  "--dry-run=",
  "--force",
  "--grace-period=",
];

function candidates(words: readonly string[], vocabulary: Vocabulary): readonly string[] {
  if (words.length === 1) return vocabulary.programs;
  const word = words.at(-1) ?? "";
  const previous = words.at(-2) ?? "";
  if (!["kubectl", "k"].includes(words[0] ?? "")) return vocabulary.files;
  if (flagsThatTakeFiles.includes(previous)) return vocabulary.files;
  if (word.startsWith("-")) return [...flags, ...moreFlags];
  return kubectlWords(words.slice(1), vocabulary);
}

function kubectlWords(words: readonly string[], vocabulary: Vocabulary): readonly string[] {
  const plain = words.filter((word, index) => index === words.length - 1 || !word.startsWith("-"));
  const [verb = ""] = plain;
  if (plain.length === 1) return vocabulary.verbs;
  if (verb === "rollout" && plain.length === 2) return ["history", "pause", "restart", "resume", "status", "undo"];
  const word = plain.at(-1) ?? "";
  if (verbsWithPods.includes(verb)) return vocabulary.namesOf("pods");
  const slash = word.indexOf("/");
  if (slash > 0) {
    const kind = word.slice(0, slash);
    return vocabulary.namesOf(kind).map((name) => `${kind}/${name}`);
  }
  const kindAt = verb === "rollout" ? 2 : 1;
  return plain.length - 1 <= kindAt ? vocabulary.kinds : vocabulary.namesOf(plain[kindAt] ?? "");
}

function commonStart(words: readonly string[]): string {
  let start = words[0] ?? "";
  for (const word of words) {
    while (!word.startsWith(start)) start = start.slice(0, -1);
  }
  return start;
}
