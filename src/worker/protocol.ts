import type { Drawn, Submission } from "@workbook/labs";
import type { Checked, Completion, Frame, LogLine, Pace, Skip } from "../session/session.ts";

/** What the page says to the worker. */
export type ToWorker =
  | { readonly kind: "start"; readonly lab: string; readonly files: Readonly<Record<string, string>> }
  | { readonly kind: "command"; readonly line: string; readonly edited?: string | undefined }
  | { readonly kind: "interrupt" }
  | { readonly kind: "complete"; readonly id: number; readonly text: string; readonly cursor: number }
  | { readonly kind: "write"; readonly path: string; readonly text: string }
  | { readonly kind: "pace"; readonly pace: Pace }
  | { readonly kind: "skip"; readonly how: Skip }
  | { readonly kind: "seek"; readonly at: number }
  | { readonly kind: "play-story"; readonly drawn?: Drawn | undefined }
  | { readonly kind: "reset" }
  | { readonly kind: "record"; readonly id: number }
  | { readonly kind: "check"; readonly id: number; readonly lab: string; readonly submission: Submission };

/** What the worker says to the page. */
export type FromWorker =
  | {
      readonly kind: "frame";
      readonly frame: Frame;
      /** Lines up to this id stay, the others are gone: a new future began. */
      readonly logKept: number;
      readonly logAdded: readonly LogLine[];
      readonly output: string;
    }
  | { readonly kind: "completed"; readonly id: number; readonly completion: Completion }
  | { readonly kind: "recorded"; readonly id: number; readonly recording: string }
  | { readonly kind: "share"; readonly id: number; readonly share: number }
  | { readonly kind: "checked"; readonly id: number; readonly checked: Checked }
  | { readonly kind: "failed"; readonly message: string };
