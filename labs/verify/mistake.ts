import type { Submission } from "../lab.ts";

/** A wrong answer that people give, and how it must be refused. */
export interface Mistake {
  readonly id: string;
  /** What was done, as a sentence without a full stop. */
  readonly says: string;
  readonly submission: Submission;
  /** The check that must fail, and the message that it must give. */
  readonly refusedBy: string;
  readonly reason: string;
}

/** Another right answer, or a change that alters nothing that was asked for. */
export interface Variant {
  readonly id: string;
  readonly says: string;
  readonly submission: Submission;
}
