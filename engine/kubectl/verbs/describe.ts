// After kubectl pkg/cmd/describe/describe.go.
import { describerFor } from "../describe/index.ts";
import { failureOf, reasonOf, thrown, together, type Failure } from "../failure.ts";
import { boolFlag, isGiven } from "../flag-set.ts";
import { hasNoFiles, selectionOf } from "../select-flags.ts";
import { complain, print, type Session, type Talk } from "../talk.ts";
import { gather, type Gathered } from "../visit.ts";
import type { Info } from "../info.ts";
import { typeMissing } from "./get.ts";

export function* runDescribe(session: Session): Talk<number> {
  if (session.args.length === 0 && hasNoFiles(session)) throw typeMissing("describe");
  const selection = { ...selectionOf(session), typeMeansAll: true, continueOnError: true, latest: true };
  const gathered = yield* gather(session, selection);
  const { failure } = gathered;
  if (failure !== undefined && gathered.infos.length === 0) {
    if (reasonOf(failure) !== "NotFound" || session.args.length !== 2) throw thrown(failure);
    return yield* describeByPrefix(session, failure);
  }
  yield* describeAll(withEvents(session, gathered.infos.length === 1), gathered);
  return 0;
}

/** Events are shown for a single object, unless --show-events says otherwise. */
function withEvents(session: Session, shows: boolean): Session {
  if (isGiven(session.flags, "show-events")) return session;
  return {
    ...session,
    flags: { ...session.flags, given: new Map([...session.flags.given, ["show-events", [String(shows)]]]) },
  };
}

function* describeAll(session: Session, { infos, failure }: Gathered): Talk<void> {
  const failures: Failure[] = failure === undefined ? [] : [failure];
  let isFirst = true;
  for (const info of infos) {
    try {
      const description = yield* describerFor(info)(session, info);
      yield* print(isFirst ? description : `\n\n${description}`);
      isFirst = false;
    } catch (caught) {
      failures.push(failureOf(caught));
    }
  }
  if (infos.length === 0 && failures.length === 0) {
    const where = boolFlag(session.flags, "all-namespaces") ? "" : ` in ${session.config.namespace} namespace.`;
    yield* complain(`No resources found${where}\n`);
  }
  const all = together(failures);
  if (all !== undefined) throw thrown(all);
}

/** A name that is not there may be the beginning of others. */
function* describeByPrefix(session: Session, original: Failure): Talk<number> {
  const [type = "", prefix = ""] = session.args;
  const { infos } = yield* gather(session, {
    ...selectionOf(session, [type]),
    typeMeansAll: true,
    continueOnError: true,
  });
  const matching: readonly Info[] = infos.filter((info) => info.name.startsWith(prefix));
  if (matching.length === 0) throw thrown(original);
  let isFirst = true;
  for (const info of matching) {
    const description = yield* describerFor(info)(withEvents(session, false), info);
    yield* print(isFirst ? `${description}\n` : `\n${description}\n`);
    isFirst = false;
  }
  return 0;
}
