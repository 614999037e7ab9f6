import { type ReactNode, useEffect, useRef, useState } from "react";
import type { LogLine, Session } from "../session/session.ts";
import { clock } from "./clock.ts";
import { words } from "./words.ts";

/** How many lines are drawn at first; the earlier ones come on request. */
const TAIL = 60;

/** What happened, in words, newest last. Each time is a button that goes back to it. */
export function EventLog({
  session,
  log,
  now,
}: {
  readonly session: Session;
  readonly log: readonly LogLine[];
  readonly now: number;
}): ReactNode {
  const [isWhole, setWhole] = useState(false);
  const [withSystem, setWithSystem] = useState(false);
  const list = useRef<HTMLOListElement>(null);
  const past = log.filter((line) => line.at <= now && (withSystem || !line.isSystem));
  const shown = isWhole ? past : past.slice(-TAIL);
  const last = shown.at(-1)?.id;
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [last]);
  return (
    <section className="wb-panel wb-log" aria-label={words.log()}>
      <header className="wb-panel-head">
        <h4>{words.log()}</h4>
        <label className="option">
          <input type="checkbox" checked={withSystem} onChange={(event) => setWithSystem(event.target.checked)} />
          <span>{words.systemToo()}</span>
        </label>
        {past.length > shown.length ? (
          <button type="button" onClick={() => setWhole(true)}>
            {words.logTail(past.length - shown.length)}
          </button>
        ) : null}
      </header>
      {past.length === 0 ? <p className="wb-help">{words.emptyLog()}</p> : null}
      <ol ref={list} className="wb-lines" tabIndex={0} aria-label={words.log()}>
        {shown.map((line) => (
          <li key={line.id} data-reason={line.reason}>
            <button
              type="button"
              className="wb-at"
              aria-label={words.lookAt(clock(line.at))}
              onClick={() => session.seek(line.at)}
            >
              {clock(line.at)}
            </button>{" "}
            <span>{line.text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
