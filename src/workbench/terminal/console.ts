import type { Terminal } from "@xterm/xterm";
import type { Session } from "../../session/session.ts";
import { drawLine, type Shown } from "./draw.ts";
import { emptyLine, insert, isComplete, type Line, type LineEvent, typed } from "./line-editor.ts";

const PROMPT = "\x1b[1m$\x1b[0m ";
const MORE = "> ";

/** What ties a terminal to a session: it shows the prompt, edits the line, and hands lines over one by one. */
export interface Console {
  /** Types a line and enters it, as the learner could. */
  readonly type: (line: string) => void;
  readonly close: () => void;
}

interface Held {
  line: Line;
  shown: Shown | null;
  /** Lines of a command that is not complete yet. */
  before: string;
  /** How many lines were sent; the session says how many have ended. */
  sent: number;
  /** Keys pressed while a command ran. */
  ahead: string;
}

/** The part of xterm that is needed, so that tests can use the one without a screen. */
export type Screen = Pick<Terminal, "write" | "onData" | "cols" | "clear">;

export function createConsole(screen: Screen, session: Session): Console {
  const held: Held = { line: emptyLine(), shown: null, before: "", sent: session.state().frame?.ended ?? 0, ahead: "" };
  const isBusy = (): boolean => (session.state().frame?.ended ?? 0) < held.sent;

  const draw = (): void => {
    const next: Shown = { prompt: promptOf(held), text: held.line.text, cursor: held.line.cursor };
    screen.write(drawLine(held.shown, next, screen.cols));
    held.shown = next;
  };
  const take = (data: string): void => {
    if (isBusy()) {
      if (data === "\x03") interrupt();
      else held.ahead += data;
      return;
    }
    const keys = firstLineOf(data);
    const edited = typed(held.line, keys);
    held.line = edited.line;
    if (edited.events.length === 0) draw();
    for (const event of edited.events) happen(event);
    const rest = data.slice(keys.length);
    if (rest !== "") take(rest);
  };
  const interrupt = (): void => {
    held.ahead = "";
    screen.write("^C\r\n");
    session.interrupt();
  };
  const happen = (event: LineEvent): void => {
    switch (event.kind) {
      case "submit":
        return enter(event.line);
      case "complete":
        return complete(event.text, event.cursor);
      case "clear":
        return clear();
      case "interrupt":
        screen.write("^C\r\n");
        held.before = "";
        held.shown = null;
        return draw();
      case "leave":
        return undefined;
    }
  };
  const enter = (line: string): void => {
    const whole = held.before + line;
    screen.write("\r\n");
    held.shown = null;
    held.before = isComplete(whole) ? "" : `${whole}\n`;
    if (held.before !== "" || whole.trim() === "") return draw();
    if (whole.trim() === "clear") return clear();
    held.sent += 1;
    session.command(whole);
    return undefined;
  };
  const clear = (): void => {
    screen.write("\x1b[2J\x1b[3J\x1b[H");
    screen.clear();
    held.shown = null;
    draw();
  };
  const complete = (text: string, cursor: number): void => {
    void session.complete(text, cursor).then(({ insert: added, options }) => {
      if (held.line.text !== text) return; // The learner typed on.
      held.line = insert(held.line, added);
      if (added === "" && options.length > 0) {
        screen.write(`\r\n${options.join("  ")}\r\n`);
        held.shown = null;
      }
      draw();
    });
  };
  const ended = (): void => {
    if (isBusy() || held.shown !== null) return;
    draw();
    const { ahead } = held;
    held.ahead = "";
    if (ahead !== "") take(ahead);
  };

  const stops = [
    session.listen((output) => screen.write(output.replaceAll("\n", "\r\n"))),
    session.subscribe(ended),
    screen.onData(take).dispose,
  ];
  draw();
  return {
    type: (line) => take(`\x05\x15${line}\r`),
    close: () => {
      for (const stop of stops) stop();
    },
  };
}

function promptOf(held: Held): string {
  if (held.line.search !== null) return `(search) '${held.line.search.query}': `;
  return held.before === "" ? PROMPT : MORE;
}

/** Up to the first Enter: what follows in a paste waits until that line has run. */
function firstLineOf(data: string): string {
  return /^[^\r\n]*(?:\r\n|\r|\n)?/.exec(data)?.[0] ?? data;
}
