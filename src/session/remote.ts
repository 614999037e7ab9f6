import type { Submission } from "@workbook/labs";
import type { FromWorker, ToWorker } from "../worker/protocol.ts";
import type { Checked, Completion, Session } from "./session.ts";
import { createStore } from "./store.ts";

/** A session in a Web Worker. A check gets a worker of its own, so that the cluster goes on and a check can be stopped. */
export function startRemote(lab: string, files: Readonly<Record<string, string>>): Session {
  const store = createStore();
  const worker = newWorker();
  const waiting = new Map<number, (message: FromWorker) => void>();
  let asked = 0;

  const send = (message: ToWorker): void => worker.postMessage(message);
  const ask = (message: (id: number) => ToWorker): Promise<FromWorker> =>
    new Promise((resolve) => {
      asked += 1;
      waiting.set(asked, resolve);
      send(message(asked));
    });
  worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === "frame" || data.kind === "failed") store.take(data);
    else settle(waiting, data);
  });
  worker.addEventListener("error", (event) => store.take({ kind: "failed", message: event.message }));
  send({ kind: "start", lab, files });

  const checker = createChecker(lab);
  return {
    state: store.state,
    subscribe: store.subscribe,
    listen: store.listen,
    command: (line, edited) => send({ kind: "command", line, edited }),
    interrupt: () => send({ kind: "interrupt" }),
    complete: (text, cursor) => ask((id) => ({ kind: "complete", id, text, cursor })).then(completionIn),
    write: (path, text) => send({ kind: "write", path, text }),
    setPace: (pace) => send({ kind: "pace", pace }),
    skip: (how) => send({ kind: "skip", how }),
    seek: (at) => send({ kind: "seek", at }),
    playStory: (drawn) => send({ kind: "play-story", drawn }),
    check: checker.check,
    cancelCheck: checker.cancel,
    reset: () => send({ kind: "reset" }),
    recording: () =>
      ask((id) => ({ kind: "record", id })).then((message) => (message.kind === "recorded" ? message.recording : "")),
    close: () => {
      checker.cancel();
      worker.terminate();
    },
  };
}

function newWorker(): Worker {
  return new Worker(new URL("../worker/main.ts", import.meta.url), { type: "module", name: "cluster" });
}

function settle(
  waiting: Map<number, (message: FromWorker) => void>,
  message: Exclude<FromWorker, { kind: "frame" | "failed" }>,
): void {
  waiting.get(message.id)?.(message);
  waiting.delete(message.id);
}

function completionIn(message: FromWorker): Completion {
  return message.kind === "completed" ? message.completion : { insert: "", options: [] };
}

interface Checker {
  readonly check: Session["check"];
  readonly cancel: () => void;
}

/** The longest that a check may take on the reader's clock. Source: contract.md, Limits: 5 s of CPU; a phone is slower. */
const CHECK_MILLIS_MAX = 60_000;

function createChecker(lab: string): Checker {
  let stop: (() => void) | undefined;
  const check = (submission: Submission, onShare?: (share: number) => void): Promise<Checked> =>
    new Promise((resolve) => {
      stop?.();
      const worker = newWorker();
      const finish = (checked: Checked): void => {
        clearTimeout(timer);
        worker.terminate();
        stop = undefined;
        resolve(checked);
      };
      const tooLong = `the check did not end within ${CHECK_MILLIS_MAX / 1000} s`;
      const timer = setTimeout(() => finish({ kind: "failed", message: tooLong }), CHECK_MILLIS_MAX);
      stop = () => finish({ kind: "cancelled" });
      worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
        if (data.kind === "share") onShare?.(data.share);
        if (data.kind === "checked") finish(data.checked);
      });
      worker.addEventListener("error", (event) => finish({ kind: "failed", message: event.message }));
      worker.postMessage({ kind: "check", id: 0, lab, submission } satisfies ToWorker);
    });
  return { check, cancel: () => stop?.() };
}
