import { createHost } from "../worker/host.ts";
import { gradeLab } from "../worker/labs-door.ts";
import type { FromWorker } from "../worker/protocol.ts";
import type { Checked, Completion, Session } from "./session.ts";
import { createStore } from "./store.ts";

/** A session in this thread, for tests. `pass` is its clock. */
export interface LocalSession extends Session {
  pass(millis: number): void;
}

export function startLocal(lab: string, files: Readonly<Record<string, string>> = {}): LocalSession {
  const store = createStore();
  let answer: FromWorker | undefined;
  const host = createHost((message) => {
    if (message.kind === "frame" || message.kind === "failed") store.take(message);
    else answer = message;
  });
  host.receive({ kind: "start", lab, files });
  return {
    state: store.state,
    subscribe: store.subscribe,
    listen: store.listen,
    pass: (millis) => host.pass(millis, () => true),
    command: (line, edited) => host.receive({ kind: "command", line, edited }),
    interrupt: () => host.receive({ kind: "interrupt" }),
    complete: (text, cursor) => {
      host.receive({ kind: "complete", id: 0, text, cursor });
      const none: Completion = { insert: "", options: [] };
      return Promise.resolve(answer?.kind === "completed" ? answer.completion : none);
    },
    write: (path, text) => host.receive({ kind: "write", path, text }),
    setPace: (pace) => host.receive({ kind: "pace", pace }),
    skip: (how) => host.receive({ kind: "skip", how }),
    seek: (at) => host.receive({ kind: "seek", at }),
    playStory: (drawn) => host.receive({ kind: "play-story", drawn }),
    check: (submission) => {
      const checked: Checked = { kind: "report", report: gradeLab(lab, submission), millis: 0 };
      return Promise.resolve(checked);
    },
    cancelCheck: () => {},
    reset: () => host.receive({ kind: "reset" }),
    recording: () => {
      host.receive({ kind: "record", id: 0 });
      return Promise.resolve(answer?.kind === "recorded" ? answer.recording : "");
    },
    close: () => {},
  };
}
