// After kubernetes v1.36 pkg/kubelet/kubelet_pods.go makeEnvironmentVariables, pkg/kubelet/envvars; not modelled: fileKeyRef.
import type { Container, EnvVar, Pod, Service } from "../api/generated/types.ts";
import { milliValue, wholeValue } from "../api/quantity.ts";
import { forEach, type SortedMap } from "../kernel/sorted-map.ts";
import { decodeBase64 } from "./base64.ts";
import type { Answer, Ask, JobInput } from "./job.ts";

type Variables = (readonly [string, string])[];
export type EnvironmentResult =
  | { readonly kind: "environment"; readonly variables: Variables }
  | { readonly kind: "problem"; readonly message: string };

/** The environment of a container at its start: services, then envFrom, then env; later names win. */
export function* environmentOf(
  input: JobInput,
  container: Container,
  podIp: string,
): Generator<Ask, EnvironmentResult, Answer> {
  const { pod } = input;
  const found = new Map<string, string>();
  for (const [name, value] of serviceVariables(input.services, pod)) found.set(name, value);
  for (const source of container.envFrom ?? []) {
    const problem = yield* fromSource(pod, source, found);
    if (problem !== undefined) return { kind: "problem", message: problem };
  }
  for (const variable of container.env ?? []) {
    const value = yield* valueOf(input, container, { variable, podIp });
    if (value.kind === "problem") return value;
    if (value.text !== undefined)
      found.set(variable.name, variable.value === undefined ? value.text : expand(value.text, found));
  }
  return { kind: "environment", variables: [...found.entries()] };
}

interface Keyholder {
  readonly data?: Readonly<Record<string, string>>;
}

type Source = NonNullable<Container["envFrom"]>[number];

function* fromSource(pod: Pod, source: Source, found: Map<string, string>): Generator<Ask, string | undefined, Answer> {
  const isSecret = source.secretRef !== undefined;
  const reference = source.secretRef ?? source.configMapRef;
  const name = reference?.name ?? "";
  const answer = yield {
    kind: "config",
    key: `${isSecret ? "secrets" : "configmaps"}/${pod.metadata.namespace ?? ""}/${name}`,
  };
  const object = answer.kind === "object" ? answer.object : null;
  if (object === null)
    return reference?.optional === true ? undefined : `${isSecret ? "secret" : "configmap"} "${name}" not found`;
  for (const [key, value] of Object.entries((object as Keyholder).data ?? {})) {
    found.set(`${source.prefix ?? ""}${key}`, isSecret ? decodeBase64(value) : value);
  }
  return undefined;
}

type Value =
  | { readonly kind: "value"; readonly text: string | undefined }
  | { readonly kind: "problem"; readonly message: string };

function* valueOf(
  input: JobInput,
  container: Container,
  at: { readonly variable: EnvVar; readonly podIp: string },
): Generator<Ask, Value, Answer> {
  const { variable, podIp } = at;
  const from = variable.valueFrom;
  if (from === undefined) return { kind: "value", text: variable.value ?? "" };
  if (from.fieldRef !== undefined)
    return {
      kind: "value",
      text: downwardValue(input.pod, from.fieldRef.fieldPath, { ip: podIp, hostIp: input.settings.node.ip }) ?? "",
    };
  if (from.resourceFieldRef !== undefined) {
    const { containerName, resource, divisor } = from.resourceFieldRef;
    const subject =
      containerName === undefined
        ? container
        : (input.pod.spec.containers.find((it) => it.name === containerName) ?? container);
    return { kind: "value", text: resourceValue(input, subject, { resource, divisor: divisor ?? "1" }) };
  }
  const reference = from.secretKeyRef ?? from.configMapKeyRef;
  if (reference === undefined) return { kind: "value", text: "" };
  return yield* keyValue(input.pod, { isSecret: from.secretKeyRef !== undefined, ...reference });
}

interface KeyReference {
  readonly isSecret: boolean;
  readonly name?: string;
  readonly key: string;
  readonly optional?: boolean;
}

/** Source: golden/h-kubelet-kubectl/06-config-errors. */
function* keyValue(pod: Pod, reference: KeyReference): Generator<Ask, Value, Answer> {
  const { isSecret, name = "", key, optional } = reference;
  const namespace = pod.metadata.namespace ?? "";
  const answer = yield { kind: "config", key: `${isSecret ? "secrets" : "configmaps"}/${namespace}/${name}` };
  const object = answer.kind === "object" ? answer.object : null;
  const missing: Value = { kind: "value", text: undefined };
  if (object === null)
    return optional === true
      ? missing
      : { kind: "problem", message: `${isSecret ? "secret" : "configmap"} "${name}" not found` };
  const text = (object as Keyholder).data?.[key];
  if (text !== undefined) return { kind: "value", text: isSecret ? decodeBase64(text) : text };
  if (optional === true) return missing;
  return {
    kind: "problem",
    message: `couldn't find key ${key} in ${isSecret ? "Secret" : "ConfigMap"} ${namespace}/${name}`,
  };
}

