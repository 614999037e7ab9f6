// After kubectl pkg/cmd/create/create.go.
import { addSource, bracketed, failureOf, failureOfResponse, refusal, thrown, usageRefusal } from "../../failure.ts";
import { boolFlag, listFlag, textFlag } from "../../flag-set.ts";
import type { Fields } from "../../json.ts";
import { withLastApplied } from "../../last-applied.ts";
import { collectionPath } from "../../mapping.ts";
import { dryRunOf, validationOf, withDryRun, writeQuery } from "../../dry-run.ts";
import { printerOf } from "../../printers/printer.ts";
import { hasNoFiles, selectionOf } from "../../select-flags.ts";
import { exchange, print, readFile, readStdin, type Session, type Talk } from "../../talk.ts";
import { visit } from "../../visit.ts";
import type { Info } from "../../info.ts";
import { editAndApply } from "../edit.ts";

export function* runCreate(session: Session): Talk<number> {
  const { flags, args } = session;
  if (args.length > 0) throw usageRefusal("kubectl create", `Unexpected args: ${bracketed(args)}`);
  if (hasNoFiles(session)) throw refusal("must specify one of -f and -k");
  const raw = textFlag(flags, "raw");
  if (raw !== "") return yield* createRaw(session, raw);
  const dryRun = yield* dryRunOf(session);
  const validation = validationOf(flags);
  if (boolFlag(flags, "edit")) return yield* editAndApply(session, "create");
  const printer = yield* printerOf(session, { operation: withDryRun("created", dryRun) });
  const query = writeQuery({ dryRun, fieldManager: textFlag(flags, "field-manager"), validation });
  let count = 0;
  const selection = { ...selectionOf(session), continueOnError: true, unvalidated: validation === "Ignore" };
  yield* visit(session, selection, function* createOne(info) {
    const object = boolFlag(flags, "save-config") ? withLastApplied(info.object) : info.object;
    const made = dryRun === "client" ? object : yield* post(session, { ...info, object }, query);
    count++;
    yield* print(printer.print(made));
  });
  if (count === 0) throw refusal("no objects passed to create");
  return 0;
}

function* post(session: Session, info: Info, query: Readonly<Record<string, string>>): Talk<Fields> {
  try {
    const path = collectionPath(info.mapping, info.namespace);
    const response = yield* exchange(session, { method: "POST", path, query, body: info.object });
    if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
    return response.body as Fields;
  } catch (caught) {
    throw thrown(addSource(failureOf(caught), "creating", info.source));
  }
}

/** `--raw PATH`: the one file is sent as it is. */
export function* createRaw(session: Session, path: string, method: "POST" | "PUT" = "POST"): Talk<number> {
  const [source = ""] = listFlag(session.flags, "filename");
  if (listFlag(session.flags, "filename").length !== 1)
    throw refusal("--raw can only use a single local file or stdin");
  const text = source === "-" ? yield* readStdin() : (yield* readFile(session, source))?.text;
  if (text === undefined) throw refusal(`open ${source}: no such file or directory`);
  const response = yield* exchange(session, { method, path, text, headers: { "content-type": "application/json" } });
  if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
  yield* print(typeof response.body === "string" ? response.body : `${JSON.stringify(response.body)}\n`);
  return 0;
}
