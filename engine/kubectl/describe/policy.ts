// After kubectl pkg/describe/describe.go: PodDisruptionBudget, HorizontalPodAutoscaler, CertificateSigningRequest.
import { decodeBase64, base64Bytes } from "../base64.ts";
import { at, fieldsAt, number, rowsAt, text, textAt, type Fields } from "../json.ts";
import { formatLabels } from "../labels.ts";
import { exchange, type Session, type Talk } from "../talk.ts";
import { humanDuration } from "../../api/time.ts";
import type { Info } from "../info.ts";
import { eventsOf, writeEvents } from "./events.ts";
import { selectorWords } from "./pod.ts";
import { entry, finished, newWriter, timeText, write, writeMetadata, writeName, type Writer } from "./writer.ts";

export function* describeDisruptionBudget(session: Session, info: Info): Talk<string> {
  const { object } = info;
  const events = yield* eventsOf(session, info);
  const writer = newWriter();
  writeName(writer, object);
  const [min, max] = [at(object, "spec", "minAvailable"), at(object, "spec", "maxUnavailable")];
  if (min !== undefined) entry(writer, 0, "Min available", text(min));
  else if (max !== undefined) entry(writer, 0, "Max unavailable", text(max));
  entry(
    writer,
    0,
    "Selector",
    at(object, "spec", "selector") === undefined ? "<unset>" : selectorWords(fieldsAt(object, "spec", "selector")),
  );
  write(writer, 0, "Status:\n");
  const status = (name: string): number => number(at(object, "status", name));
  entry(writer, 2, "Allowed disruptions", status("disruptionsAllowed"));
  entry(writer, 2, "Current", status("currentHealthy"));
  entry(writer, 2, "Desired", status("desiredHealthy"));
  entry(writer, 2, "Total", status("expectedPods"));
  yield* writeEvents(writer, events);
  return finished(writer);
}

export function* describeAutoscaler(session: Session, info: Info): Talk<string> {
  const object = yield* secondVersion(session, info);
  const events = yield* eventsOf(session, info);
  const writer = newWriter();
  writeName(writer, object);
  writeMetadata(writer, object);
  entry(writer, 0, "CreationTimestamp", timeText(at(object, "metadata", "creationTimestamp")));
  const target = fieldsAt(object, "spec", "scaleTargetRef");
  entry(writer, 0, "Reference", `${textAt(target, "kind")}/${textAt(target, "name")}`);
  write(writer, 0, "Metrics:\t( current / target )\n");
  const current = rowsAt(object, "status", "currentMetrics");
  for (const [index, metric] of rowsAt(object, "spec", "metrics").entries())
    write(writer, 1, metricLine(metric, current[index]));
  writeBehavior(writer, fieldsAt(object, "spec", "behavior"));
  entry(writer, 0, "Min replicas", textAt(object, "spec", "minReplicas") || "<unset>");
  entry(writer, 0, "Max replicas", number(at(object, "spec", "maxReplicas")));
  entry(
    writer,
    0,
    `${textAt(target, "kind")} pods`,
    `${number(at(object, "status", "currentReplicas"))} current / ${number(at(object, "status", "desiredReplicas"))} desired`,
  );
  const conditions = rowsAt(object, "status", "conditions");
  if (conditions.length > 0) {
    write(writer, 0, "Conditions:\n  Type\tStatus\tReason\tMessage\n");
    write(writer, 1, "----\t------\t------\t-------\n");
    for (const each of conditions)
      write(
        writer,
        1,
        `${textAt(each, "type")}\t${textAt(each, "status")}\t${textAt(each, "reason")}\t${textAt(each, "message")}\n`,
      );
  }
  yield* writeEvents(writer, events);
  return finished(writer);
}

function* secondVersion(session: Session, info: Info): Talk<Fields> {
  if (info.mapping.version === "v2") return info.object;
  const path = `/apis/autoscaling/v2/namespaces/${info.namespace}/horizontalpodautoscalers/${info.name}`;
  const response = yield* exchange(session, { method: "GET", path });
  return response.code < 400 ? (response.body as Fields) : info.object;
}

