// After kubectl pkg/describe/describe.go describeDeployment, describeReplicaSet, describeDaemonSet, describeStatefulSet, describeJob, describeCronJob.
import { parseTime, humanDuration } from "../../api/time.ts";
import { at, fieldsAt, number, rowsAt, text, textAt, type Fields } from "../json.ts";
import { formatLabels } from "../labels.ts";
import { collectionPath, mappingFor } from "../mapping.ts";
import { podSelector } from "../pods-of.ts";
import { newestReplicaSet, replicaSetsOf } from "../replica-sets.ts";
import { exchange, type Session, type Talk } from "../talk.ts";
import type { Info } from "../info.ts";
import { eventsOf, writeEvents } from "./events.ts";
import { selectorWords, writeTemplate } from "./pod.ts";
import { writeClaimTemplate } from "./volumes.ts";
import {
  capitalized,
  entry,
  finished,
  newWriter,
  timeText,
  valueOr,
  write,
  writeMetadata,
  writeName,
  type Writer,
} from "./writer.ts";

export function* describeDeployment(session: Session, info: Info): Talk<string> {
  const { object } = info;
  const events = yield* eventsOf(session, info);
  const owned = yield* replicaSetsOf(session, info);
  const newest = newestReplicaSet(object, owned);
  const writer = newWriter();
  writeName(writer, object);
  entry(writer, 0, "CreationTimestamp", timeText(at(object, "metadata", "creationTimestamp")));
  writeMetadata(writer, object);
  entry(writer, 0, "Selector", selectorWords(fieldsAt(object, "spec", "selector")));
  const status = (name: string): number => number(at(object, "status", name));
  entry(
    writer,
    0,
    "Replicas",
    `${number(at(object, "spec", "replicas"))} desired | ${status("updatedReplicas")} updated | ${status("replicas")} total | ${status("availableReplicas")} available | ${status("unavailableReplicas")} unavailable`,
  );
  entry(writer, 0, "StrategyType", textAt(object, "spec", "strategy", "type"));
  entry(writer, 0, "MinReadySeconds", number(at(object, "spec", "minReadySeconds")));
  const rolling = fieldsAt(object, "spec", "strategy", "rollingUpdate");
  if (at(object, "spec", "strategy", "rollingUpdate") !== undefined) {
    entry(
      writer,
      0,
      "RollingUpdateStrategy",
      `${textAt(rolling, "maxUnavailable")} max unavailable, ${textAt(rolling, "maxSurge")} max surge`,
    );
  }
  writeTemplate(writer, fieldsAt(object, "spec", "template"));
  const conditions = rowsAt(object, "status", "conditions");
  if (conditions.length > 0) write(writer, 0, "Conditions:\n  Type\tStatus\tReason\n");
  if (conditions.length > 0) write(writer, 1, "----\t------\t------\n");
  for (const each of conditions)
    write(writer, 1, `${textAt(each, "type")} \t${textAt(each, "status")}\t${textAt(each, "reason")}\n`);
  entry(writer, 0, "OldReplicaSets", replicaSetText(owned.filter((each) => each !== newest)));
  entry(writer, 0, "NewReplicaSet", replicaSetText(newest === undefined ? [] : [newest]));
  yield* writeEvents(writer, events);
  return finished(writer);
}

function replicaSetText(sets: readonly Fields[]): string {
  const words = sets.map(
    (set) =>
      `${textAt(set, "metadata", "name")} (${number(at(set, "status", "replicas"))}/${number(at(set, "spec", "replicas"))} replicas created)`,
  );
  return words.length === 0 ? "<none>" : words.join(", ");
}

/** How many of the owner's pods are in each phase. */
function* podCounts(session: Session, info: Info): Talk<string> {
  const mapping = yield* mappingFor(session, "pods");
  const response = yield* exchange(session, {
    method: "GET",
    path: collectionPath(mapping, info.namespace),
    query: { labelSelector: podSelector(info), limit: "500" },
  });
  const uid = textAt(info.object, "metadata", "uid");
  const mine = rowsAt(response.body, "items").filter((pod) =>
    rowsAt(pod, "metadata", "ownerReferences").some((owner) => owner["controller"] === true && owner["uid"] === uid),
  );
  const count = (phase: string): number => mine.filter((pod) => textAt(pod, "status", "phase") === phase).length;
  return `${count("Running")} Running / ${count("Pending")} Waiting / ${count("Succeeded")} Succeeded / ${count("Failed")} Failed`;
}

