import type { Item, ItemAnswer, ItemWords, Option } from "@workbook/labs";
import type { ReactNode } from "react";
import { Inline } from "./prose.tsx";
import { words } from "./words.ts";

interface Props {
  readonly item: Item;
  readonly words: ItemWords;
  readonly answer: ItemAnswer;
  readonly isLocked: boolean;
  readonly onAnswer: (answer: ItemAnswer) => void;
}

/** What a question of this kind starts from. */
export function emptyAnswer(item: Item): ItemAnswer {
  switch (item.kind) {
    case "multiple":
      return [];
    case "order":
      return item.steps;
    case "match":
      return {};
    default:
      return "";
  }
}

/** The form of an answer, by the kind of question. All of them work by keyboard alone. */
export function AnswerForm(props: Props): ReactNode {
  const { item } = props;
  switch (item.kind) {
    case "number":
      return <TextAnswer {...props} unit={item.unit === "s" ? words.unitSeconds() : words.unitCount()} />;
    case "text":
      return <TextAnswer {...props} unit="" />;
    case "multiple":
      return <ManyOptions {...props} options={item.options} />;
    case "order":
      return <OrderAnswer {...props} />;
    case "match":
      return <MatchAnswer {...props} left={item.left} right={item.right} />;
    default:
      return <OneOption {...props} options={item.options} />;
  }
}

function OneOption({
  item,
  words: own,
  answer,
  isLocked,
  onAnswer,
  options,
}: Props & { readonly options: readonly Option[] }): ReactNode {
  return (
    <fieldset disabled={isLocked} aria-labelledby={`stem-${item.id}`}>
      {options.map(({ id }) => (
        <label key={id} className="option">
          <input
            type="radio"
            name={`item-${item.id}`}
            value={id}
            checked={answer === id}
            onChange={() => onAnswer(id)}
          />
          <span>
            <Inline text={own.options[id] ?? id} />
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function ManyOptions({
  item,
  words: own,
  answer,
  isLocked,
  onAnswer,
  options,
}: Props & { readonly options: readonly Option[] }): ReactNode {
  const chosen: readonly string[] = Array.isArray(answer) ? answer : [];
  const toggled = (id: string): readonly string[] =>
    chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id];
  return (
    <fieldset disabled={isLocked} aria-labelledby={`stem-${item.id}`}>
      {options.map(({ id }) => (
        <label key={id} className="option">
          <input type="checkbox" value={id} checked={chosen.includes(id)} onChange={() => onAnswer(toggled(id))} />
          <span>
            <Inline text={own.options[id] ?? id} />
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function TextAnswer({ item, answer, isLocked, onAnswer, unit }: Props & { readonly unit: string }): ReactNode {
  return (
    <label className="number-answer">
      <input
        type="text"
        size={unit === "" ? 24 : 8}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        aria-labelledby={`stem-${item.id}`}
        disabled={isLocked}
        value={typeof answer === "string" ? answer : ""}
        onChange={(event) => onAnswer(event.target.value)}
      />{" "}
      <span>{unit}</span>
    </label>
  );
}

function OrderAnswer({ words: own, answer, isLocked, onAnswer }: Props): ReactNode {
  const order: readonly string[] = Array.isArray(answer) ? answer : [];
  const swapped = (index: number): readonly string[] => {
    const [one, other] = [order[index] ?? "", order[index + 1] ?? ""];
    return [...order.slice(0, index), other, one, ...order.slice(index + 2)];
  };
  return (
    <ol className="order-answer">
      {order.map((id, index) => {
        const text = own.options[id] ?? id;
        return (
          <li key={id}>
            <span>
              <Inline text={text} />
            </span>
            <button
              type="button"
              disabled={isLocked || index === 0}
              aria-label={`${words.up()}: ${text}`}
              onClick={() => onAnswer(swapped(index - 1))}
            >
              ↑
            </button>
            <button
              type="button"
              disabled={isLocked || index === order.length - 1}
              aria-label={`${words.down()}: ${text}`}
              onClick={() => onAnswer(swapped(index))}
            >
              ↓
            </button>
          </li>
        );
      })}
    </ol>
  );
}

interface Sides {
  readonly left: readonly string[];
  readonly right: readonly string[];
}

function MatchAnswer({ words: own, answer, isLocked, onAnswer, left, right }: Props & Sides): ReactNode {
  const pairs =
    typeof answer === "object" && !Array.isArray(answer) ? (answer as Readonly<Record<string, string>>) : {};
  return (
    <ul className="match-answer">
      {left.map((id) => (
        <li key={id}>
          <label>
            <span>
              <Inline text={own.options[id] ?? id} />
            </span>{" "}
            <select
              value={pairs[id] ?? ""}
              disabled={isLocked}
              onChange={(event) => onAnswer({ ...pairs, [id]: event.target.value })}
            >
              <option value="">{words.choose()}</option>
              {right.map((other) => (
                <option key={other} value={other}>
                  {own.options[other] ?? other}
                </option>
              ))}
            </select>
          </label>
        </li>
      ))}
    </ul>
  );
}
