// After kubectl pkg/cmd/apply/apply_view_last_applied.go, apply_set_last_applied.go, apply_edit_last_applied.go.
import { dryRunOf, withDryRun } from "../dry-run.ts";
import { failureOf, messageOf, refusal, usageRefusal } from "../failure.ts";
import { boolFlag, textFlag } from "../flag-set.ts";
import type { Fields } from "../json.ts";
import { appliedBefore, LAST_APPLIED, lastAppliedOf } from "../last-applied.ts";
import { indentedJson } from "../printers/json-text.ts";
import { printerOf } from "../printers/printer.ts";
import { selectionOf } from "../select-flags.ts";
import { sendPatch } from "../change.ts";
import { complain, print, send, type Session, type Talk } from "../talk.ts";
import { infosOf, visit } from "../visit.ts";
import { pathOf, type Info } from "../info.ts";
import { fromYaml, toYaml } from "../yaml-text.ts";

function configOf(info: Info): string {
  const kept = appliedBefore(info.object);
  if (kept === undefined) throw refusal(`no last-applied-configuration annotation found on resource: ${info.name}`);
  return kept;
}

export function* viewLastApplied(session: Session): Talk<number> {
  const output = textFlag(session.flags, "output");
  if (output !== "yaml" && output !== "json")
    throw usageRefusal(
      "kubectl apply view-last-applied",
      `Unexpected -o output mode: ${output}, the flag 'output' must be one of yaml|json`,
    );
  const infos = yield* infosOf(session, {
    ...selectionOf(session),
    typeMeansAll: boolFlag(session.flags, "all"),
    latest: true,
  });
  for (const info of infos) {
    const kept = appliedBefore(info.object);
    if (kept === undefined) continue;
    const config = fromYaml(kept);
    yield* print(output === "yaml" ? toYaml(config) : `${indentedJson(config, "sorted").replaceAll("    ", "  ")}\n`);
  }
  return 0;
}

export function* setLastApplied(session: Session): Talk<number> {
  const { flags } = session;
  const dryRun = yield* dryRunOf(session);
  const printer = yield* printerOf(session, { operation: withDryRun("configured", dryRun) });
  yield* visit(session, { ...selectionOf(session), continueOnError: true }, function* setOne(info) {
    const live = (yield* send(session, { method: "GET", path: pathOf(info) })).body as Fields;
    const before = appliedBefore(live);
    if (before === undefined && !boolFlag(flags, "create-annotation")) {
      throw refusal(
        `no last-applied-configuration annotation found on resource: ${info.name}, to create the annotation, run the command with --create-annotation`,
      );
    }
    const wanted = lastAppliedOf(info.object);
    if (before === wanted) {
      yield* print(printer.print(live));
      return;
    }
    const patch = { metadata: { annotations: { [LAST_APPLIED]: wanted } } };
    const result = dryRun === "client" ? live : yield* sendPatch(session, { info, patch, dialect: "merge", dryRun });
    yield* print(printer.print(result));
  });
  return 0;
}

export function* editLastApplied(session: Session): Talk<number> {
  const infos = yield* infosOf(session, { ...selectionOf(session), latest: true });
  for (const info of infos) {
    const text = toYaml(fromYaml(configOf(info)));
    const answer = yield { kind: "edit", path: "/tmp/kubectl-edit-last-applied.yaml", text };
    if (answer.kind !== "file" || answer.text === text) {
      yield* complain("Edit cancelled, no changes made.\n");
      continue;
    }
    try {
      const patch = { metadata: { annotations: { [LAST_APPLIED]: lastAppliedOf(fromYaml(answer.text) as Fields) } } };
      const result = yield* sendPatch(session, { info, patch, dialect: "merge", dryRun: "none" });
      yield* print((yield* printerOf(session, { operation: "edited" })).print(result));
    } catch (caught) {
      throw refusal(messageOf(failureOf(caught)));
    }
  }
  return 0;
}
