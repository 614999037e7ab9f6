// After kubectl pkg/cmd/delete/delete.go.
import { addSource, failureOf, failureOfResponse, messageOf, reasonOf, refusal, thrown } from "../failure.ts";
import { boolFlag, durationFlag, intFlag, isGiven, textFlag } from "../flag-set.ts";
import { textAt, type Fields } from "../json.ts";
import { dryRunOf, type DryRun } from "../dry-run.ts";
import { selectionOf } from "../select-flags.ts";
import type { Selection } from "../selection.ts";
import { complain, exchange, now, print, printLine, readStdin, warn, type Session, type Talk } from "../talk.ts";
import { gather, visit } from "../visit.ts";
import { pathOf, type Info } from "../info.ts";
import { untilDeleted } from "../waiting.ts";

interface Deleting {
  readonly dryRun: DryRun;
  readonly grace: number;
  readonly cascade: string;
  readonly ignoreNotFound: boolean;
}

export function* runDelete(session: Session): Talk<number> {
  const { flags } = session;
  const raw = textFlag(flags, "raw");
  if (raw !== "") return yield* deleteRaw(session, raw);
  const deleting = yield* readFlags(session);
  const selection: Selection = { ...selectionOf(session), continueOnError: true, unfetched: true, unvalidated: true };
  if (boolFlag(flags, "interactive") && !(yield* confirmed(session, selection))) return 0;
  const deleted: { readonly info: Info; readonly uid: string }[] = [];
  const deleteOne = deleteEach(session, deleting, deleted);
  let found = 0;
  yield* visit(session, selection, function* counted(info) {
    found++;
    yield* deleteOne(info);
  });
  if (found === 0) yield* printLine("No resources found");
  if (boolFlag(flags, "wait") && deleting.dryRun === "none") yield* waitForAll(session, deleted);
  return 0;
}

/** Deletes one after another; in namespaces other than the line's own a warning comes once. */
function deleteEach(
  session: Session,
  deleting: Deleting,
  deleted: { readonly info: Info; readonly uid: string }[],
): (info: Info) => Talk<void> {
  let warns = session.config.namespaceGiven && !boolFlag(session.flags, "all-namespaces");
  return function* deleteOne(info) {
    if (warns && !info.mapping.namespaced) {
      warns = false;
      yield* warn("deleting cluster-scoped resources, not scoped to the provided namespace");
    }
    const uid = deleting.dryRun === "client" ? "" : yield* deleteOnServer(session, info, deleting);
    if (uid === undefined) return;
    deleted.push({ info, uid });
    yield* print(lineOf(session, info, deleting));
  };
}

function selectsMany(session: Session): boolean {
  const { flags } = session;
  return boolFlag(flags, "all") || textFlag(flags, "selector") !== "" || textFlag(flags, "field-selector") !== "";
}

function* readFlags(session: Session): Talk<Deleting> {
  const { flags } = session;
  const dryRun = yield* dryRunOf(session);
  const cascade = cascadeOf(textFlag(flags, "cascade"));
  const ignoreNotFound = isGiven(flags, "ignore-not-found")
    ? boolFlag(flags, "ignore-not-found")
    : selectsMany(session);
  const output = textFlag(flags, "output");
  if (output !== "" && output !== "name")
    throw refusal(`unexpected -o output mode: ${output}. We only support '-o name'`);
  if (boolFlag(flags, "all") && textFlag(flags, "selector") !== "")
    throw refusal("setting 'all' parameter but found a non empty selector. ");
  if (boolFlag(flags, "all") && textFlag(flags, "field-selector") !== "")
    throw refusal("cannot set --all and --field-selector at the same time");
  const grace = graceOf(session);
  const force = boolFlag(flags, "force");
  if (grace > 0 && force) throw refusal("--force and --grace-period greater than 0 cannot be specified together");
  if (grace === 0 && force) {
    yield* complain(
      "Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n",
    );
  }
  return { dryRun, grace, cascade, ignoreNotFound };
}

