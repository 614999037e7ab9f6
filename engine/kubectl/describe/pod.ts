// After kubectl pkg/describe/describe.go describePod, DescribePodTemplate.
import { at, fieldsAt, number, rowsAt, sortedKeys, text, textAt, type Fields } from "../json.ts";
import type { Session, Talk } from "../talk.ts";
import type { Info } from "../info.ts";
import { writeContainers } from "./containers.ts";
import { eventsOf, writeEvents } from "./events.ts";
import { writeVolumes } from "./volumes.ts";
import {
  entry,
  finished,
  newWriter,
  timeText,
  write,
  writeAnnotations,
  writeLabels,
  writeMetadata,
  writeName,
  type Writer,
} from "./writer.ts";

export function* describePod(session: Session, info: Info): Talk<string> {
  const pod = info.object;
  const events = yield* eventsOf(session, info);
  const writer = newWriter();
  writeHead(writer, pod);
  writeAddresses(writer, pod);
  const statuses = (part: string): readonly Fields[] => rowsAt(pod, "status", part);
  const inits = rowsAt(pod, "spec", "initContainers");
  if (inits.length > 0)
    writeContainers(writer, {
      label: "Init Containers",
      containers: inits,
      statuses: statuses("initContainerStatuses"),
      pod,
      space: "",
    });
  writeContainers(writer, {
    label: "Containers",
    containers: rowsAt(pod, "spec", "containers"),
    statuses: statuses("containerStatuses"),
    pod,
    space: "",
  });
  const ephemeral = rowsAt(pod, "spec", "ephemeralContainers");
  if (ephemeral.length > 0)
    writeContainers(writer, {
      label: "Ephemeral Containers",
      containers: ephemeral,
      statuses: statuses("ephemeralContainerStatuses"),
      pod,
      space: "",
    });
  writeGates(writer, pod);
  writeConditions(writer, pod);
  writeVolumes(writer, rowsAt(pod, "spec", "volumes"), "");
  entry(writer, 0, "QoS Class", textAt(pod, "status", "qosClass"));
  writeLabels(writer, "Node-Selectors", fieldsAt(pod, "spec", "nodeSelector"));
  writeTolerations(writer, "Tolerations", rowsAt(pod, "spec", "tolerations"), "");
  writeSpread(writer, rowsAt(pod, "spec", "topologySpreadConstraints"));
  yield* writeEvents(writer, events);
  return finished(writer);
}

function writeHead(writer: Writer, pod: Fields): void {
  writeName(writer, pod);
  const priority = at(pod, "spec", "priority");
  if (priority !== undefined) {
    entry(writer, 0, "Priority", number(priority));
    if (textAt(pod, "spec", "priorityClassName") !== "")
      entry(writer, 0, "Priority Class Name", textAt(pod, "spec", "priorityClassName"));
  }
  if (textAt(pod, "spec", "runtimeClassName") !== "")
    entry(writer, 0, "Runtime Class Name", textAt(pod, "spec", "runtimeClassName"));
  if (textAt(pod, "spec", "serviceAccountName") !== "")
    entry(writer, 0, "Service Account", textAt(pod, "spec", "serviceAccountName"));
  const node = textAt(pod, "spec", "nodeName");
  entry(writer, 0, "Node", node === "" ? "<none>" : `${node}/${textAt(pod, "status", "hostIP")}`);
  if (textAt(pod, "status", "startTime") !== "")
    entry(writer, 0, "Start Time", timeText(at(pod, "status", "startTime")));
  writeMetadata(writer, pod);
  if (
    at(pod, "metadata", "deletionTimestamp") !== undefined &&
    textAt(pod, "status", "phase") !== "Failed" &&
    textAt(pod, "status", "phase") !== "Succeeded"
  ) {
    entry(writer, 0, "Status", `Terminating (lasts <invalid>)`);
    entry(writer, 0, "Termination Grace Period", `${number(at(pod, "metadata", "deletionGracePeriodSeconds"))}s`);
  } else entry(writer, 0, "Status", textAt(pod, "status", "phase"));
  if (textAt(pod, "status", "reason") !== "") entry(writer, 0, "Reason", textAt(pod, "status", "reason"));
  if (textAt(pod, "status", "message") !== "") entry(writer, 0, "Message", textAt(pod, "status", "message"));
  if (at(pod, "spec", "securityContext", "seccompProfile") !== undefined) {
    entry(writer, 0, "SeccompProfile", textAt(pod, "spec", "securityContext", "seccompProfile", "type"));
  }
}

function writeAddresses(writer: Writer, pod: Fields): void {
  entry(writer, 0, "IP", textAt(pod, "status", "podIP"));
  const addresses = rowsAt(pod, "status", "podIPs");
  if (addresses.length === 0) write(writer, 0, "IPs:\t<none>\n");
  else write(writer, 0, "IPs:\n");
  for (const address of addresses) entry(writer, 1, "IP", textAt(address, "ip"));
  const controller = rowsAt(pod, "metadata", "ownerReferences").find((each) => each["controller"] === true);
  if (controller !== undefined)
    entry(writer, 0, "Controlled By", `${textAt(controller, "kind")}/${textAt(controller, "name")}`);
  const nominated = textAt(pod, "status", "nominatedNodeName");
  if (nominated !== "") entry(writer, 0, "NominatedNodeName", nominated);
}

