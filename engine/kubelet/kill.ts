import { invariant } from "../kernel/invariant.ts";
import { get, set } from "../kernel/sorted-map.ts";
import type { Answer, Ask, KillOrder, WaitTurn } from "./job.ts";
import { callRuntime } from "./send.ts";
import { speak } from "./speak.ts";
import type { RunningKill, Turn } from "./state.ts";
import { killContainer } from "./termination.ts";

/** Begins to stop containers, all at once. False when there is nothing to wait for. */
export function beginKills(turn: Turn, uid: string, orders: readonly KillOrder[]): boolean {
  const worker = get(turn.state.workers, uid);
  if (worker === undefined || orders.length === 0) return false;
  const ip = get(turn.state.actual, uid)?.sandboxes[0]?.ip ?? "";
  const kills = orders.map((order): RunningKill => {
    const input = { pod: worker.pod, order, ip, beganAt: turn.now };
    return { input, answers: [], isOver: false, waitsFor: [] };
  });
  keep(turn, uid, kills);
  kills.forEach((_, index) => goOn(turn, uid, index, []));
  return true;
}

/** Answers one of the conversations; true when all of them are over. */
export function answerKill(turn: Turn, uid: string, index: number, answer: Answer): boolean {
  goOn(turn, uid, index, [answer]);
  return areOver(turn, uid);
}

export function areOver(turn: Turn, uid: string): boolean {
  return get(turn.state.workers, uid)?.kills.every((kill) => kill.isOver) ?? true;
}

function keep(turn: Turn, uid: string, kills: readonly RunningKill[]): void {
  const worker = get(turn.state.workers, uid);
  if (worker !== undefined) turn.state = { ...turn.state, workers: set(turn.state.workers, uid, { ...worker, kills }) };
}

function edit(turn: Turn, uid: string, index: number, kill: RunningKill): void {
  const kills = get(turn.state.workers, uid)?.kills ?? [];
  keep(
    turn,
    uid,
    kills.map((other, place) => (place === index ? kill : other)),
  );
}

const ASKS_MAX = 100;

function goOn(turn: Turn, uid: string, index: number, answered: readonly Answer[]): void {
  const kill = get(turn.state.workers, uid)?.kills[index];
  if (kill === undefined || kill.isOver) return;
  const answers = [...kill.answers, ...answered];
  const script = killContainer(kill.input);
  let standing = script.next();
  for (const answer of answers) standing = script.next(answer);
  for (let asks = 0; asks < ASKS_MAX; asks++) {
    if (standing.done === true) {
      edit(turn, uid, index, { ...kill, answers, isOver: true, waitsFor: [] });
      giveTurns(turn, uid);
      return;
    }
    const answer = begin(turn, { uid, index, kill: { ...kill, answers } }, standing.value);
    if (answer === undefined) return;
    answers.push(answer);
    standing = script.next(answer);
  }
  invariant(false, "stopping a container ends");
}

interface Place {
  readonly uid: string;
  readonly index: number;
  readonly kill: RunningKill;
}

function begin(turn: Turn, { uid, index, kill }: Place, ask: Ask | WaitTurn): Answer | undefined {
  const done: Answer = { kind: "done", at: turn.now };
  edit(turn, uid, index, kill);
  switch (ask.kind) {
    case "event":
      speak(turn, ask.note);
      return done;
    case "call":
      callRuntime(turn, { kind: "job", uid, branch: index }, ask.call);
      return undefined;
    case "sleep":
      turn.effects.push({ kind: "wake", key: `kill ${uid} ${index}`, at: turn.now + ask.millis });
      return undefined;
    case "http": {
      const id = turn.state.nextId;
      turn.state = {
        ...turn.state,
        nextId: id + 1,
        calls: set(turn.state.calls, id, { kind: "job", uid, branch: index }),
      };
      turn.effects.push({
        kind: "send",
        to: turn.state.settings.runtime,
        message: { kind: "connect", id, ip: ask.ip, exchange: ask.exchange },
      });
      return undefined;
    }
    case "wait-turn":
      if (areGone(turn, uid, ask.names)) return done;
      edit(turn, uid, index, { ...kill, waitsFor: ask.names });
      turn.effects.push({ kind: "wake", key: `turn ${uid} ${index}`, at: turn.now + ask.millis });
      return undefined;
    default:
      return done;
  }
}

/** Whether the kills of all these containers are over. */
function areGone(turn: Turn, uid: string, names: readonly string[]): boolean {
  const kills = get(turn.state.workers, uid)?.kills ?? [];
  return names.every((name) => kills.every((kill) => kill.input.order.name !== name || kill.isOver));
}

/** Sidecars whose turn has come are told to stop. */
function giveTurns(turn: Turn, uid: string): void {
  const kills = get(turn.state.workers, uid)?.kills ?? [];
  kills.forEach((kill, index) => {
    if (kill.isOver || kill.waitsFor.length === 0 || !areGone(turn, uid, kill.waitsFor)) return;
    turn.effects.push({ kind: "cancel", key: `turn ${uid} ${index}` });
    edit(turn, uid, index, { ...kill, waitsFor: [] });
    goOn(turn, uid, index, [{ kind: "done", at: turn.now }]);
  });
}
