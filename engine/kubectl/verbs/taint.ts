// After kubectl pkg/cmd/taint/taint.go, utils.go.
import { labelKeyProblems, labelValueProblems } from "../../api/names.ts";
import { sendPatch } from "../change.ts";
import { dryRunOf, type DryRun } from "../dry-run.ts";
import { refusal, thrown, together, usageRefusal, type Failure } from "../failure.ts";
import { boolFlag, textFlag } from "../flag-set.ts";
import { put, rowsAt, text, textAt, type Fields } from "../json.ts";
import { printerOf } from "../printers/printer.ts";
import { resourcesAndPairs } from "../pairs.ts";
import { selectionOf } from "../select-flags.ts";
import { print, type Session, type Talk } from "../talk.ts";
import { visit } from "../visit.ts";
import type { Info } from "../info.ts";

interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

interface Tainting {
  readonly add: readonly Taint[];
  readonly remove: readonly Taint[];
  readonly dryRun: DryRun;
}

const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

export function* runTaint(session: Session): Talk<number> {
  const { flags, args } = session;
  const dryRun = yield* dryRunOf(session);
  const { resources, pairs } = resourcesAndPairs(withBareTaints(args), "taint");
  const [type = "", ...names] = resources;
  if (type === "") throw refusal("one or more resources must be specified as <resource> <name>");
  if (!["node", "nodes", "no"].includes(type.toLowerCase()))
    throw refusal(`invalid resource type ${type}, only node(s) is supported`);
  const all = boolFlag(flags, "all");
  const selector = textFlag(flags, "selector");
  const { add, remove } = parseTaints(pairs);
  if (all && selector !== "") throw refusal("setting 'all' parameter with a non empty selector is prohibited");
  if (names.length === 0 && !all && selector === "")
    throw refusal("one or more resources must be specified as <resource> <name>");
  if (pairs.length === 0) throw refusal("at least one taint update is required");
  const selection = { ...selectionOf(session, [type, ...names]), typeMeansAll: all, continueOnError: true };
  yield* visit(session, selection, function* taintOne(info) {
    yield* taintNode(session, info, { add, remove, dryRun });
  });
  return 0;
}

/** `key:Effect` is a taint too. */
function withBareTaints(args: readonly string[]): readonly string[] {
  return args.map((arg, index) => (index > 0 && /^[^=]+:\w+$/.test(arg) ? arg.replace(":", "=:") : arg));
}

function parseTaints(pairs: readonly string[]): Pick<Tainting, "add" | "remove"> {
  const add: Taint[] = [];
  const remove: Taint[] = [];
  for (const pair of pairs) {
    if (pair.endsWith("-")) remove.push(removalOf(pair.slice(0, -1)));
    else add.push(taintOf(pair));
  }
  const both = add.find((taint) =>
    remove.some((each) => each.key === taint.key && (each.effect === "" || each.effect === taint.effect)),
  );
  if (both !== undefined)
    throw problem(
      `can not both modify and remove the following taint(s) in the same command: ${both.key}:${both.effect}`,
    );
  return { add, remove };
}

function problem(message: string): Error {
  return usageRefusal("kubectl taint", message);
}

function removalOf(written: string): Taint {
  const [pair = "", effect = ""] = written.split(":");
  if (effect !== "" && !EFFECTS.includes(effect))
    throw problem(`invalid taint effect: ${effect}, unsupported taint effect`);
  return { key: pair.split("=")[0] ?? "", value: "", effect };
}

function taintOf(written: string): Taint {
  const [pair = "", effect, ...more] = written.split(":");
  const [key = "", value = "", ...rest] = pair.split("=");
  const noEffect = effect === undefined;
  const keyProblems = labelKeyProblems(noEffect ? pair : key);
  if (keyProblems.length > 0) throw problem(`invalid taint spec: ${written}, ${keyProblems.join("; ")}`);
  if (noEffect || more.length > 0 || rest.length > 0) throw problem(`invalid taint spec: ${written}`);
  const valueProblems = labelValueProblems(value);
  if (valueProblems.length > 0) throw problem(`invalid taint spec: ${written}, ${valueProblems.join("; ")}`);
  if (!EFFECTS.includes(effect)) throw problem(`invalid taint effect: ${effect}, unsupported taint effect`);
  return { key, value, effect };
}

function* taintNode(session: Session, info: Info, tainting: Tainting): Talk<void> {
  const { operation, taints } = changedTaints(session, info, tainting);
  const changed = put(info.object, ["spec", "taints"], taints.length === 0 ? undefined : taints);
  const result =
    tainting.dryRun === "client"
      ? changed
      : yield* sendPatch(session, {
          info,
          patch: { spec: { taints: taints.length === 0 ? null : taints } },
          dialect: "merge",
          dryRun: tainting.dryRun,
        });
  yield* print((yield* printerOf(session, { operation })).print(result));
}

interface Changed {
  readonly operation: string;
  readonly taints: readonly Fields[];
}

function changedTaints(session: Session, info: Info, { add, remove }: Tainting): Changed {
  const before = rowsAt(info.object, "spec", "taints");
  const isSame = (taint: Taint, other: Fields): boolean =>
    taint.key === other["key"] && taint.effect === other["effect"];
  const overwrite = boolFlag(session.flags, "overwrite");
  const existing = add.filter((taint) => before.some((each) => isSame(taint, each)));
  if (existing.length > 0 && !overwrite) {
    throw refusal(
      `node ${info.name} already has ${[...new Set(existing.map((taint) => taint.key))].join(", ")} taint(s) with same effect(s) and --overwrite is false`,
    );
  }
  const missing = remove.filter((taint) => !before.some((each) => matches(taint, each)));
  const failure = together(missing.map((taint): Failure => ({ kind: "text", message: missingText(taint) })));
  if (failure !== undefined) throw thrown(failure);
  const kept = before.filter(
    (each) => !remove.some((taint) => matches(taint, each)) && !add.some((taint) => isSame(taint, each)),
  );
  const taints = [
    ...add.map(({ key, value, effect }) => ({ effect, key, ...(value === "" ? {} : { value }) })),
    ...kept,
  ];
  return {
    operation: operationOf({ added: add.length, removed: remove.length, overwritten: existing.length }),
    taints,
  };
}

function matches(taint: Taint, other: Fields): boolean {
  return taint.key === text(other["key"]) && (taint.effect === "" || taint.effect === textAt(other, "effect"));
}

function missingText(taint: Taint): string {
  return taint.effect === "" ? `taint "${taint.key}" not found` : `taint "${taint.key}:${taint.effect}" not found`;
}

/** Source: taint/utils.go reorganizeTaints: MODIFIED, TAINTED, UNTAINTED. */
function operationOf(counts: {
  readonly added: number;
  readonly removed: number;
  readonly overwritten: number;
}): string {
  if (counts.overwritten > 0 || (counts.added > 0 && counts.removed > 0)) return "modified";
  return counts.added > 0 ? "tainted" : "untainted";
}
