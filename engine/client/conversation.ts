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
