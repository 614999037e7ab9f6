import { type Item, type ItemAnswer, type ItemFinding, judgeItem } from "@workbook/labs";
import { type ReactNode, Suspense, useState } from "react";
import type { ItemProgress } from "../session/progress.ts";
import type { QuizCard } from "./card.ts";
import { NOT_SURE } from "./prediction-form.tsx";
import { Inline, Prose } from "./prose.tsx";
import { AnswerForm, emptyAnswer } from "./quiz-answers.tsx";
import { QuizFeedback } from "./quiz-feedback.tsx";
import { useQuizCard } from "./use-card.ts";
import { updateProgress, useProgress } from "./use-progress.ts";
import { useIsLive } from "./use-is-live.ts";
import { words } from "./words.ts";

/** A chapter's quiz: `<Quiz chapter="probes" />`. Every option has its explanation; a wrong answer may be tried again. */
export function Quiz({ chapter }: { readonly chapter: string }): ReactNode {
  return (
    <Suspense fallback={<p className="lab-frame">{words.loading()}</p>}>
      <QuizBox chapter={chapter} />
    </Suspense>
  );
}

function QuizBox({ chapter }: { readonly chapter: string }): ReactNode {
  const card = useQuizCard(chapter);
  const { progress } = useProgress();
  const right = card.items.filter((item) => progress.items[`${card.chapter}/${item.id}`]?.isRight === true).length;
  return (
    <section className="lab-frame quiz" aria-label={words.quiz()} data-quiz={card.chapter}>
      <p className="quiz-result" role="status">
        {words.quizResult(right, card.items.length)}
      </p>
      <ol className="quiz-items">
        {card.items.map((item) => (
          <li key={item.id} id={`quiz-${item.id}`}>
            <QuizItem card={card} item={item} before={progress.items[`${card.chapter}/${item.id}`]} />
          </li>
        ))}
      </ol>
    </section>
  );
}

interface ItemProps {
  readonly card: QuizCard;
  readonly item: Item;
  readonly before: ItemProgress | undefined;
}

type Confidence = "sure" | "guess";

function QuizItem({ card, item, before }: ItemProps): ReactNode {
  const own = card.words[item.id];
  const isLive = useIsLive();
  const [answer, setAnswer] = useState<ItemAnswer>(() => emptyAnswer(item));
  const [confidence, setConfidence] = useState<Confidence | undefined>();
  const [finding, setFinding] = useState<ItemFinding | undefined>();
  const give = (given: ItemAnswer): void => {
    const judged = judgeItem(item, given);
    setAnswer(given);
    setFinding(judged);
    updateProgress((progress) => withItem(progress, `${card.chapter}/${item.id}`, judged));
  };
  if (own === undefined) return null;
  return (
    <form
      aria-labelledby={`stem-${item.id}`}
      data-item={item.id}
      onSubmit={(event) => {
        event.preventDefault();
        give(answer);
      }}
    >
      <div id={`stem-${item.id}`} className="quiz-stem">
        <Prose text={own.stem} />
        {before?.isRight === true && finding === undefined ? <p className="lab-solved">✓ {words.solved()}</p> : null}
      </div>
      <AnswerForm
        item={item}
        words={own}
        answer={answer}
        isLocked={finding !== undefined || !isLive}
        onAnswer={setAnswer}
      />
      {item.asksConfidence && finding === undefined ? (
        <ConfidenceChoice name={`sure-${item.id}`} value={confidence} onChange={setConfidence} />
      ) : null}
      {finding === undefined ? (
        <p className="quiz-buttons">
          <button type="submit" className="button-main" disabled={isEmpty(answer)}>
            {words.answer()}
          </button>{" "}
          <button type="button" className="button-quiet" disabled={!isLive} onClick={() => give(NOT_SURE)}>
            {words.notSure()}
          </button>
        </p>
      ) : (
        <>
          <QuizFeedback
            card={card}
            item={item}
            words={own}
            finding={finding}
            answer={answer}
            wasSure={confidence === "sure"}
          />
          <button
            type="button"
            className="button-quiet"
            onClick={() => {
              setFinding(undefined);
              setAnswer(emptyAnswer(item));
            }}
          >
            {words.again()}
          </button>
        </>
      )}
    </form>
  );
}

function isEmpty(answer: ItemAnswer): boolean {
  return answer === "" || (Array.isArray(answer) && answer.length === 0);
}

function withItem(
  progress: Parameters<Parameters<typeof updateProgress>[0]>[0],
  id: string,
  finding: ItemFinding,
): typeof progress {
  const before = progress.items[id];
  const next: ItemProgress = {
    isRight: finding.isRight,
    wasRightFirst: before?.wasRightFirst ?? finding.isRight,
    attempts: (before?.attempts ?? 0) + 1,
    savedAt: Date.now(),
  };
  return { ...progress, items: { ...progress.items, [id]: next } };
}

interface ConfidenceProps {
  readonly name: string;
  readonly value: Confidence | undefined;
  readonly onChange: (value: Confidence) => void;
}

function ConfidenceChoice({ name, value, onChange }: ConfidenceProps): ReactNode {
  const choices: readonly (readonly [Confidence, string])[] = [
    ["sure", words.sure()],
    ["guess", words.guess()],
  ];
  return (
    <fieldset className="confidence">
      <legend>{words.confidence()}</legend>
      {choices.map(([choice, label]) => (
        <label key={choice} className="option">
          <input type="radio" name={name} checked={value === choice} onChange={() => onChange(choice)} />
          <span>
            <Inline text={label} />
          </span>
        </label>
      ))}
    </fieldset>
  );
}
