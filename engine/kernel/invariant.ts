/** A law of the world that does not hold. It stops the world; nothing inside the engine catches it. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/**
 * Stops the world unless `condition` holds.
 *
 * @param law what must hold, as a sentence: "an envelope is never delivered before its time"
 */
export function invariant(condition: boolean, law: string): asserts condition {
  if (!condition) throw new InvariantError(`broken invariant: ${law}`);
}
