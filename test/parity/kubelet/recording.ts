/** Reads a recording of one kubelet (golden/INDEX.md, g-kubelet) and takes from it what is chance and machine: times of calls, of relists, of syncs. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Pod } from "../../../engine/api/generated/types.ts";

export interface PodEvent {
  readonly pod: string;
  /** Milliseconds since the scenario's first pod appeared. */
  readonly at: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: Pod;
}

export interface SeenEvent {
  readonly pod: string;
  readonly at: number;
  readonly reason: string;
  readonly message: string;
  readonly type: string;
  readonly count: number;
  readonly fieldPath: string;
  readonly component: string;
}

export interface Command {
  readonly at: number;
  readonly text: string;
  readonly output: string;
}

export interface Recording {
  readonly name: string;
  readonly pods: readonly PodEvent[];
  readonly events: readonly SeenEvent[];
  readonly commands: readonly Command[];
  readonly manifest: string;
  readonly endsAt: number;
  /** When the first pod appeared, in milliseconds since 1970. */
  readonly epochMillis: number;
}

interface RawPod {
  readonly pod: string;
  readonly t_ms: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: Pod;
}

interface RawEvent {
  readonly t_ms: number | null;
  readonly kind: string;
  readonly name: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count?: number;
  readonly fieldPath?: string;
  readonly eventTime?: string | null;
  readonly source?: { readonly component?: string };
  readonly reportingComponent?: string;
}

function lines(path: string): readonly unknown[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
}

/** Times of each pod are since it appeared; the Scheduled event has a time of day, which puts the pods on one clock. */
function offsets(pods: readonly RawPod[], events: readonly RawEvent[]): { readonly epochMillis: number; readonly start: ReadonlyMap<string, number> } {
  const found = new Map<string, number>();
  for (const { pod, type, object } of pods) {
    if (type !== "ADDED" || found.has(pod)) continue;
    const scheduled = events.find((it) => it.name === pod && it.reason === "Scheduled" && typeof it.eventTime === "string");
    const created = Date.parse(object.metadata.creationTimestamp ?? "");
    const sharp = scheduled === undefined ? created + 500 : Date.parse(scheduled.eventTime ?? "") - Math.min(scheduled.t_ms ?? 0, firstBinding(pods, pod));
    found.set(pod, sharp);
  }
  const first = Math.min(...found.values());
  return { epochMillis: first, start: new Map([...found].map(([pod, at]) => [pod, at - first])) };
}

function firstBinding(pods: readonly RawPod[], name: string): number {
  return pods.find((it) => it.pod === name && it.object.spec.nodeName !== undefined)?.t_ms ?? 0;
}

export function readRecording(directory: string, name: string): Recording {
  const folder = join(directory, name);
  const rawPods = (lines(join(folder, "watch.jsonl")) as readonly RawPod[]);
  const rawEvents = (lines(join(folder, "events.jsonl")) as readonly RawEvent[]);
  const { start, epochMillis } = offsets(rawPods, rawEvents);
  const pods: PodEvent[] = [];
  const bases = new Map<string, number>();
  let last = new Map<string, number>();
  for (const raw of rawPods) {
    const isAgain = raw.type === "ADDED" && bases.has(raw.pod);
    if (!bases.has(raw.pod)) bases.set(raw.pod, start.get(raw.pod) ?? 0);
    if (isAgain) bases.set(raw.pod, last.get(raw.pod) ?? 0);
    const at = (bases.get(raw.pod) ?? 0) + raw.t_ms;
    last = last.set(raw.pod, at);
    pods.push({ pod: raw.pod, at, type: raw.type, object: raw.object });
  }
  const events = rawEvents
    .filter((raw) => raw.kind === "Pod" && raw.t_ms !== null)
    .map((raw) => ({
      pod: raw.name,
      at: (start.get(raw.name) ?? 0) + (raw.t_ms ?? 0),
      reason: raw.reason,
      message: raw.message,
      type: raw.type,
      count: raw.count ?? 1,
      fieldPath: raw.fieldPath ?? "",
      component: raw.source?.component ?? raw.reportingComponent ?? "",
    }));
  const commands = readCommands(join(folder, "commands.txt"));
  const times = [...pods.map((it) => it.at), ...events.map((it) => it.at), ...commands.map((it) => it.at)];
  const manifest = existsSync(join(folder, "manifest.yaml")) ? readFileSync(join(folder, "manifest.yaml"), "utf8") : "";
  return { name, pods, events, commands, manifest, epochMillis, endsAt: times.length === 0 ? 0 : Math.max(...times) };
}

function readCommands(path: string): readonly Command[] {
  if (!existsSync(path)) return [];
  const found: Command[] = [];
  for (const block of readFileSync(path, "utf8").split(/\n(?=\[\+|# \[)/)) {
    const match = /^(?:# )?\[(?:\(scenario )?\+(\d+)ms\)?\] (?:\$ )?([^\n]*)\n?([\s\S]*)$/.exec(block);
    if (match?.[2] !== undefined) found.push({ at: Number(match[1]), text: match[2], output: match[3] ?? "" });
  }
  return found;
}
