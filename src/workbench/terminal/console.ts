import type { Terminal } from "@xterm/xterm";
import type { Session } from "../../session/session.ts";
import { drawLine, type Shown } from "./draw.ts";
import { emptyLine, insert, isComplete, keysOf, type Line, type LineEvent, typed } from "./line-editor.ts";

const PROMPT = "\x1b[1m$\x1b[0m ";
const MORE = "> ";

/** What ties a terminal to a session: it shows the prompt, edits the line, and hands lines over one by one. */
export interface Console {
  /** Types a line and enters it, as the learner could. */
  readonly type: (line: string) => void;
  readonly close: () => void;
}

/** The part of xterm that is needed, so that tests can use the one without a screen. */
export type Screen = Pick<Terminal, "write" | "onData" | "cols" | "clear">;

interface Held {
  readonly screen: Screen;
  readonly session: Session;
  line: Line;
  shown: Shown | null;
  /** Lines of a command that is not complete yet. */
  before: string;
  /** How many lines were sent; the session says how many have ended. */
  sent: number;
  /** Keys pressed while a command ran. */
  ahead: string;
}

export function createConsole(screen: Screen, session: Session): Console {
  const sent = session.state().frame?.ended ?? 0;
  const held: Held = { screen, session, line: emptyLine(), shown: null, before: "", sent, ahead: "" };
  const listening = screen.onData((data) => take(held, data));
  const stops = [
    session.listen((output) => screen.write(output.replaceAll("\n", "\r\n"))),
    session.subscribe(() => goOn(held)),
    () => listening.dispose(),
  ];
  draw(held);
  return {
    type: (line) => take(held, `\x05\x15${line}\r`),
    close: () => {
      for (const stop of stops) stop();
    },
  };
}

function isBusy({ session, sent }: Held): boolean {
  return (session.state().frame?.ended ?? 0) < sent;
}

function draw(held: Held): void {
  const next: Shown = { prompt: promptOf(held), text: held.line.text, cursor: held.line.cursor };
  held.screen.write(drawLine(held.shown, next, held.screen.cols));
  held.shown = next;
}

function promptOf(held: Held): string {
  if (held.line.search !== null) return `(search) '${held.line.search.query}': `;
  return held.before === "" ? PROMPT : MORE;
}

/** Keys one by one, so that a pasted line is drawn before it runs, and what follows waits until it has run. */
function take(held: Held, data: string): void {
  const keys = keysOf(data);
  for (const [index, key] of keys.entries()) {
    if (isBusy(held)) {
      takeWhileBusy(held, keys.slice(index).join(""));
      return;
    }
    const edited = typed(held.line, key);
    if (edited.events.length > 0) draw(held);
    held.line = edited.line;
    for (const event of edited.events) happen(held, event);
  }
  if (!isBusy(held)) draw(held);
}

function takeWhileBusy(held: Held, data: string): void {
  if (data === "\x03") interrupt(held);
  else held.ahead += data;
}

function interrupt(held: Held): void {
  held.ahead = "";
  held.screen.write("^C\r\n");
  held.session.interrupt();
}

function happen(held: Held, event: LineEvent): void {
  switch (event.kind) {
    case "submit":
      enter(held, event.line);
      break;
    case "complete":
      void complete(held, event);
      break;
    case "clear":
      clear(held);
      break;
    case "interrupt":
      held.screen.write("^C\r\n");
      held.before = "";
      held.shown = null;
      draw(held);
      break;
    case "leave":
      break;
  }
}

function enter(held: Held, line: string): void {
  const whole = held.before + line;
  held.screen.write("\r\n");
  held.shown = null;
  held.before = isComplete(whole) ? "" : `${whole}\n`;
  if (held.before !== "" || whole.trim() === "") draw(held);
  else if (whole.trim() === "clear") clear(held);
  else {
    held.sent += 1;
    held.session.command(whole);
  }
}

function clear(held: Held): void {
  held.screen.write("\x1b[2J\x1b[3J\x1b[H");
  held.screen.clear();
  held.shown = null;
  draw(held);
}

async function complete(
  held: Held,
  { text, cursor }: { readonly text: string; readonly cursor: number },
): Promise<void> {
  const { insert: added, options } = await held.session.complete(text, cursor);
  if (held.line.text !== text) return; // The learner typed on.
  held.line = insert(held.line, added);
  if (added === "" && options.length > 0) {
    held.screen.write(`\r\n${options.join("  ")}\r\n`);
    held.shown = null;
  }
  draw(held);
}

/** When the last command has ended: the prompt comes back, and what was typed meanwhile is taken. */
function goOn(held: Held): void {
  if (isBusy(held) || held.shown !== null) return;
  draw(held);
  const { ahead } = held;
  held.ahead = "";
  if (ahead !== "") take(held, ahead);
}