/** A metric and its target: what is measured, and what it shall be. */
function metricLine(metric: Fields, current: Fields | undefined): string {
  const type = textAt(metric, "type");
  const part =
    {
      Resource: "resource",
      ContainerResource: "containerResource",
      Pods: "pods",
      Object: "object",
      External: "external",
    }[type] ?? "";
  const source = fieldsAt(metric, part);
  const now = fieldsAt(current, part, "current");
  const target = fieldsAt(source, "target");
  if (type === "Resource" || type === "ContainerResource") {
    const name = textAt(source, "name");
    const where =
      type === "Resource"
        ? `resource ${name} on pods`
        : `resource ${name} of container "${textAt(source, "container")}" on pods`;
    if (target["averageValue"] !== undefined)
      return `${where}:\t${textAt(now, "averageValue") || "<unknown>"} / ${textAt(target, "averageValue")}\n`;
    const measured =
      now["averageUtilization"] === undefined
        ? "<unknown>"
        : `${text(now["averageUtilization"])}% (${textAt(now, "averageValue")})`;
    const wanted = target["averageUtilization"] === undefined ? "<auto>" : `${text(target["averageUtilization"])}%`;
    return `${where}  (as a percentage of request):\t${measured} / ${wanted}\n`;
  }
  const name = textAt(source, "metric", "name");
  const wanted = textAt(target, "averageValue") || textAt(target, "value");
  const measured = textAt(now, "averageValue") || textAt(now, "value") || "<unknown>";
  const suffix = target["averageValue"] === undefined ? "target value" : "target average value";
  if (type === "Pods") return `"${name}" on pods:\t${measured} / ${wanted}\n`;
  if (type === "External") return `"${name}" (${suffix}):\t${measured} / ${wanted}\n`;
  const object = fieldsAt(source, "describedObject");
  return `"${name}" on ${textAt(object, "kind")}/${textAt(object, "name")} (${suffix}):\t${measured} / ${wanted}\n`;
}

function writeBehavior(writer: Writer, behavior: Fields): void {
  if (Object.keys(behavior).length === 0) return;
  write(writer, 0, "Behavior:\n");
  for (const [title, part] of [
    ["Scale Up", "scaleUp"],
    ["Scale Down", "scaleDown"],
  ] as const) {
    const rules = fieldsAt(behavior, part);
    if (behavior[part] === undefined) continue;
    write(writer, 1, `${title}:\n`);
    if (rules["stabilizationWindowSeconds"] !== undefined)
      entry(writer, 2, "Stabilization Window", `${text(rules["stabilizationWindowSeconds"])} seconds`);
    entry(writer, 2, "Select Policy", textAt(rules, "selectPolicy") || "Max");
    write(writer, 2, "Policies:\n");
    for (const policy of rowsAt(rules, "policies"))
      write(
        writer,
        3,
        `- Type: ${textAt(policy, "type")}\tValue: ${textAt(policy, "value")}\tPeriod: ${textAt(policy, "periodSeconds")} seconds\n`,
      );
  }
}

export function* describeSigningRequest(session: Session, info: Info): Talk<string> {
  const { object } = info;
  const events = yield* eventsOf(session, info);
  const writer = newWriter();
  entry(writer, 0, "Name", info.name);
  entry(writer, 0, "Labels", formatLabels(fieldsAt(object, "metadata", "labels")));
  entry(writer, 0, "Annotations", formatLabels(fieldsAt(object, "metadata", "annotations")));
  entry(writer, 0, "CreationTimestamp", timeText(at(object, "metadata", "creationTimestamp")));
  entry(writer, 0, "Requesting User", textAt(object, "spec", "username"));
  if (textAt(object, "spec", "signerName") !== "") entry(writer, 0, "Signer", textAt(object, "spec", "signerName"));
  const seconds = at(object, "spec", "expirationSeconds");
  if (seconds !== undefined) entry(writer, 0, "Requested Duration", humanDuration(number(seconds) * 1000));
  entry(writer, 0, "Status", requestStatus(object));
  const subject = subjectOf(textAt(object, "spec", "request"));
  write(writer, 0, "Subject:\n");
  write(writer, 0, `\tCommon Name:\t${subject.commonName}\n\tSerial Number:\t\n`);
  if (subject.organizations.length > 0) write(writer, 0, `\tOrganization:\t${subject.organizations.join("\n\t\t")}\n`);
  yield* writeEvents(writer, events);
  return finished(writer);
}

function requestStatus(object: Fields): string {
  const types = rowsAt(object, "status", "conditions").map((each) => textAt(each, "type"));
  const words = types.includes("Denied") ? ["Denied"] : types.includes("Approved") ? ["Approved"] : ["Pending"];
  if (types.includes("Failed")) words.push("Failed");
  if (textAt(object, "status", "certificate") !== "") words.push("Issued");
  return words.join(",");
}

interface Subject {
  readonly commonName: string;
  readonly organizations: readonly string[];
}

/** The names in a request: the values behind the object identifiers 2.5.4.3 and 2.5.4.10 of its DER form. */
export function subjectOf(request: string): Subject {
  const pem = decodeBase64(request);
  const der = base64Bytes(pem.replace(/-----[^-]+-----/g, ""));
  const valuesBehind = (last: number): readonly string[] => {
    const values: string[] = [];
    for (let index = 0; index + 6 < der.length; index++) {
      const isHere =
        der[index] === 6 &&
        der[index + 1] === 3 &&
        der[index + 2] === 0x55 &&
        der[index + 3] === 4 &&
        der[index + 4] === last;
      const length = der[index + 6] ?? 0;
      if (isHere) values.push(String.fromCharCode(...der.slice(index + 7, index + 7 + length)));
    }
    return values;
  };
  return { commonName: valuesBehind(3)[0] ?? "", organizations: valuesBehind(10) };
}
