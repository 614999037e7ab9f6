import type { FromServer, WatchEvent } from "../api/wire.ts";
import type { Address, Birth, Effect, Millis, Moment, Outcome, Process } from "../kernel/process.ts";
import { get, set, type SortedMap } from "../kernel/sorted-map.ts";
import type { Command, CommandAnswer, CommandAsk, Invocation } from "./command.ts";
import { asCaller, type Caller } from "./requests.ts";

/** How a command-host process is started. */
export interface CommandSettings {
  readonly line: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly files: SortedMap<string, string>;
  /** What the learner's editor saves, for commands that open one; `undefined` leaves the text as it is. */
  readonly edited?: string;
  readonly server: Address;
  readonly caller: Caller;
}

/** The state of a running or finished command: what it was asked, what it was answered, what it printed. */
export interface CommandState {
  readonly settings: CommandSettings;
  readonly answers: readonly CommandAnswer[];
  readonly files: SortedMap<string, string>;
  readonly printed: readonly Printed[];
  readonly exitCode: number | undefined;
  readonly waitingFor: Waiting | undefined;
  readonly streams: readonly Stream[];
  /** The number of the next exchange. */
  readonly exchanges: number;
}

export interface Printed {
  readonly to: "stdout" | "stderr";
  readonly text: string;
  readonly at: Millis;
}

/** An open stream: what has arrived and was not read yet. */
interface Stream {
  readonly exchange: number;
  readonly arrived: readonly CommandAnswer[];
}

type Waiting =
  | { readonly kind: "response"; readonly exchange: number; readonly opens: boolean }
  | { readonly kind: "stream"; readonly stream: number }
  | { readonly kind: "sleep" };

export type CommandMessage =
  | FromServer
  | { readonly kind: "wake"; readonly key: string }
  | { readonly kind: "refused" }
  /** The learner pressed Ctrl-C. */
  | { readonly kind: "interrupt" };

/** Exit code after Ctrl-C: 128 + SIGINT. Source: POSIX shell convention, bash(1) "EXIT STATUS". */
export const INTERRUPTED_EXIT_CODE = 130;

/** How many questions one command may ask; a runaway loop ends with a message. */
export const QUESTIONS_MAX = 20_000;

/**
 * The process that a command line runs in. `interpret` is the shell: it turns the line into one command script. The script
 * is run again for each answer (see conversation.ts), printing and files are answered at once, so only what takes
 * time or another process costs a step.
 */
export function commandHost(
  interpret: (line: string, invocation: Invocation) => Command,
): Process<CommandState, CommandMessage> {
  return {
    name: "command",
    start: (birth) => go(interpret, initialState(birth), birth),
    step: (state, message, moment) => hear(interpret, { state, message, moment }),
  };
}

interface Clock {
  readonly now: Millis;
  readonly epochMillis: number;
}

function initialState(birth: Birth): CommandState {
  const settings = birth.settings as CommandSettings;
  return {
    settings,
    answers: [],
    files: settings.files,
    printed: [],
    exitCode: undefined,
    waitingFor: undefined,
    streams: [],
    exchanges: 0,
  };
}

type Interpret = (line: string, invocation: Invocation) => Command;

/** Runs the script on until it asks something that takes time, or is over. */
function go(interpret: Interpret, begun: CommandState, clock: Clock): Outcome<CommandState> {
  const { line, environment, workingDirectory, server } = begun.settings;
  const invocation = { argv: [], environment, workingDirectory, server };
  let state = begun;
  const script = interpret(line, invocation);
  let turn = script.next();
  for (const answer of state.answers) {
    if (turn.done === true) break;
    turn = script.next(answer);
  }
  while (turn.done !== true) {
    const asked = ask(state, turn.value, clock);
    state = asked.state;
    if (asked.answer === undefined) return { state, effects: asked.effects };
    if (state.answers.length >= QUESTIONS_MAX) return end(print(state, tooMany, clock), 1);
    state = { ...state, answers: [...state.answers, asked.answer] };
    turn = script.next(asked.answer);
  }
  return end(state, turn.value);
}

const tooMany = {
  to: "stderr",
  text: `stopped: the command asked more than ${QUESTIONS_MAX} questions\n`,
} as const;

