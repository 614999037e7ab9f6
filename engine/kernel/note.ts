/**
 * What happened, as data. The words are made elsewhere from `reason` and `facts`, so that they can be translated; the log
 * and the picture are both drawn from notes and so can never disagree.
 */
export interface Note {
  /** CamelCase, unique in the engine: `PodBound`, `ProbeFailed`. Each has a template in its room's `notes.en.ts`. */
  readonly reason: string;
  /** The API object that it is about. */
  readonly object?: ObjectReference;
  /** What the template may name; also what graders read. */
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
  /** An explicit cause, where it is not the message being handled: the id of an earlier line. */
  readonly cause?: number;
}

export interface ObjectReference {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid?: string;
}
