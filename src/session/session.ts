import type { View } from "@workbook/engine";
import type { Drawn, Report, Submission } from "@workbook/labs";

/** A lab that is running somewhere: in a worker beside the page, or in the same thread. The page's only door to the engine. */
export interface Session {
  /** The same value until something changed, so that React can subscribe. */
  state(): SessionState;
  subscribe(listener: () => void): () => void;
  /** What commands print, as it comes. */
  listen(listener: (output: string) => void): () => void;
  /** Enters a line. `edited` is what the learner saved in the editor that the line opened. */
  command(line: string, edited?: string): void;
  interrupt(): void;
  complete(text: string, cursor: number): Promise<Completion>;
  write(path: string, text: string): void;
  setPace(pace: Pace): void;
  /** One second on, or on until the log has a new line. */
  skip(how: Skip): void;
  /** Looks at an earlier moment. Nothing is lost until something is done there. */
  seek(at: number): void;
  /** Lets the lab's faults happen in this cluster, so that they can be watched. */
  playStory(drawn?: Drawn): void;
  /** `onShare` hears how much is done, 0 to 1. */
  check(submission: Submission, onShare?: (share: number) => void): Promise<Checked>;
  cancelCheck(): void;
  /** Back to the start of the lab. */
  reset(): void;
  /** Topology, seed and inputs: enough to have the same world again. */
  recording(): Promise<string>;
  close(): void;
}

/** Seconds of the cluster per second of the reader; 0 stands still. */
export type Pace = 0 | 1 | 20;

export type Skip = "second" | "event";

export interface SessionState {
  readonly status: "starting" | "ready" | "failed";
  /** Why it failed, for a person. */
  readonly trouble: string | undefined;
  readonly frame: Frame | undefined;
  readonly log: readonly LogLine[];
}

/** A moment of the cluster. Everything that is drawn is a function of it. */
export interface Frame {
  /** Virtual milliseconds since the lab began. */
  readonly now: number;
  /** How far this world has come; more than `now` while looking back. */
  readonly latest: number;
  readonly pace: Pace;
  /** How many of the lines that were sent have ended, one way or another. */
  readonly ended: number;
  readonly view: View;
  /** What `kubectl edit` has put before the learner; the terminal waits for it. */
  readonly editing: Editing | undefined;
  /** Where the lab's faults stand. */
  readonly story: "none" | "ready" | "playing" | "over";
  /** The learner's files by path: what the editor shows, also after a command wrote one. */
  readonly files: Readonly<Record<string, string>>;
}

export interface Editing {
  readonly line: string;
  readonly text: string;
}

/** One line of the event log. The picture and the log are made from the same world and say the same. */
export interface LogLine {
  readonly id: number;
  readonly at: number;
  readonly text: string;
  readonly reason: string;
  readonly actor: string;
  readonly object: string | undefined;
  /** Whether it is about what runs the cluster itself, not about the learner's objects. */
  readonly isSystem: boolean;
  readonly cause: number;
}

/** What Tab finds: text to put in, and what there is to choose from when that is not all. */
export interface Completion {
  readonly insert: string;
  readonly options: readonly string[];
}

export type Checked =
  | { readonly kind: "report"; readonly report: Report; readonly millis: number }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly message: string };
