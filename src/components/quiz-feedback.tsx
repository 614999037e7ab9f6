import type { Item, ItemAnswer, ItemFinding, ItemWords } from "@workbook/labs";
import type { ReactNode } from "react";
import type { QuizCard } from "./card.ts";
import { Inline } from "./prose.tsx";
import { words } from "./words.ts";

interface Props {
  readonly card: QuizCard;
  readonly item: Item;
  readonly words: ItemWords;
  readonly finding: ItemFinding;
  readonly answer: ItemAnswer;
  readonly wasSure: boolean;
}

/** What follows an answer: right or not, why each option is as it is, and the belief behind a wrong one. */
export function QuizFeedback({ card, item, words: own, finding, answer, wasSure }: Props): ReactNode {
  const belief = finding.misconception === undefined ? undefined : card.misconceptions[finding.misconception];
  const verdict = finding.isRight
    ? words.right()
    : finding.earnedPercent > 0
      ? words.partly(finding.earnedPercent)
      : words.wrong();
  return (
    <div className={finding.isRight ? "quiz-feedback is-right" : "quiz-feedback"} role="status">
      <p>
        <strong>{verdict}</strong>
        {!finding.isRight && wasSure ? ` ${words.wrongAndSure()}` : null}
      </p>
      <ul>
        {finding.explanations.map((id) => (
          <Explanation key={id} id={id} item={item} words={own} answer={answer} />
        ))}
      </ul>
      {belief === undefined ? null : (
        <p>
          {words.belief()} <q>{belief.belief}</q> <Inline text={belief.truth} />
        </p>
      )}
      {own.source === undefined ? null : (
        <p className="quiz-source">
          {words.source()}: <Inline text={own.source} />
        </p>
      )}
    </div>
  );
}

interface ExplanationProps {
  readonly id: string;
  readonly item: Item;
  readonly words: ItemWords;
  readonly answer: ItemAnswer;
}

function Explanation({ id, item, words: own, answer }: ExplanationProps): ReactNode {
  const text = own.explanations[id];
  if (text === undefined) return null;
  const option = "options" in item ? item.options.find((one) => one.id === id) : undefined;
  const isChosen = answer === id || (Array.isArray(answer) && answer.includes(id));
  return (
    <li className={option?.isRight === true ? "is-right" : undefined}>
      {option === undefined ? null : (
        <strong>
          {option.isRight ? "✓ " : "✗ "}
          <Inline text={own.options[id] ?? id} />
          {isChosen ? " ←" : ""}{" "}
        </strong>
      )}
      <Inline text={text} />
    </li>
  );
}
