/** A scenario of golden/d-controllers as data: what users and kubelets did, and what all others wrote. */
import { readFileSync } from "node:fs";
import type { KubernetesObject } from "../../../engine/api/object.ts";

export interface RecordedWrite {
  readonly t: number;
  readonly user: string;
  readonly ua?: string;
  readonly verb: string;
  readonly res: string;
  readonly name?: string;
  readonly code: number;
  readonly uri: string;
  readonly req?: unknown;
}

/** One change of an object and who made it: `deployment-controller update deployments/status`. */
export interface Seen {
  readonly at: number;
  readonly revision: number;
  readonly type: string;
  readonly user: string;
  readonly verb: string;
  readonly object: KubernetesObject;
}

export interface Recording {
  readonly name: string;
  readonly namespace: string;
  readonly writes: readonly RecordedWrite[];
  readonly seen: readonly Seen[];
  /** Nodes whose kubelet falls silent, and when it comes back. */
  readonly silences: readonly { readonly node: string; readonly from: number; readonly to: number }[];
  readonly end: number;
  /** Milliseconds since 1970 of the scenario's start, to the second. */
  readonly epochMillis: number;
}

export function readRecording(directory: string, name: string): Recording {
  const folder = `${directory}/${name}`;
  const writes = linesOf(`${folder}/writes.jsonl`) as readonly RecordedWrite[];
  const raw = linesOf(`${folder}/watch.jsonl`) as readonly RawSeen[];
  const seen = timed(raw).map(({ t, rv, type, actor = "", object }): Seen => {
    const [user = "", ...verb] = actor.replace("(part of) ", "").split(" ");
    return { at: t, revision: rv, type, user, verb: verb.join(" "), object };
  });
  const space = seen.find(({ object }) => object.kind === "Namespace");
  return {
    name,
    namespace: space?.object.metadata.name ?? "default",
    writes,
    seen,
    silences: silencesIn(readFileSync(`${folder}/timeline.txt`, "utf8")),
    end: Math.max(0, ...writes.map(({ t }) => t), ...seen.map(({ at }) => at)),
    epochMillis: epochOf(seen),
  };
}

/** Each creation tells the second in which it happened; together they tell the start to some milliseconds. */
function epochOf(seen: readonly Seen[]): number {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  for (const { at, type, object } of seen) {
    const second = Date.parse(object.metadata.creationTimestamp ?? "");
    if (type !== "ADDED" || Number.isNaN(second) || object.kind === "Event") continue;
    low = Math.max(low, second - at);
    high = Math.min(high, second + 999 - at);
  }
  return Math.floor((low + Math.max(low, high)) / 2);
}

/** What the audit log could not be joined with has no time of its own; it happened just before what follows. */
function timed(raw: readonly RawSeen[]): readonly RawSeen[] {
  let next = Number.POSITIVE_INFINITY;
  return raw
    .toReversed()
    .map((one) => {
      if ((one.actor ?? "") !== "") next = one.t;
      return (one.actor ?? "") === "" && next !== Number.POSITIVE_INFINITY && one.object.kind !== "Event" ? { ...one, t: Math.max(one.t, next - 1) } : one;
    })
    .toReversed();
}

interface RawSeen {
  readonly t: number;
  readonly rv: number;
  readonly type: string;
  readonly actor?: string;
  readonly object: KubernetesObject;
}

function linesOf(file: string): readonly unknown[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
}

function silencesIn(timeline: string): Recording["silences"] {
  const lines = timeline.split("\n");
  const timeNear = (index: number, step: number): number => {
    for (let place = index; place >= 0 && place < lines.length; place += step) {
      const match = /^ *(\d+)ms/.exec(lines[place] ?? "");
      if (match !== null) return Number(match[1]);
    }
    return 0;
  };
  const found: { node: string; from: number; to: number }[] = [];
  for (const [index, line] of lines.entries()) {
    const stop = /^---- kubelet on (\S+) stops/.exec(line);
    if (stop !== null) found.push({ node: stop[1] ?? "", from: timeNear(index, -1), to: Number.POSITIVE_INFINITY });
    const back = /^---- kubelet on (\S+) comes back/.exec(line);
    const open = found.find(({ node }) => node === back?.[1]);
    if (open !== undefined) open.to = timeNear(index, 1);
  }
  return found;
}
