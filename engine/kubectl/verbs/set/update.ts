// After kubectl pkg/cmd/set/helper.go: patches to the pod templates of what a line names.
import { sendPatch, differenceOf } from "../../change.ts";
import { dryRunOf, withDryRun, type DryRun } from "../../dry-run.ts";
import { failureOf, messageOf, refusal, thrown, together, type Failure } from "../../failure.ts";
import { boolFlag, textFlag } from "../../flag-set.ts";
import type { Fields } from "../../json.ts";
import { printerOf } from "../../printers/printer.ts";
import { recorded } from "../../record.ts";
import { selectionOf } from "../../select-flags.ts";
import { print, type Session, type Talk } from "../../talk.ts";
import { infosOf } from "../../visit.ts";
import type { Info } from "../../info.ts";

export interface Update {
  readonly resources: readonly string[];
  /** `image updated`. */
  readonly operation: string;
  /** `image update to pod template`: for messages of what could not be patched. */
  readonly what: string;
  change(object: Fields): Fields;
}

/** The objects that a `set` command is about. */
export function* setTargets(session: Session, resources: readonly string[]): Talk<readonly Info[]> {
  const { flags } = session;
  const local = boolFlag(flags, "local");
  return yield* infosOf(session, { ...selectionOf(session, resources), continueOnError: true, local, latest: !local });
}

export function* updateAll(session: Session, infos: readonly Info[], update: Omit<Update, "resources">): Talk<number> {
  const dryRun = yield* dryRunOf(session);
  const printer = yield* printerOf(session, { operation: withDryRun(update.operation, dryRun) });
  const failures: Failure[] = [];
  for (const info of infos) {
    try {
      const result = yield* updateOne(session, info, { update, dryRun });
      if (result !== undefined) yield* print(printer.print(result));
    } catch (caught) {
      failures.push(failureOf(caught));
    }
  }
  const failure = together(failures);
  if (failure !== undefined) throw thrown(failure);
  return 0;
}

function* updateOne(
  session: Session,
  info: Info,
  { update, dryRun }: { readonly update: Omit<Update, "resources">; readonly dryRun: DryRun },
): Talk<Fields | undefined> {
  const changed = recorded(session, update.change(info.object));
  const { patch, dialect } = differenceOf(info, changed);
  if (Object.keys(patch).length === 0) return undefined;
  if (dryRun === "client" || boolFlag(session.flags, "local")) return changed;
  try {
    return yield* sendPatch(session, { info, patch, dialect, dryRun });
  } catch (caught) {
    throw refusal(`failed to patch ${update.what}: ${messageOf(failureOf(caught))}`);
  }
}

export function checkAll(session: Session): void {
  if (boolFlag(session.flags, "all") && textFlag(session.flags, "selector") !== "")
    throw refusal("cannot set --all and --selector at the same time");
}
