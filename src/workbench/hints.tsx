import type { ReactNode } from "react";
import type { LabCard } from "../components/card.ts";
import { Prose } from "../components/prose.tsx";
import { words } from "./words.ts";

interface Props {
  readonly card: LabCard;
  /** How many are open. */
  readonly opened: number;
  /** Different answers checked so far: each opens the way to one more hint. */
  readonly attempts: number;
  readonly onOpen: () => void;
}

/** Point, principle, nearly the solution. The first is free; each further one follows a new, different attempt. */
export function Hints({ card, opened, attempts, onOpen }: Props): ReactNode {
  const level = opened + 1;
  return (
    <details className="wb-panel wb-hints">
      <summary>{words.hints()}</summary>
      <ol>
        {card.words.hints.slice(0, opened).map((hint) => (
          <li key={hint}>
            <Prose text={hint} />
          </li>
        ))}
      </ol>
      {opened >= card.words.hints.length ? null : attempts >= opened ? (
        <button type="button" onClick={onOpen}>
          {words.openHint(level)}
        </button>
      ) : (
        <p className="wb-help">{words.hintLocked(level)}</p>
      )}
    </details>
  );
}
