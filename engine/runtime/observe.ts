import type { Effect, Millis } from "../kernel/process.ts";
import { forEach, get, set } from "../kernel/sorted-map.ts";
import type { Answer, Exchange } from "../network/exchange.ts";
import { nextAt } from "./advance.ts";
import type { Check, CheckResult } from "./cri.ts";
import { contextFor, serversIn } from "./run.ts";
import { answerOf, listensOn } from "./server.ts";
import { type Container, type RuntimeState, sandboxOf } from "./state.ts";
import type { Context, Task } from "./task.ts";

/** What a client gets that connects to an address of this node now. */
export function answerAt(state: RuntimeState, ip: string, exchange: Exchange, now: Millis): Answer {
  let isThere = ip === state.settings.node.ip;
  let found: Answer | undefined;
  forEach(state.sandboxes, (sandbox) => {
    if (sandbox.view.ip === ip && sandbox.view.state === "ready") isThere = true;
  });
  if (!isThere) return { kind: "unreachable" };
  forEach(state.containers, (container) => {
    const sandbox = sandboxOf(state, container);
    if (sandbox?.view.ip !== ip || sandbox.view.state !== "ready") return;
    found ??= answerIn(state, container, exchange, now);
  });
  return found ?? { kind: "refused" };
}

/** What the programs of one container answer; undefined when none of them listens on the port. */
function answerIn(state: RuntimeState, container: Container, exchange: Exchange, now: Millis): Answer | undefined {
  for (const server of serversIn(container.main)) {
    if (!listensOn(server, exchange.port, now)) continue;
    return answerOf(server, contextFor(state, container, now).disk, exchange, now);
  }
  return undefined;
}

/** What a check gives now. It holds until something in the pod changes, unless it is momentary. */
export function resultOf(
  state: RuntimeState,
  watch: { readonly container: string; readonly ip: string; readonly check: Check },
  now: Millis,
): CheckResult {
  const container = get(state.containers, watch.container);
  const { check } = watch;
  if (check.kind === "exchange") return { kind: "answered", answer: answerAt(state, watch.ip, check.exchange, now) };
  if (container?.main === undefined) return { kind: "gone" };
  return rehearse(state, container, check, now);
}

/** How many waits a rehearsed command may have. */
const REHEARSAL_STEPS_MAX = 100;

/** Runs a command to its end without keeping what it does: its result, and how long it would take. */
function rehearse(
  state: RuntimeState,
  container: Container,
  check: Extract<Check, { readonly kind: "exec" }>,
  now: Millis,
): CheckResult {
  const context = contextFor(state, container, now);
  const launched = context.tools.launch(check.command, context.nextPid, context);
  if ("problem" in launched) {
    const output = `OCI runtime exec failed: exec failed: unable to start container process: exec: "${check.command[0] ?? ""}": executable file not found in $PATH`;
    return { kind: "executed", exitCode: launched.code, output, durationMillis: 0, isMomentary: false };
  }
  return rehearsed(launched, context, check.timeoutMillis);
}

function rehearsed(launched: Task, context: Context, timeoutMillis: Millis): CheckResult {
  const start = context.now;
  let task = launched;
  let current = context;
  for (let steps = 0; steps < REHEARSAL_STEPS_MAX && task.kind !== "exited"; steps++) {
    const at = nextAt(task, current.now);
    if (at === undefined || at - start >= timeoutMillis)
      return { kind: "timed-out", isMomentary: current.hasReadClock };
    current = { ...current, now: at };
    task = current.tools.advance(task, current);
  }
  const output = current.log.map((line) => `${line.text}\n`).join("");
  const exitCode = task.kind === "exited" ? task.code : 1;
  return { kind: "executed", exitCode, output, durationMillis: current.now - start, isMomentary: current.hasReadClock };
}

/** Tells watchers and observers what has changed for them. */
export function refreshed(
  before: RuntimeState,
  state: RuntimeState,
  now: Millis,
): { readonly state: RuntimeState; readonly effects: readonly Effect[] } {
  if (
    before.containers === state.containers &&
    before.sandboxes === state.sandboxes &&
    before.hostVolumes === state.hostVolumes
  ) {
    return { state, effects: [] };
  }
  const effects: Effect[] = [];
  let { watches, observers } = state;
  forEach(state.watches, (watch, id) => {
    if (watch.check.kind === "exec" && isUntouched(before, state, watch.container)) return;
    const result = resultOf(state, watch, now);
    if (isSame(result, watch.last)) return;
    watches = set(watches, id, { ...watch, last: result });
    effects.push({ kind: "send", to: state.settings.kubelet, message: { kind: "checked", id, result } });
  });
  forEach(state.observers, (observer, key) => {
    const answer = answerAt(state, observer.ip, observer.exchange, now);
    const text = JSON.stringify(answer);
    if (text === observer.last) return;
    observers = set(observers, key, { ...observer, last: text });
    effects.push({ kind: "send", to: observer.client, message: { kind: "observed", id: observer.id, answer } });
  });
  return { state: { ...state, watches, observers }, effects };
}

function isUntouched(before: RuntimeState, state: RuntimeState, id: string): boolean {
  const container = get(state.containers, id);
  const former = get(before.containers, id);
  if (container !== former || container === undefined) return false;
  return sandboxOf(before, container) === sandboxOf(state, container) && before.hostVolumes === state.hostVolumes;
}

function isSame(one: CheckResult, other: CheckResult | undefined): boolean {
  return other !== undefined && JSON.stringify(one) === JSON.stringify(other);
}
