// After kubectl pkg/cmd/replace/replace.go.
import { addSource, bracketed, failureOf, failureOfResponse, refusal, thrown, usageRefusal } from "../failure.ts";
import { boolFlag, durationFlag, intFlag, textFlag } from "../flag-set.ts";
import { textAt, type Fields } from "../json.ts";
import { withLastApplied, appliedBefore } from "../last-applied.ts";
import { collectionPath } from "../mapping.ts";
import { dryRunOf, validationOf, withDryRun, writeQuery } from "../dry-run.ts";
import { printerOf } from "../printers/printer.ts";
import { recorded } from "../record.ts";
import { hasNoFiles, selectionOf } from "../select-flags.ts";
import { complain, exchange, now, print, printLine, type Session, type Talk } from "../talk.ts";
import { infosOf, visit } from "../visit.ts";
import { pathOf, type Info } from "../info.ts";
import { untilDeleted } from "../waiting.ts";
import { createRaw } from "./create/create.ts";
import { cascadeOf } from "./delete.ts";

export function* runReplace(session: Session): Talk<number> {
  const { flags, args } = session;
  if (args.length > 0) throw usageRefusal("kubectl replace", `Unexpected args: ${bracketed(args)}`);
  const dryRun = yield* dryRunOf(session);
  const validation = validationOf(flags);
  const force = boolFlag(flags, "force");
  if (intFlag(flags, "grace-period") >= 0 && !force) throw refusal("--grace-period must have --force specified");
  if (durationFlag(flags, "timeout") !== 0 && !force) throw refusal("--timeout must have --force specified");
  if (hasNoFiles(session)) throw refusal("must specify one of -f and -k");
  const raw = textFlag(flags, "raw");
  if (raw !== "") return yield* createRaw(session, raw, "PUT");
  const query = writeQuery({ dryRun, fieldManager: textFlag(flags, "field-manager"), validation });
  if (force) return yield* forceReplace(session, query);
  const printer = yield* printerOf(session, { operation: withDryRun("replaced", dryRun) });
  const selection = { ...selectionOf(session), continueOnError: true, unvalidated: validation === "Ignore" };
  yield* visit(session, selection, function* replaceOne(info) {
    const object = recorded(session, keepConfig(session, info.object));
    const result = dryRun === "client" ? object : yield* put(session, { ...info, object }, query);
    yield* print(printer.print(result));
  });
  return 0;
}

function keepConfig(session: Session, object: Fields): Fields {
  return boolFlag(session.flags, "save-config") || appliedBefore(object) !== undefined
    ? withLastApplied(object)
    : object;
}

function* put(session: Session, info: Info, query: Readonly<Record<string, string>>): Talk<Fields> {
  try {
    const path = pathOf(info, textFlag(session.flags, "subresource"));
    const response = yield* exchange(session, { method: "PUT", path, query, body: info.object });
    if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
    return response.body as Fields;
  } catch (caught) {
    throw thrown(addSource(failureOf(caught), "replacing", info.source));
  }
}

/** Deletes what is there, waits until it is gone, and creates it anew. */
function* forceReplace(session: Session, query: Readonly<Record<string, string>>): Talk<number> {
  const { flags } = session;
  const infos = yield* infosOf(session, { ...selectionOf(session), continueOnError: true });
  const grace = Math.max(0, intFlag(flags, "grace-period"));
  const cascade = cascadeOf(textFlag(flags, "cascade"));
  const timeout = durationFlag(flags, "timeout");
  const end = timeout === 0 ? undefined : (yield* now()) + timeout;
  if (grace === 0) {
    yield* complain(
      "Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n",
    );
  }
  for (const info of infos) {
    const body = { kind: "DeleteOptions", apiVersion: "v1", gracePeriodSeconds: grace, propagationPolicy: cascade };
    const response = yield* exchange(session, { method: "DELETE", path: pathOf(info), body });
    if (response.code === 404) continue;
    if (response.code >= 400)
      throw thrown(addSource(failureOfResponse(response.code, response.body), "deleting", info.source));
    const kind = `${info.mapping.kind.toLowerCase()}${info.mapping.group === "" ? "" : `.${info.mapping.group}`}`;
    const where = info.namespace === "" ? "" : ` from ${info.namespace} namespace`;
    yield* printLine(`${kind} "${info.name}" ${grace === 0 ? "force deleted" : "deleted"}${where}`);
    yield* untilDeleted(session, { info, uid: textAt(response.body, "metadata", "uid") }, end);
  }
  const printer = yield* printerOf(session, { operation: "replaced" });
  for (const info of infos) {
    const response = yield* exchange(session, {
      method: "POST",
      path: collectionPath(info.mapping, info.namespace),
      query,
      body: keepConfig(session, info.object),
    });
    if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
    yield* print(printer.print(response.body as Fields));
  }
  return 0;
}
