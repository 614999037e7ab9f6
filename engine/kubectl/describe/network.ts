// After kubectl pkg/describe/describe.go: Service, Endpoints, EndpointSlice, Ingress, IngressClass, NetworkPolicy.
import { at, fieldsAt, list, number, rowsAt, text, textAt, type Fields } from "../json.ts";
import { formatLabels } from "../labels.ts";
import { exchange, type Session, type Talk } from "../talk.ts";
import type { Info } from "../info.ts";
import { eventsOf, writeEvents } from "./events.ts";
import {
  entry,
  finished,
  newWriter,
  write,
  writeAnnotations,
  writeLabels,
  writeMetadata,
  writeName,
  type Writer,
} from "./writer.ts";

export function* slicesOf(session: Session, namespace: string, service: string): Talk<readonly Fields[]> {
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
  const response = yield* exchange(session, {
    method: "GET",
    path,
    query: { labelSelector: `kubernetes.io/service-name=${service}`, limit: "500" },
  });
  return response.code < 400 ? rowsAt(response.body, "items") : [];
}

/** Source: describe.go formatEndpointSlices: ready addresses with the port of that name, three at most. */
export function endpointsText(slices: readonly Fields[], portNames: ReadonlySet<string> | undefined): string {
  const all = slices.flatMap((slice) => addressesOf(slice, portNames));
  const more = all.length > ENDPOINTS_SHOWN ? ` + ${all.length - ENDPOINTS_SHOWN} more...` : "";
  return all.length === 0 ? "" : all.slice(0, ENDPOINTS_SHOWN).join(",") + more;
}

function addressesOf(slice: Fields, portNames: ReadonlySet<string> | undefined): readonly string[] {
  const ports = rowsAt(slice, "ports");
  const ready = rowsAt(slice, "endpoints")
    .filter((each) => at(each, "conditions", "ready") !== false)
    .map((each) => textAt(each, "addresses", 0));
  if (ports.length === 0) return ready;
  const wanted = ports.filter((port) => portNames === undefined || portNames.has(textAt(port, "name")));
  return wanted.flatMap((port) =>
    ready.map((address) => (port["port"] === undefined ? address : `${address}:${text(port["port"])}`)),
  );
}

const ENDPOINTS_SHOWN = 3;

export function* describeService(session: Session, info: Info): Talk<string> {
  const { object } = info;
  const events = yield* eventsOf(session, info);
  const slices = yield* slicesOf(session, info.namespace, info.name);
  const spec = fieldsAt(object, "spec");
  const writer = newWriter();
  writeName(writer, object);
  writeMetadata(writer, object);
  entry(writer, 0, "Selector", formatLabels(fieldsAt(spec, "selector")));
  entry(writer, 0, "Type", textAt(spec, "type"));
  if (textAt(spec, "ipFamilyPolicy") !== "") entry(writer, 0, "IP Family Policy", textAt(spec, "ipFamilyPolicy"));
  entry(writer, 0, "IP Families", list(spec["ipFamilies"]).map(text).join(",") || "<none>");
  entry(writer, 0, "IP", textAt(spec, "clusterIP"));
  entry(writer, 0, "IPs", list(spec["clusterIPs"]).map(text).join(",") || "<none>");
  const external = list(spec["externalIPs"]).map(text);
  if (external.length > 0) entry(writer, 0, "External IPs", external.join(","));
  if (textAt(spec, "loadBalancerIP") !== "")
    entry(writer, 0, "Desired LoadBalancer IP", textAt(spec, "loadBalancerIP"));
  if (textAt(spec, "externalName") !== "") entry(writer, 0, "External Name", textAt(spec, "externalName"));
  const ingress = rowsAt(object, "status", "loadBalancer", "ingress").map(ingressText);
  if (ingress.length > 0) entry(writer, 0, "LoadBalancer Ingress", ingress.join(", "));
  for (const port of rowsAt(spec, "ports")) writePort(writer, port, slices);
  entry(writer, 0, "Session Affinity", textAt(spec, "sessionAffinity"));
  if (textAt(spec, "externalTrafficPolicy") !== "")
    entry(writer, 0, "External Traffic Policy", textAt(spec, "externalTrafficPolicy"));
  if (textAt(spec, "internalTrafficPolicy") !== "")
    entry(writer, 0, "Internal Traffic Policy", textAt(spec, "internalTrafficPolicy"));
  if (textAt(spec, "trafficDistribution") !== "")
    entry(writer, 0, "Traffic Distribution", textAt(spec, "trafficDistribution"));
  if (number(spec["healthCheckNodePort"]) !== 0)
    entry(writer, 0, "HealthCheck NodePort", number(spec["healthCheckNodePort"]));
  const ranges = list(spec["loadBalancerSourceRanges"]).map(text);
  if (ranges.length > 0) entry(writer, 0, "LoadBalancer Source Ranges", ranges.join(","));
  yield* writeEvents(writer, events);
  return finished(writer);
}

