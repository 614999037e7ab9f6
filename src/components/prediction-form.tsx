import type { Prediction } from "@workbook/labs";
import { type ReactNode, type SubmitEvent, useState } from "react";
import type { LabCard } from "./card.ts";
import { Inline } from "./prose.tsx";
import { useIsLive } from "./use-is-live.ts";
import { words } from "./words.ts";

/** The answer that is always there. The labs know it by this name. */
export const NOT_SURE = "not-sure";

type Answers = Readonly<Record<string, string>>;

interface Props {
  readonly card: LabCard;
  readonly initial: Answers;
  /** The answers once they are locked. */
  readonly stored: Answers | undefined;
  readonly onStore: (answers: Answers) => void;
  readonly onChange: () => void;
}

/** Questions before the run: numbers with units and choices. Once stored they are locked while the cluster runs. */
export function PredictionForm({ card, initial, stored, onStore, onChange }: Props): ReactNode {
  const isLive = useIsLive();
  const [answers, setAnswers] = useState<Answers>(initial);
  const [isIncomplete, setIncomplete] = useState(false);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const isMissing = card.predictions.some(({ id }) => (answers[id] ?? "").trim() === "");
    setIncomplete(isMissing);
    if (!isMissing) onStore(answers);
  };
  return (
    <form className="predictions" onSubmit={submit}>
      <h4>{stored === undefined ? words.predictFirst() : words.yourAnswers()}</h4>
      {stored === undefined ? <p>{words.predictWhy()}</p> : null}
      {card.predictions.map((prediction) => (
        <Question
          key={prediction.id}
          card={card}
          prediction={prediction}
          value={answers[prediction.id] ?? ""}
          isLocked={stored !== undefined || !isLive}
          onAnswer={(value) => setAnswers((given) => ({ ...given, [prediction.id]: value }))}
        />
      ))}
      {isIncomplete ? <p role="alert">{words.missingAnswers()}</p> : null}
      {stored === undefined ? (
        <button type="submit" className="button-main" disabled={!isLive}>
          {words.storeAndStart()}
        </button>
      ) : (
        <button type="button" className="button-quiet" onClick={onChange}>
          {words.changePredictions()}
        </button>
      )}
    </form>
  );
}

interface QuestionProps {
  readonly card: LabCard;
  readonly prediction: Prediction;
  readonly value: string;
  readonly isLocked: boolean;
  readonly onAnswer: (value: string) => void;
}

function Question({ card, prediction, value, isLocked, onAnswer }: QuestionProps): ReactNode {
  const own = card.words.predictions[prediction.id];
  const name = `${card.id}-${prediction.id}`;
  const options = prediction.kind === "choice" ? prediction.options : [];
  return (
    <fieldset className="prediction" disabled={isLocked}>
      <legend>
        <Inline text={own?.ask ?? prediction.id} />
      </legend>
      {prediction.kind === "number" ? (
        <NumberAnswer prediction={prediction} name={name} value={value} onAnswer={onAnswer} />
      ) : null}
      {[...options, NOT_SURE].map((option) => (
        <label key={option} className="option">
          <input type="radio" name={name} value={option} checked={value === option} onChange={() => onAnswer(option)} />
          <span>
            <Inline text={option === NOT_SURE ? card.phrases.notSure : (own?.options?.[option] ?? option)} />
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface NumberProps {
  readonly prediction: Extract<Prediction, { kind: "number" }>;
  readonly name: string;
  readonly value: string;
  readonly onAnswer: (value: string) => void;
}

function NumberAnswer({ prediction, name, value, onAnswer }: NumberProps): ReactNode {
  const unit = prediction.unit === "s" ? words.unitSeconds() : words.unitCount();
  return (
    <label className="number-answer">
      <input
        type="text"
        inputMode={prediction.unit === "count" ? "numeric" : "text"}
        autoComplete="off"
        size={8}
        name={`${name}-number`}
        value={value === NOT_SURE ? "" : value}
        onChange={(event) => onAnswer(event.target.value)}
      />{" "}
      <span>{unit}</span>
    </label>
  );
}
