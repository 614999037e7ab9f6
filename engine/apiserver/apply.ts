import { answerStatus, unsupportedMediaType } from "./failure.ts";
import { type Call, respond, type Turn } from "./state.ts";

/** PATCH with an apply configuration: server-side apply. */
export function applyObject(turn: Turn, call: Call): void {
  respond(turn, call.exchange, answerStatus(unsupportedMediaType([])));
}
