import type { Answer as ExchangeAnswer } from "../network/exchange.ts";
import { get, remove, set } from "../kernel/sorted-map.ts";
import type { CriReply } from "../runtime/cri.ts";
import type { Answer } from "./job.ts";
import { answerKill, areOver } from "./kill.ts";
import { seeContainer, seeSandbox } from "./pleg.ts";
import { endPull } from "./pulls.ts";
import { recover } from "./recover.ts";
import { answerVisitor } from "./server.ts";
import type { Turn } from "./state.ts";
import { goOn } from "./worker.ts";

type Reply = CriReply | { readonly kind: "exchanged"; readonly answer: ExchangeAnswer };

/** A reply of the runtime: what it shows is taken down, then it goes to whoever asked. */
export function answerCall(turn: Turn, id: number, reply: Reply): void {
  const purpose = get(turn.state.calls, id);
  if (purpose === undefined) return;
  turn.state = { ...turn.state, calls: remove(turn.state.calls, id) };
  if (reply.kind === "sandbox") seeSandbox(turn, reply.sandbox);
  if (reply.kind === "container") seeContainer(turn, reply.container);
  switch (purpose.kind) {
    case "none":
      return;
    case "list":
      if (reply.kind === "list") recover(turn, reply);
      return;
    case "visitor":
      if (reply.kind !== "exchanged") answerVisitor(turn, purpose.visitor, reply);
      return;
    case "job":
      answerJob(turn, purpose, reply);
  }
}

function answerJob(turn: Turn, purpose: { readonly uid: string; readonly branch?: number }, reply: Reply): void {
  const { uid, branch } = purpose;
  const waitedMillis =
    branch === undefined && (reply.kind === "pulled" || reply.kind === "error") ? endPull(turn, uid) : undefined;
  const answer: Answer =
    reply.kind === "exchanged"
      ? { kind: "exchanged", answer: reply.answer }
      : { kind: "reply", reply, at: turn.now, ...(waitedMillis === undefined ? {} : { waitedMillis }) };
  if (get(turn.state.workers, uid)?.job === undefined) return;
  if (branch === undefined) goOn(turn, uid, [answer]);
  else if (answerKill(turn, uid, branch, answer)) goOn(turn, uid, [{ kind: "done", at: turn.now }]);
}

/** A sleep of a job, or of one of its kills, is over. */
export function wakeJob(turn: Turn, uid: string, branch: number | undefined): void {
  const worker = get(turn.state.workers, uid);
  if (worker?.job === undefined) return;
  const done: Answer = { kind: "done", at: turn.now };
  if (branch === undefined) goOn(turn, uid, [done]);
  else if (answerKill(turn, uid, branch, done)) goOn(turn, uid, [done]);
}

/** A sidecar has waited for its turn as long as its grace allows. */
export function endTurn(turn: Turn, uid: string, branch: number): void {
  const worker = get(turn.state.workers, uid);
  if (worker?.job === undefined) return;
  const kills = worker.kills.map((kill, index) => (index === branch ? { ...kill, waitsFor: [] } : kill));
  turn.state = { ...turn.state, workers: set(turn.state.workers, uid, { ...worker, kills }) };
  if (answerKill(turn, uid, branch, { kind: "done", at: turn.now }) && areOver(turn, uid))
    goOn(turn, uid, [{ kind: "done", at: turn.now }]);
}
