import type { Report, Submission } from "@workbook/labs";
import { useRef, useState } from "react";
import type { LabCard } from "../components/card.ts";
import { updateProgress } from "../components/use-progress.ts";
import type { LabProgress } from "../session/progress.ts";
import type { Session } from "../session/session.ts";
import type { Checking } from "./check-panel.tsx";
import { words } from "./words.ts";

interface Given {
  readonly card: LabCard;
  readonly answers: Readonly<Record<string, string>>;
  readonly saved: LabProgress | undefined;
  readonly session: Session;
}

/** What the learner hands in, and how it went: files, hints, checks. Saved as it changes. */
export interface Attempt {
  readonly files: Readonly<Record<string, string>>;
  readonly checking: Checking;
  readonly hints: number;
  readonly attempts: number;
  readonly edit: (path: string, text: string) => void;
  readonly check: () => void;
  readonly watch: () => void;
  readonly openHint: () => void;
  readonly reset: () => void;
}

const idle: Checking = { state: "idle", share: 0, checked: undefined };

export function useAttempt({ card, answers, saved, session }: Given): Attempt {
  const given = Object.fromEntries(card.files.map((file) => [file.path, file.text]));
  const [files, setFiles] = useState<Readonly<Record<string, string>>>({ ...given, ...saved?.files });
  const [checking, setChecking] = useState<Checking>(idle);
  const [hints, setHints] = useState(saved?.hints ?? 0);
  const [attempts, setAttempts] = useState(saved?.attempts ?? 0);
  const checkedBefore = useRef(new Set<string>());

  const save = (change: Partial<LabProgress>): void =>
    saveLab(card, { files: editedFiles(card, files), answers, hints, attempts, ...change });
  const check = (): void => {
    const submission: Submission = { files: editedFiles(card, files), answers, commands: [] };
    setChecking({ state: "running", share: 0, checked: undefined });
    const onShare = (share: number): void => setChecking({ state: "running", share, checked: undefined });
    void session.check(submission, onShare).then((checked) => {
      setChecking({ state: "done", share: 1, checked });
      if (checked.kind !== "report") return;
      const key = JSON.stringify(submission);
      const count = checkedBefore.current.has(key) ? attempts : attempts + 1;
      checkedBefore.current.add(key);
      setAttempts(count);
      save({ ...pointsOf(checked.report), attempts: count });
    });
  };
  return {
    files,
    checking,
    hints,
    attempts,
    check,
    edit: (path, text) => {
      const next = { ...files, [path]: text };
      setFiles(next);
      session.write(path, text);
      save({ files: editedFiles(card, next) });
    },
    watch: () => {
      const report = checking.checked?.kind === "report" ? checking.checked.report : undefined;
      session.playStory(report?.failingSchedule?.smallest);
    },
    openHint: () => {
      setHints(hints + 1);
      save({ hints: hints + 1 });
    },
    reset: () => {
      const isEdited = Object.keys(editedFiles(card, files)).some((path) => files[path] !== given[path]);
      if (isEdited && !window.confirm(words.resetSure())) return;
      session.reset();
      for (const [path, text] of Object.entries(given)) session.write(path, text);
      setFiles(given);
      setChecking(idle);
      save({ files: editedFiles(card, given) });
    },
  };
}

function pointsOf(report: Report): Pick<LabProgress, "passed" | "points" | "maxPoints"> {
  return { passed: report.passed, points: report.points, maxPoints: report.maxPoints };
}

/** The files that are the answer. */
function editedFiles(card: LabCard, files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const editable = card.files.filter((file) => file.isEditable).map((file) => file.path);
  return Object.fromEntries(editable.map((path) => [path, files[path] ?? ""]));
}

/** A lab that was solved stays solved, whatever is tried afterwards. */
function saveLab(card: LabCard, change: Partial<LabProgress>): void {
  updateProgress((progress) => {
    const stored = progress.labs[card.id];
    const before = stored?.version === card.version ? stored : undefined;
    const passed = before?.passed === true || change.passed === true;
    const points = Math.max(before?.points ?? 0, change.points ?? 0);
    const base = { version: card.version, maxPoints: card.points, attempts: 0, hints: 0, files: {}, answers: {} };
    const lab: LabProgress = { ...base, ...before, ...change, passed, points, savedAt: Date.now() };
    return { ...progress, labs: { ...progress.labs, [card.id]: lab } };
  });
}