function ingressText(each: Fields): string {
  const address = textAt(each, "ip") || textAt(each, "hostname");
  return textAt(each, "ipMode") === "" ? address : `${address} (${textAt(each, "ipMode")})`;
}

function writePort(writer: Writer, port: Fields, slices: readonly Fields[]): void {
  const name = textAt(port, "name") || "<unset>";
  const protocol = textAt(port, "protocol");
  write(writer, 0, `Port:\t${name}\t${text(port["port"])}/${protocol}\n`);
  entry(writer, 0, "TargetPort", `${text(port["targetPort"])}/${protocol}`);
  if (number(port["nodePort"]) !== 0) write(writer, 0, `NodePort:\t${name}\t${text(port["nodePort"])}/${protocol}\n`);
  entry(writer, 0, "Endpoints", endpointsText(slices, new Set([textAt(port, "name")])));
}

export function* describeEndpoints(session: Session, info: Info): Talk<string> {
  const events = yield* eventsOf(session, info);
  const writer = newWriter();
  writeName(writer, info.object);
  writeMetadata(writer, info.object);
  write(writer, 0, "Subsets:\n");
  for (const subset of rowsAt(info.object, "subsets")) {
    const addresses = (part: string): string =>
      rowsAt(subset, part)
        .map((each) => textAt(each, "ip"))
        .join(",") || "<none>";
    entry(writer, 1, "Addresses", addresses("addresses"));
    entry(writer, 1, "NotReadyAddresses", addresses("notReadyAddresses"));
    writePorts(writer, rowsAt(subset, "ports"), 1);
    write(writer, 0, "\n");
  }
  yield* writeEvents(writer, events);
  return finished(writer);
}

function writePorts(writer: Writer, ports: readonly Fields[], level: number): void {
  if (ports.length === 0) return;
  write(writer, level, "Ports:\n");
  write(writer, level + 1, "Name\tPort\tProtocol\n");
  write(writer, level + 1, "----\t----\t--------\n");
  for (const port of ports)
    write(
      writer,
      level + 1,
      `${textAt(port, "name") || "<unset>"}\t${textAt(port, "port")}\t${textAt(port, "protocol")}\n`,
    );
}

export function* describeEndpointSlice(session: Session, info: Info): Talk<string> {
  const { object } = info;
  const events = yield* eventsOf(session, info);
  const writer = newWriter();
  writeName(writer, object);
  writeMetadata(writer, object);
  entry(writer, 0, "AddressType", textAt(object, "addressType"));
  const ports = rowsAt(object, "ports");
  if (ports.length === 0) write(writer, 0, "Ports: <unset>\n");
  else {
    write(writer, 0, "Ports:\n  Name\tPort\tProtocol\n  ----\t----\t--------\n");
    for (const port of ports)
      write(
        writer,
        1,
        `${textAt(port, "name") || "<unset>"}\t${textAt(port, "port") || "<unset>"}\t${textAt(port, "protocol")}\n`,
      );
  }
  const endpoints = rowsAt(object, "endpoints");
  write(writer, 0, endpoints.length === 0 ? "Endpoints: <none>\n" : "Endpoints:\n");
  for (const each of endpoints) writeSliceEndpoint(writer, each);
  yield* writeEvents(writer, events);
  return finished(writer);
}

function writeSliceEndpoint(writer: Writer, endpoint: Fields): void {
  write(writer, 1, `- Addresses:\t${list(endpoint["addresses"]).map(text).join(", ")}\n`);
  write(writer, 2, "Conditions:\n");
  const ready = at(endpoint, "conditions", "ready");
  entry(writer, 3, "Ready", ready === undefined ? "<unset>" : String(ready));
  entry(writer, 2, "Hostname", textAt(endpoint, "hostname") || "<unset>");
  const target = fieldsAt(endpoint, "targetRef");
  if (endpoint["targetRef"] !== undefined)
    entry(writer, 2, "TargetRef", `${textAt(target, "kind")}/${textAt(target, "name")}`);
  entry(writer, 2, "NodeName", textAt(endpoint, "nodeName") || "<unset>");
  entry(writer, 2, "Zone", textAt(endpoint, "zone") || "<unset>");
}

