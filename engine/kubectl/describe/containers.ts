// After kubectl pkg/describe/describe.go describeContainers and what it calls.
import { at, fieldsAt, list, number, rowsAt, sortedKeys, text, textAt, type Fields } from "../json.ts";
import { capitalized, entry, timeText, write, type Writer } from "./writer.ts";

export interface ContainerContext {
  /** `Containers`. */
  readonly label: string;
  readonly containers: readonly Fields[];
  /** Statuses by name; undefined for a template. */
  readonly statuses: readonly Fields[] | undefined;
  /** The pod, for what an environment refers to. */
  readonly pod: Fields | undefined;
  readonly space: string;
}

export function writeContainers(writer: Writer, context: ContainerContext): void {
  const { containers, space, statuses } = context;
  write(writer, 0, containers.length > 0 ? `${space}${context.label}:\n` : `${space}${context.label}: <none>\n`);
  for (const container of containers) {
    const status = statuses?.find((each) => each["name"] === container["name"]);
    writeBasics(writer, container, status, space);
    writeCommand(writer, container);
    if (status !== undefined) writeStatus(writer, status);
    writeResources(writer, fieldsAt(container, "resources"), 2);
    writeProbes(writer, container);
    writeEnvironmentFrom(writer, rowsAt(container, "envFrom"));
    writeEnvironment(writer, rowsAt(container, "env"), context.pod);
    writeMounts(writer, container);
  }
}

function writeBasics(writer: Writer, container: Fields, status: Fields | undefined, space: string): void {
  write(writer, 1, `${space === "" ? "" : " "}${text(container["name"])}:\n`);
  if (status !== undefined) entry(writer, 2, "Container ID", text(status["containerID"]));
  entry(writer, 2, "Image", text(container["image"]));
  if (status !== undefined) entry(writer, 2, "Image ID", text(status["imageID"]));
  const ports = rowsAt(container, "ports");
  const many = ports.length > 1 ? "s" : "";
  entry(
    writer,
    2,
    `Port${many}`,
    ports
      .map((port) => `${text(port["containerPort"])}/${textAt(port, "protocol") || "TCP"}${portName(port)}`)
      .join(", ") || "<none>",
  );
  entry(
    writer,
    2,
    `Host Port${many}`,
    ports
      .map((port) => `${number(port["hostPort"])}/${textAt(port, "protocol") || "TCP"}${portName(port)}`)
      .join(", ") || "<none>",
  );
  if (container["securityContext"] !== undefined && at(container, "securityContext", "seccompProfile") !== undefined) {
    entry(writer, 2, "SeccompProfile", textAt(container, "securityContext", "seccompProfile", "type"));
  }
}

function portName(port: Fields): string {
  const name = text(port["name"]);
  return name === "" ? "" : ` (${name})`;
}

function writeCommand(writer: Writer, container: Fields): void {
  for (const [title, part] of [
    ["Command", "command"],
    ["Args", "args"],
  ] as const) {
    const words = list(container[part]);
    if (words.length === 0) continue;
    write(writer, 2, `${title}:\n`);
    for (const word of words) for (const line of text(word).split("\n")) write(writer, 3, `${line}\n`);
  }
}

function writeStatus(writer: Writer, status: Fields): void {
  writeState(writer, "State", fieldsAt(status, "state"));
  if (at(status, "lastState", "terminated") !== undefined)
    writeState(writer, "Last State", fieldsAt(status, "lastState"));
  entry(writer, 2, "Ready", capitalized(status["ready"]));
  entry(writer, 2, "Restart Count", number(status["restartCount"]));
}

function writeState(writer: Writer, title: string, state: Fields): void {
  if (state["running"] !== undefined) {
    entry(writer, 2, title, "Running");
    entry(writer, 3, "Started", timeText(at(state, "running", "startedAt")));
  } else if (state["waiting"] !== undefined) {
    entry(writer, 2, title, "Waiting");
    const reason = textAt(state, "waiting", "reason");
    if (reason !== "") entry(writer, 3, "Reason", reason);
  } else if (state["terminated"] !== undefined) writeTerminated(writer, title, fieldsAt(state, "terminated"));
  else entry(writer, 2, title, "Waiting");
}

function writeTerminated(writer: Writer, title: string, terminated: Fields): void {
  entry(writer, 2, title, "Terminated");
  if (textAt(terminated, "reason") !== "") entry(writer, 3, "Reason", textAt(terminated, "reason"));
  if (textAt(terminated, "message") !== "") entry(writer, 3, "Message", textAt(terminated, "message"));
  entry(writer, 3, "Exit Code", number(terminated["exitCode"]));
  if (number(terminated["signal"]) > 0) entry(writer, 3, "Signal", number(terminated["signal"]));
  entry(writer, 3, "Started", timeText(terminated["startedAt"]));
  entry(writer, 3, "Finished", timeText(terminated["finishedAt"]));
}

export function writeResources(writer: Writer, resources: Fields, level: number): void {
  for (const [title, part] of [
    ["Limits", "limits"],
    ["Requests", "requests"],
  ] as const) {
    const amounts = fieldsAt(resources, part);
    if (Object.keys(amounts).length === 0) continue;
    write(writer, level, `${title}:\n`);
    for (const name of sortedKeys(amounts)) entry(writer, level + 1, name, text(amounts[name]));
  }
}

function writeProbes(writer: Writer, container: Fields): void {
  for (const [title, part] of [
    ["Liveness", "livenessProbe"],
    ["Readiness", "readinessProbe"],
    ["Startup", "startupProbe"],
  ] as const) {
    if (container[part] !== undefined) entry(writer, 2, title, probeText(fieldsAt(container, part)));
  }
}

