import { createHost } from "./host.ts";
import { gradeLab } from "./labs-door.ts";
import { keepPace } from "./pace.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";

/** The worker: one host that is paced by the clock; a check is computed at once, in a worker of its own. */
const host = createHost(post);

function post(message: FromWorker): void {
  self.postMessage(message);
}

self.addEventListener("message", (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  if (message.kind === "check") check(message);
  else host.receive(message);
  if (message.kind === "start") keepPace(host);
});

function check(message: Extract<ToWorker, { kind: "check" }>): void {
  const { id } = message;
  const before = performance.now();
  try {
    const report = gradeLab(message.lab, message.submission, (share) => post({ kind: "share", id, share }));
    post({ kind: "checked", id, checked: { kind: "report", report, millis: performance.now() - before } });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    post({ kind: "checked", id, checked: { kind: "failed", message: text } });
  }
}