function end(state: CommandState, exitCode: number): Outcome<CommandState> {
  const open = state.streams.map((stream): Effect => hangUp(state, stream.exchange));
  const note: Effect = {
    kind: "note",
    note: { reason: "CommandEnded", facts: { line: state.settings.line, exitCode } },
  };
  return { state: { ...state, exitCode, waitingFor: undefined, answers: [] }, effects: [...open, note] };
}

function hangUp(state: CommandState, exchange: number): Effect {
  return { kind: "send", to: state.settings.server, message: { kind: "hang-up", id: exchange } };
}

interface Asked {
  readonly state: CommandState;
  /** Absent when the answer comes later. */
  readonly answer?: CommandAnswer;
  readonly effects: readonly Effect[];
}

function print(
  state: CommandState,
  text: { readonly to: "stdout" | "stderr"; readonly text: string },
  clock: Clock,
): CommandState {
  return { ...state, printed: [...state.printed, { to: text.to, text: text.text, at: clock.now }] };
}

function ask(state: CommandState, question: CommandAsk, clock: Clock): Asked {
  switch (question.kind) {
    case "print":
      return { state: print(state, question, clock), answer: { kind: "done" }, effects: [] };
    case "now":
      return { state, answer: { kind: "now", millis: clock.epochMillis + clock.now }, effects: [] };
    case "read":
      return { state, answer: readFile(state, question.path), effects: [] };
    case "write": {
      const path = absolute(state, question.path);
      return {
        state: { ...state, files: set(state.files, path, question.text) },
        answer: { kind: "done" },
        effects: [],
      };
    }
    case "stdin":
      return { state, answer: { kind: "file", text: "" }, effects: [] };
    case "edit":
      return { state, answer: { kind: "file", text: state.settings.edited ?? question.text }, effects: [] };
    case "sleep":
      return {
        state: { ...state, waitingFor: { kind: "sleep" } },
        effects: [{ kind: "wake", key: "timer", at: clock.now + question.millis }],
      };
    case "request":
    case "open":
      return send(state, question);
    case "next":
      return readStream(state, question, clock);
    case "feed":
      return feed(state, question);
  }
}

function send(state: CommandState, question: Extract<CommandAsk, { readonly kind: "request" | "open" }>): Asked {
  const { server, caller } = state.settings;
  const id = state.exchanges + 1;
  const request = asCaller(question.request, caller);
  const message = { kind: "request", id, request, identity: caller.identity };
  const waitingFor: Waiting = { kind: "response", exchange: id, opens: question.kind === "open" };
  const streams = question.kind === "open" ? [...state.streams, { exchange: id, arrived: [] }] : state.streams;
  return { state: { ...state, waitingFor, streams, exchanges: id }, effects: [{ kind: "send", to: server, message }] };
}

function feed(state: CommandState, question: Extract<CommandAsk, { readonly kind: "feed" }>): Asked {
  const stream = state.streams[question.stream];
  if (stream === undefined) return { state, answer: { kind: "closed" }, effects: [] };
  const message = { kind: "stream", id: stream.exchange, channel: question.channel, text: question.text };
  return { state, answer: { kind: "done" }, effects: [{ kind: "send", to: state.settings.server, message }] };
}

function readStream(
  state: CommandState,
  question: { readonly stream: number; readonly timeoutMillis?: Millis },
  clock: Clock,
): Asked {
  const stream = state.streams[question.stream];
  const [answer, ...arrived] = stream?.arrived ?? [{ kind: "closed" } as const];
  if (stream === undefined || answer !== undefined) {
    const kept = answer?.kind === "closed" ? [answer] : arrived;
    const streams = state.streams.map((other) => (other === stream ? { ...other, arrived: kept } : other));
    return { state: { ...state, streams }, ...(answer === undefined ? {} : { answer }), effects: [] };
  }
  const waiting: CommandState = { ...state, waitingFor: { kind: "stream", stream: question.stream } };
  if (question.timeoutMillis === undefined) return { state: waiting, effects: [] };
  return { state: waiting, effects: [{ kind: "wake", key: "timer", at: clock.now + question.timeoutMillis }] };
}

