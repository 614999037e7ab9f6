// After kubectl pkg/cmd/label/label.go, pkg/cmd/annotate/annotate.go.
import { goQuote } from "../../api/go-quote.ts";
import { labelKeyProblems, labelValueProblems } from "../../api/names.ts";
import { sendPatch } from "../change.ts";
import { dryRunOf, withDryRun, type DryRun } from "../dry-run.ts";
import { refusal, thrown, together, type Failure } from "../failure.ts";
import { boolFlag, textFlag } from "../flag-set.ts";
import { at, fields, put, sameJson, sortedKeys, text, textAt, type Fields } from "../json.ts";
import { resourcesAndPairs } from "../pairs.ts";
import { compactJson } from "../printers/json-text.ts";
import { printerOf } from "../printers/printer.ts";
import { hasNoFiles, selectionOf } from "../select-flags.ts";
import { print, printLine, type Session, type Talk } from "../talk.ts";
import { mergePatch } from "../three-way.ts";
import { visit } from "../visit.ts";
import type { Info } from "../info.ts";

interface Marks {
  readonly part: "labels" | "annotations";
  readonly word: "label" | "annotation";
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
  readonly dryRun: DryRun;
}

export function* runLabel(session: Session): Talk<number> {
  return yield* mark(session, "labels", "label");
}

export function* runAnnotate(session: Session): Talk<number> {
  return yield* mark(session, "annotations", "annotation");
}

function* mark(session: Session, part: Marks["part"], word: Marks["word"]): Talk<number> {
  const { flags } = session;
  const { resources, pairs } = resourcesAndPairs(session.args, word);
  const { set, remove } = parseMarks(pairs, word);
  const dryRun = yield* dryRunOf(session);
  if (boolFlag(flags, "all") && textFlag(flags, "selector") !== "")
    throw refusal("cannot set --all and --selector at the same time");
  if (resources.length === 0 && hasNoFiles(session))
    throw refusal("one or more resources must be specified as <resource> <name> or <resource>/<name>");
  if (pairs.length === 0 && !boolFlag(flags, "list")) throw refusal(`at least one ${word} update is required`);
  const marks: Marks = { part, word, set, remove, dryRun };
  const selection = {
    ...selectionOf(session, resources),
    typeMeansAll: boolFlag(flags, "all"),
    continueOnError: true,
    local: boolFlag(flags, "local"),
    latest: !boolFlag(flags, "local"),
  };
  const isSingle = resources.length === 2 || (resources.length === 1 && resources[0]?.includes("/") === true);
  yield* visit(session, selection, function* markOne(info) {
    yield* boolFlag(flags, "list") && pairs.length === 0
      ? listMarks(info, marks, isSingle)
      : markObject(session, info, marks);
  });
  return 0;
}

function parseMarks(pairs: readonly string[], word: string): Pick<Marks, "set" | "remove"> {
  const set: Record<string, string> = {};
  const remove: string[] = [];
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    if (equals < 0) {
      remove.push(pair.slice(0, -1));
      continue;
    }
    const [key, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
    if (word === "label") checkLabel(pair, key, value);
    set[key] = value;
  }
  const both = remove.find((key) => Object.hasOwn(set, key));
  if (both !== undefined)
    throw refusal(`can not both modify and remove ${word === "label" ? "a" : "an"} ${word} in the same command`);
  return { set, remove };
}

function checkLabel(pair: string, key: string, value: string): void {
  if (pair.split("=").length !== 2) throw refusal(`invalid label spec: ${pair}`);
  const problems = labelValueProblems(value);
  if (problems.length > 0) throw refusal(`invalid label value: ${goQuote(pair)}: ${problems.join(";")}`);
  if (key === "" && labelKeyProblems(key).length > 0) throw refusal(`invalid label spec: ${pair}`);
}

function* listMarks(info: Info, marks: Marks, isSingle: boolean): Talk<void> {
  const present = fields(at(info.object, "metadata", marks.part));
  if (!isSingle)
    yield* printLine(
      `Listing ${marks.part} for ${info.mapping.kind}${info.mapping.group === "" ? "" : `.${info.mapping.group}`}/${info.name}:`,
    );
  for (const key of sortedKeys(present)) yield* printLine(`${isSingle ? "" : " "}${key}=${text(present[key])}`);
}

function* markObject(session: Session, info: Info, marks: Marks): Talk<void> {
  const { flags } = session;
  const before = fields(at(info.object, "metadata", marks.part));
  checkOverwrites(session, before, marks);
  const isLocal = marks.dryRun === "client" || boolFlag(flags, "local");
  if (!isLocal && marks.word === "label") {
    for (const key of marks.remove)
      if (!Object.hasOwn(before, key)) yield* printLine(`label ${goQuote(key)} not found.`);
  }
  const changed = changedObject(info.object, before, marks);
  const operation = withDryRun(operationOf(session, info.object, changed, marks), marks.dryRun);
  const result = isLocal ? changed : yield* send(session, info, changed, marks.dryRun);
  yield* print((yield* printerOf(session, { operation })).print(result));
}

function* send(session: Session, info: Info, changed: Fields, dryRun: DryRun): Talk<Fields> {
  const patch = mergePatch(info.object, changed);
  const resourceVersion = textFlag(session.flags, "resource-version");
  const bound = resourceVersion === "" ? patch : put(patch, ["metadata", "resourceVersion"], resourceVersion);
  return yield* sendPatch(session, { info, patch: bound, dialect: "merge", dryRun });
}

function changedObject(object: Fields, before: Fields, marks: Marks): Fields {
  const after: Record<string, unknown> = { ...before, ...marks.set };
  for (const key of marks.remove) delete after[key];
  if (Object.keys(after).length > 0) return put(object, ["metadata", marks.part], after);
  return at(object, "metadata", marks.part) === undefined ? object : put(object, ["metadata", marks.part], undefined);
}

function operationOf(session: Session, before: Fields, after: Fields, marks: Marks): string {
  if (marks.word === "annotation") return "annotated";
  if (sameJson(before, after)) return "not labeled";
  const isShorter = compactJson(after).length < compactJson(before).length;
  return !boolFlag(session.flags, "overwrite") && isShorter ? "unlabeled" : "labeled";
}

function checkOverwrites(session: Session, before: Fields, marks: Marks): void {
  if (boolFlag(session.flags, "overwrite")) return;
  const taken = Object.keys(marks.set).filter((key) => Object.hasOwn(before, key) && before[key] !== marks.set[key]);
  if (taken.length === 0) return;
  if (marks.word === "annotation") {
    const list = taken.map((key) => `'${key}' already has a value (${textAt(before, key)})`).join("; ");
    throw refusal(`--overwrite is false but found the following declared annotation(s): ${list}`);
  }
  const failures = taken.map((key): Failure => ({
    kind: "text",
    message: `'${key}' already has a value (${textAt(before, key)}), and --overwrite is false`,
  }));
  const failure = together(failures);
  if (failure !== undefined) throw thrown(failure);
}
