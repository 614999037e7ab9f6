// After kubectl pkg/cmd/wait/wait.go, condition.go, json.go, create.go.
import { goQuote } from "../../api/go-quote.ts";
import { failureOf, failureOfResponse, refusal, thrown, together, type Failure } from "../failure.ts";
import { boolFlag, durationFlag, listFlag } from "../flag-set.ts";
import { at, number, rowsAt, text, textAt, type Fields } from "../json.ts";
import { printerOf } from "../printers/printer.ts";
import { findResults, jsonPathOf, relaxedExpression } from "../printers/json-path.ts";
import { goValue } from "../printers/go-value.ts";
import { selectionOf } from "../select-flags.ts";
import { exchange, now, print, sleep, type Session, type Talk } from "../talk.ts";
import { infosOf } from "../visit.ts";
import { pathOf, type Info } from "../info.ts";
import { TIMED_OUT, timeoutOn, untilDeleted, untilHolds } from "../waiting.ts";

type Condition =
  | { readonly kind: "delete" }
  | { readonly kind: "create" }
  | { readonly kind: "holds"; readonly holds: (object: Fields) => boolean };

/** Source: wait.go: an endless wait is a week. */
const WEEK_MILLIS = 168 * 3_600_000;
const POLL_MILLIS = 500;

export function* runWait(session: Session): Talk<number> {
  const { flags } = session;
  const written = listFlag(flags, "for");
  const [last] = written.slice(-1);
  if (last === undefined) throw refusal("unrecognized condition: []");
  const condition = conditionOf(last);
  const given = durationFlag(flags, "timeout");
  const timeout = given < 0 ? WEEK_MILLIS : given;
  const end = (yield* now()) + timeout;
  const printer = yield* printerOf(session, { operation: "condition met" });
  const selection = {
    ...selectionOf(session),
    typeMeansAll: boolFlag(flags, "all"),
    continueOnError: false,
    latest: true,
  };
  if (condition.kind === "create") yield* untilCreated(session, selection, end);
  const infos =
    condition.kind === "delete" ? yield* toBeDeleted(session, selection) : yield* infosOf(session, selection);
  if (infos.length === 0) {
    if (condition.kind === "delete") return 0;
    throw refusal("no matching resources found");
  }
  const failures: Failure[] = [];
  for (const info of infos) {
    try {
      const object = yield* waitFor(session, info, { condition, end });
      yield* print(printer.print(object));
    } catch (caught) {
      failures.push(failureOf(caught));
    }
  }
  const failure = together(failures);
  if (failure !== undefined) throw thrown(failure);
  return 0;
}

function* toBeDeleted(session: Session, selection: ReturnType<typeof selectionOf>): Talk<readonly Info[]> {
  const infos = yield* infosOf(session, { ...selection, unfetched: true });
  return infos.map((info) => ({
    ...info,
    object: Object.keys(info.object).length > 0 ? info.object : bareObject(info),
  }));
}

function bareObject(info: Info): Fields {
  const { group, version, kind } = info.mapping;
  return {
    apiVersion: group === "" ? version : `${group}/${version}`,
    kind,
    metadata: { name: info.name, namespace: info.namespace },
  };
}

interface Waiting {
  readonly condition: Condition;
  readonly end: number;
}

function* waitFor(session: Session, info: Info, { condition, end }: Waiting): Talk<Fields> {
  if (condition.kind === "create") return info.object;
  if (condition.kind === "holds") return yield* untilHolds(session, { info, end }, condition.holds);
  const found = yield* exchange(session, { method: "GET", path: pathOf(info) });
  if (found.code === 404) return info.object;
  if (found.code >= 400) throw thrown(failureOfResponse(found.code, found.body));
  if (end <= (yield* now())) throw timeoutOn(info);
  yield* untilDeleted(session, { info, uid: textAt(found.body, "metadata", "uid") }, end);
  return info.object;
}

function* untilCreated(session: Session, selection: ReturnType<typeof selectionOf>, end: number): Talk<void> {
  for (;;) {
    const infos = yield* infosOf(session, { ...selection, unfetched: true });
    let missing = infos.length === 0;
    for (const info of infos) {
      const found = yield* exchange(session, { method: "GET", path: pathOf(info) });
      if (found.code === 404) missing = true;
      else if (found.code >= 400) throw thrown(failureOfResponse(found.code, found.body));
    }
    if (!missing) return;
    const left = end - (yield* now());
    if (left <= 0) throw refusal(TIMED_OUT);
    yield* sleep(Math.min(POLL_MILLIS, left));
  }
}

function conditionOf(written: string): Condition {
  const lower = written.toLowerCase();
  if (lower === "delete" || lower === "create") return { kind: lower };
  if (written.startsWith("condition="))
    return { kind: "holds", holds: statusCondition(written.slice("condition=".length)) };
  if (written.startsWith("jsonpath="))
    return { kind: "holds", holds: pathCondition(written.slice("jsonpath=".length)) };
  throw refusal(`unrecognized condition: ${goQuote(written)}`);
}

function statusCondition(written: string): (object: Fields) => boolean {
  const [name = "", value = "true"] = written.split("=");
  return (object) => {
    const condition = rowsAt(object, "status", "conditions").find(
      (each) => text(each["type"]).toLowerCase() === name.toLowerCase(),
    );
    if (condition === undefined || textAt(condition, "status").toLowerCase() !== value.toLowerCase()) return false;
    const generation = at(object, "metadata", "generation");
    const observed = condition["observedGeneration"] ?? at(object, "status", "observedGeneration");
    return generation === undefined || observed === undefined || number(observed) >= number(generation);
  };
}

/** `{.status.phase}=Running`, or `{.status.phase}` for any value. */
function pathCondition(written: string): (object: Fields) => boolean {
  const match = /^(.*?\})(?:=(.*))?$/s.exec(written) ?? /^([^=]*)(?:=(.*))?$/s.exec(written);
  const [, path = "", value] = match ?? [];
  if (written.endsWith("="))
    throw refusal(
      "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
    );
  if (path === "") throw refusal("jsonpath expression cannot be empty");
  const expression = jsonPathOf(relaxedExpression(path.trim()), true);
  const wanted = value?.trim().replace(/^(['"])(.*)\1$/, "$2");
  return (object) => {
    const found = findResults(expression, object).flat();
    if (found.length === 0) return false;
    if (wanted === undefined) return true;
    if (found.length > 1) throw refusal("given jsonpath expression matches more than one value");
    if (typeof found[0] === "object" && found[0] !== null)
      throw refusal("jsonpath leads to a nested object or list which is not supported");
    return goValue(found[0]) === wanted;
  };
}
