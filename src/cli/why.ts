import { resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  advance,
  narrate,
  replay,
  schedulingTable,
  type TraceLine,
  view,
  why as chainOf,
  type World,
} from "@workbook/engine";
import { InvalidInput } from "./invalid.ts";
import { worldFor } from "./lab-world.ts";
import { printable } from "./printable.ts";
import { readRecording } from "./read-recording.ts";
import { EXIT, type Terminal } from "./terminal.ts";

/** How long a lab's world lives before it is asked, in virtual time. */
const LAB_MILLIS = 120_000;

const KINDS: Readonly<Record<string, string>> = {
  po: "Pod",
  pod: "Pod",
  pods: "Pod",
  node: "Node",
  nodes: "Node",
  no: "Node",
  svc: "Service",
  service: "Service",
  services: "Service",
  deploy: "Deployment",
  deployment: "Deployment",
  deployments: "Deployment",
  rs: "ReplicaSet",
  replicaset: "ReplicaSet",
  replicasets: "ReplicaSet",
};

/** `workbook why OBJECT`: the causal chain behind an object's state, in words. */
export function why(args: readonly string[], terminal: Terminal): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      lab: { type: "string" },
      recording: { type: "string" },
      server: { type: "string" },
      namespace: { type: "string", short: "n", default: "default" },
    },
  });
  if (values.server !== undefined)
    throw new InvalidInput("--server: a served cluster does not tell its trace; use --recording");
  const world = worldOf(values, terminal);
  const object = objectOf(world, positionals, values.namespace);
  const chain = chainOf(world, object);
  if (chain.length === 0) {
    terminal.error(`workbook: nothing in the trace is about ${object.kind} ${printable(object.name)}\n`);
    return EXIT.answerFails;
  }
  terminal.out(`${chain.map(lineOf).join("\n")}\n`);
  const table = object.kind === "Pod" ? schedulingTable(world, object) : undefined;
  if (table !== undefined) terminal.out(`\n${table.split("\n").map(printable).join("\n")}`);
  return EXIT.passed;
}

function worldOf(
  values: { readonly lab?: string | undefined; readonly recording?: string | undefined },
  terminal: Terminal,
): World {
  const { recording: file } = values;
  if (file === undefined) return advance(worldFor(values.lab, undefined), { for: LAB_MILLIS });
  return replay(readRecording(resolve(terminal.workingDirectory, file), file).recording);
}

interface Wanted {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** `pod/web`, `pod web`, or the start of a Pod's name. */
function objectOf(world: World, words: readonly string[], namespace: string): Wanted {
  const [kindWord = "", name = ""] = words.length === 1 ? (words[0] ?? "").split("/") : words;
  const kind = KINDS[kindWord.toLowerCase()];
  if (kind === undefined || name === "" || words.length > 2) {
    throw new InvalidInput("usage: workbook why pod/NAME (also node, service, deployment, replicaset) [-n NAMESPACE]");
  }
  const isNamespaced = kind !== "Node";
  return {
    kind,
    namespace: isNamespaced ? namespace : "",
    name: kind === "Pod" ? podNamed(world, namespace, name) : name,
  };
}

function podNamed(world: World, namespace: string, name: string): string {
  const names = view(world)
    .pods.filter((pod) => pod.namespace === namespace)
    .map((pod) => pod.name);
  return names.find((known) => known === name) ?? names.find((known) => known.startsWith(name)) ?? name;
}

function lineOf(line: TraceLine, index: number): string {
  const time = `${(line.at / 1000).toFixed(3)} s`;
  return `${index === 0 ? "" : "  because "}${time}  ${printable(narrate(line))}`;
}
