// After kubectl pkg/cmd/rollout/rollout_history.go, rollout_undo.go, pkg/polymorphichelpers/history.go, rollback.go.
import { PATCH_MEDIA_TYPES } from "../../client/requests.ts";
import { applyStrategicMergePatch } from "../../api/strategic-merge-patch.ts";
import { schemaOfKind } from "../../api/schema.ts";
import { writeTemplate } from "../describe/pod.ts";
import { newWriter } from "../describe/writer.ts";
import { dryRunOf, withDryRun, type DryRun } from "../dry-run.ts";
import { failureOfResponse, refusal, thrown } from "../failure.ts";
import { intFlag, textFlag } from "../flag-set.ts";
import { at, fieldsAt, number, put, rowsAt, sameJson, textAt, type Fields } from "../json.ts";
import { appliedBefore, LAST_APPLIED } from "../last-applied.ts";
import { collectionPath } from "../mapping.ts";
import { selectorText } from "../pods-of.ts";
import { printerOf } from "../printers/printer.ts";
import { CHANGE_CAUSE } from "../record.ts";
import { newestReplicaSet, replicaSetsOf, revisionOf, withoutHash } from "../replica-sets.ts";
import { DESCRIBE_LAYOUT, tabulate } from "../tabulate.ts";
import { exchange, print, send, warn, type Session, type Talk } from "../talk.ts";
import { pathOf, type Info } from "../info.ts";
import { rolloutTargets } from "./rollout.ts";

/** A revision of a workload: the object that keeps it, and the template in it. */
interface Revision {
  readonly number: number;
  readonly cause: string;
  readonly holder: Fields;
  readonly template: Fields;
}

const REVISION_LAYOUT = { minWidth: 8, padding: 2 };

function* revisionsOf(session: Session, info: Info): Talk<readonly Revision[]> {
  switch (info.mapping.kind) {
    case "Deployment":
      return (yield* replicaSetsOf(session, info)).map((set) => ({
        number: revisionOf(set),
        cause: textAt(set, "metadata", "annotations", CHANGE_CAUSE),
        holder: set,
        template: fieldsAt(set, "spec", "template"),
      }));
    case "DaemonSet":
    case "StatefulSet":
      return yield* controllerRevisions(session, info);
    default:
      throw refusal(`no history viewer has been implemented for "${info.mapping.kind}"`);
  }
}

function* controllerRevisions(session: Session, info: Info): Talk<readonly Revision[]> {
  const mapping = { ...info.mapping, plural: "controllerrevisions" };
  const labelSelector = selectorText(fieldsAt(info.object, "spec", "selector"));
  const response = yield* send(session, {
    method: "GET",
    path: collectionPath(mapping, info.namespace),
    query: { labelSelector },
  });
  const uid = textAt(info.object, "metadata", "uid");
  return rowsAt(response.body, "items")
    .filter((each) =>
      rowsAt(each, "metadata", "ownerReferences").some((owner) => owner["controller"] === true && owner["uid"] === uid),
    )
    .map((each) => ({
      number: number(each["revision"]),
      cause: textAt(each, "metadata", "annotations", CHANGE_CAUSE),
      holder: { apiVersion: "apps/v1", kind: "ControllerRevision", ...each },
      template: templateOf(info, each),
    }));
}

/** The template after the patch that a controller revision is. */
function templateOf(info: Info, revision: Fields): Fields {
  const schema = schemaOfKind("apps", "v1", info.mapping.kind);
  if (schema === undefined) return {};
  const outcome = applyStrategicMergePatch(info.object, revision["data"], schema);
  return outcome.kind === "patched" ? fieldsAt(outcome.value, "spec", "template") : {};
}

export function* historyOfRollout(session: Session): Talk<number> {
  const revision = intFlag(session.flags, "revision");
  if (revision < 0) throw refusal(`revision must be a positive integer: ${revision}`);
  const infos = yield* rolloutTargets(session);
  const output = textFlag(session.flags, "output");
  for (const info of infos) {
    const revisions = (yield* revisionsOf(session, info)).toSorted((one, other) => one.number - other.number);
    yield* output === "" ? showHistory(info, { revision, revisions }) : printHolders(session, { revision, revisions });
  }
  return 0;
}

interface History {
  readonly revision: number;
  readonly revisions: readonly Revision[];
}

function* printHolders(session: Session, { revision, revisions }: History): Talk<void> {
  const printer = yield* printerOf(session, {});
  if (revision > 0) {
    const found = revisions.find((each) => each.number === revision);
    if (found === undefined) throw refusal("unable to find the specified revision");
    yield* print(printer.print(found.holder));
    return;
  }
  for (const each of revisions) yield* print(printer.print(each.holder));
}

function* showHistory(info: Info, { revision, revisions }: History): Talk<void> {
  const name = `${info.mapping.kind.toLowerCase()}.${info.mapping.group}/${info.name}`;
  if (revision > 0) {
    const found = revisions.find((each) => each.number === revision);
    if (found === undefined) throw refusal("unable to find the specified revision");
    const template =
      info.mapping.kind === "Deployment" && found.cause !== ""
        ? put(found.template, ["metadata", "annotations"], {
            ...fieldsAt(found.template, "metadata", "annotations"),
            [CHANGE_CAUSE]: found.cause,
          })
        : found.template;
    const writer = newWriter();
    writeTemplate(writer, template);
    yield* print(`${name} with revision #${revision}\n${writer.blocks.join("")}\n`);
    return;
  }
  const rows = revisions.map((each) => `${each.number}\t${each.cause === "" ? "<none>" : each.cause}\n`).join("");
  yield* print(
    `${name} \n${tabulate(`REVISION\tCHANGE-CAUSE\n${rows}`, { ...REVISION_LAYOUT, ...DESCRIBE_LAYOUT })}\n`,
  );
}