export function* describeIngress(session: Session, info: Info): Talk<string> {
  const { object } = info;
  const events = yield* eventsOf(session, info);
  const spec = fieldsAt(object, "spec");
  const writer = newWriter();
  entry(writer, 0, "Name", info.name);
  writeLabels(writer, "Labels", fieldsAt(object, "metadata", "labels"));
  entry(writer, 0, "Namespace", info.namespace);
  entry(
    writer,
    0,
    "Address",
    rowsAt(object, "status", "loadBalancer", "ingress")
      .map((each) => textAt(each, "ip") || textAt(each, "hostname"))
      .join(","),
  );
  entry(writer, 0, "Ingress Class", textAt(spec, "ingressClassName") || "<none>");
  const backend = fieldsAt(spec, "defaultBackend");
  const defaultText =
    spec["defaultBackend"] === undefined ? "<default>" : yield* backendText(session, info.namespace, backend);
  entry(writer, 0, "Default backend", defaultText);
  writeTls(writer, rowsAt(spec, "tls"));
  write(writer, 0, "Rules:\n  Host\tPath\tBackends\n");
  write(writer, 1, "----\t----\t--------\n");
  let count = 0;
  for (const rule of rowsAt(spec, "rules")) {
    if (at(rule, "http") === undefined) continue;
    count++;
    write(writer, 1, `${textAt(rule, "host") || "*"}\t\n`);
    for (const path of rowsAt(rule, "http", "paths")) {
      write(
        writer,
        2,
        `\t${textAt(path, "path")} \t${yield* backendText(session, info.namespace, fieldsAt(path, "backend"))}\n`,
      );
    }
  }
  if (count === 0) write(writer, 1, `*\t*\t${defaultText}\n`);
  writeAnnotations(writer, fieldsAt(object, "metadata", "annotations"));
  yield* writeEvents(writer, events);
  return finished(writer);
}

function writeTls(writer: Writer, entries: readonly Fields[]): void {
  if (entries.length === 0) return;
  write(writer, 0, "TLS:\n");
  for (const each of entries) {
    const hosts = list(each["hosts"]).map(text).join(",");
    const secret = textAt(each, "secretName");
    write(writer, 1, secret === "" ? `SNI routes ${hosts}\n` : `${secret} terminates ${hosts}\n`);
  }
}

/** Source: describe.go describeBackendV1 and backendStringer. */
function* backendText(session: Session, namespace: string, backend: Fields): Talk<string> {
  const resource = fieldsAt(backend, "resource");
  if (backend["resource"] !== undefined)
    return `APIGroup: ${textAt(resource, "apiGroup")}, Kind: ${textAt(resource, "kind")}, Name: ${textAt(resource, "name")}`;
  const name = textAt(backend, "service", "name");
  const [numbered, named] = [at(backend, "service", "port", "number"), textAt(backend, "service", "port", "name")];
  const shown = `${name}:${numbered === undefined ? named : text(numbered)}`;
  const response = yield* exchange(session, {
    method: "GET",
    path: `/api/v1/namespaces/${namespace}/services/${name}`,
  });
  if (response.code >= 400) return `${shown} (<error: ${textAt(response.body, "message")}>)`;
  const slices = yield* slicesOf(session, namespace, name);
  const port = rowsAt(response.body, "spec", "ports").find((each) =>
    numbered === undefined ? each["name"] === named : each["port"] === numbered,
  );
  return `${shown} (${endpointsText(slices, new Set([textAt(port, "name")]))})`;
}

export function* describeIngressClass(session: Session, info: Info): Talk<string> {
  const events = yield* eventsOf(session, info);
  const writer = newWriter();
  entry(writer, 0, "Name", info.name);
  writeMetadata(writer, info.object);
  entry(writer, 0, "Controller", textAt(info.object, "spec", "controller"));
  const parameters = fieldsAt(info.object, "spec", "parameters");
  if (Object.keys(parameters).length > 0) {
    write(writer, 0, "Parameters:\n");
    if (textAt(parameters, "apiGroup") !== "") entry(writer, 1, "APIGroup", textAt(parameters, "apiGroup"));
    entry(writer, 1, "Kind", textAt(parameters, "kind"));
    entry(writer, 1, "Name", textAt(parameters, "name"));
  }
  yield* writeEvents(writer, events);
  return finished(writer);
}
