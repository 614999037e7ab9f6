/**
 * Recorded scenarios of the controllers (golden/d-controllers) against the engine's. Users and kubelets act as recorded; compared are, for
 * each object and actor, the writes in their order, and the Events with their counts, after masking what differs from run to run.
 *
 * How many intermediate statuses are written depends on how the answers of several machines happen to interleave; two runs of the real
 * cluster differ in them. So what reports an observed state (a status, endpoints) counts in its last form whenever the cluster had come to
 * rest before a user acted, and at the end. A count of 2 and more may differ by one, because the timers of the recorded
 * cluster had another phase.
 */
import { existsSync, readdirSync } from "node:fs";
import type { KubernetesObject } from "../../engine/api/object.ts";
import { project } from "./controllers/project.ts";
import { type Recording, readRecording, type Seen } from "./controllers/recording.ts";
import { play, type Played } from "./controllers/stage.ts";
import { type Cases, type ParityCase, difference } from "./parity-case.ts";

export const cases: Cases = (directory) =>
  readdirSync(directory)
    .filter((name) => existsSync(`${directory}/${name}/writes.jsonl`))
    .toSorted()
    .map((name): ParityCase => ({ name, compare: () => compare(readRecording(directory, name)) }));

function compare(recording: Recording): string | undefined {
  const { expected, got, refusals } = compared(recording, play(recording));
  const found = difference(expected, got);
  const refused = refusals.length === 0 ? "" : ` (refused: ${refusals.slice(0, 2).join("; ")})`;
  return found === undefined ? undefined : found + refused;
}

interface Sides {
  readonly expected: Side;
  readonly got: Side;
  readonly refusals: readonly string[];
}

interface Side {
  readonly writes: Readonly<Record<string, readonly string[]>>;
  readonly events: Readonly<Record<string, number>>;
}

/** Both sides in the form in which they are compared. */
export function compared(recording: Recording, played: Played): Sides {
  const steps = stepsOf(recording);
  const isOurs = ({ object }: Seen): boolean => belongs(object, recording);
  const ours = played.seen.filter(isOurs);
  return {
    expected: { writes: writesOf(recording.seen.filter(isOurs), steps), events: eventsOf(recording.seen) },
    got: { writes: writesOf(ours, steps), events: withTolerance(eventsOf(ours), eventsOf(recording.seen)) },
    refusals: played.refusals,
  };
}

/** Nothing was written for so long: the cluster is at rest. */
const REST_MILLIS = 500;

/** When users acted on a cluster at rest: up to there what is observed has settled. */
function stepsOf({ writes, seen }: Recording): readonly number[] {
  const times = seen.filter(({ object }) => object.kind !== "Event").map(({ at }) => at);
  return writes
    .filter(({ user }) => user === "kubernetes-admin")
    .map(({ t }) => t)
    .filter((t) => !times.some((at) => at > t - REST_MILLIS && at < t - 1));
}

/** Kinds that report what was observed. */
const OBSERVATIONS: readonly string[] = ["Endpoints", "EndpointSlice"];

function belongs(object: KubernetesObject, { namespace, seen }: Recording): boolean {
  // Events about what has no namespace are kept in `default`.
  const { involvedObject } = object as unknown as Partial<RecordedEvent>;
  if (object.kind === "Event" && involvedObject?.kind === "Node") return true;
  if (object.metadata.namespace !== undefined) return object.metadata.namespace === namespace;
  return seen.some((one) => one.object.kind === object.kind && one.object.metadata.name === object.metadata.name);
}

/** Whose writes are compared: not those of users and kubelets, who are played from the recording. */
function isCompared(user: string): boolean {
  return user !== "" && user !== "kubernetes-admin" && !user.startsWith("node:") && user !== "apiserver";
}