function readFile(state: CommandState, path: string): CommandAnswer {
  const wanted = absolute(state, path);
  const text = get(state.files, wanted);
  if (text !== undefined) return { kind: "file", text };
  const prefix = wanted === "/" ? "/" : `${wanted}/`;
  const entries: string[] = [];
  collectEntries(state.files, prefix, entries);
  return entries.length === 0 ? { kind: "missing" } : { kind: "file", text: "", entries };
}

function collectEntries(files: SortedMap<string, string>, prefix: string, entries: string[]): void {
  if (files === null) return;
  collectEntries(files.left, prefix, entries);
  if (files.key.startsWith(prefix)) {
    const entry = files.key.slice(prefix.length).split("/")[0] ?? "";
    if (entries.at(-1) !== entry) entries.push(entry);
  }
  collectEntries(files.right, prefix, entries);
}

/** The path from the root, with `.` and `..` resolved. */
function absolute(state: CommandState, path: string): string {
  const whole = path.startsWith("/") ? path : `${state.settings.workingDirectory}/${path}`;
  const parts: string[] = [];
  for (const part of whole.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

function hear(
  interpret: Interpret,
  heard: { readonly state: CommandState; readonly message: CommandMessage; readonly moment: Moment },
): Outcome<CommandState> {
  const { state, message, moment } = heard;
  if (state.exitCode !== undefined) return { state, effects: [] };
  if (message.kind === "interrupt") return end(state, INTERRUPTED_EXIT_CODE);
  const filed = file(state, message);
  const answer = answerTo(filed, message);
  if (answer === undefined) return { state: filed, effects: [] };
  const cancel: Effect = { kind: "cancel", key: "timer" };
  const answered = { ...filed, waitingFor: undefined, answers: [...filed.answers, answer] };
  const outcome = go(interpret, take(answered, state.waitingFor, answer), moment);
  return { state: outcome.state, effects: [cancel, ...outcome.effects] };
}

/** Puts what arrived on an open stream where `next` finds it. */
function file(state: CommandState, message: CommandMessage): CommandState {
  if (message.kind !== "events" && message.kind !== "stream" && message.kind !== "closed") return state;
  const arrived = arrivals(message);
  const streams = state.streams.map((stream) =>
    stream.exchange === message.id ? { ...stream, arrived: [...stream.arrived, ...arrived] } : stream,
  );
  return { ...state, streams };
}

function arrivals(
  message: Extract<CommandMessage, { readonly kind: "events" | "stream" | "closed" }>,
): CommandAnswer[] {
  switch (message.kind) {
    case "events":
      return message.events.map((event: WatchEvent) => ({ kind: "event", event }));
    case "stream":
      return [{ kind: "data", channel: message.channel, text: message.text }];
    case "closed":
      return [message.status === undefined ? { kind: "closed" } : { kind: "closed", status: message.status }];
  }
}

function answerTo(state: CommandState, message: CommandMessage): CommandAnswer | undefined {
  const waiting = state.waitingFor;
  switch (waiting?.kind) {
    case undefined:
      return undefined;
    case "sleep":
      return message.kind === "wake" ? { kind: "done" } : undefined;
    case "stream":
      return message.kind === "wake" ? { kind: "timeout" } : state.streams[waiting.stream]?.arrived[0];
    case "response":
      if (message.kind === "refused") return { kind: "unreachable", message: "connection refused" };
      if (message.kind !== "response" || message.id !== waiting.exchange) return undefined;
      return { kind: "response", response: message.response };
  }
}

/** What was handed to the script leaves the stream; the end of a stream stays, so that every later read sees it. */
function take(state: CommandState, waiting: Waiting | undefined, answer: CommandAnswer): CommandState {
  if (waiting?.kind !== "stream" || answer.kind === "timeout" || answer.kind === "closed") return state;
  const streams = state.streams.map((stream, index) =>
    index === waiting.stream ? { ...stream, arrived: stream.arrived.slice(1) } : stream,
  );
  return { ...state, streams };
}

/** The lines a finished or running command has printed to one of its outputs. */
export function outputOf(state: CommandState, to: "stdout" | "stderr"): string {
  return state.printed
    .filter((printed) => printed.to === to)
    .map((printed) => printed.text)
    .join("");
}