/** A field of the pod that its containers may read. Source: pkg/fieldpath. */
export function downwardValue(
  pod: Pod,
  path: string,
  host: { readonly ip: string; readonly hostIp: string } | undefined,
): string | undefined {
  const subscript = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (subscript?.[2] !== undefined) return pod.metadata[subscript[1] as "labels"]?.[subscript[2]] ?? "";
  switch (path) {
    case "metadata.name":
      return pod.metadata.name;
    case "metadata.namespace":
      return pod.metadata.namespace;
    case "metadata.uid":
      return pod.metadata.uid;
    case "spec.nodeName":
      return pod.spec.nodeName;
    case "spec.serviceAccountName":
      return pod.spec.serviceAccountName;
    case "status.hostIP":
    case "status.hostIPs":
      return host?.hostIp;
    case "status.podIP":
    case "status.podIPs":
      return host?.ip;
    case "metadata.labels":
    case "metadata.annotations": {
      const map = pod.metadata[path === "metadata.labels" ? "labels" : "annotations"] ?? {};
      return Object.keys(map)
        .toSorted()
        .map((key) => `${key}=${JSON.stringify(map[key])}`)
        .join("\n");
    }
    default:
      return undefined;
  }
}

/** A limit that is not set is what the node can give. */
function resourceValue(
  input: JobInput,
  container: Container,
  field: { readonly resource: string; readonly divisor: string },
): string {
  const [kind = "", name = ""] = field.resource.split(".");
  const { node } = input.settings;
  const { limits, requests } = container.resources ?? {};
  const set = kind === "limits" ? limits?.[name] : (requests?.[name] ?? limits?.[name]);
  const isWhole = field.divisor === "0";
  if (name === "cpu")
    return divided(
      set === undefined ? capacityFor(kind, node.cpuMilli) : milliValue(set),
      isWhole ? 1000 : milliValue(field.divisor),
    );
  return divided(
    set === undefined ? capacityFor(kind, node.memoryBytes) : wholeValue(set),
    isWhole ? 1 : wholeValue(field.divisor),
  );
}

function capacityFor(kind: string, capacity: number): number {
  return kind === "limits" ? capacity : 0;
}

function divided(amount: number, divisor: number): string {
  return String(Math.ceil(amount / divisor));
}

/** `$(NAME)` of what came before; `$$` is a dollar; an unknown name stays as it is. Source: third_party/forked/golang/expansion. */
export function expand(text: string, found: ReadonlyMap<string, string>): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? "$" : (found.get(name) ?? whole),
  );
}

/** Source: pkg/kubelet/envvars FromServices: services of the pod's namespace with a cluster IP, and the master's of "default". */
export function serviceVariables(services: SortedMap<string, Service>, pod: Pod): Variables {
  const variables: Variables = [];
  const namespace = pod.metadata.namespace ?? "";
  forEach(services, (service) => {
    const isMaster = service.metadata.name === "kubernetes" && service.metadata.namespace === "default";
    const isLinked = service.metadata.namespace === namespace && pod.spec.enableServiceLinks !== false;
    const ip = service.spec?.clusterIP ?? "";
    if ((!isMaster && !isLinked) || ip === "" || ip === "None") return;
    variables.push(...variablesOf(service, ip));
  });
  return variables;
}

function variablesOf(service: Service, ip: string): Variables {
  const prefix = (service.metadata.name ?? "").toUpperCase().replace(/-/g, "_");
  const ports = service.spec?.ports ?? [];
  const [first] = ports;
  if (first === undefined) return [];
  const variables: Variables = [
    [`${prefix}_SERVICE_HOST`, ip],
    [`${prefix}_SERVICE_PORT`, String(first.port)],
  ];
  for (const port of ports) {
    if (port.name !== undefined && port.name !== "")
      variables.push([`${prefix}_SERVICE_PORT_${port.name.toUpperCase().replace(/-/g, "_")}`, String(port.port)]);
  }
  ports.forEach((port, index) => {
    const protocol = port.protocol ?? "TCP";
    const url = `${protocol.toLowerCase()}://${ip}:${port.port}`;
    if (index === 0) variables.push([`${prefix}_PORT`, url]);
    const head = `${prefix}_PORT_${port.port}_${protocol}`;
    variables.push(
      [head, url],
      [`${head}_PROTO`, protocol.toLowerCase()],
      [`${head}_PORT`, String(port.port)],
      [`${head}_ADDR`, ip],
    );
  });
  return variables;
}
