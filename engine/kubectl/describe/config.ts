// After kubectl pkg/describe/describe.go: ConfigMap, Secret, ServiceAccount, Namespace, ResourceQuota, LimitRange, PriorityClass.
import { base64Length, decodeBase64 } from "../base64.ts";
import { addQuantities, formatQuantity, quantityOf } from "../../api/quantity.ts";
import { at, fieldsAt, list, rowsAt, sortedKeys, text, textAt, type Fields } from "../json.ts";
import { exchange, type Session, type Talk } from "../talk.ts";
import { naturalOrder } from "../sorting.ts";
import type { Info } from "../info.ts";
import { eventsOf, writeEvents } from "./events.ts";
import {
  entry,
  finished,
  newWriter,
  write,
  writeAnnotations,
  writeMetadata,
  writeName,
  type Writer,
} from "./writer.ts";

export function* describeConfigMap(session: Session, info: Info): Talk<string> {
  const events = yield* eventsOf(session, info);
  const writer = newWriter();
  writeName(writer, info.object);
  writeMetadata(writer, info.object);
  write(writer, 0, "\nData\n====\n");
  const data = fieldsAt(info.object, "data");
  for (const key of sortedKeys(data)) write(writer, 0, `${key}:\n----\n${text(data[key])}\n\n`);
  write(writer, 0, "\nBinaryData\n====\n");
  const binary = fieldsAt(info.object, "binaryData");
  for (const key of sortedKeys(binary)) write(writer, 0, `${key}: ${base64Length(text(binary[key]))} bytes\n`);
  write(writer, 0, "\n");
  yield* writeEvents(writer, events);
  return finished(writer);
}

export function* describeSecret(_session: Session, info: Info): Talk<string> {
  const writer = newWriter();
  writeName(writer, info.object);
  writeMetadata(writer, info.object);
  write(writer, 0, `\nType:\t${textAt(info.object, "type")}\n\nData\n====\n`);
  const data = fieldsAt(info.object, "data");
  const isToken = textAt(info.object, "type") === "kubernetes.io/service-account-token";
  for (const key of sortedKeys(data)) {
    const value = text(data[key]);
    const shown = isToken && key === "token" ? decodeBase64(value) : `${base64Length(value)} bytes`;
    write(writer, 0, `${key}:\t${shown}\n`);
  }
  return finished(writer);
}

export function* describeServiceAccount(session: Session, info: Info): Talk<string> {
  const events = yield* eventsOf(session, info);
  const writer = newWriter();
  writeName(writer, info.object);
  writeMetadata(writer, info.object);
  const pulls = rowsAt(info.object, "imagePullSecrets").map((each) => textAt(each, "name"));
  entry(writer, 0, "Image pull secrets", pulls.length === 0 ? "<none>" : pulls.join("\n\t"));
  yield* writeEvents(writer, events);
  return finished(writer);
}

export function* describeNamespace(session: Session, info: Info): Talk<string> {
  const quotas = yield* itemsIn(session, info.name, "resourcequotas");
  const ranges = yield* itemsIn(session, info.name, "limitranges");
  const writer = newWriter();
  writeName(writer, info.object);
  writeMetadata(writer, info.object);
  entry(writer, 0, "Status", textAt(info.object, "status", "phase"));
  const conditions = rowsAt(info.object, "status", "conditions");
  if (conditions.length > 0) {
    write(writer, 0, "Conditions:\n");
    write(writer, 1, "Type\tStatus\tLastTransitionTime\tReason\tMessage\n");
    write(writer, 1, "----\t------\t------------------\t------\t-------\n");
    for (const each of conditions)
      write(
        writer,
        1,
        `${textAt(each, "type")}\t${textAt(each, "status")}\t${textAt(each, "lastTransitionTime")}\t${textAt(each, "reason")}\t${textAt(each, "message")}\n`,
      );
  }
  writeQuotas(writer, quotas);
  writeRanges(writer, ranges);
  return finished(writer);
}

function* itemsIn(session: Session, namespace: string, plural: string): Talk<readonly Fields[]> {
  const response = yield* exchange(session, {
    method: "GET",
    path: `/api/v1/namespaces/${namespace}/${plural}`,
    query: { limit: "500" },
  });
  return response.code < 400 ? rowsAt(response.body, "items") : [];
}

