import misconceptions from "@generated/workbook/default/misconceptions.json";
import { fill, type Finding, type MisconceptionWords, type Report } from "@workbook/labs";
import type { ReactNode } from "react";
import type { LabCard } from "../components/card.ts";
import { Inline } from "../components/prose.tsx";
import type { Checked, Session } from "../session/session.ts";
import { clock } from "./clock.ts";
import { messageOf, storyLine } from "./findings.ts";
import { words } from "./words.ts";

const beliefs = misconceptions as Readonly<Record<string, MisconceptionWords>>;

export interface Checking {
  readonly state: "idle" | "running" | "done";
  /** How much of a running check is done, 0 to 1. */
  readonly share: number;
  readonly checked: Checked | undefined;
}

interface Props {
  readonly card: LabCard;
  readonly session: Session;
  readonly checking: Checking;
  readonly onCheck: () => void;
  readonly onWatch: () => void;
}

/** What must hold, and how it came out: one message per check, and the smallest run that fails. */
export function CheckPanel({ card, session, checking, onCheck, onWatch }: Props): ReactNode {
  const isRunning = checking.state === "running";
  const report = checking.checked?.kind === "report" ? checking.checked.report : undefined;
  return (
    <section className="wb-panel wb-checks" aria-label={words.checks()}>
      <header className="wb-panel-head">
        <h4>{words.checks()}</h4>
        {isRunning ? (
          <button type="button" onClick={() => session.cancelCheck()}>
            {words.cancel()}
          </button>
        ) : (
          <button type="button" className="button-main" onClick={onCheck}>
            {words.check()}
          </button>
        )}
      </header>
      <p role="status" className="wb-verdict" data-digest={report?.digest}>
        {isRunning ? words.checking(card.schedules) : verdictOf(checking.checked)}
      </p>
      {isRunning ? <progress value={checking.share} max={1} aria-label={words.checks()} /> : null}
      <ul className="wb-findings">
        {card.checks.map((id) => (
          <CheckLine key={id} card={card} id={id} finding={report?.findings.find((finding) => finding.id === id)} />
        ))}
      </ul>
      {report === undefined ? null : <Afterwards card={card} report={report} onWatch={onWatch} />}
    </section>
  );
}

function verdictOf(checked: Checked | undefined): string {
  if (checked === undefined) return "";
  if (checked.kind === "cancelled") return words.cancelled();
  if (checked.kind === "failed") return words.checkFailed(checked.message);
  const { report, millis } = checked;
  const passed = report.findings.filter((finding) => finding.passed).length;
  const verdict = report.passed ? words.allPassed() : words.someFailed(passed, report.findings.length);
  return `${verdict} ${words.ran(report.schedules.run, (millis / 1000).toFixed(1))}`;
}

interface LineProps {
  readonly card: LabCard;
  readonly id: string;
  readonly finding: Finding | undefined;
}

function CheckLine({ card, id, finding }: LineProps): ReactNode {
  const own = card.words.checks[id];
  const state = finding === undefined ? "not-yet" : finding.passed ? "passed" : "failed";
  const says = { "not-yet": words.notYet(), passed: words.passed(), failed: words.failed() }[state];
  return (
    <li className={`wb-finding is-${state}`} data-check={id} data-state={state}>
      <p>
        <span aria-hidden="true">{{ "not-yet": "○", passed: "✓", failed: "✗" }[state]}</span>{" "}
        <strong>
          <Inline text={own?.title ?? id} />
        </strong>{" "}
        <small>
          {says}
          {finding === undefined ? "" : ` · ${finding.points}/${finding.maxPoints}`}
        </small>
      </p>
      {finding?.passed === true && own !== undefined ? (
        <p className="wb-proves">
          <Inline text={own.proves} />
        </p>
      ) : null}
      {finding?.passed === false ? <FailureText card={card} finding={finding} /> : null}
    </li>
  );
}

function FailureText({ card, finding }: { readonly card: LabCard; readonly finding: Finding }): ReactNode {
  const told = messageOf(card, finding);
  const where = [finding.object, finding.at === undefined ? undefined : clock(finding.at)].filter(
    (part) => part !== undefined,
  );
  const belief = finding.misconception === undefined ? undefined : beliefs[finding.misconception];
  return (
    <>
      <dl className="wb-message">
        {[
          [words.expected(), told.expected],
          [words.observed(), where.length === 0 ? told.observed : `${told.observed} (${where.join(", ")})`],
          [words.next(), told.next],
        ].map(([name = "", text = ""]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Inline text={text} />
            </dd>
          </div>
        ))}
      </dl>
      {finding.cells === undefined ? null : <Cells card={card} finding={finding} />}
      {belief === undefined ? null : (
        <p className="wb-belief">
          <q>{belief.belief}</q> <Inline text={belief.truth} />
        </p>
      )}
    </>
  );
}

function Cells({ card, finding }: { readonly card: LabCard; readonly finding: Finding }): ReactNode {
  return (
    <ul className="wb-cells">
      {finding.cells?.map((cell) => (
        <li key={cell.id} className={cell.isRight ? "is-passed" : "is-failed"}>
          {cell.isRight ? "✓" : "✗"} <Inline text={card.words.predictions[cell.id]?.ask ?? cell.id} />:{" "}
          <code>{cell.answered}</code>
          {cell.isRight ? null : (
            <>
              {" "}
              ({words.expected()}: <code>{cell.expected}</code>)
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

interface AfterwardsProps {
  readonly card: LabCard;
  readonly report: Report;
  readonly onWatch: () => void;
}

function Afterwards({ card, report, onWatch }: AfterwardsProps): ReactNode {
  const failing = report.failingSchedule;
  return (
    <>
      {report.passed && report.schedules.run > 1 ? (
        <p className="wb-help">{fill(card.phrases.bound, { count: report.schedules.run })}</p>
      ) : null}
      {report.notModelled.map((path) => (
        <p key={path} className="wb-warning">
          {words.notModelled(path)}
        </p>
      ))}
      {failing === undefined || failing.story.length === 0 ? null : (
        <div className="wb-story">
          <h5>{words.smallest()}</h5>
          <ol>
            {failing.story.map((event, index) => (
              <li key={index}>
                <span className="wb-story-at">{clock(event.atMillis)}</span> <Inline text={storyLine(card, event)} />
              </li>
            ))}
          </ol>
          <button type="button" onClick={onWatch}>
            {words.watch()}
          </button>
        </div>
      )}
    </>
  );
}
