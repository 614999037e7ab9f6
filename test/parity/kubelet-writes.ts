/** Holds what the engine's kubelet writes against what a real one wrote (golden/INDEX.md, i-kubelet-writes): states, Events, and each status patch. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Pod } from "../../engine/api/generated/types.ts";
import { difference, type ParityCase } from "./parity-case.ts";
import type { StandInState } from "./kubelet/api-stand-in.ts";
import type { PodEvent, Recording, SeenEvent } from "./kubelet/recording.ts";
import { replay } from "./kubelet/replay.ts";
import { compareRun } from "./kubelet.ts";

interface Watched {
  readonly t: number;
  readonly type: PodEvent["type"];
  readonly object: Pod & {
    readonly involvedObject?: { readonly name?: string; readonly fieldPath?: string };
    readonly reason?: string;
    readonly message?: string;
    readonly type?: string;
    readonly count?: number;
    readonly source?: { readonly component?: string };
    readonly reportingComponent?: string;
  };
}

interface Write {
  readonly t: number;
  readonly user: string;
  readonly verb: string;
  readonly res: string;
  readonly name: string;
  readonly code: number;
  readonly req?: unknown;
}

export function* cases(directory: string): Generator<ParityCase> {
  for (const name of readdirSync(directory).toSorted()) {
    if (existsSync(join(directory, name, "watch.jsonl"))) yield { name, compare: () => compareWrites(directory, name) };
  }
}

function lines(path: string): readonly unknown[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
}

function compareWrites(directory: string, name: string): string | undefined {
  const watched = (lines(join(directory, name, "watch.jsonl")) as readonly Watched[]);
  const recording = recordingOf(name, watched, readFileSync(join(directory, name, "timeline.txt"), "utf8"));
  const state = replay(recording);
  return compareRun(recording, state) ?? comparePatches((lines(join(directory, name, "writes.jsonl")) as readonly Write[]), state, recording);
}

function recordingOf(name: string, watched: readonly Watched[], timeline: string): Recording {
  const first = watched.find((it) => it.object.kind === "Pod");
  const start = first?.t ?? 0;
  const pods: PodEvent[] = [];
  const events: SeenEvent[] = [];
  for (const { t, type, object } of watched) {
    if (object.kind === "Pod") pods.push({ pod: object.metadata.name ?? "", at: t - start, type, object });
    if (object.kind === "Event") events.push(heard(object, t - start));
  }
  const endsAt = Math.max(...watched.map((it) => it.t)) - start;
  const manifest = /---- apply\n([\s\S]*?)\n {5}=>/.exec(timeline)?.[1] ?? "";
  const created = Date.parse(first?.object.metadata.creationTimestamp ?? "") + 500;
  return { name, pods, events, commands: [], manifest: manifest.includes("kind: ConfigMap") ? manifest : "", endsAt, epochMillis: created };
}

function heard(event: Watched["object"], at: number): SeenEvent {
  const { involvedObject, reason = "", message = "", count = 1, type = "" } = event;
  const component = event.source?.component ?? event.reportingComponent ?? "";
  return { pod: involvedObject?.name ?? "", at, reason, message, type, count, fieldPath: involvedObject?.fieldPath ?? "", component };
}

/** Each patch of a pod's status, in order: the same fields with the same values, times and ids aside. */
function comparePatches(writes: readonly Write[], state: StandInState, recording: Recording): string | undefined {
  const pods = new Set(recording.pods.map((it) => it.pod));
  for (const pod of pods) {
    const expected = writes.filter((it) => it.user.startsWith("node:") && it.res === "pods/status" && it.name === pod && it.code < 300).map((it) => plain(it.req));
    const got = state.writes.filter((it) => it.request.path.endsWith(`/pods/${pod}/status`) && it.code < 300).map((it) => plain(it.request.body));
    const shared = Math.min(expected.filter((it) => it !== undefined).length, got.length);
    const wanted = expected.filter((it) => it !== undefined);
    for (let index = 0; index < shared; index++) {
      const found = difference(wanted[index], got[index]);
      if (found !== undefined) return `patch ${index} of ${pod}: ${found}`;
    }
  }
  return undefined;
}

const TIMES = new Set(["startedAt", "finishedAt", "startTime"]);
const IDS = new Set(["containerID", "imageID", "uid", "image", "podIP", "hostIP", "ip"]);

/** A patch without times (they change with the second), ids and addresses, and without the memory limit that cgroup v1 shows. Undefined: nothing is left of it. */
function plain(body: unknown): unknown {
  const clean = (value: unknown, key: string): unknown => {
    if (TIMES.has(key) || (IDS.has(key) && value !== "")) return `<${key}>`;
    if (Array.isArray(value)) return value.map((it) => clean(it, ""));
    if (typeof value === "string") return value.replace(/\([0-9a-f]{8}-[0-9a-f-]{27}\)/g, "(<uid>)").replace(/read udp [\d.:]+->[\d.:]+/, "read udp");
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).filter(([name]) => name !== "resources" && name !== "lastTransitionTime").map(([name, inner]) => [name, clean(inner, name)]));
  };
  const whole = body as { readonly status?: Readonly<Record<string, unknown>> };
  const status = clean(whole.status, "") as Readonly<Record<string, unknown>>;
  return Object.keys(status).length === 0 ? undefined : status;
}
