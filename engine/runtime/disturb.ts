import type { Moment, Outcome } from "../kernel/process.ts";
import { set, values } from "../kernel/sorted-map.ts";
import { signal } from "./advance.ts";
import { fullImageName } from "./image-store.ts";
import { isInit, settle, wakeFor } from "./lifecycle.ts";
import { inContainer, withLog, withServers } from "./run.ts";
import { type Container, type RuntimeState, sandboxOf, withContainer } from "./state.ts";
import { exited, type ServerTask, signalNamed, type Task } from "./task.ts";

/**
 * A fault in a program. `change` is one of: `hang` (accepts, never answers) · `break` (answers errors) · `close` (refuses) · `heal` ·
 * `slow N` (N ms more for each answer) · `start N` (listens N ms after its start, and does not hang by itself) · `crash N` (exit code N) · `kill SIGNAL` · `oom` · `image NAME` (pulls of it fail) · `write PATH TEXT` · `remove PATH` · `exec COMMAND`.
 */
export interface Disturbance {
  readonly kind: "disturb";
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
  readonly change: string;
}

export function disturb(start: RuntimeState, fault: Disturbance, moment: Moment): Outcome<RuntimeState> {
  const [word = "", ...rest] = fault.change.split(" ");
  if (word === "image")
    return {
      state: { ...start, brokenImages: set(start.brokenImages, fullImageName(rest[0] ?? ""), "broken by a fault") },
      effects: [],
    };
  if (word === "sandbox") return killSandbox(start, fault, moment);
  let state = start;
  const effects: Outcome<RuntimeState>["effects"][number][] = [
    {
      kind: "note",
      note: { reason: "ContainerDisturbed", facts: { pod: `${fault.namespace}/${fault.pod}`, change: fault.change } },
    },
  ];
  for (const container of values(start.containers)) {
    if (!isMeant(state, container, fault)) continue;
    const changed = change(state, container, { word, rest }, moment);
    state = changed.state;
    effects.push(...changed.effects);
  }
  return { state, effects };
}

function isMeant(state: RuntimeState, container: Container, fault: Disturbance): boolean {
  const config = sandboxOf(state, container)?.config;
  if (container.main === undefined || config?.name !== fault.pod || config.namespace !== fault.namespace) return false;
  return fault.container === undefined || fault.container === container.view.name;
}

/** Kills the pod's pause process: its sandbox is gone, and with it every container. */
function killSandbox(start: RuntimeState, fault: Disturbance, moment: Moment): Outcome<RuntimeState> {
  let state = start;
  const effects: Outcome<RuntimeState>["effects"][number][] = [];
  for (const sandbox of values(start.sandboxes)) {
    if (
      sandbox.config.name !== fault.pod ||
      sandbox.config.namespace !== fault.namespace ||
      sandbox.view.state !== "ready"
    )
      continue;
    const view = { ...sandbox.view, state: "notready" as const };
    state = { ...state, sandboxes: set(state.sandboxes, view.id, { ...sandbox, view }) };
    effects.push({ kind: "send", to: state.settings.kubelet, message: { kind: "sandbox-changed", sandbox: view } });
  }
  void moment;
  return { state, effects };
}

function change(
  state: RuntimeState,
  container: Container,
  order: { readonly word: string; readonly rest: readonly string[] },
  moment: Moment,
): Outcome<RuntimeState> {
  const { word, rest } = order;
  const ran = inContainer(state, container, moment.now, (context) => {
    const main: Task = container.main ?? exited(1, 0);
    if (word === "crash") return exited(1, Number(rest[0] ?? 1));
    if (word === "oom") {
      context.hasStarved = true;
      return exited(1, 137, true);
    }
    if (word === "kill") return signal(main, signalNamed(rest[0] ?? "KILL"), context, isInit(state, container));
    if (word === "write")
      context.tools.launch(["sh", "-c", `echo '${rest.slice(1).join(" ")}' > ${rest[0] ?? ""}`], 99, context);
    if (word === "remove") context.tools.launch(["rm", "-f", rest[0] ?? ""], 99, context);
    if (word === "exec") context.tools.launch(["sh", "-c", rest.join(" ")], 99, context);
    return withServers(main, (server) => disturbed(server, { word, amount: Number(rest[0] ?? 0) }, moment.now));
  });
  const next = withLog({ ...ran.container, main: ran.task }, ran.context.log);
  if (ran.task.kind === "exited") return settle(ran.state, next, moment);
  return { state: withContainer(ran.state, next), effects: wakeFor(next, moment.now) };
}

function disturbed(server: ServerTask, order: { readonly word: string; readonly amount: number }, now: number): Task {
  switch (order.word) {
    case "hang":
      return { ...server, condition: "hung" };
    case "break":
      return { ...server, condition: "broken" };
    case "close":
      return { ...server, condition: "closed" };
    case "slow":
      return { ...server, slownessMillis: order.amount };
    case "start": {
      const listensAt = server.startedAt + order.amount;
      return { ...server, listensAt, readyAt: listensAt + (server.readyAt - server.listensAt), hangsAt: undefined };
    }
    case "heal": {
      const nextBeatAt = server.program.heartbeat === undefined ? undefined : (server.nextBeatAt ?? now);
      return { ...server, condition: "well", slownessMillis: 0, hangsAt: undefined, nextBeatAt };
    }
    default:
      return server;
  }
}