/** Source: kubectl pkg/cmd/util GetCascadingStrategy. */
export function cascadeOf(written: string): string {
  if (written === "background" || written === "") return "Background";
  if (written === "foreground") return "Foreground";
  if (written === "orphan") return "Orphan";
  throw refusal(`invalid cascade value (${written}). Must be "background", "foreground", or "orphan"`);
}

function graceOf(session: Session): number {
  const { flags } = session;
  const given = intFlag(flags, "grace-period");
  if (boolFlag(flags, "now")) {
    if (given !== -1) throw refusal("--now and --grace-period cannot be specified together");
    return 1;
  }
  if (boolFlag(flags, "force")) return given < 0 ? 0 : given;
  return given === 0 ? 1 : given;
}

/** Deletes one object and answers its uid; undefined when it was not there and that is no failure. */
function* deleteOnServer(session: Session, info: Info, deleting: Deleting): Talk<string | undefined> {
  const body = {
    kind: "DeleteOptions",
    apiVersion: "v1",
    ...(deleting.grace >= 0 ? { gracePeriodSeconds: deleting.grace } : {}),
    propagationPolicy: deleting.cascade,
    ...(deleting.dryRun === "server" ? { dryRun: ["All"] } : {}),
  };
  try {
    const response = yield* exchange(session, { method: "DELETE", path: pathOf(info), body });
    if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
    const answer = response.body as Fields;
    return answer["kind"] === "Status" ? textAt(answer, "details", "uid") : textAt(answer, "metadata", "uid");
  } catch (caught) {
    const failure = failureOf(caught);
    if (deleting.ignoreNotFound && reasonOf(failure) === "NotFound") return undefined;
    throw thrown(addSource(failure, "deleting", info.source));
  }
}

function lineOf(session: Session, info: Info, deleting: Deleting): string {
  const { group, kind, namespaced } = info.mapping;
  const name = group === "" ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`;
  if (textFlag(session.flags, "output") === "name") return `${name}/${info.name}\n`;
  const operation = deleting.grace === 0 ? "force deleted" : "deleted";
  const where = namespaced && info.namespace !== "" ? ` from ${info.namespace} namespace` : "";
  const how = deleting.dryRun === "client" ? " (dry run)" : deleting.dryRun === "server" ? " (server dry run)" : "";
  return `${name} "${info.name}" ${operation}${where}${how}\n`;
}

function* waitForAll(session: Session, deleted: readonly { readonly info: Info; readonly uid: string }[]): Talk<void> {
  const timeout = durationFlag(session.flags, "timeout");
  const end = timeout === 0 ? undefined : (yield* now()) + timeout;
  for (const target of deleted) {
    try {
      yield* untilDeleted(session, target, end);
    } catch (caught) {
      const failure = failureOf(caught);
      if (!["Forbidden", "MethodNotAllowed"].includes(reasonOf(failure))) throw caught;
      return;
    }
  }
}

function* confirmed(session: Session, selection: Selection): Talk<boolean> {
  const { infos, failure } = yield* gather(session, selection);
  if (failure !== undefined) throw refusal(messageOf(failure));
  yield* printLine(`You are about to delete the following ${infos.length} resource(s):`);
  for (const info of infos)
    yield* printLine(
      `${info.mapping.kind.toLowerCase()}${info.mapping.group === "" ? "" : `.${info.mapping.group}`}/${info.name}`,
    );
  yield* print("Do you want to continue? (y/N): ");
  const answer = (yield* readStdin()).trim().toLowerCase();
  const agrees = answer === "y" || answer === "yes";
  if (!agrees) yield* printLine("deletion is cancelled");
  return agrees;
}

function* deleteRaw(session: Session, path: string): Talk<number> {
  const response = yield* exchange(session, { method: "DELETE", path });
  if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
  yield* print(`${JSON.stringify(response.body)}\n`);
  return 0;
}
