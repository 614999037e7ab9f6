import "@xterm/xterm/css/xterm.css";
import { FitAddon } from "@xterm/addon-fit";
import { Terminal as Xterm } from "@xterm/xterm";
import { type ReactNode, type RefObject, useEffect, useRef } from "react";
import type { Session } from "../../session/session.ts";
import { words } from "../words.ts";
import { createConsole, type Console } from "./console.ts";

interface Props {
  readonly session: Session;
  readonly isDark: boolean;
  /** Hands out a way to type a line, for buttons that act as if the learner had typed it. */
  readonly onReady: (type: (line: string) => void) => void;
}

/** The learner's terminal. It reads aloud: xterm mirrors its text for screen readers. */
export function Terminal({ session, isDark, onReady }: Props): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const shown = useRef<Shown | undefined>(undefined);
  useEffect(() => {
    if (place.current === null) return undefined;
    const opened = openTerminal(place.current, session);
    shown.current = opened;
    onReady(opened.console.type);
    return opened.close;
    // One terminal per session; `onReady` is only told once.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [session]);
  useEffect(() => {
    if (shown.current !== undefined) shown.current.xterm.options.theme = themeOf(isDark);
  }, [isDark, session]);
  return (
    <section className="wb-panel wb-terminal" aria-label={words.terminal()}>
      <header className="wb-panel-head">
        <h4>{words.terminal()}</h4>
        <KeyButtons shown={shown} />
      </header>
      <div ref={place} className="wb-xterm" data-terminal />
      <p className="wb-help">{words.terminalHelp()}</p>
    </section>
  );
}

const keys: readonly (readonly [string, string])[] = [
  ["Tab", "\t"],
  ["↑", "\x1b[A"],
  ["↓", "\x1b[B"],
  ["Ctrl+C", "\x03"],
];

/** Keys that a phone does not have. */
function KeyButtons({ shown }: { readonly shown: RefObject<Shown | undefined> }): ReactNode {
  return (
    <span className="wb-keys">
      {keys.map(([name, data]) => (
        <button key={name} type="button" aria-label={words.key(name)} onClick={() => shown.current?.xterm.input(data)}>
          {name}
        </button>
      ))}
    </span>
  );
}

interface Shown {
  readonly xterm: Xterm;
  readonly console: Console;
  readonly close: () => void;
}

function openTerminal(place: HTMLElement, session: Session): Shown {
  const isDark = document.documentElement.dataset["theme"] === "dark";
  const xterm = new Xterm({
    screenReaderMode: true,
    cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    fontSize: place.clientWidth < 480 ? 11 : 13,
    fontFamily: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
    scrollback: 5_000,
    theme: themeOf(isDark),
    minimumContrastRatio: 4.5,
  });
  const fit = new FitAddon();
  xterm.loadAddon(fit);
  xterm.open(place);
  fit.fit();
  const watcher = new ResizeObserver(() => fit.fit());
  watcher.observe(place);
  letTabLeave(xterm);
  const opened = createConsole(xterm, session);
  return {
    xterm,
    console: opened,
    close: () => {
      watcher.disconnect();
      opened.close();
      xterm.dispose();
    },
  };
}

/** Tab completes; Esc and then Tab goes on to the next thing on the page, so that nobody is trapped. */
function letTabLeave(xterm: Xterm): void {
  let isLeaving = false;
  xterm.attachCustomKeyEventHandler((event) => {
    if (event.type !== "keydown") return true;
    if (event.key === "Tab" && (isLeaving || event.shiftKey)) return false;
    isLeaving = event.key === "Escape";
    return true;
  });
}

function themeOf(isDark: boolean): NonNullable<Xterm["options"]["theme"]> {
  return isDark
    ? { background: "#12171d", foreground: "#e4e9ef", cursor: "#8cc4ff", selectionBackground: "#33527a" }
    : { background: "#fbfcfd", foreground: "#1f2933", cursor: "#1f5fbf", selectionBackground: "#bcd5f5" };
}