export function* describeReplicaSet(session: Session, info: Info): Talk<string> {
  const { object } = info;
  const events = yield* eventsOf(session, info);
  const counts = yield* podCounts(session, info);
  const writer = newWriter();
  writeName(writer, object);
  const isController = info.mapping.kind === "ReplicationController";
  entry(
    writer,
    0,
    "Selector",
    isController
      ? formatLabels(fieldsAt(object, "spec", "selector"))
      : selectorWords(fieldsAt(object, "spec", "selector")),
  );
  writeMetadata(writer, object);
  const owner = rowsAt(object, "metadata", "ownerReferences").find((each) => each["controller"] === true);
  if (owner !== undefined && !isController)
    entry(writer, 0, "Controlled By", `${textAt(owner, "kind")}/${textAt(owner, "name")}`);
  entry(
    writer,
    0,
    "Replicas",
    `${number(at(object, "status", "replicas"))} current / ${number(at(object, "spec", "replicas"))} desired`,
  );
  entry(writer, 0, "Pods Status", counts);
  writeTemplate(writer, fieldsAt(object, "spec", "template"));
  writeReasons(writer, object);
  yield* writeEvents(writer, events);
  return finished(writer);
}

function writeReasons(writer: Writer, object: Fields): void {
  const conditions = rowsAt(object, "status", "conditions");
  if (conditions.length === 0) return;
  write(writer, 0, "Conditions:\n  Type\tStatus\tReason\n");
  write(writer, 1, "----\t------\t------\n");
  for (const each of conditions)
    write(writer, 1, `${textAt(each, "type")} \t${textAt(each, "status")}\t${textAt(each, "reason")}\n`);
}

export function* describeDaemonSet(session: Session, info: Info): Talk<string> {
  const { object } = info;
  const events = yield* eventsOf(session, info);
  const counts = yield* podCounts(session, info);
  const writer = newWriter();
  writeName(writer, object);
  entry(writer, 0, "Selector", selectorWords(fieldsAt(object, "spec", "selector")));
  entry(writer, 0, "Node-Selector", formatLabels(fieldsAt(object, "spec", "template", "spec", "nodeSelector")));
  writeMetadata(writer, object);
  const status = (name: string): number => number(at(object, "status", name));
  for (const [title, name] of DAEMON_COUNTS) write(writer, 0, `${title}: ${status(name)}\n`);
  entry(writer, 0, "Pods Status", counts);
  writeTemplate(writer, fieldsAt(object, "spec", "template"));
  yield* writeEvents(writer, events);
  return finished(writer);
}

const DAEMON_COUNTS = [
  ["Desired Number of Nodes Scheduled", "desiredNumberScheduled"],
  ["Current Number of Nodes Scheduled", "currentNumberScheduled"],
  ["Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"],
  ["Number of Nodes Scheduled with Available Pods", "numberAvailable"],
  ["Number of Nodes Misscheduled", "numberMisscheduled"],
] as const;

export function* describeStatefulSet(session: Session, info: Info): Talk<string> {
  const { object } = info;
  const events = yield* eventsOf(session, info);
  const counts = yield* podCounts(session, info);
  const writer = newWriter();
  writeName(writer, object);
  entry(writer, 0, "CreationTimestamp", timeText(at(object, "metadata", "creationTimestamp")));
  entry(writer, 0, "Selector", selectorWords(fieldsAt(object, "spec", "selector")));
  writeMetadata(writer, object);
  entry(
    writer,
    0,
    "Replicas",
    `${number(at(object, "spec", "replicas"))} desired | ${number(at(object, "status", "replicas"))} total`,
  );
  entry(writer, 0, "Update Strategy", textAt(object, "spec", "updateStrategy", "type"));
  const partition = at(object, "spec", "updateStrategy", "rollingUpdate", "partition");
  if (partition !== undefined) {
    entry(writer, 1, "Partition", number(partition));
    const unavailable = textAt(object, "spec", "updateStrategy", "rollingUpdate", "maxUnavailable");
    if (unavailable !== "") entry(writer, 1, "MaxUnavailable", unavailable);
  }
  entry(writer, 0, "Pods Status", counts);
  writeTemplate(writer, fieldsAt(object, "spec", "template"));
  writeClaims(writer, rowsAt(object, "spec", "volumeClaimTemplates"));
  yield* writeEvents(writer, events);
  return finished(writer);
}

function writeClaims(writer: Writer, claims: readonly Fields[]): void {
  if (claims.length === 0) {
    write(writer, 0, "Volume Claims:\t<none>\n");
    return;
  }
  write(writer, 0, "Volume Claims:\n");
  for (const claim of claims) {
    entry(writer, 1, "Name", textAt(claim, "metadata", "name"));
    writeClaimTemplate(writer, claim, 1);
  }
}