/** Quotas are counted by the API server's admission, in the name of whoever asks. */
function isAdmission(user: string, { kind }: KubernetesObject): boolean {
  return kind === "ResourceQuota" && user !== "resourcequota-controller" && user !== "gone";
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

interface Entry {
  readonly at: number;
  readonly isStatus: boolean;
  readonly text: string;
}

function writesOf(seen: readonly Seen[], steps: readonly number[]): Readonly<Record<string, readonly string[]>> {
  const mask = maskOf(seen);
  const byObject = new Map<string, { readonly key: string; readonly entries: Entry[] }>();
  for (const one of seen) {
    if (!isCounted(one)) continue;
    const { name = "", uid = "" } = one.object.metadata;
    const key = `${writerOf(one)} ${one.object.kind ?? ""}/${mask(name)}`;
    const found = byObject.get(`${key} ${uid}`) ?? { key, entries: [] };
    byObject.set(`${key} ${uid}`, found);
    found.entries.push(entryOf(one, mask));
  }
  const writes: Record<string, string[]> = {};
  for (const { key, entries } of byObject.values()) {
    const texts = settled(entries, steps).map(({ isStatus, text }) => (isStatus ? text : withoutStatus(text)));
    writes[key] = [...(writes[key] ?? []), texts.join("\n")];
  }
  const ordered = Object.entries(writes).map(([key, all]) => [key, all.toSorted()] as const);
  return Object.fromEntries(ordered.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** Whose write lets an object go at last is told differently by audit logs and traces. */
function writerOf({ type, user, object }: Seen): string {
  return type === "DELETED" && object.kind !== "Pod" ? "gone" : user;
}

function isCounted(one: Seen): boolean {
  const { at, type, verb, object } = one;
  const user = writerOf(one);
  if (at < 0 || object.kind === "Event" || !isCompared(user) || isAdmission(user, object)) return false;
  // A collection's deletion cannot be joined with the objects in the audit log.
  if (type !== "DELETED" && verb.startsWith("deletecollection")) return false;
  // The last form of a pod before it goes is part of the deletion, and told as somebody else's.
  return object.kind !== "Pod" || type !== "MODIFIED" || object.metadata.deletionGracePeriodSeconds !== 0;
}

function entryOf({ at, type, verb, object }: Seen, mask: (text: string) => string): Entry {
  const isObserved = OBSERVATIONS.includes(object.kind ?? "");
  const whole = project(object, mask);
  const text = isObserved ? whole.replace(/"gen":\d+/, "") : ownPart(object, verb, whole);
  return { at, isStatus: /status/.test(verb) || (isObserved && type === "MODIFIED"), text: `${type} ${text}` };
}

/** All writes of intent, and of what was observed the last before each step. */
function settled(entries: readonly Entry[], steps: readonly number[]): readonly Entry[] {
  return entries.filter(({ at, isStatus }, index) => {
    if (!isStatus) return true;
    const next = entries.slice(index + 1).find((other) => other.isStatus);
    const step = steps.find((time) => time > at) ?? Number.POSITIVE_INFINITY;
    return next === undefined || next.at > step;
  });
}

/** What a write of a pod shows of others' doing: finalizers, and with a patch the deletion. */
function ownPart({ kind }: KubernetesObject, verb: string, text: string): string {
  if (kind !== "Pod") return text;
  const plain = text.replaceAll(/"(fin|gen)":("[^"]*"|\d+),?/g, "");
  return verb.startsWith("patch") ? plain.replaceAll(/"del":"[^"]*",?/g, "") : plain;
}

/** A write of the spec shows whatever status the object had at that moment, which is not the writer's doing. */
function withoutStatus(text: string): string {
  return text.replaceAll(/"(obs|st|cond|phase|bound)":("[^"]*"|\d+|true|false),?/g, "");
}

function eventsOf(seen: readonly Seen[]): Readonly<Record<string, number>> {
  const mask = maskOf(seen);
  const last = new Map<string, { readonly text: string; readonly count: number }>();
  for (const { at, object } of seen) {
    if (object.kind !== "Event" || at < 0) continue;
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

function withTolerance(
  got: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(got).map(([key, count]) => {
      const wanted = expected[key] ?? 0;
      return [key, count >= 2 && wanted >= 2 && Math.abs(count - wanted) <= 1 ? wanted : count] as const;
    }),
  );
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