function writeQuotas(writer: Writer, quotas: readonly Fields[]): void {
  if (quotas.length === 0) {
    write(writer, 0, "\nNo resource quota.\n");
    return;
  }
  write(writer, 0, "\nResource Quotas\n");
  for (const quota of quotas.toSorted((one, other) =>
    textAt(one, "metadata", "name") < textAt(other, "metadata", "name") ? -1 : 1,
  )) {
    write(writer, 0, `  Name:\t${textAt(quota, "metadata", "name")}\n`);
    const scopes = list(at(quota, "spec", "scopes"))
      .map(text)
      .toSorted();
    if (scopes.length > 0) write(writer, 0, `  Scopes:\t${scopes.join(", ")}\n`);
    for (const scope of scopes) if (SCOPES[scope] !== undefined) write(writer, 0, `  * ${SCOPES[scope]}\n`);
    write(writer, 0, "  Resource\tUsed\tHard\n  --------\t---\t---\n");
    const hard = fieldsAt(quota, "status", "hard");
    for (const name of sortedKeys(hard))
      write(writer, 0, `  ${name}\t${textAt(quota, "status", "used", name)}\t${text(hard[name])}\n`);
  }
}

const SCOPES: Readonly<Record<string, string>> = {
  Terminating:
    "Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.",
  NotTerminating:
    "Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.",
  BestEffort:
    "Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.",
  NotBestEffort:
    "Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.",
};

function writeRanges(writer: Writer, ranges: readonly Fields[]): void {
  if (ranges.length === 0) {
    write(writer, 0, "\nNo LimitRange resource.\n");
    return;
  }
  write(
    writer,
    0,
    "\nResource Limits\n Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio\n ----\t--------\t---\t---\t---------------\t-------------\t-----------------------\n",
  );
  for (const range of ranges) for (const line of rangeLines(range)) write(writer, 0, ` ${line}`);
}

const LIMITS = ["min", "max", "defaultRequest", "default", "maxLimitRequestRatio"];

function rangeLines(range: Fields): readonly string[] {
  return rowsAt(range, "spec", "limits").flatMap((limit) => {
    const names = [...new Set(LIMITS.flatMap((part) => Object.keys(fieldsAt(limit, part))))].toSorted();
    return names.map(
      (name) =>
        `${textAt(limit, "type")}\t${name}\t${LIMITS.map((part) => textAt(limit, part, name) || "-").join("\t")}\n`,
    );
  });
}

export function* describeQuota(_session: Session, info: Info): Talk<string> {
  const writer = newWriter();
  writeName(writer, info.object);
  const scopes = list(at(info.object, "spec", "scopes"))
    .map(text)
    .toSorted();
  if (scopes.length > 0) entry(writer, 0, "Scopes", scopes.join(", "));
  for (const scope of scopes) if (SCOPES[scope] !== undefined) write(writer, 0, ` * ${SCOPES[scope]}\n`);
  write(writer, 0, "Resource\tUsed\tHard\n--------\t----\t----\n");
  const hard = fieldsAt(info.object, "status", "hard");
  for (const name of sortedKeys(hard).toSorted(naturalOrder)) {
    write(
      writer,
      0,
      `${name}\t${usedText(textAt(info.object, "status", "used", name), text(hard[name]))}\t${text(hard[name])}\n`,
    );
  }
  return finished(writer);
}

/** What is used, in the notation of the limit. Source: describe.go hackyQuantity. */
function usedText(used: string, hard: string): string {
  if (used === "" || hard === "") return used;
  return formatQuantity({ ...addQuantities(quantityOf(used), quantityOf("0")), format: quantityOf(hard).format });
}

export function* describeLimitRange(_session: Session, info: Info): Talk<string> {
  const writer = newWriter();
  writeName(writer, info.object);
  write(
    writer,
    0,
    "Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio\n----\t--------\t---\t---\t---------------\t-------------\t-----------------------\n",
  );
  for (const line of rangeLines(info.object)) write(writer, 0, line);
  return finished(writer);
}

export function* describePriorityClass(session: Session, info: Info): Talk<string> {
  const events = yield* eventsOf(session, info);
  const writer = newWriter();
  entry(writer, 0, "Name", info.name);
  entry(writer, 0, "Value", textAt(info.object, "value"));
  entry(writer, 0, "GlobalDefault", String(info.object["globalDefault"] === true));
  entry(writer, 0, "PreemptionPolicy", textAt(info.object, "preemptionPolicy"));
  entry(writer, 0, "Description", textAt(info.object, "description"));
  writeAnnotations(writer, fieldsAt(info.object, "metadata", "annotations"));
  yield* writeEvents(writer, events);
  return finished(writer);
}
