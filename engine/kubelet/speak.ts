import type { Pod } from "../api/generated/types.ts";
import { rfc3339 } from "../api/time.ts";
import { type EventNote, receiveAnswer, record, sendNext } from "../client/event-recorder.ts";
import type { ApiResponse } from "../api/wire.ts";
import { containerNamed } from "./pod-spec.ts";
import { send } from "./send.ts";
import type { Turn } from "./state.ts";

/** Records an Event and writes it as soon as those before it are written; the trace has it at once. */
export function speak(turn: Turn, note: EventNote): void {
  const { kind = "", metadata } = note.object;
  const { namespace = "", name = "", uid = "" } = metadata;
  const facts = { message: note.message, fieldPath: note.fieldPath ?? "" };
  turn.effects.push({ kind: "note", note: { reason: note.reason, object: { kind, namespace, name, uid }, facts } });
  const { state, now } = turn;
  if (state.settings.events === "traced") return;
  const date = rfc3339(state.epochMillis + now);
  const recorder = record(state.recorder, note, { now, epochMillis: state.epochMillis, date });
  turn.state = { ...state, recorder };
  writeNext(turn);
}

export function speakOfPod(turn: Turn, pod: Pod, note: Omit<EventNote, "object">): void {
  speak(turn, { ...note, object: { ...pod, kind: "Pod", apiVersion: "v1" } });
}

export function speakOfContainer(
  turn: Turn,
  pod: Pod,
  container: string,
  note: Omit<EventNote, "object" | "fieldPath">,
): void {
  const fieldPath = containerNamed(pod, container)?.fieldPath ?? "";
  speakOfPod(turn, pod, { ...note, fieldPath });
}

function writeNext(turn: Turn): void {
  const next = sendNext(turn.state.recorder, turn.now);
  turn.state = { ...turn.state, recorder: next.recorder };
  if (next.request !== undefined) send(turn, { kind: "event" }, next.request);
}

export function receiveEventAnswer(turn: Turn, response: ApiResponse): void {
  const next = receiveAnswer(turn.state.recorder, response);
  turn.state = { ...turn.state, recorder: next.recorder };
  if (next.request === undefined) writeNext(turn);
  else send(turn, { kind: "event" }, next.request);
}