export function* describeJob(session: Session, info: Info): Talk<string> {
  const { object } = info;
  const events = yield* eventsOf(session, info);
  const writer = newWriter();
  writeName(writer, object);
  if (at(object, "spec", "selector") !== undefined)
    entry(writer, 0, "Selector", selectorWords(fieldsAt(object, "spec", "selector")));
  writeMetadata(writer, object);
  const owner = rowsAt(object, "metadata", "ownerReferences").find((each) => each["controller"] === true);
  if (owner !== undefined) entry(writer, 0, "Controlled By", `${textAt(owner, "kind")}/${textAt(owner, "name")}`);
  writeJobSpec(writer, object);
  writeJobTimes(writer, object);
  const status = (name: string): number => number(at(object, "status", name));
  const ready = at(object, "status", "ready");
  const isReady = ready === undefined ? "" : ` (${number(ready)} Ready)`;
  entry(
    writer,
    0,
    "Pods Statuses",
    `${status("active")} Active${isReady} / ${status("succeeded")} Succeeded / ${status("failed")} Failed`,
  );
  if (textAt(object, "spec", "completionMode") === "Indexed")
    entry(writer, 0, "Completed Indexes", textAt(object, "status", "completedIndexes") || "<none>");
  writeTemplate(writer, fieldsAt(object, "spec", "template"));
  yield* writeEvents(writer, events);
  return finished(writer);
}

function writeJobSpec(writer: Writer, object: Fields): void {
  const { spec } = object;
  entry(writer, 0, "Parallelism", valueOr(spec, ["parallelism"], "<unset>"));
  entry(writer, 0, "Completions", valueOr(spec, ["completions"], "<unset>"));
  if (textAt(spec, "completionMode") !== "") entry(writer, 0, "Completion Mode", textAt(spec, "completionMode"));
  if (at(spec, "suspend") !== undefined) entry(writer, 0, "Suspend", String(at(spec, "suspend") === true));
  if (at(spec, "backoffLimit") !== undefined) entry(writer, 0, "Backoff Limit", textAt(spec, "backoffLimit"));
  if (at(spec, "ttlSecondsAfterFinished") !== undefined)
    entry(writer, 0, "TTL Seconds After Finished", textAt(spec, "ttlSecondsAfterFinished"));
}

function writeJobTimes(writer: Writer, object: Fields): void {
  const [start, end] = [textAt(object, "status", "startTime"), textAt(object, "status", "completionTime")];
  if (start !== "") entry(writer, 0, "Start Time", timeText(start));
  if (end !== "") entry(writer, 0, "Completed At", timeText(end));
  if (start !== "" && end !== "")
    entry(writer, 0, "Duration", humanDuration((parseTime(end) ?? 0) - (parseTime(start) ?? 0)));
  const deadline = at(object, "spec", "activeDeadlineSeconds");
  if (deadline !== undefined) entry(writer, 0, "Active Deadline Seconds", `${text(deadline)}s`);
}

export function* describeCronJob(session: Session, info: Info): Talk<string> {
  const { object } = info;
  const events = yield* eventsOf(session, info);
  const writer = newWriter();
  const spec = fieldsAt(object, "spec");
  writeName(writer, object);
  writeMetadata(writer, object);
  entry(writer, 0, "Schedule", textAt(spec, "schedule"));
  entry(writer, 0, "Concurrency Policy", textAt(spec, "concurrencyPolicy"));
  entry(writer, 0, "Suspend", capitalized(spec["suspend"]));
  entry(writer, 0, "Time Zone", valueOr(spec, ["timeZone"], "<unset>"));
  entry(writer, 0, "Successful Job History Limit", valueOr(spec, ["successfulJobsHistoryLimit"], "<unset>"));
  entry(writer, 0, "Failed Job History Limit", valueOr(spec, ["failedJobsHistoryLimit"], "<unset>"));
  const deadline = at(spec, "startingDeadlineSeconds");
  entry(writer, 0, "Starting Deadline Seconds", deadline === undefined ? "<unset>" : `${text(deadline)}s`);
  const job = fieldsAt(spec, "jobTemplate", "spec");
  entry(writer, 0, "Selector", job["selector"] === undefined ? "<unset>" : selectorWords(fieldsAt(job, "selector")));
  entry(writer, 0, "Parallelism", valueOr(job, ["parallelism"], "<unset>"));
  entry(writer, 0, "Completions", valueOr(job, ["completions"], "<unset>"));
  if (job["activeDeadlineSeconds"] !== undefined)
    entry(writer, 0, "Active Deadline Seconds", `${text(job["activeDeadlineSeconds"])}s`);
  writeTemplate(writer, fieldsAt(job, "template"));
  const last = textAt(object, "status", "lastScheduleTime");
  entry(writer, 0, "Last Schedule Time", last === "" ? "<unset>" : timeText(last));
  const active = rowsAt(object, "status", "active").map((each) => textAt(each, "name"));
  entry(writer, 0, "Active Jobs", active.length === 0 ? "<none>" : active.join(", "));
  yield* writeEvents(writer, events);
  return finished(writer);
}