function writeGates(writer: Writer, pod: Fields): void {
  const gates = rowsAt(pod, "spec", "readinessGates");
  if (gates.length === 0) return;
  write(writer, 0, "Readiness Gates:\n  Type\tStatus\n");
  for (const gate of gates) {
    const type = textAt(gate, "conditionType");
    const condition = rowsAt(pod, "status", "conditions").find((each) => each["type"] === type);
    write(writer, 1, `${type}\t${condition === undefined ? "<none>" : textAt(condition, "status")} \n`);
  }
}

function writeConditions(writer: Writer, pod: Fields): void {
  const conditions = rowsAt(pod, "status", "conditions");
  if (conditions.length === 0) return;
  write(writer, 0, "Conditions:\n  Type\tStatus\n");
  for (const condition of conditions)
    write(writer, 1, `${textAt(condition, "type")} \t${textAt(condition, "status")} \n`);
}

function writeSpread(writer: Writer, constraints: readonly Fields[]): void {
  if (constraints.length === 0) return;
  write(writer, 0, "Topology Spread Constraints:\t");
  const sorted = constraints.toSorted((one, other) =>
    textAt(one, "topologyKey") < textAt(other, "topologyKey") ? -1 : 1,
  );
  for (const [index, constraint] of sorted.entries()) {
    const selector =
      constraint["labelSelector"] === undefined
        ? ""
        : ` for selector ${selectorWords(fieldsAt(constraint, "labelSelector"))}`;
    const line = `${textAt(constraint, "topologyKey")}:${textAt(constraint, "whenUnsatisfiable")} when max skew ${textAt(constraint, "maxSkew")} is exceeded${selector}`;
    write(writer, 0, `${index === 0 ? "" : "\t"}${line}\n`);
  }
}

/** Source: apimachinery meta/v1 FormatLabelSelector. */
export function selectorWords(selector: Fields): string {
  const labels = fieldsAt(selector, "matchLabels");
  const parts = sortedKeys(labels).map((key) => `${key}=${text(labels[key])}`);
  const operators: Readonly<Record<string, string>> = { In: "in", NotIn: "notin" };
  const expressions = rowsAt(selector, "matchExpressions").map((each) => {
    const [key, operator] = [textAt(each, "key"), textAt(each, "operator")];
    if (operator === "Exists") return key;
    if (operator === "DoesNotExist") return `!${key}`;
    const values = Array.isArray(each["values"]) ? each["values"].map(text).toSorted().join(",") : "";
    return `${key} ${operators[operator] ?? operator} (${values})`;
  });
  const all = [...parts, ...expressions].toSorted();
  return all.length === 0 ? "<none>" : all.join(",");
}

/** Source: printTolerationsMultiline. */
export function writeTolerations(writer: Writer, title: string, tolerations: readonly Fields[], space: string): void {
  write(writer, 0, `${space}${title}:\t`);
  if (tolerations.length === 0) write(writer, 0, "<none>\n");
  const sorted = tolerations.toSorted((one, other) =>
    textAt(one, "key") < textAt(other, "key") ? -1 : textAt(one, "key") === textAt(other, "key") ? 0 : 1,
  );
  for (const [index, toleration] of sorted.entries()) {
    write(writer, 0, `${index === 0 ? "" : "\t"}${tolerationText(toleration)}\n`);
  }
}

function tolerationText(toleration: Fields): string {
  const [key, value, effect] = [textAt(toleration, "key"), textAt(toleration, "value"), textAt(toleration, "effect")];
  const operator = textAt(toleration, "operator");
  let line = key;
  if (value !== "") line += `=${value}`;
  if (effect !== "") line += `:${effect}`;
  if (operator === "Exists" && value === "") line += key !== "" || effect !== "" ? " op=Exists" : "op=Exists";
  else if (operator === "Lt" || operator === "Gt") line += ` op=${operator}`;
  const seconds = toleration["tolerationSeconds"];
  return seconds === undefined ? line : `${line} for ${text(seconds)}s`;
}

/** The template of a workload. */
export function writeTemplate(writer: Writer, template: Fields | undefined): void {
  write(writer, 0, "Pod Template:\n");
  if (template === undefined) {
    write(writer, 1, "<unset>");
    return;
  }
  writeLabels(writer, "Labels", fieldsAt(template, "metadata", "labels"), "  ");
  if (Object.keys(fieldsAt(template, "metadata", "annotations")).length > 0)
    writeAnnotations(writer, fieldsAt(template, "metadata", "annotations"), "  ");
  if (textAt(template, "spec", "serviceAccountName") !== "")
    entry(writer, 1, "Service Account", textAt(template, "spec", "serviceAccountName"));
  const inits = rowsAt(template, "spec", "initContainers");
  if (inits.length > 0)
    writeContainers(writer, {
      label: "Init Containers",
      containers: inits,
      statuses: undefined,
      pod: undefined,
      space: "  ",
    });
  writeContainers(writer, {
    label: "Containers",
    containers: rowsAt(template, "spec", "containers"),
    statuses: undefined,
    pod: undefined,
    space: "  ",
  });
  writeVolumes(writer, rowsAt(template, "spec", "volumes"), "  ");
  writeSpread(writer, rowsAt(template, "spec", "topologySpreadConstraints"));
  if (textAt(template, "spec", "priorityClassName") !== "")
    entry(writer, 1, "Priority Class Name", textAt(template, "spec", "priorityClassName"));
  writeLabels(writer, "Node-Selectors", fieldsAt(template, "spec", "nodeSelector"), "  ");
  writeTolerations(writer, "Tolerations", rowsAt(template, "spec", "tolerations"), "  ");
}
