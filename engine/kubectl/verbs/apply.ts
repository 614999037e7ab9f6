// After kubectl pkg/cmd/apply/apply.go; pruning is in prune.ts, the client-side patch in patcher.ts.
import { goQuote } from "../../api/go-quote.ts";
import {
  addSource,
  bracketed,
  failureOfResponse,
  messageOf,
  reasonOf,
  refusal,
  thrown,
  usageRefusal,
} from "../failure.ts";
import { boolFlag, isGiven, textFlag } from "../flag-set.ts";
import { at, textAt, type Fields } from "../json.ts";
import { appliedBefore, LAST_APPLIED, withLastApplied } from "../last-applied.ts";
import { collectionPath } from "../mapping.ts";
import { dryRunOf, validationOf, withDryRun, writeQuery, type DryRun } from "../dry-run.ts";
import { formatOf, printerOf } from "../printers/printer.ts";
import { compactJson } from "../printers/json-text.ts";
import { recorded } from "../record.ts";
import { hasNoFiles, selectionOf } from "../select-flags.ts";
import { exchange, print, warn, type Session, type Talk } from "../talk.ts";
import { visit } from "../visit.ts";
import { pathOf, resourceText, type Info } from "../info.ts";
import { listOf } from "./get.ts";
import { patchLive, type Applying } from "./patcher.ts";
import { checkPruneFlags, prune, type Visited } from "./prune.ts";

export function* runApply(session: Session): Talk<number> {
  const { flags, args } = session;
  if (args.length > 0) throw usageRefusal("kubectl apply", `Unexpected args: ${bracketed(args)}`);
  const dryRun = yield* dryRunOf(session);
  const validation = validationOf(flags);
  const serverSide = boolFlag(flags, "server-side");
  checkFlags(session, dryRun, serverSide);
  const applying: Applying = {
    dryRun,
    query: writeQuery({ dryRun, fieldManager: fieldManagerOf(session, serverSide), validation }),
  };
  const whole = isWhole(session);
  const shown: Fields[] = [];
  const visited: Visited = { uids: new Set(), namespaces: new Set() };
  let count = 0;
  const selection = { ...selectionOf(session), continueOnError: true, unvalidated: validation === "Ignore" };
  const applyAll = visit(session, selection, function* applyOne(read) {
    const info = { ...read, object: recorded(session, read.object) };
    count++;
    if (info.name === "" && textAt(info.object, "metadata", "generateName") !== "") {
      throw refusal(`from ${textAt(info.object, "metadata", "generateName")}: cannot use generate name with apply`);
    }
    const applied = serverSide
      ? yield* applyOnServer(session, info, applying)
      : yield* applyHere(session, info, applying);
    visited.uids.add(textAt(applied.object, "metadata", "uid"));
    if (info.namespace !== "") visited.namespaces.add(info.namespace);
    if (whole) shown.push(applied.object);
    else
      yield* print(
        (yield* printerOf(session, { operation: withDryRun(applied.operation, dryRun) })).print(applied.object),
      );
  });
  yield* finishing(session, applyAll, { whole, shown, count: () => count });
  if (boolFlag(flags, "prune")) yield* prune(session, visited, dryRun);
  return 0;
}

interface Finish {
  readonly whole: boolean;
  readonly shown: readonly Fields[];
  readonly count: () => number;
}

/** Prints what was gathered, also when an object failed; then lets the failure go on. */
function* finishing(session: Session, applyAll: Talk<unknown>, finish: Finish): Talk<void> {
  try {
    yield* applyAll;
  } catch (caught) {
    yield* printWhole(session, finish);
    throw caught;
  }
  if (finish.count() === 0) throw refusal("no objects passed to apply");
  yield* printWhole(session, finish);
}

function* printWhole(session: Session, { whole, shown }: Finish): Talk<void> {
  const [first] = shown;
  if (!whole || first === undefined) return;
  yield* print((yield* printerOf(session, {})).print(shown.length > 1 ? listOf(shown) : first));
}

/** -o json and the like show the objects at the end; -o name and nothing show a line for each. */
function isWhole(session: Session): boolean {
  const { format } = formatOf(session.flags, false);
  return format !== "" && format !== "name";
}

function fieldManagerOf(session: Session, serverSide: boolean): string {
  const { flags } = session;
  if (isGiven(flags, "field-manager")) return textFlag(flags, "field-manager");
  return serverSide ? "kubectl" : "kubectl-client-side-apply";
}

