import type { Effect, Millis, Moment, Outcome } from "../kernel/process.ts";
import { get, remove, set } from "../kernel/sorted-map.ts";
import { advance, nextAt, signal } from "./advance.ts";
import type { ContainerView, CriReply } from "./cri.ts";
import { afterSignals, excesses, inContainer, lastWords, serversIn, withLog } from "./run.ts";
import { type Command, type Container, type RuntimeState, sandboxOf, withContainer } from "./state.ts";
import { signalNamed, type Task } from "./task.ts";

/** How long it takes until an exit is known: the shim tells containerd. Source: golden/g-kubelet/05: an `exit 1` is seen as running first. */
export const EXIT_NOTICE_MILLIS: Millis = 20;

export function reply(to: string, id: number, answer: CriReply): Effect {
  return { kind: "send", to, message: { kind: "cri-reply", id, reply: answer } };
}

export function tell(state: RuntimeState, container: ContainerView): Effect {
  return { kind: "send", to: state.settings.kubelet, message: { kind: "container-changed", container } };
}

/** The words that a container starts with. Source: Kubernetes docs, define-command-argument-container. */
export function wordsOf(container: Container): readonly string[] {
  const { command, args } = container.config;
  if (command.length > 0) return [...command, ...args];
  return [...container.image.entrypoint, ...(args.length > 0 ? args : container.image.command)];
}

/** Starts PID 1, at the end of the time that StartContainer takes. */
export function startNow(state: RuntimeState, container: Container, moment: Moment): Outcome<RuntimeState> {
  const [call] = container.stopping?.calls ?? [];
  const begun = { ...container, stopping: undefined };
  const refused = workingDirectoryProblem(begun);
  if (refused !== undefined) return startError(state, begun, refused, { call, moment });
  let problem: { readonly problem: string; readonly code: number } | undefined;
  const ran = inContainer(state, begun, moment.now, (context) => {
    const launched = context.tools.launch(wordsOf(begun), 1, context);
    if (!("problem" in launched)) return afterSignals(launched, context, true);
    problem = launched;
    return { kind: "exited", pid: 1, code: launched.code, isStarved: false };
  });
  if (problem !== undefined)
    return startError(state, begun, execProblem(wordsOf(begun)[0] ?? "", problem.problem), { call, moment });
  const view: ContainerView = { ...begun.view, state: "running", startedAt: moment.now };
  const started = withLog({ ...ran.container, view, main: ran.task }, ran.context.log);
  const linked = link(withContainer(ran.state, started), started);
  const effects: Effect[] = [
    ...(call === undefined ? [] : [reply(state.settings.kubelet, call, { kind: "container", container: view })]),
    ...linked.effects,
  ];
  effects.push({ kind: "note", note: { reason: "ContainerStarted", facts: { container: view.name, id: view.id } } });
  return { state: linked.state, effects: [...effects, ...wakeFor(started, moment.now)] };
}

function workingDirectoryProblem(container: Container): string | undefined {
  const { workingDirectory } = container.config;
  return workingDirectory === "/etc/passwd" ? `mkdir ${workingDirectory}: not a directory` : undefined;
}

/** Source: golden/g-kubelet/08-bad-command. */
function execProblem(word: string, problem: string): string {
  if (problem === "Permission denied") return `exec: "${word}": permission denied`;
  if (word.includes("/")) return `exec: "${word}": stat ${word}: no such file or directory`;
  return `exec: "${word}": executable file not found in $PATH`;
}

