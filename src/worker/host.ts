import {
  advance,
  collected,
  interrupt,
  narrate,
  open,
  outcomeOf,
  trace,
  type TraceLine,
  view,
  type World,
  writeFile,
} from "@workbook/engine";
import { HOME, type Lab } from "@workbook/labs";
import type { Editing, Frame, LogLine, Pace } from "../session/session.ts";
import { completionOf } from "./completion.ts";
import { editingOf } from "./editing.ts";
import { homeFilesOf } from "./files.ts";
import { findLab, startLab } from "./labs-door.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";
import { recordingOf } from "./recording.ts";
import { isOver, nextMoveAt, type Story, storyAt, storyFor, withNextMove } from "./story.ts";
import { cutAfter, type Timeline, timelineFrom, withMark, worldAt } from "./timeline.ts";
import { vocabularyOf } from "./vocabulary.ts";

/** Holds one lab's world and lets the page look at it. It has no clock: `pass` says how much time went by. */
export interface Host {
  receive(message: ToWorker): void;
  /** `millis` of the reader's time went by; `budget` says whether there is time left to compute. */
  pass(millis: number, budget: () => boolean): void;
}

/** How much virtual time a command may use at once, before it goes on at the pace of the cluster. */
const COMMAND_AT_ONCE_MILLIS = 1_000;
/** How far "next event" looks. */
const NEXT_EVENT_MILLIS_MAX = 10 * 60_000;
/** The longest stretch that is computed without asking for the budget. */
const SLICE_MILLIS = 200;

const SYSTEM_NAMESPACES: ReadonlySet<string> = new Set(["kube-system", "kube-public", "kube-node-lease"]);

interface Running {
  readonly command: number;
  readonly printed: { readonly stdout: number; readonly stderr: number };
}

interface Held {
  readonly lab: Lab;
  /** The virtual time at which the learner's turn began: zero on the page. */
  readonly origin: number;
  readonly start: World;
  head: World;
  timeline: Timeline;
  /** The moment looked at, while that is not the newest. */
  past: number | undefined;
  pace: Pace;
  running: Running | undefined;
  waiting: string[];
  editing: Editing | undefined;
  ended: number;
  story: Story | undefined;
  /** The last line of the log that the page has. */
  told: number;
  logKept: number;
  output: string;
  isChanged: boolean;
}

export function createHost(post: (message: FromWorker) => void): Host {
  let held: Held | undefined;

  function receive(message: ToWorker): void {
    if (message.kind === "start") held = start(message.lab, message.files);
    else if (held !== undefined) held = handle(held, message, post);
    if (held !== undefined) publish(held, post);
  }

  function pass(millis: number, budget: () => boolean): void {
    if (held === undefined) return;
    if (held.past === undefined) move(held, millis, budget);
    else replay(held, millis);
    if (held.isChanged) publish(held, post);
  }

  return {
    receive: (message) => guarded(() => receive(message), post),
    pass: (millis, budget) => guarded(() => pass(millis, budget), post),
  };
}

