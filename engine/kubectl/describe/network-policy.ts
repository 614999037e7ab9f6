// After kubectl pkg/describe/describe.go NetworkPolicyDescriber.
import { at, fieldsAt, list, rowsAt, text, textAt, type Fields } from "../json.ts";
import type { Session, Talk } from "../talk.ts";
import type { Info } from "../info.ts";
import { selectorWords } from "./pod.ts";
import { entry, finished, newWriter, write, writeMetadata, writeName, type Writer } from "./writer.ts";

export function* describeNetworkPolicy(_session: Session, info: Info): Talk<string> {
  const { object } = info;
  const spec = fieldsAt(object, "spec");
  const writer = newWriter();
  writeName(writer, object);
  entry(
    writer,
    0,
    "Created on",
    `${textAt(object, "metadata", "creationTimestamp").replace("T", " ").replace("Z", "")} +0000 UTC`,
  );
  writeMetadata(writer, object);
  const types = list(spec["policyTypes"]).map(text);
  write(writer, 0, "Spec:\n");
  write(writer, 1, "PodSelector: ");
  const selector = fieldsAt(spec, "podSelector");
  const isEmpty =
    rowsAt(selector, "matchExpressions").length === 0 && Object.keys(fieldsAt(selector, "matchLabels")).length === 0;
  write(
    writer,
    2,
    isEmpty ? "<none> (Allowing the specific traffic to all pods in this namespace)\n" : `${selectorWords(selector)}\n`,
  );
  if (types.includes("Ingress")) {
    write(writer, 1, "Allowing ingress traffic:\n");
    writeRules(writer, rowsAt(spec, "ingress"), INGRESS);
  } else write(writer, 1, "Not affecting ingress traffic\n");
  if (types.includes("Egress")) {
    write(writer, 1, "Allowing egress traffic:\n");
    writeRules(writer, rowsAt(spec, "egress"), EGRESS);
  } else write(writer, 1, "Not affecting egress traffic\n");
  write(writer, 1, `Policy Types: ${types.join(", ")}\n`);
  return finished(writer);
}

interface Direction {
  readonly word: string;
  readonly part: string;
  readonly title: string;
  readonly none: string;
}

const INGRESS: Direction = {
  word: "ingress",
  part: "from",
  title: "From",
  none: "<any> (traffic not restricted by source)",
};
const EGRESS: Direction = {
  word: "egress",
  part: "to",
  title: "To",
  none: "<any> (traffic not restricted by destination)",
};

function writeRules(writer: Writer, rules: readonly Fields[], direction: Direction): void {
  if (rules.length === 0) write(writer, 2, `<none> (Selected pods are isolated for ${direction.word} connectivity)\n`);
  for (const [index, rule] of rules.entries()) {
    const ports = rowsAt(rule, "ports");
    if (ports.length === 0) write(writer, 2, "To Port: <any> (traffic allowed to all ports)\n");
    for (const port of ports) write(writer, 2, portLine(port));
    const peers = rowsAt(rule, direction.part);
    if (peers.length === 0) write(writer, 2, `${direction.title}: ${direction.none}\n`);
    for (const peer of peers) {
      write(writer, 2, `${direction.title}:\n`);
      writePeer(writer, peer);
    }
    if (index < rules.length - 1) write(writer, 2, "----------\n");
  }
}

function portLine(port: Fields): string {
  const protocol = textAt(port, "protocol") || "TCP";
  if (port["port"] === undefined) return `To Port: <any>/${protocol}\n`;
  if (port["endPort"] !== undefined)
    return `To Port Range: ${text(port["port"])}-${text(port["endPort"])}/${protocol}\n`;
  return `To Port: ${text(port["port"])}/${protocol}\n`;
}

function writePeer(writer: Writer, peer: Fields): void {
  const [pods, namespaces] = [at(peer, "podSelector"), at(peer, "namespaceSelector")];
  if (namespaces !== undefined)
    write(writer, 3, `NamespaceSelector: ${selectorWords(fieldsAt(peer, "namespaceSelector"))}\n`);
  if (pods !== undefined) write(writer, 3, `PodSelector: ${selectorWords(fieldsAt(peer, "podSelector"))}\n`);
  if (peer["ipBlock"] === undefined || pods !== undefined || namespaces !== undefined) return;
  write(writer, 3, "IPBlock:\n");
  write(writer, 4, `CIDR: ${textAt(peer, "ipBlock", "cidr")}\n`);
  write(
    writer,
    4,
    `Except: ${list(at(peer, "ipBlock", "except"))
      .map(text)
      .join(", ")}\n`,
  );
}
