/** Holds the engine's kubelet against recordings of a real one: order of states and Events, and their times within 1.5 s (2 s after the tenth restart). */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Pod } from "../../engine/api/generated/types.ts";
import type { ParityCase } from "./parity-case.ts";
import { changes, type State, statesOf } from "./kubelet/projection.ts";
import { readRecording, type Recording, type SeenEvent } from "./kubelet/recording.ts";
import { replay } from "./kubelet/replay.ts";
import { SCENARIO_START } from "./kubelet/machine.ts";
import type { StandInState } from "./kubelet/api-stand-in.ts";

const TOLERANCE_MILLIS = 1500;
const LATE_TOLERANCE_MILLIS = 2000;
const LATE_RESTARTS = 10;

export function* cases(directory: string): Generator<ParityCase> {
  for (const name of readdirSync(directory).toSorted()) {
    if (!existsSync(join(directory, name, "watch.jsonl"))) continue;
    yield { name, compare: () => compareRecording(readRecording(directory, name)) };
  }
}

export function compareRecording(recording: Recording): string | undefined {
  return compareRun(recording, replay(recording));
}

export function compareRun(recording: Recording, state: StandInState): string | undefined {
  for (const pod of new Set(recording.pods.map((it) => it.pod))) {
    const found = comparePod(recording, pod, state) ?? compareEvents(recording, pod, state);
    if (found !== undefined) return `${pod}: ${found}`;
  }
  return undefined;
}

function comparePod(recording: Recording, pod: string, state: StandInState): string | undefined {
  const expected = statesOf(recording.pods.filter((it) => it.pod === pod));
  const told = state.told.filter((it) => it.object.kind === "Pod" && it.object.metadata.name === pod);
  const all = statesOf(told.map((it) => ({ at: it.at - SCENARIO_START, type: it.type, object: it.object as Pod })));
  const got = coalesced(all, expected);
  for (let index = 0; index < Math.max(expected.length, got.length); index++) {
    const found = compareState(expected.slice(0, index + 1), got.slice(0, index + 1), index, recording.endsAt);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** On a busy machine the first two writes of a status came as one: the state without a sandbox is then not in the recording. */
function coalesced(got: readonly State[], expected: readonly State[]): readonly State[] {
  return got.filter((state, index) => {
    const next = got[index + 1];
    if (next === undefined) return true;
    const isOnlySandbox = changes(state, next) === "cond.PodReadyToStartContainers: False → True";
    return !isOnlySandbox || expected.some((it) => JSON.stringify(sorted(it)) === JSON.stringify(sorted(state)));
  });
}

function compareState(expected: readonly State[], got: readonly State[], index: number, endsAt: number): string | undefined {
  const [one, other] = [expected[index], got[index]];
  if (one === undefined) return other === undefined || other.at > endsAt - TOLERANCE_MILLIS ? undefined : `state ${index} is too much: +${other.at}ms ${changes(got[index - 1], other)}`;
  if (other === undefined) return one.at > endsAt - TOLERANCE_MILLIS ? undefined : `state ${index} is missing: +${one.at}ms ${changes(expected[index - 1], one)}`;
  if (JSON.stringify(sorted(one)) !== JSON.stringify(sorted(other))) {
    return `state ${index} at +${one.at}ms (engine +${other.at}ms), engine against recording: ${changes(one, other)} || recorded step: ${changes(expected[index - 1], one)}`;
  }
  const tolerance = one.restarts > LATE_RESTARTS ? LATE_TOLERANCE_MILLIS : TOLERANCE_MILLIS;
  if (Math.abs(one.at - other.at) > tolerance) return `state ${index} at +${other.at}ms instead of +${one.at}ms: ${changes(expected[index - 1], one)}`;
  return undefined;
}

function sorted(state: State): readonly (readonly [string, string])[] {
  return Object.entries(state.fields).toSorted(([one], [other]) => (one < other ? -1 : 1));
}

interface RawEvent {
  readonly involvedObject: { readonly name?: string; readonly fieldPath?: string; readonly uid?: string };
  readonly reason: string;
  readonly message: string;
  readonly type: string;
  readonly count: number;
}

function eventText(event: Pick<SeenEvent, "type" | "reason" | "count" | "fieldPath" | "message">): string {
  const message = event.message.replace(/\([0-9a-f]{8}-[0-9a-f-]{27}\)/g, "(<uid>)").replace(/read udp [\d.:]+->[\d.:]+/, "read udp").replace(/10\.244\.0\.\d+/g, "<ip>").replace(/in \S+ \(\S+ including waiting\)/, "in <time>");
  return `${event.type} ${event.reason} x${event.count} ${event.fieldPath} ${message}`;
}

interface Heard extends Pick<SeenEvent, "type" | "reason" | "count" | "fieldPath" | "message"> {
  readonly at: number;
}

/** Events of different containers that come within a moment of each other come in any order. */
const MOMENT_MILLIS = 150;

function compareEvents(recording: Recording, pod: string, state: StandInState): string | undefined {
  const expected: Heard[] = recording.events.filter((it) => it.pod === pod && it.component === "kubelet");
  const got: Heard[] = state.told
    .filter((it) => it.object.kind === "Event" && (it.object as unknown as RawEvent).involvedObject.name === pod)
    .map((it) => {
      const raw = it.object as unknown as RawEvent;
      return { ...raw, at: it.at - SCENARIO_START, fieldPath: raw.involvedObject.fieldPath ?? "" };
    });
  for (let index = 0; index < Math.max(expected.length, got.length); index++) {
    const one = expected[index];
    const other = one === undefined ? got[index] : takeFrom(got, index, one);
    const found = compareEvent(one, other, { index, endsAt: recording.endsAt });
    if (found === "end") return undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Brings the event that is meant to its place when it stands a moment later. */
function takeFrom(got: Heard[], index: number, wanted: Heard): Heard | undefined {
  const first = got[index];
  if (first === undefined) return undefined;
  const place = got.findIndex((it, at) => at >= index && it.at - first.at <= MOMENT_MILLIS && eventText(it) === eventText(wanted));
  if (place > index) got.splice(index, 0, ...got.splice(place, 1));
  return got[index];
}

function compareEvent(one: Heard | undefined, other: Heard | undefined, { index, endsAt }: { readonly index: number; readonly endsAt: number }): string | undefined {
  if (one === undefined) {
    if (other === undefined || other.at > endsAt - TOLERANCE_MILLIS) return undefined;
    return `event ${index} is too much: +${other.at}ms ${eventText(other)}`;
  }
  if (other === undefined) return one.at > endsAt - TOLERANCE_MILLIS ? "end" : `event ${index} is missing: +${one.at}ms ${eventText(one)}`;
  if (eventText(one) !== eventText(other)) return `event ${index}: expected +${one.at}ms ${eventText(one)}, got +${other.at}ms ${eventText(other)}`;
  if (Math.abs(one.at - other.at) > TOLERANCE_MILLIS) return `event ${index} at +${other.at}ms instead of +${one.at}ms: ${eventText(one)}`;
  return undefined;
}
