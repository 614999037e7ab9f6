// After kubectl pkg/cmd/patch/patch.go.
import { goQuote } from "../../api/go-quote.ts";
import { applyJsonPatch, type JsonPatchOperation } from "../../api/json-patch.ts";
import { applyMergePatch } from "../../api/merge-patch.ts";
import { schemaOfKind } from "../../api/schema.ts";
import { applyStrategicMergePatch } from "../../api/strategic-merge-patch.ts";
import { sendPatch } from "../change.ts";
import { dryRunOf, type DryRun } from "../dry-run.ts";
import { failureOf, reasonOf, refusal } from "../failure.ts";
import { boolFlag, textFlag } from "../flag-set.ts";
import { sameJson, textAt, type Fields } from "../json.ts";
import { apiVersionOf } from "../mapping.ts";
import { printerOf } from "../printers/printer.ts";
import { recorded } from "../record.ts";
import { selectionOf } from "../select-flags.ts";
import { print, readFile, send, type Session, type Talk } from "../talk.ts";
import { visit } from "../visit.ts";
import { pathOf, type Info } from "../info.ts";
import { fromYaml, parseDocument } from "../yaml-text.ts";

const DIALECTS = ["json", "merge", "strategic"] as const;
type Dialect = (typeof DIALECTS)[number];

interface Patch {
  readonly text: string;
  readonly value: unknown;
  readonly dialect: Dialect;
  readonly dryRun: DryRun;
}

export function* runPatch(session: Session): Talk<number> {
  const { flags } = session;
  const dryRun = yield* dryRunOf(session);
  const local = boolFlag(flags, "local");
  const patch = { ...(yield* readPatch(session)), dialect: dialectOf(session), dryRun };
  let count = 0;
  const selection = { ...selectionOf(session), continueOnError: true, unfetched: true, local };
  yield* visit(session, selection, function* patchOne(info) {
    count++;
    yield* local ? patchLocally(session, info, patch) : patchOnServer(session, info, patch);
  });
  if (count === 0) throw refusal("no objects passed to patch");
  return 0;
}

function dialectOf(session: Session): Dialect {
  const written = textFlag(session.flags, "type").toLowerCase();
  const dialect = DIALECTS.find((each) => each === written);
  if (dialect === undefined)
    throw refusal(`--type must be one of [${DIALECTS.join(" ")}], not ${goQuote(textFlag(session.flags, "type"))}`);
  return dialect;
}

function* readPatch(session: Session): Talk<{ readonly text: string; readonly value: unknown }> {
  const { flags } = session;
  const [given, path] = [textFlag(flags, "patch"), textFlag(flags, "patch-file")];
  if (given !== "" && path !== "") throw refusal("cannot specify --patch and --patch-file together");
  if (given === "" && path === "")
    throw refusal("must specify --patch or --patch-file containing the contents of the patch");
  dialectOf(session);
  const file = path === "" ? undefined : yield* readFile(session, path);
  if (path !== "" && file === undefined)
    throw refusal(`unable to read patch file: open ${path}: no such file or directory`);
  const text = file?.text ?? given;
  if (/^\s*[[{]/.test(text)) return { text, value: undefined };
  const parsed = parseDocument(text);
  if (parsed.kind === "refused")
    throw refusal(`unable to parse ${goQuote(text)}: ${parsed.message.replace("error converting YAML to JSON: ", "")}`);
  return { text: JSON.stringify(parsed.value ?? null), value: parsed.value };
}

function* patchOnServer(session: Session, info: Info, patch: Patch): Talk<void> {
  const subresource = textFlag(session.flags, "subresource");
  try {
    const before = yield* currentOf(session, info);
    const result =
      patch.dryRun === "client"
        ? applied(before, patch, info)
        : yield* sendPatch(session, {
            info,
            patch: patch.text,
            dialect: patch.dialect,
            dryRun: patch.dryRun,
            subresource,
          });
    const marked =
      boolFlag(session.flags, "record") && patch.dryRun === "none"
        ? yield* recordOn(session, { ...info, object: result })
        : result;
    const unchanged = sameJson(before, marked) && patch.dryRun !== "server";
    const operation = unchanged ? "patched (no change)" : "patched";
    yield* print((yield* printerOf(session, { operation })).print(marked));
  } catch (caught) {
    throw unsupported(caught, info, patch.dialect);
  }
}

function* recordOn(session: Session, info: Info): Talk<Fields> {
  const marked = recorded(session, info.object);
  const annotations = { annotations: (marked["metadata"] as Fields)["annotations"] };
  return yield* sendPatch(session, { info, patch: { metadata: annotations }, dialect: "merge", dryRun: "none" });
}

function* currentOf(session: Session, info: Info): Talk<Fields> {
  const path = pathOf(info, textFlag(session.flags, "subresource"));
  return (yield* send(session, { method: "GET", path })).body as Fields;
}

function unsupported(caught: unknown, info: Info, dialect: Dialect): unknown {
  const failure = failureOf(caught);
  if (reasonOf(failure) !== "UnsupportedMediaType" || failure.kind !== "status") return caught;
  const type = {
    json: "application/json-patch+json",
    merge: "application/merge-patch+json",
    strategic: "application/strategic-merge-patch+json",
  }[dialect];
  return refusal(
    `${type} is not supported by ${apiVersionOf(info.mapping)}, Kind=${info.mapping.kind}: ${textAt(failure.status, "message")}`,
  );
}

function* patchLocally(session: Session, info: Info, patch: Patch): Talk<void> {
  yield* print((yield* printerOf(session, { operation: "patched" })).print(applied(info.object, patch, info)));
}

function applied(object: Fields, patch: Patch, info: Info): Fields {
  const value = patch.value ?? fromYaml(patch.text);
  if (patch.dialect === "merge") return applyMergePatch(object, value) as Fields;
  if (patch.dialect === "json") {
    const outcome = applyJsonPatch(object, value as readonly JsonPatchOperation[]);
    if (outcome.kind !== "patched") throw refusal(outcome.message);
    return outcome.value as Fields;
  }
  const schema = schemaOfKind(info.mapping.group, info.mapping.version, info.mapping.kind);
  if (schema === undefined) return applyMergePatch(object, value) as Fields;
  const outcome = applyStrategicMergePatch(object, value, schema);
  if (outcome.kind !== "patched") throw refusal(outcome.message);
  return outcome.value as Fields;
}
