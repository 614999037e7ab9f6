import type { ReactNode } from "react";
import type { Frame, Pace, Session } from "../session/session.ts";
import { clock } from "./clock.ts";
import { words } from "./words.ts";

const paces: readonly Pace[] = [0, 1, 20];

/** Stops, steps, speeds up and turns back the cluster's time. */
export function TimeControl({ session, frame }: { readonly session: Session; readonly frame: Frame }): ReactNode {
  const isPast = frame.now < frame.latest;
  return (
    <div className="wb-time" role="group" aria-label={words.time()}>
      <output className="wb-clock" data-now={frame.now}>
        {clock(frame.now)}
      </output>
      <span className="wb-paces">
        {paces.map((pace) => (
          <button key={pace} type="button" aria-pressed={frame.pace === pace} onClick={() => session.setPace(pace)}>
            {pace === 0 ? words.pause() : words.speed(pace)}
          </button>
        ))}
      </span>
      <button type="button" onClick={() => session.skip("second")}>
        {words.second()}
      </button>
      <button type="button" onClick={() => session.skip("event")}>
        {words.nextEvent()}
      </button>
      <label className="wb-moment">
        <span>{words.moment()}</span>
        <input
          type="range"
          min={0}
          max={Math.max(frame.latest, 1)}
          step={100}
          value={frame.now}
          aria-valuetext={clock(frame.now)}
          onChange={(event) => session.seek(Number(event.target.value))}
        />
      </label>
      {isPast ? (
        <p className="wb-past" role="status">
          {words.lookingBack(clock(frame.now))}{" "}
          <button type="button" onClick={() => session.seek(frame.latest)}>
            {words.toNow()}
          </button>
        </p>
      ) : null}
    </div>
  );
}
