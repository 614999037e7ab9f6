import { lazy, type ReactNode, Suspense, useState } from "react";
import type { LabCard } from "./card.ts";
import { PredictionForm } from "./prediction-form.tsx";
import { Inline, Prose } from "./prose.tsx";
import { useLabCard } from "./use-card.ts";
import { useProgress } from "./use-progress.ts";
import { useIsLive } from "./use-is-live.ts";
import { words } from "./words.ts";

const Workbench = lazy(async () => ({ default: (await import("../workbench/workbench.tsx")).Workbench }));

/** A lab in a chapter: `<Lab id="probes/slow-starter" />`. Until it is started it is text and costs nothing. */
export function Lab({ id }: { readonly id: string }): ReactNode {
  return (
    <Suspense fallback={<p className="lab-frame">{words.loading()}</p>}>
      <LabBox id={id} />
    </Suspense>
  );
}

function LabBox({ id }: { readonly id: string }): ReactNode {
  const card = useLabCard(id);
  const { progress } = useProgress();
  const saved = progress.labs[card.id];
  const current = saved?.version === card.version ? saved : undefined;
  const [answers, setAnswers] = useState<Readonly<Record<string, string>> | undefined>();
  const isLive = useIsLive();
  const [isOpen, setOpen] = useState(false);
  const heading = `lab-${card.id.replaceAll("/", "-")}`;
  const asksFirst = card.predictions.length > 0;

  return (
    <section className="lab-frame" aria-labelledby={heading} data-lab={card.id}>
      <LabHead card={card} heading={heading} solved={current?.passed === true} points={current?.points} />
      <div className="lab-task">
        <Prose text={card.words.task} />
      </div>
      <LabNotes card={card} />
      {asksFirst ? (
        <PredictionForm
          card={card}
          initial={current?.answers ?? {}}
          stored={answers}
          onStore={(next) => {
            setAnswers(next);
            setOpen(true);
          }}
          onChange={() => {
            setAnswers(undefined);
            setOpen(false);
          }}
        />
      ) : (
        <button
          type="button"
          className={isOpen ? "button-quiet" : "button-main"}
          disabled={!isLive}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? words.close() : current === undefined ? words.start() : words.goOn()}
        </button>
      )}
      {isOpen ? (
        <Suspense fallback={<p role="status">{words.starting()}</p>}>
          <Workbench card={card} answers={answers ?? {}} saved={current} />
        </Suspense>
      ) : null}
    </section>
  );
}

interface HeadProps {
  readonly card: LabCard;
  readonly heading: string;
  readonly solved: boolean;
  readonly points: number | undefined;
}

function LabHead({ card, heading, solved, points }: HeadProps): ReactNode {
  return (
    <header className="lab-head">
      <h3 id={heading}>{card.words.title}</h3>
      <p>
        <span className="lab-kind">{card.kind}</span>{" "}
        <span>{points === undefined ? words.points(card.points) : words.earned(points, card.points)}</span>
        {solved ? <span className="lab-solved">✓ {words.solved()}</span> : null}
      </p>
    </header>
  );
}

function LabNotes({ card }: { readonly card: LabCard }): ReactNode {
  const { terms, simplified } = card.words;
  return (
    <>
      {terms.length === 0 ? null : (
        <p className="lab-terms">
          {words.terms()}:{" "}
          {terms.map(({ term, chinese }, index) => (
            <span key={term}>
              {index === 0 ? "" : ", "}
              {term} <span lang="zh-Hans">{chinese}</span>
            </span>
          ))}
        </p>
      )}
      {simplified.length === 0 ? null : (
        <details className="lab-simplified">
          <summary>{words.simplified()}</summary>
          <ul>
            {simplified.map((line) => (
              <li key={line}>
                <Inline text={line} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