function startError(
  state: RuntimeState,
  container: Container,
  problem: string,
  { call, moment }: { readonly call: number | undefined; readonly moment: Moment },
): Outcome<RuntimeState> {
  const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${problem}`;
  // A container that never started shows the beginning of the epoch as its start: golden/g-kubelet/08.
  const view: ContainerView = {
    ...container.view,
    state: "exited",
    startedAt: undefined,
    finishedAt: moment.now,
    exitCode: 128,
    reason: "StartError",
    message,
  };
  const effects: readonly Effect[] = [
    tell(state, view),
    ...(call === undefined
      ? []
      : [reply(state.settings.kubelet, call, { kind: "error", reason: "StartError", message })]),
  ];
  return { state: withContainer(state, { ...container, view, main: undefined }), effects };
}

/** Observes what the container's servers depend on. */
function link(state: RuntimeState, container: Container): Outcome<RuntimeState> {
  let next = state;
  const effects: Effect[] = [];
  for (const server of serversIn(container.main)) {
    for (const name of server.program.dependencies) {
      const [host = "", port = "0"] = name.split(":");
      const id = next.nextLink;
      next = { ...next, nextLink: id + 1, links: set(next.links, id, { container: container.view.id, name }) };
      const message = { kind: "observe", id, ip: host, exchange: { kind: "tcp", port: Number(port) } };
      effects.push({ kind: "send", to: `${state.settings.outside}/${host.split(".")[0] ?? ""}`, message });
    }
  }
  return { state: next, effects };
}

/** Lets the container's programs do what is due. */
export function advanceContainer(state: RuntimeState, container: Container, moment: Moment): Outcome<RuntimeState> {
  const { now } = moment;
  let current = { state, container };
  const effects: Effect[] = [];
  for (const command of container.commands) {
    const moved = advanceCommand(current.state, current.container, command, now);
    current = moved;
    effects.push(...moved.effects);
  }
  if (current.container.main === undefined) return { state: withContainer(current.state, current.container), effects };
  const isKilled = container.stopping !== undefined && container.stopping.killAt <= now;
  const ran = inContainer(current.state, current.container, now, (context) => {
    const main = current.container.main ?? { kind: "exited", pid: 1, code: 0, isStarved: false };
    const moved = isKilled ? signal(main, "KILL", context, true) : advance(main, context);
    return afterSignals(moved, context, isInit(current.state, current.container));
  });
  const next = withLog({ ...ran.container, main: ran.task }, ran.context.log);
  const settled = settle(ran.state, next, moment);
  return { state: settled.state, effects: [...effects, ...settled.effects, ...excesses(state, ran.state, next)] };
}

export function isInit(state: RuntimeState, container: Container): boolean {
  return sandboxOf(state, container)?.config.isProcessNamespaceShared !== true;
}

function advanceCommand(
  state: RuntimeState,
  container: Container,
  command: Command,
  now: Millis,
): { readonly state: RuntimeState; readonly container: Container; readonly effects: readonly Effect[] } {
  const ran = inContainer(state, container, now, (context) => advance(command.task, context));
  const log = [...command.log, ...ran.context.log];
  const isLate = command.until !== undefined && command.until <= now;
  const others = container.commands.filter((other) => other.call !== command.call);
  if (ran.task.kind !== "exited" && !isLate) {
    return {
      ...ran,
      container: { ...ran.container, commands: [...others, { ...command, task: ran.task, log }] },
      effects: [],
    };
  }
  return { ...ran, container: { ...ran.container, commands: others }, effects: [commandReply(command, ran.task, log)] };
}

export function commandReply(command: Pick<Command, "call" | "caller">, task: Task, log: Command["log"]): Effect {
  const text = (stream: string): string =>
    log
      .filter((line) => line.stream === stream)
      .map((line) => `${line.text}\n`)
      .join("");
  if (task.kind !== "exited")
    return reply(command.caller, command.call, {
      kind: "error",
      reason: "DeadlineExceeded",
      message: "context deadline exceeded",
    });
  return reply(command.caller, command.call, {
    kind: "executed",
    exitCode: task.code,
    stdout: text("stdout"),
    stderr: text("stderr"),
  });
}

/** Records an exit when PID 1 is gone, else asks for the next wake. */
export function settle(state: RuntimeState, container: Container, moment: Moment): Outcome<RuntimeState> {
  const { main } = container;
  if (main?.kind !== "exited")
    return { state: withContainer(state, container), effects: wakeFor(container, moment.now) };
  const { now } = moment;
  const isStarved = container.hasStarved || main.isStarved;
  const view: ContainerView = {
    ...container.view,
    state: "exited",
    finishedAt: now,
    exitCode: main.code,
    reason: isStarved ? "OOMKilled" : main.code === 0 ? "Completed" : "Error",
    message: lastWords(state, container, main.code),
  };
  const effects: Effect[] = [
    {
      kind: "note",
      note: { reason: "ContainerExited", facts: { container: view.name, id: view.id, exitCode: view.exitCode } },
    },
    { kind: "cancel", key: `task ${view.id}` },
    { ...tell(state, view), delayMillis: EXIT_NOTICE_MILLIS } as Effect,
  ];
  for (const call of container.stopping?.calls ?? []) {
    effects.push({
      ...reply(state.settings.kubelet, call, { kind: "container", container: view }),
      delayMillis: EXIT_NOTICE_MILLIS,
    } as Effect);
  }
  for (const command of container.commands)
    effects.push(commandReply(command, { kind: "exited", pid: 0, code: 137, isStarved: false }, command.log));
  const ended: Container = { ...container, view, main: undefined, commands: [], stopping: undefined };
  return { state: unlinked(withContainer(state, ended), view.id, effects), effects };
}

function unlinked(state: RuntimeState, id: string, effects: Effect[]): RuntimeState {
  let { links } = state;
  for (let node = state.nextLink - 1; node > 0; node--) {
    const found = get(state.links, node);
    if (found?.container !== id) continue;
    links = remove(links, node);
    const host = found.name.split(":")[0]?.split(".")[0] ?? "";
    effects.push({ kind: "send", to: `${state.settings.outside}/${host}`, message: { kind: "unobserve", id: node } });
  }
  return links === state.links ? state : { ...state, links };
}

/** The one wake of a container: the next thing that any of its programs does, or its KILL. */
export function wakeFor(container: Container, now: Millis): readonly Effect[] {
  let earliest = container.stopping?.killAt;
  const consider = (at: Millis | undefined): void => {
    if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
  };
  if (container.main?.kind === "exited") consider(now + EXIT_NOTICE_MILLIS);
  else if (container.main !== undefined) consider(nextAt(container.main, now));
  for (const command of container.commands) {
    consider(nextAt(command.task, now));
    consider(command.until);
  }
  return earliest === undefined ? [] : [{ kind: "wake", key: `task ${container.view.id}`, at: earliest }];
}

/** Begins to stop a container: its stop signal now, KILL when the grace is over. */
export function beginStop(
  state: RuntimeState,
  container: Container,
  stop: { readonly call: number; readonly graceMillis: Millis },
  moment: Moment,
): Outcome<RuntimeState> {
  if (container.main === undefined)
    return { state, effects: [reply(moment.from, stop.call, { kind: "container", container: container.view })] };
  const calls = [...(container.stopping?.calls ?? []), stop.call];
  // containerd does not cut short a stop that is under way: golden/g-kubelet/39.
  const killAt = container.stopping?.killAt ?? moment.now + stop.graceMillis;
  const stopping = { ...container, stopping: { killAt, calls } };
  if (container.stopping !== undefined) return { state: withContainer(state, stopping), effects: [] };
  const name = stop.graceMillis <= 0 ? "KILL" : signalNamed(container.config.stopSignal ?? container.image.stopSignal);
  const ran = inContainer(state, stopping, moment.now, (context) =>
    signal(
      container.main ?? { kind: "exited", pid: 1, code: 0, isStarved: false },
      name,
      context,
      isInit(state, container),
    ),
  );
  const note: Effect = {
    kind: "note",
    note: { reason: "SignalSent", facts: { container: container.view.name, signal: name } },
  };
  const settled = settle(ran.state, withLog({ ...ran.container, main: ran.task }, ran.context.log), moment);
  return { state: settled.state, effects: [note, ...settled.effects] };
}