export function* undoRollout(session: Session): Talk<number> {
  const revision = intFlag(session.flags, "to-revision");
  if (revision < 0) throw refusal(`revision must be a positive integer: ${revision}`);
  const dryRun = yield* dryRunOf(session);
  const infos = yield* rolloutTargets(session);
  for (const info of infos) {
    yield* warnOfApply(info);
    const message = yield* rollBack(session, info, { revision, dryRun });
    yield* print((yield* printerOf(session, { operation: message })).print(info.object));
  }
  return 0;
}

function* warnOfApply(info: Info): Talk<void> {
  if (appliedBefore(info.object) === undefined) return;
  yield* warn(
    `resource ${info.mapping.plural}/${info.name} was previously managed with 'kubectl apply'. Rolling back will not update the ${LAST_APPLIED} annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.`,
  );
}

interface RollBack {
  readonly revision: number;
  readonly dryRun: DryRun;
}

function* rollBack(session: Session, info: Info, target: RollBack): Talk<string> {
  if (!["Deployment", "DaemonSet", "StatefulSet"].includes(info.mapping.kind))
    throw refusal(`no rollbacker has been implemented for "${info.mapping.kind}"`);
  if (at(info.object, "spec", "paused") === true) {
    throw refusal(
      `you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`,
    );
  }
  const revisions = (yield* revisionsOf(session, info)).toSorted((one, other) => one.number - other.number);
  const wanted = wantedRevision(info, revisions, target.revision);
  const current = fieldsAt(info.object, "spec", "template");
  const template = info.mapping.kind === "Deployment" ? withoutHash(wanted.template) : wanted.template;
  if (target.dryRun === "client") return previewOf(template);
  if (sameJson(template, current)) return skipped(wanted.number);
  yield* info.mapping.kind === "Deployment"
    ? patchDeployment(session, info, { template, holder: wanted.holder, dryRun: target.dryRun })
    : patchSet(session, info, { holder: wanted.holder, dryRun: target.dryRun });
  return withDryRun("rolled back", target.dryRun);
}

function skipped(revision: number): string {
  return `skipped rollback (current template already matches revision ${revision})`;
}

function previewOf(template: Fields): string {
  const writer = newWriter();
  writeTemplate(writer, template);
  return writer.blocks.join("");
}

function wantedRevision(info: Info, revisions: readonly Revision[], wanted: number): Revision {
  if (wanted > 0) {
    const found = revisions.find((each) => each.number === wanted);
    if (found === undefined) throw refusal(`unable to find specified revision ${wanted} in history`);
    return found;
  }
  const holders = revisions.map((each) => each.holder);
  const newest = info.mapping.kind === "Deployment" ? newestReplicaSet(info.object, holders) : undefined;
  const others = newest === undefined ? revisions.slice(0, -1) : revisions.filter((each) => each.holder !== newest);
  const previous = others.at(-1);
  if (previous === undefined)
    throw refusal(`no rollout history found for ${info.mapping.kind.toLowerCase()} ${JSON.stringify(info.name)}`);
  return previous;
}

/** Annotations that a deployment keeps as they are. Source: rollback.go annotationsToSkip. */
const KEPT_ANNOTATIONS = [
  LAST_APPLIED,
  "deployment.kubernetes.io/revision",
  "deployment.kubernetes.io/revision-history",
  "deployment.kubernetes.io/desired-replicas",
  "deployment.kubernetes.io/max-replicas",
  "deprecated.deployment.rollback.to",
];

function* patchDeployment(
  session: Session,
  info: Info,
  change: { readonly template: Fields; readonly holder: Fields; readonly dryRun: DryRun },
): Talk<void> {
  const own = fieldsAt(info.object, "metadata", "annotations");
  const annotations: Record<string, unknown> = {};
  for (const key of KEPT_ANNOTATIONS) if (own[key] !== undefined) annotations[key] = own[key];
  const theirs = fieldsAt(change.holder, "metadata", "annotations");
  for (const key of Object.keys(theirs)) if (!KEPT_ANNOTATIONS.includes(key)) annotations[key] = theirs[key];
  const patch = [
    { op: "replace", path: "/spec/template", value: change.template },
    { op: "replace", path: "/metadata/annotations", value: annotations },
  ];
  yield* sendRollback(session, info, { patch, type: PATCH_MEDIA_TYPES.json, dryRun: change.dryRun });
}

function* patchSet(
  session: Session,
  info: Info,
  change: { readonly holder: Fields; readonly dryRun: DryRun },
): Talk<void> {
  yield* sendRollback(session, info, {
    patch: change.holder["data"],
    type: PATCH_MEDIA_TYPES.strategic,
    dryRun: change.dryRun,
  });
}

function* sendRollback(
  session: Session,
  info: Info,
  change: { readonly patch: unknown; readonly type: string; readonly dryRun: DryRun },
): Talk<void> {
  const query: Readonly<Record<string, string>> = change.dryRun === "server" ? { dryRun: "All" } : {};
  const response = yield* exchange(session, {
    method: "PATCH",
    path: pathOf(info),
    query,
    headers: { "content-type": change.type },
    body: change.patch,
  });
  if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
}
