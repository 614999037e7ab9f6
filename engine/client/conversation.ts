/**
 * A conversation: code that asks, waits for the answer, and goes on, written in direct style, without promises and
 * without anything in the world's state that cannot be stored.
 *
 * The script is a generator function. The state of a conversation is only what it was asked with and the answers given so
 * far; when the next answer comes, the script runs again from its beginning and is handed the old answers at once, up to the place
 * where it asks something new. A script must therefore be a function of its arguments and of the answers, and of
 * nothing else. With n questions it runs n + 1 times, so a conversation is for tens of questions, not for thousands.
 *
 * The same script runs against a real API server: an edge outside the engine pumps the generator once, without replay.
 */
export type Script<Ask, Answer, Result> = Generator<Ask, Result, Answer>;

/** Where a conversation stands: it asks, or it is over. */
export type Standing<Ask, Result> =
  | { readonly kind: "asks"; readonly ask: Ask }
  | { readonly kind: "over"; readonly result: Result };

/** Runs `script` from its beginning with the answers given so far. */
export function resume<Ask, Answer, Result>(
  script: () => Script<Ask, Answer, Result>,
  answers: readonly Answer[],
): Standing<Ask, Result> {
  const running = script();
  let turn = running.next();
  for (const answer of answers) {
    if (turn.done === true) break;
    turn = running.next(answer);
  }
  return turn.done === true
    ? { kind: "over", result: turn.value }
    : { kind: "asks", ask: turn.value };
}
