// After kubernetes v1.36 staging/src/k8s.io/kubectl/pkg/cmd/cmd.go; not modelled: plugins, kuberc, profiling, log levels.
import type { Command, Invocation } from "../client/command.ts";
import { goQuote } from "../api/go-quote.ts";
import { DEPRECATIONS, findCommand, flagsFor, suggestionsFor, type Found } from "./command-tree.ts";
import { endingOf, failureOf, messageOf, refusal, usageRefusal } from "./failure.ts";
import { boolFlag, isGiven, parseFlags, type Parsed } from "./flag-set.ts";
import { groupHelp, helpText, optionsText, rootHelp } from "./help.ts";
import { resolveConfig } from "./kubeconfig.ts";
import type { Kubeconfig } from "./connection.ts";
import { complain, print, type Memory, type Session, type Talk } from "./talk.ts";
import { VERBS, type Verb } from "./verbs/index.ts";

/** The command `kubectl`: from the words of a line to requests and printed text; the result is the exit code. */
export function* kubectl(invocation: Invocation): Command {
  try {
    return yield* dispatch(invocation);
  } catch (caught) {
    const { message, code } = endingOf(failureOf(caught));
    yield* complain(message);
    return code;
  }
}

function* dispatch(invocation: Invocation): Talk<number> {
  const words = invocation.argv.slice(1);
  const found = findCommand(words);
  if (found.path === "") return yield* root(found);
  const parsed = parseOrExplain(found);
  for (const name of parsed.flags.given.keys()) {
    const said = DEPRECATIONS[name];
    if (said !== undefined) yield* complain(`${said}\n`);
  }
  if (boolFlag(parsed.flags, "help")) {
    yield* print(helpText(found.path));
    return 0;
  }
  const verb = VERBS.find((each) => each.path === found.path);
  if (verb === undefined) return yield* runGroup(found.path, parsed.args);
  checkRequired(verb, parsed);
  return yield* runVerb(invocation, verb, parsed);
}

function parseOrExplain(found: Found): Parsed {
  try {
    return parseFlags(flagsFor(found.path), found.words);
  } catch (caught) {
    const command = found.path === "" ? "kubectl" : `kubectl ${found.path}`;
    throw refusal(`${messageOf(failureOf(caught))}\nSee '${command} --help' for usage.`);
  }
}

function* root(found: Found): Talk<number> {
  const [first, ...rest] = found.words.filter((word) => !word.startsWith("-"));
  if (first === "options") {
    yield* print(optionsText());
    return 0;
  }
  if (first === "help") return yield* help(rest);
  const parsed = parseOrExplain(found);
  const [unknown] = parsed.args;
  if (unknown !== undefined) throw unknownCommand(unknown);
  yield* print(rootHelp());
  return 0;
}

function* help(words: readonly string[]): Talk<number> {
  const { path, words: unknown } = findCommand(words);
  if (unknown.length > 0) yield* print(`Unknown help topic [${unknown.map((word) => `\`${word}\``).join(" ")}]\n\n\n`);
  yield* print(path === "" ? rootHelp() : helpText(path));
  return 0;
}

function unknownCommand(word: string): Error {
  const suggestions = suggestionsFor(word);
  const hint =
    suggestions.length === 0 ? "" : `\n\nDid you mean this?\n${suggestions.map((each) => `\t${each}\n`).join("")}`;
  return refusal(`unknown command ${goQuote(word)} for "kubectl"${hint}`);
}

/** A command that only holds others. Source: cmdutil.DefaultSubCommandRun. */
function* runGroup(path: string, args: readonly string[]): Talk<number> {
  const [unknown] = args;
  if (unknown !== undefined) throw usageRefusal(`kubectl ${path}`, `unknown command ${goQuote(unknown)}`);
  const { text, to, code } = groupHelp(path);
  yield { kind: "print", to, text };
  return code;
}

function checkRequired(verb: Verb, parsed: Parsed): void {
  const missing = (verb.required ?? []).filter((name) => !isGiven(parsed.flags, name));
  if (missing.length > 0) throw refusal(`required flag(s) ${missing.map(goQuote).join(", ")} not set`);
}

const NO_CONFIG: Kubeconfig = {
  server: "",
  namespace: "default",
  namespaceGiven: false,
  token: "",
  impersonation: undefined,
  elsewhere: false,
};

function* runVerb(invocation: Invocation, verb: Verb, parsed: Parsed): Talk<number> {
  const memory: Memory = { mappings: undefined, warnings: new Set(), streams: 0, files: new Map() };
  const config =
    verb.offline === true
      ? { ...NO_CONFIG, server: invocation.server }
      : yield* resolveConfig(invocation, parsed.flags);
  const session: Session = { invocation, path: verb.path, ...parsed, config, memory };
  const code = yield* verb.run(session);
  if (memory.warnings.size > 0 && boolFlag(parsed.flags, "warnings-as-errors")) {
    yield* complain(`error: ${memory.warnings.size} warning${memory.warnings.size === 1 ? "" : "s"} received\n`);
    return 1;
  }
  return code ?? 0;
}
