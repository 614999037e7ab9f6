import type { FromWorker } from "../worker/protocol.ts";
import type { LogLine, SessionState } from "./session.ts";

/** How many lines of the log the page keeps. */
export const LOG_LINES_MAX = 5_000;

/** What a session shows, and who wants to hear of changes. Shared by the session in the worker and the one in the thread. */
export interface Store {
  readonly state: () => SessionState;
  readonly subscribe: (listener: () => void) => () => void;
  readonly listen: (listener: (output: string) => void) => () => void;
  readonly take: (message: Extract<FromWorker, { kind: "frame" | "failed" }>) => void;
}

export function createStore(): Store {
  let state: SessionState = { status: "starting", trouble: undefined, frame: undefined, log: [] };
  const listeners = new Set<() => void>();
  const ears = new Set<(output: string) => void>();
  return {
    state: () => state,
    subscribe: (listener) => added(listeners, listener),
    listen: (listener) => added(ears, listener),
    take: (message) => {
      state = reduced(state, message);
      if (message.kind === "frame" && message.output !== "") for (const ear of ears) ear(message.output);
      for (const listener of listeners) listener();
    },
  };
}

function added<Item>(set: Set<Item>, item: Item): () => void {
  set.add(item);
  return () => set.delete(item);
}

function reduced(state: SessionState, message: Extract<FromWorker, { kind: "frame" | "failed" }>): SessionState {
  if (message.kind === "failed") return { ...state, status: "failed", trouble: message.message };
  const { frame, logKept, logAdded } = message;
  return { status: "ready", trouble: undefined, frame, log: logAfter(state.log, logKept, logAdded) };
}

function logAfter(log: readonly LogLine[], kept: number, added: readonly LogLine[]): readonly LogLine[] {
  const last = log.at(-1)?.id ?? 0;
  if (added.length === 0 && last <= kept) return log;
  const past = last <= kept ? log : log.filter((line) => line.id <= kept);
  return [...past, ...added].slice(-LOG_LINES_MAX);
}