function checkFlags(session: Session, dryRun: DryRun, serverSide: boolean): void {
  const { flags } = session;
  if (boolFlag(flags, "force-conflicts") && !serverSide)
    throw refusal("--force-conflicts only works with --server-side");
  if (dryRun === "client" && serverSide)
    throw refusal("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)");
  if (boolFlag(flags, "force") && serverSide) throw refusal("--force cannot be used with --server-side");
  if (dryRun === "server" && boolFlag(flags, "force")) throw refusal("--dry-run=server cannot be used with --force");
  if (hasNoFiles(session)) throw refusal("must specify one of -f and -k");
  checkPruneFlags(session);
}

interface Applied {
  readonly object: Fields;
  readonly operation: string;
}

const CONFLICT_ADVICE = `
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;

function* applyOnServer(session: Session, info: Info, applying: Applying): Talk<Applied> {
  const query = { ...applying.query, force: String(boolFlag(session.flags, "force-conflicts")) };
  const response = yield* exchange(session, {
    method: "PATCH",
    path: pathOf(info, textFlag(session.flags, "subresource")),
    query,
    headers: { "content-type": "application/apply-patch+yaml" },
    body: info.object,
  });
  if (response.code >= 400) {
    const failure = failureOfResponse(response.code, response.body);
    if (reasonOf(failure) === "Conflict") throw refusal(messageOf(failure) + CONFLICT_ADVICE);
    throw thrown(failure);
  }
  return { object: response.body as Fields, operation: "serverside-applied" };
}

function* applyHere(session: Session, info: Info, applying: Applying): Talk<Applied> {
  const found = yield* exchange(session, { method: "GET", path: pathOf(info) });
  if (found.code === 404) return yield* createNew(session, info, applying);
  if (found.code >= 400) {
    const failure = failureOfResponse(found.code, found.body);
    throw thrown(
      addSource(failure, `retrieving current configuration of:\n${describeInfo(info)}\nfrom server for:`, info.source),
    );
  }
  const live = found.body as Fields;
  if (applying.dryRun === "client") return { object: live, operation: "configured" };
  if (appliedBefore(live) === undefined) {
    yield* warn(
      `resource ${info.mapping.plural}/${info.name} is missing the ${LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.`,
    );
  }
  const patched = yield* tryPatch(session, { info, live, applying });
  yield* warnIfDeleting(info, patched.object);
  return { object: patched.object, operation: patched.isEmpty ? "unchanged" : "configured" };
}

function* tryPatch(
  session: Session,
  parts: { readonly info: Info; readonly live: Fields; readonly applying: Applying },
): Talk<{ readonly object: Fields; readonly isEmpty: boolean }> {
  const { info } = parts;
  const outcome = yield* patchLive(session, parts);
  if (outcome.kind === "patched") return { object: outcome.object, isEmpty: outcome.isEmpty };
  const inner = addSource(outcome.failure, "patching", info.source);
  throw thrown(
    addSource(inner, `applying patch:\n${compactJson(outcome.patch)}\nto:\n${describeInfo(info)}\nfor:`, info.source),
  );
}

/** Source: cli-runtime resource.Info.String. */
function describeInfo(info: Info): string {
  const { group, version, kind } = info.mapping;
  return `Resource: ${goQuote(resourceText(info.mapping))}, GroupVersionKind: ${goQuote(`${group}/${version}, Kind=${kind}`)}\nName: ${goQuote(info.name)}, Namespace: ${goQuote(info.namespace)}`;
}

function* createNew(session: Session, info: Info, applying: Applying): Talk<Applied> {
  const object = withLastApplied(info.object);
  if (applying.dryRun === "client") return { object, operation: "created" };
  const response = yield* exchange(session, {
    method: "POST",
    path: collectionPath(info.mapping, info.namespace),
    query: applying.query,
    body: object,
  });
  if (response.code >= 400)
    throw thrown(addSource(failureOfResponse(response.code, response.body), "creating", info.source));
  return { object: response.body as Fields, operation: "created" };
}

/** Source: kubectl pkg/cmd/apply/apply.go warnIfDeleting. */
function* warnIfDeleting(info: Info, object: Fields): Talk<void> {
  if (at(object, "metadata", "deletionTimestamp") === undefined) return;
  yield* warn(`Detected changes to resource ${info.name} which is currently being deleted.`);
}
