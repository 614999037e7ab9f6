// After kubectl pkg/cmd/create/create.go CreateSubcommandOptions.
import { goJson } from "../../../api/go-quote.ts";
import { failureOfResponse, messageOf, refusal, thrown, usageRefusal } from "../../failure.ts";
import { boolFlag, textFlag } from "../../flag-set.ts";
import { put, textAt, type Fields } from "../../json.ts";
import { LAST_APPLIED } from "../../last-applied.ts";
import { localMapping } from "../../local-mapping.ts";
import { collectionPath } from "../../mapping.ts";
import { dryRunOf, validationOf, withDryRun, writeQuery } from "../../dry-run.ts";
import { printerOf } from "../../printers/printer.ts";
import { exchange, print, type Session, type Talk } from "../../talk.ts";

/** The one name that a generator takes. */
export function nameArgument(session: Session): string {
  const before = session.argsBeforeDash < 0 ? session.args : session.args.slice(0, session.argsBeforeDash);
  const [name] = before;
  if (before.length !== 1 || name === undefined) {
    throw usageRefusal(`kubectl ${session.path}`, `exactly one NAME is required, got ${before.length}`);
  }
  return name;
}

/** What stands behind `--`. */
export function commandArguments(session: Session): readonly string[] {
  return session.argsBeforeDash < 0 ? [] : session.args.slice(session.argsBeforeDash);
}

/** What a command says about the object that it makes. */
export interface Saying {
  /** Stands before the server's message; without it the refusal is shown as any other. */
  readonly trouble?: string;
  /** `created` if absent. */
  readonly operation?: string;
}

/** Creates a generated object, or prints it. */
export function* createGenerated(
  session: Session,
  generated: Fields,
  saying: Saying | string | undefined,
): Talk<number> {
  const { trouble, operation = "created" } = typeof saying === "string" ? { trouble: saying } : (saying ?? {});
  const { flags, config } = session;
  const dryRun = yield* dryRunOf(session);
  const validation = flags.defined.has("validate") ? validationOf(flags) : undefined;
  const printer = yield* printerOf(session, { operation: withDryRun(operation, dryRun), order: "as-is" });
  const mapping = localMapping(textAt(generated, "apiVersion"), textAt(generated, "kind"));
  const placed = mapping.namespaced && config.namespaceGiven ? withNamespace(generated, config.namespace) : generated;
  const object = boolFlag(flags, "save-config")
    ? put(placed, ["metadata", "annotations"], { [LAST_APPLIED]: `${goJson(placed)}\n` })
    : placed;
  if (dryRun === "client") {
    yield* print(printer.print(object));
    return 0;
  }
  const namespace = mapping.namespaced ? config.namespace : "";
  const query = writeQuery({
    dryRun,
    fieldManager: textFlag(flags, "field-manager"),
    ...(validation === undefined ? {} : { validation }),
  });
  const response = yield* exchange(session, {
    method: "POST",
    path: collectionPath(mapping, namespace),
    query,
    body: object,
  });
  if (response.code >= 400) {
    const failure = failureOfResponse(response.code, response.body);
    throw trouble === undefined ? thrown(failure) : refusal(`${trouble}${messageOf(failure)}`);
  }
  yield* print(printer.print(response.body as Fields));
  return 0;
}

/** The namespace stands behind the name, as in the type. */
function withNamespace(object: Fields, namespace: string): Fields {
  const { name, ...rest } = (object["metadata"] ?? {}) as Fields;
  return { ...object, metadata: { ...(name === undefined ? {} : { name }), namespace, ...rest } };
}