/** A broken engine is told to the page; the worker lives on and can start the lab anew. */
function guarded(body: () => void, post: (message: FromWorker) => void): void {
  try {
    body();
  } catch (error) {
    post({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

function start(id: string, files: Readonly<Record<string, string>>): Held {
  const lab = findLab(id);
  const world = startLab(lab, files);
  return heldFrom(lab, world);
}

function heldFrom(lab: Lab, world: World): Held {
  const origin = world.simulation.now;
  return {
    ...{ lab, origin, start: world, head: world, timeline: timelineFrom(world), past: undefined, pace: 0 },
    ...{
      running: undefined,
      waiting: [],
      editing: undefined,
      ended: 0,
      story: undefined,
      told: lastLine(world),
      logKept: lastLine(world),
    },
    ...{ output: "", isChanged: true },
  };
}

function handle(held: Held, message: Exclude<ToWorker, { kind: "start" }>, post: (message: FromWorker) => void): Held {
  switch (message.kind) {
    case "command":
      fork(held);
      if (message.edited === undefined) held.waiting.push(message.line);
      if (message.edited !== undefined) startCommand(held, message.line, { edited: message.edited });
      else if (held.running === undefined && held.editing === undefined) startNext(held);
      return held;
    case "interrupt":
      interruptCommand(held);
      return held;
    case "write":
      fork(held);
      setHead(held, writeFile(held.head, HOME + message.path, message.text));
      return held;
    case "pace":
      held.pace = message.pace;
      return held;
    case "skip":
      skip(held, message.how);
      return held;
    case "seek":
      seek(held, held.origin + message.at);
      return held;
    case "play-story":
      fork(held);
      held.story = storyFor(held.lab, held.head, message.drawn);
      held.pace = held.pace === 0 ? 1 : held.pace;
      return held;
    case "reset":
      dropCommands(held);
      return { ...heldFrom(held.lab, held.start), ended: held.ended };
    default:
      answer(held, message, post);
      return held;
  }
}

function answer(held: Held, message: ToWorker, post: (message: FromWorker) => void): void {
  if (message.kind === "complete") {
    const completion = completionOf(message.text, message.cursor, vocabularyOf(shownWorld(held)));
    post({ kind: "completed", id: message.id, completion });
  }
  if (message.kind === "record")
    post({ kind: "recorded", id: message.id, recording: recordingOf(held.lab.id, held.head) });
}

/** Before anything is done to the world: if an earlier moment is shown, a new future begins there. */
function fork(held: Held): void {
  if (held.past === undefined) return;
  const { past } = held;
  held.timeline = cutAfter(held.timeline, past);
  held.head = worldAt(held.timeline, past);
  held.timeline = withMark(held.timeline, held.head);
  held.logKept = Math.min(held.logKept, lastLine(held.head));
  held.told = Math.min(held.told, lastLine(held.head));
  held.past = undefined;
  dropCommands(held);
  held.story = storyAt(held.story, past);
}

/** Commands of a future that is no more. */
function dropCommands(held: Held): void {
  const isOpen = held.running !== undefined || held.editing !== undefined;
  held.ended += held.waiting.length + (isOpen ? 1 : 0);
  held.waiting = [];
  held.editing = undefined;
  held.running = undefined;
}

function startNext(held: Held): void {
  const line = held.waiting.shift();
  if (line === undefined) return;
  held.editing = editingOf(held.head, line);
  if (held.editing === undefined) startCommand(held, line, {});
  else held.isChanged = true;
}

function startCommand(held: Held, line: string, options: { readonly edited?: string }): void {
  held.editing = undefined;
  const opened = open(held.head, line, options);
  held.running = { command: opened.command, printed: { stdout: 0, stderr: 0 } };
  setHead(held, opened.world);
  const until = held.head.simulation.now + COMMAND_AT_ONCE_MILLIS;
  while (held.running?.command === opened.command && held.head.simulation.now < until) {
    const at = held.head.simulation.agenda?.envelope.at ?? until;
    step(held, Math.min(Math.max(at, held.head.simulation.now), until));
    if (at >= until) break;
  }
}

function interruptCommand(held: Held): void {
  held.ended += held.waiting.length;
  held.waiting = [];
  if (held.editing !== undefined) cancelEdit(held);
  if (held.running === undefined) return;
  setHead(held, interrupt(held.head, held.running.command));
  step(held, held.head.simulation.now);
}

/** The learner closed the editor without saving. Source: kubectl edit, EditOptions.Run: "Edit cancelled, no changes made." */
function cancelEdit(held: Held): void {
  held.editing = undefined;
  held.output += "Edit cancelled, no changes made.\n";
  held.ended += 1;
  held.isChanged = true;
}

/** Advances the head to a moment, lets faults of the story happen on the way, and collects what was printed. */
function step(held: Held, until: number): void {
  const wasOver = held.story === undefined || isOver(held.story, held.head);
  for (let next = nextMoveAt(held.story); next !== undefined && next <= until; next = nextMoveAt(held.story)) {
    setHead(held, advance(held.head, { until: next }));
    tellStory(held);
  }
  setHead(held, advance(held.head, { until }));
  collectOutput(held);
  // The end of the story is worth a look: the cluster stops there once.
  if (!wasOver && held.story !== undefined && isOver(held.story, held.head)) held.pace = 0;
}

function tellStory(held: Held): void {
  if (held.story === undefined) return;
  const told = withNextMove(held.story, held.head);
  held.story = told.story;
  setHead(held, told.world);
}

function setHead(held: Held, world: World): void {
  if (world === held.head) return;
  const isMarked = lastLine(world) !== lastLine(held.head) || world.inputs !== held.head.inputs;
  if (world.inputs !== held.head.inputs) held.timeline = withMark(held.timeline, held.head);
  held.head = world;
  held.isChanged = true;
  if (isMarked) held.timeline = withMark(held.timeline, world);
}

function collectOutput(held: Held): void {
  const { running } = held;
  if (running === undefined) return;
  const outcome = outcomeOf(held.head, running.command);
  const added = outcome.stdout.slice(running.printed.stdout) + outcome.stderr.slice(running.printed.stderr);
  held.output += added;
  held.isChanged ||= added !== "" || outcome.exitCode !== undefined;
  held.running =
    outcome.exitCode === undefined
      ? { ...running, printed: { stdout: outcome.stdout.length, stderr: outcome.stderr.length } }
      : undefined;
  if (held.running !== undefined) return;
  held.ended += 1;
  // Files that a command wrote are the learner's files from now on.
  held.head = collected(held.head, running.command);
  if (held.waiting.length > 0) startNext(held);
}

function move(held: Held, millis: number, budget: () => boolean): void {
  // A command that waits must not wait for ever because the cluster stands still.
  const speed = held.pace === 0 && held.running !== undefined ? 1 : held.pace;
  if (speed === 0) return;
  const target = Math.trunc(held.head.simulation.now + millis * speed);
  while (held.head.simulation.now < target && budget()) {
    step(held, Math.min(target, held.head.simulation.now + SLICE_MILLIS));
    if (held.pace === 0 && held.running === undefined) break;
  }
  held.isChanged = true;
}

function replay(held: Held, millis: number): void {
  if (held.pace === 0 || held.past === undefined) return;
  const next = held.past + Math.trunc(millis * held.pace);
  held.past = next >= held.head.simulation.now ? undefined : next;
  held.isChanged = true;
}

function skip(held: Held, how: "second" | "event"): void {
  held.pace = 0;
  if (held.past !== undefined) {
    seek(held, how === "second" ? held.past + 1_000 : nextLineAfter(held, held.past));
    return;
  }
  if (how === "second") step(held, held.head.simulation.now + 1_000);
  else runToNextLine(held);
}

function nextLineAfter(held: Held, at: number): number {
  return trace(held.head, 0).find((line) => line.at > at)?.at ?? held.head.simulation.now;
}

function runToNextLine(held: Held): void {
  const before = lastLine(held.head);
  const limit = held.head.simulation.now + NEXT_EVENT_MILLIS_MAX;
  while (lastLine(held.head) === before && held.head.simulation.now < limit) {
    const at = held.head.simulation.agenda?.envelope.at ?? limit;
    const move = nextMoveAt(held.story) ?? limit;
    step(held, Math.min(at, move, limit));
  }
}

function seek(held: Held, at: number): void {
  held.pace = 0;
  held.past = at >= held.head.simulation.now ? undefined : Math.max(held.origin, at);
}

function shownWorld(held: Held): World {
  return held.past === undefined ? held.head : worldAt(held.timeline, held.past);
}

function publish(held: Held, post: (message: FromWorker) => void): void {
  const shown = shownWorld(held);
  const logAdded = trace(held.head, held.told).map((line) => logLine(line, held.origin));
  post({ kind: "frame", frame: frameOf(held, shown), logKept: held.logKept, logAdded, output: held.output });
  held.told = lastLine(held.head);
  held.logKept = held.told;
  held.output = "";
  held.isChanged = false;
}

function frameOf(held: Held, shown: World): Frame {
  return {
    now: shown.simulation.now - held.origin,
    latest: held.head.simulation.now - held.origin,
    pace: held.pace,
    ended: held.ended,
    editing: held.editing,
    view: view(shown),
    story: storyState(held),
    files: homeFilesOf(shown),
  };
}

function storyState(held: Held): Frame["story"] {
  if (held.story !== undefined) return isOver(held.story, held.head) ? "over" : "playing";
  return held.lab.play.schedules > 0 ? "ready" : "none";
}

function logLine(line: TraceLine, origin: number): LogLine {
  const { id, actor, reason, cause, object } = line;
  const name = object === undefined ? undefined : `${object.kind.toLowerCase()}/${object.name}`;
  const isSystem = SYSTEM_NAMESPACES.has(object?.namespace ?? "");
  return { id, actor, reason, cause, isSystem, at: line.at - origin, text: narrate(line), object: name };
}

function lastLine(world: World): number {
  return world.simulation.trace?.line.id ?? 0;
}