/** Source: DescribeProbe. */
export function probeText(probe: Fields): string {
  const attributes = `delay=${number(probe["initialDelaySeconds"])}s timeout=${number(probe["timeoutSeconds"])}s period=${number(probe["periodSeconds"])}s #success=${number(probe["successThreshold"])} #failure=${number(probe["failureThreshold"])}`;
  if (probe["exec"] !== undefined)
    return `exec [${list(at(probe, "exec", "command"))
      .map(text)
      .join(" ")}] ${attributes}`;
  if (probe["httpGet"] !== undefined) return `http-get ${probeUrl(fieldsAt(probe, "httpGet"))} ${attributes}`;
  if (probe["tcpSocket"] !== undefined)
    return `tcp-socket ${textAt(probe, "tcpSocket", "host")}:${textAt(probe, "tcpSocket", "port")} ${attributes}`;
  if (probe["grpc"] !== undefined)
    return `grpc <pod>:${textAt(probe, "grpc", "port")} ${textAt(probe, "grpc", "service")} ${attributes}`;
  return `unknown ${attributes}`;
}

function probeUrl(get: Fields): string {
  const path = textAt(get, "path");
  const scheme = (textAt(get, "scheme") || "HTTP").toLowerCase();
  const port = textAt(get, "port");
  return `${scheme}://${textAt(get, "host")}${port === "" ? "" : `:${port}`}${path === "" || path.startsWith("/") ? path : `/${path}`}`;
}

function writeEnvironmentFrom(writer: Writer, sources: readonly Fields[]): void {
  if (sources.length === 0) return;
  write(writer, 2, "Environment Variables from:\n");
  for (const source of sources) {
    const isConfigMap = source["configMapRef"] !== undefined;
    const reference = fieldsAt(source, isConfigMap ? "configMapRef" : "secretRef");
    const prefix = textAt(source, "prefix");
    const with_ = prefix === "" ? "" : ` with prefix '${prefix}'`;
    write(
      writer,
      3,
      `${textAt(reference, "name")}\t${isConfigMap ? "ConfigMap" : "Secret"}${with_}\tOptional: ${reference["optional"] === true}\n`,
    );
  }
}

function writeEnvironment(writer: Writer, variables: readonly Fields[], pod: Fields | undefined): void {
  if (variables.length === 0) {
    entry(writer, 2, "Environment", "<none>");
    return;
  }
  write(writer, 2, "Environment:\n");
  for (const variable of variables) {
    const name = textAt(variable, "name");
    if (variable["valueFrom"] === undefined) {
      for (const [index, line] of textAt(variable, "value").split("\n").entries())
        write(writer, 3, index === 0 ? `${name}:\t${line}\n` : `\t${line}\n`);
    } else write(writer, 3, sourceLine(name, fieldsAt(variable, "valueFrom"), pod));
  }
}

function sourceLine(name: string, source: Fields, pod: Fields | undefined): string {
  const field = fieldsAt(source, "fieldRef");
  if (source["fieldRef"] !== undefined) {
    return `${name}:\t${fieldValue(textAt(field, "fieldPath"), pod)} (${textAt(field, "apiVersion")}:${textAt(field, "fieldPath")})\n`;
  }
  const resource = fieldsAt(source, "resourceFieldRef");
  if (source["resourceFieldRef"] !== undefined) {
    return `${name}:\t${resourceValue(resource, pod)} (${textAt(resource, "resource")})\n`;
  }
  for (const [part, words] of [
    ["secretKeyRef", "in secret"],
    ["configMapKeyRef", "of config map"],
  ] as const) {
    const key = fieldsAt(source, part);
    if (source[part] !== undefined)
      return `${name}:\t<set to the key '${textAt(key, "key")}' ${words} '${textAt(key, "name")}'>\tOptional: ${key["optional"] === true}\n`;
  }
  return `${name}:\t\n`;
}

/** Source: EnvValueRetriever: only fields of the metadata are looked up. */
function fieldValue(path: string, pod: Fields | undefined): string {
  if (pod === undefined) return "";
  const known: Readonly<Record<string, readonly string[]>> = {
    "metadata.name": ["metadata", "name"],
    "metadata.namespace": ["metadata", "namespace"],
    "metadata.uid": ["metadata", "uid"],
  };
  const steps = known[path];
  return steps === undefined ? "" : textAt(pod, ...steps);
}

function resourceValue(reference: Fields, pod: Fields | undefined): string {
  const container = rowsAt(pod, "spec", "containers").find(
    (each) => textAt(reference, "containerName") === "" || each["name"] === reference["containerName"],
  );
  const [part = "", name = ""] = textAt(reference, "resource").split(".");
  return textAt(container, "resources", part, name) || (part === "limits" ? "node allocatable" : "0");
}

function writeMounts(writer: Writer, container: Fields): void {
  const mounts = rowsAt(container, "volumeMounts");
  if (mounts.length === 0) entry(writer, 2, "Mounts", "<none>");
  else write(writer, 2, "Mounts:\n");
  for (const mount of mounts.toSorted((one, other) =>
    textAt(one, "mountPath") < textAt(other, "mountPath") ? -1 : 1,
  )) {
    const flags = [mount["readOnly"] === true ? "ro" : "rw"];
    if (textAt(mount, "subPath") !== "") flags.push(`path="${textAt(mount, "subPath")}"`);
    write(writer, 3, `${textAt(mount, "mountPath")} from ${textAt(mount, "name")} (${flags.join(",")})\n`);
  }
  const devices = rowsAt(container, "volumeDevices");
  if (devices.length > 0) write(writer, 2, "Devices:\n");
  for (const device of devices) write(writer, 3, `${textAt(device, "devicePath")} from ${textAt(device, "name")}\n`);
}
