// After kubectl pkg/cmd/util/editor/editoptions.go; not modelled: an edit that fails is not opened again.
import { differenceOf, sendPatch } from "../change.ts";
import { validationOf } from "../dry-run.ts";
import { exit, failureOf, messageOf, reasonOf, refusal, type Failure } from "../failure.ts";
import { boolFlag, textFlag } from "../flag-set.ts";
import { isFields, rowsAt, textAt, type Fields } from "../json.ts";
import { LAST_APPLIED, appliedBefore, withLastApplied, withAnnotation } from "../last-applied.ts";
import { collectionPath, mappingOfKind } from "../mapping.ts";
import { formatOf, printerOf, withoutManagedFields } from "../printers/printer.ts";
import { compactJson, indentedJson } from "../printers/json-text.ts";
import { goSyntax } from "../printers/go-value.ts";
import { selectionOf } from "../select-flags.ts";
import { complain, print, printLine, send, type Session, type Talk } from "../talk.ts";
import { infosOf } from "../visit.ts";
import type { Info } from "../info.ts";
import { parseDocument, toYaml } from "../yaml-text.ts";

const HEADER = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

export function* runEdit(session: Session): Talk<number> {
  return yield* editAndApply(session, "edit");
}

/** Opens the objects in the editor, and applies or creates what comes back. */
export function* editAndApply(session: Session, mode: "create" | "edit"): Talk<number> {
  validationOf(session.flags);
  const infos = yield* infosOf(session, {
    ...selectionOf(session),
    continueOnError: true,
    latest: mode === "edit",
    subresource: textFlag(session.flags, "subresource"),
  });
  const { format } = formatOf(session.flags, false);
  const isJson = format === "json";
  const objects = infos.map((info) =>
    boolFlag(session.flags, "show-managed-fields") ? info.object : withoutManagedFields(info.object),
  );
  const [only] = objects;
  const shown: Fields =
    objects.length === 1 && only !== undefined
      ? only
      : { apiVersion: "v1", items: objects, kind: "List", metadata: {} };
  const original = isJson ? `${indentedJson(shown, "sorted")}\n` : HEADER + toYaml(shown);
  const suffix = isJson ? "json" : "yaml";
  const path = `/tmp/kubectl-edit-${100_000_000 + original.length}.${suffix}`;
  const answer = yield { kind: "edit", path, text: original };
  const edited = answer.kind === "file" ? answer.text : original;
  if (withoutComments(edited) === withoutComments(original) && mode === "edit")
    return yield* cancelled("Edit cancelled, no changes made.");
  if (withoutComments(edited).trim() === "") return yield* cancelled("Edit cancelled, saved file was empty.");
  const parsed = parseDocument(edited);
  const copy = { path, text: edited };
  if (parsed.kind === "refused")
    return yield* givenUp(copy, [`error: ${messageOf({ kind: "text", message: parsed.message })}`]);
  const items =
    isFields(parsed.value) && parsed.value["kind"] === "List"
      ? rowsAt(parsed.value, "items")
      : [parsed.value as Fields];
  return mode === "create" ? yield* createAll(session, items) : yield* applyAll(session, { infos, items, copy });
}

interface Copy {
  readonly path: string;
  readonly text: string;
}

function withoutComments(text: string): string {
  return text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n");
}

function* cancelled(message: string): Talk<number> {
  yield* complain(`${message}\n`);
  return 0;
}

/** The text is kept where the learner finds it. */
function* givenUp(copy: Copy, messages: readonly string[]): Talk<number> {
  for (const message of messages) yield* complain(`${message}\n`);
  yield { kind: "write", path: copy.path, text: copy.text };
  yield* complain(`A copy of your changes has been stored to "${copy.path}"\n`);
  throw exit("error: Edit cancelled, no valid changes were saved.");
}

function* createAll(session: Session, items: readonly Fields[]): Talk<number> {
  const printer = yield* printerOf(session, { operation: "created" });
  for (const item of items) {
    const mapping = yield* mappingOfKind(session, textAt(item, "apiVersion"), textAt(item, "kind"));
    if (mapping === undefined)
      throw refusal(`no matches for kind "${textAt(item, "kind")}" in version "${textAt(item, "apiVersion")}"`);
    const namespace = textAt(item, "metadata", "namespace") || session.config.namespace;
    const response = yield* send(session, { method: "POST", path: collectionPath(mapping, namespace), body: item });
    yield* print(printer.print(response.body as Fields));
  }
  return 0;
}

interface Edited {
  readonly infos: readonly Info[];
  readonly items: readonly Fields[];
  readonly copy: Copy;
}

function* applyAll(session: Session, { infos, items, copy }: Edited): Talk<number> {
  const problems: string[] = [];
  for (const item of items) {
    const info = infos.find((each) => isSame(each, item));
    if (info === undefined) {
      yield { kind: "write", path: copy.path, text: copy.text };
      yield* complain(`A copy of your changes has been stored to "${copy.path}"\n`);
      throw refusal(`no original object found for &unstructured.Unstructured{Object:${goSyntax(item)}}`);
    }
    try {
      yield* applyOne(session, info, item);
    } catch (caught) {
      problems.push(problemOf(info, failureOf(caught)));
    }
  }
  return problems.length > 0 ? yield* givenUp(copy, problems) : 0;
}

function isSame(info: Info, item: Fields): boolean {
  return (
    info.name === textAt(item, "metadata", "name") &&
    info.mapping.kind === textAt(item, "kind") &&
    textAt(info.object, "metadata", "namespace") === textAt(item, "metadata", "namespace")
  );
}

function* applyOne(session: Session, info: Info, item: Fields): Talk<void> {
  const original: Info = {
    ...info,
    object: boolFlag(session.flags, "show-managed-fields") ? info.object : withoutManagedFields(info.object),
  };
  const changed = withConfig(session, item);
  const { patch, dialect } = differenceOf(original, changed);
  if (Object.keys(patch).length === 0) {
    yield* print((yield* printerOf(session, { operation: "skipped" })).print(info.object));
    return;
  }
  if (boolFlag(session.flags, "output-patch")) yield* printLine(`Patch: ${compactJson(patch)}`);
  const result = yield* sendPatch(session, {
    info,
    patch,
    dialect,
    dryRun: "none",
    subresource: textFlag(session.flags, "subresource"),
  });
  yield* print((yield* printerOf(session, { operation: "edited" })).print(result));
}

function withConfig(session: Session, item: Fields): Fields {
  if (boolFlag(session.flags, "save-config")) return withLastApplied(item);
  const before = appliedBefore(item);
  return before === undefined ? item : withAnnotation(item, LAST_APPLIED, before);
}

function problemOf(info: Info, failure: Failure): string {
  const group = info.mapping.group === "" ? "" : `.${info.mapping.group}`;
  const name = `${info.mapping.plural}${group} "${info.name}"`;
  if (reasonOf(failure) === "Invalid" || reasonOf(failure) === "BadRequest") return `error: ${name} is invalid`;
  return `error: ${name} could not be patched: ${messageOf(failure)}`;
}
