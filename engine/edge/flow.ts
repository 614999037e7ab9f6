import { uint32At } from "../kernel/prng.ts";
import type { Millis } from "../kernel/process.ts";
import { type Answer, type Endpoint, isSuccess } from "../network/exchange.ts";

/** A backend and the answer that it gives now; undefined until the first observation has come. */
export interface Target {
  readonly endpoint: Endpoint;
  readonly answer: Answer | undefined;
}

/** What became of the requests of one client. */
export interface Tally {
  readonly requests: number;
  readonly failed: number;
  readonly firstFailureAt: Millis | undefined;
  readonly lastFailureAt: Millis | undefined;
  /** The account by stretches of time in which nothing changed, oldest first; the last ones only. */
  readonly spans: readonly Span[];
}

export interface Span {
  readonly from: Millis;
  readonly to: Millis;
  readonly requests: number;
  readonly failed: number;
}

/** How many spans a tally keeps; older ones are joined pair by pair, their sums stay right. */
export const SPANS_MAX = 256;

/** A run of requests, `from` to before `to`, whose routing and answers do not change. */
export interface Run {
  readonly from: number;
  readonly to: number;
  readonly targets: readonly Target[];
  /** The key of the stream that chooses backends: request n goes to backend `uint32At(choice, n) mod count`. */
  readonly choice: number;
  readonly timeoutMillis: Millis;
  readonly timeOf: (request: number) => Millis;
}

/** The tally after one more run. Each request's fate depends on its number alone, so a run may be cut anywhere. */
export function settle(tally: Tally, run: Run): Tally {
  if (run.to <= run.from) return tally;
  const fates = run.targets.map((target) => target.answer !== undefined && isSuccess(target.answer, run.timeoutMillis));
  const failures = countFailures(run, fates);
  const span = {
    from: run.timeOf(run.from),
    to: run.timeOf(run.to),
    requests: run.to - run.from,
    failed: failures.count,
  };
  return {
    requests: tally.requests + span.requests,
    failed: tally.failed + failures.count,
    firstFailureAt: tally.firstFailureAt ?? timeOrNone(run, failures.first),
    lastFailureAt: timeOrNone(run, failures.last) ?? tally.lastFailureAt,
    spans: withSpan(tally.spans, span),
  };
}

interface Failures {
  readonly count: number;
  readonly first: number | undefined;
  readonly last: number | undefined;
}

function countFailures(run: Run, fates: readonly boolean[]): Failures {
  if (fates.length > 0 && fates.every((isGood) => isGood)) return { count: 0, first: undefined, last: undefined };
  if (!fates.some((isGood) => isGood)) return { count: run.to - run.from, first: run.from, last: run.to - 1 };
  let count = 0;
  let first: number | undefined;
  let last: number | undefined;
  for (let request = run.from; request < run.to; request++) {
    if (fates[uint32At(run.choice, request) % fates.length] === true) continue;
    count += 1;
    first ??= request;
    last = request;
  }
  return { count, first, last };
}

function timeOrNone(run: Run, request: number | undefined): Millis | undefined {
  return request === undefined ? undefined : run.timeOf(request);
}

function withSpan(spans: readonly Span[], span: Span): readonly Span[] {
  const last = spans.at(-1);
  if (last !== undefined && isAlike(last, span)) return [...spans.slice(0, -1), joined(last, span)];
  return spans.length < SPANS_MAX ? [...spans, span] : [...halved(spans), span];
}

/** Neighbours in which everything succeeded, or everything failed, are one span. */
function isAlike(one: Span, other: Span): boolean {
  if (one.failed === 0) return other.failed === 0;
  return one.failed === one.requests && other.failed === other.requests;
}

function joined(one: Span, other: Span): Span {
  return {
    from: one.from,
    to: other.to,
    requests: one.requests + other.requests,
    failed: one.failed + other.failed,
  };
}

function halved(spans: readonly Span[]): Span[] {
  const fewer: Span[] = [];
  for (let index = 0; index < spans.length; index += 2) {
    const one = spans[index];
    const other = spans[index + 1];
    if (one !== undefined) fewer.push(other === undefined ? one : joined(one, other));
  }
  return fewer;
}
