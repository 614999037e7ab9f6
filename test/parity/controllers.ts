/**
 * Recorded scenarios of the controllers (golden/d-controllers) against the engine's. Users and kubelets act as recorded; compared are, for
 * each object and actor, the writes in their order, and the Events with their counts, after masking what differs from run to run.
 *
 * How many intermediate statuses are written, and in how many steps a rollout moves, depends on how the answers of several machines happen to
 * interleave; two runs of the real cluster differ in them. So a status counts in its last form before the next step of a user.
 */
import { existsSync, readdirSync } from "node:fs";
import type { KubernetesObject } from "../../engine/api/object.ts";
import { project } from "./controllers/project.ts";
import { type Recording, readRecording, type Seen } from "./controllers/recording.ts";
import { play } from "./controllers/stage.ts";
import { type Cases, type ParityCase, difference } from "./parity-case.ts";

export const cases: Cases = (directory) =>
  readdirSync(directory)
    .filter((name) => existsSync(`${directory}/${name}/writes.jsonl`))
    .toSorted()
    .map((name): ParityCase => ({ name, compare: () => compare(readRecording(directory, name)) }));

function compare(recording: Recording): string | undefined {
  const played = play(recording);
  const steps = stepsOf(recording);
  const isOurs = ({ object }: Seen): boolean => belongs(object, recording);
  const expected = { writes: writesOf(recording.seen.filter(isOurs), steps), events: eventsOf(recording.seen) };
  const ours = played.seen.filter(isOurs);
  const got = { writes: writesOf(ours, steps), events: eventsOf(ours) };
  const found = difference(expected, got);
  const refused = played.refusals.length === 0 ? "" : ` (refused: ${played.refusals.slice(0, 2).join("; ")})`;
  return found === undefined ? undefined : found + refused;
}

/** When users acted: up to there a status has settled. */
function stepsOf({ writes }: Recording): readonly number[] {
  return writes.filter(({ user }) => user === "kubernetes-admin").map(({ t }) => t);
}

function belongs(object: KubernetesObject, { namespace, seen }: Recording): boolean {
  if (object.metadata.namespace !== undefined) return object.metadata.namespace === namespace;
  return seen.some((one) => one.object.kind === object.kind && one.object.metadata.name === object.metadata.name);
}

/** Whose writes are compared: not those of users and kubelets, who are played from the recording. */
function isCompared(user: string): boolean {
  return user !== "" && user !== "kubernetes-admin" && !user.startsWith("node:") && user !== "apiserver";
}

/** `web-7866ccff64-x2b1p` → `web-7866ccff64-*`. */
function maskOf(seen: readonly Seen[]): (text: string) => string {
  const names = new Map<string, string>();
  for (const { object } of seen) {
    const { generateName, name = "" } = object.metadata;
    if (generateName !== undefined && name.startsWith(generateName) && !/-\d+$/.test(name)) names.set(name, `${generateName}*`);
  }
  const all = [...names].toSorted(([one], [other]) => other.length - one.length);
  return (text) => {
    let masked = text;
    for (const [name, mask] of all) masked = masked.replaceAll(name, mask);
    return masked.replaceAll(/-[a-z0-9]{5}"/g, '-*"').replaceAll(/\b(\d{1,3}\.){3}\d{1,3}\b/g, "IP").replaceAll(/-\d{8}\b/g, "-TIME");
  };
}

function writesOf(seen: readonly Seen[], steps: readonly number[]): Readonly<Record<string, readonly string[]>> {
  const mask = maskOf(seen);
  const byObject = new Map<string, { readonly key: string; readonly entries: { readonly at: number; readonly isStatus: boolean; readonly text: string }[] }>();
  for (const { at, type, user, verb, object } of seen) {
    if (object.kind === "Event" || !isCompared(user)) continue;
    const { name = "", uid = "" } = object.metadata;
    const key = `${user} ${object.kind ?? ""}/${mask(name)}`;
    const id = `${key} ${uid}`;
    const found = byObject.get(id) ?? { key, entries: [] };
    byObject.set(id, found);
    found.entries.push({ at, isStatus: /status/.test(verb), text: `${type} ${project(object, mask)}` });
  }
  const writes: Record<string, string[]> = {};
  for (const { key, entries } of byObject.values()) {
    const settled = entries.filter(({ at, isStatus }, index) => {
      if (!isStatus) return true;
      const next = entries.slice(index + 1).find((other) => other.isStatus);
      const step = steps.find((time) => time > at) ?? Number.POSITIVE_INFINITY;
      return next === undefined || next.at > step;
    });
    const texts = settled.map(({ isStatus, text }) => (isStatus ? text : withoutStatus(text)));
    writes[key] = [...(writes[key] ?? []), texts.join("\n")];
  }
  return Object.fromEntries(
    Object.entries(writes)
      .map(([key, all]) => [key, all.toSorted()] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** A write of the spec shows whatever status the object had at that moment, which is not the writer's doing. */
function withoutStatus(text: string): string {
  return text.replaceAll(/"(obs|st|cond|phase|bound)":("[^"]*"|\d+|true|false),?/g, "");
}

function eventsOf(seen: readonly Seen[]): Readonly<Record<string, number>> {
  const mask = maskOf(seen);
  const last = new Map<string, { readonly text: string; readonly count: number }>();
  for (const { object } of seen) {
    if (object.kind !== "Event") continue;
    const event = object as unknown as RecordedEvent;
    const component = event.source?.component ?? event.reportingComponent ?? "";
    if (component === "kubelet" || component === "default-scheduler") continue;
    const about = `${event.involvedObject.kind}/${mask(event.involvedObject.name)}`;
    const text = `${event.type} ${event.reason} ${about} [${component}] ${mask(event.message)}`;
    last.set(object.metadata.name ?? "", { text, count: event.count ?? 1 });
  }
  const counts: Record<string, number> = {};
  for (const { text, count } of last.values()) counts[text] = (counts[text] ?? 0) + count;
  return Object.fromEntries(Object.entries(counts).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

interface RecordedEvent {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count?: number;
  readonly source?: { readonly component?: string };
  readonly reportingComponent?: string;
  readonly involvedObject: { readonly kind: string; readonly name: string };
}
