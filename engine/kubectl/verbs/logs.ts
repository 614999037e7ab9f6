// After kubectl pkg/cmd/logs/logs.go, pkg/polymorphichelpers/logsforobject.go.
import { parseTime } from "../../api/time.ts";
import { chooseContainer } from "../container-choice.ts";
import { failureOf, failureOfResponse, messageOf, reasonOf, refusal, thrown, usageRefusal } from "../failure.ts";
import { boolFlag, durationFlag, intFlag, isGiven, textFlag } from "../flag-set.ts";
import { rowsAt, textAt } from "../json.ts";
import { podsOf, sortForLogs } from "../pods-of.ts";
import type { Selection } from "../selection.ts";
import { arrival, complain, exchange, open, print, type Session, type Talk } from "../talk.ts";
import { infosOf } from "../visit.ts";
import { pathOf, type Info } from "../info.ts";

const USAGE =
  "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command";

/** Lines shown of each pod when a selector names them. Source: logs.go selectorTail. */
const SELECTOR_TAIL = 10;

interface LogTarget {
  readonly pod: Info;
  readonly container: string;
}

export function* runLogs(session: Session): Talk<number> {
  const { flags, args } = session;
  const selector = textFlag(flags, "selector");
  if (args.length > 2 || (args.length === 0 && selector === "")) throw usageRefusal("kubectl logs", USAGE);
  if (args.length === 2 && isGiven(flags, "container"))
    throw usageRefusal("kubectl logs", "only one of -c or an inline [CONTAINER] arg is allowed");
  if (args.length > 0 && selector !== "") throw refusal("only a selector (-l) or a POD name is allowed");
  checkTimes(session);
  const objects = yield* loggedObjects(session, selector);
  if (selector !== "" && objects.length === 0) {
    yield* complain(`No resources found in ${session.config.namespace} namespace.\n`);
    return 0;
  }
  const targets = yield* targetsOf(session, objects);
  return yield* boolFlag(flags, "follow") ? followAll(session, targets) : showAll(session, targets);
}

function checkTimes(session: Session): void {
  const { flags } = session;
  if (isGiven(flags, "since") && textFlag(flags, "since-time") !== "")
    throw refusal("at most one of `sinceTime` or `sinceSeconds` may be specified");
  if (intFlag(flags, "tail") < -1) throw refusal("--tail must be greater than or equal to -1");
  const since = textFlag(flags, "since-time");
  if (since !== "" && parseTime(since) === undefined)
    throw refusal(
      `parsing time ${JSON.stringify(since)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(since)} as "2006"`,
    );
}

function* loggedObjects(session: Session, selector: string): Talk<readonly Info[]> {
  const [first = ""] = session.args;
  const base: Selection = { args: selector === "" ? [first] : ["pods"], namespace: session.config.namespace };
  const selection = selector === "" ? { ...base, typeOfNames: "pods" } : { ...base, labelSelector: selector };
  try {
    return yield* infosOf(session, selection);
  } catch (caught) {
    const failure = failureOf(caught);
    if (reasonOf(failure) !== "NotFound") throw caught;
    throw refusal(
      `error from server (NotFound): ${messageOf(failure)} in namespace ${JSON.stringify(session.config.namespace)}`,
    );
  }
}

function* targetsOf(session: Session, objects: readonly Info[]): Talk<readonly LogTarget[]> {
  const { flags } = session;
  const targets: LogTarget[] = [];
  for (const object of objects) {
    const pods = object.mapping.kind === "Pod" ? [object] : yield* chosenPods(session, object);
    for (const pod of pods) {
      const containers = boolFlag(flags, "all-containers")
        ? allOf(pod)
        : [yield* chooseContainer(pod.object, containerFlag(session), objects.length > 1)];
      targets.push(...containers.map((container) => ({ pod, container })));
    }
  }
  return targets;
}

function containerFlag(session: Session): string {
  return session.args[1] ?? textFlag(session.flags, "container");
}

function allOf(pod: Info): readonly string[] {
  return ["initContainers", "containers", "ephemeralContainers"]
    .flatMap((part) => rowsAt(pod.object, "spec", part))
    .map((each) => textAt(each, "name"));
}

function* chosenPods(session: Session, object: Info): Talk<readonly Info[]> {
  const pods = sortForLogs(yield* podsOf(session, object));
  if (boolFlag(session.flags, "all-pods")) return pods;
  const [first] = pods;
  if (first === undefined) throw refusal("timed out waiting for the condition");
  if (pods.length > 1) yield* complain(`Found ${pods.length} pods, using pod/${first.name}\n`);
  return [first];
}

function logQuery(session: Session, container: string): Readonly<Record<string, string>> {
  const { flags } = session;
  const query: Record<string, string> = { container };
  if (boolFlag(flags, "follow")) query["follow"] = "true";
  if (boolFlag(flags, "previous")) query["previous"] = "true";
  if (boolFlag(flags, "timestamps")) query["timestamps"] = "true";
  if (intFlag(flags, "limit-bytes") > 0) query["limitBytes"] = String(intFlag(flags, "limit-bytes"));
  const tail = isGiven(flags, "tail")
    ? intFlag(flags, "tail")
    : textFlag(flags, "selector") === "" || boolFlag(flags, "follow")
      ? -1
      : SELECTOR_TAIL;
  if (tail >= 0) query["tailLines"] = String(tail);
  const since = durationFlag(flags, "since");
  if (since > 0) query["sinceSeconds"] = String(Math.ceil(since / 1000));
  if (textFlag(flags, "since-time") !== "") query["sinceTime"] = textFlag(flags, "since-time");
  return query;
}

function* showAll(session: Session, targets: readonly LogTarget[]): Talk<number> {
  for (const target of targets) {
    const response = yield* exchange(session, {
      method: "GET",
      path: pathOf(target.pod, "log"),
      query: logQuery(session, target.container),
    });
    if (response.code >= 400) {
      const failure = failureOfResponse(response.code, response.body);
      if (!boolFlag(session.flags, "ignore-errors")) throw thrown(failure);
      yield* complain(`error: ${messageOf(failure)}\n`);
      continue;
    }
    yield* print(prefixed(session, target, typeof response.body === "string" ? response.body : ""));
  }
  return 0;
}

function prefixed(session: Session, { pod, container }: LogTarget, log: string): string {
  if (!boolFlag(session.flags, "prefix") || log === "") return log;
  return log.replace(/^(?=.)/gm, `[pod/${pod.name}/${container}] `);
}

function* followAll(session: Session, targets: readonly LogTarget[]): Talk<number> {
  const limit = intFlag(session.flags, "max-log-requests");
  if (targets.length > limit) {
    throw refusal(
      `you are attempting to follow ${targets.length} log streams, but maximum allowed concurrency is ${limit}, use --max-log-requests to increase the limit`,
    );
  }
  const streams: { readonly stream: number; readonly target: LogTarget }[] = [];
  for (const target of targets) {
    const opened = yield* open(session, {
      method: "GET",
      path: pathOf(target.pod, "log"),
      query: logQuery(session, target.container),
    });
    if (opened.response.code >= 400) throw thrown(failureOfResponse(opened.response.code, opened.response.body));
    if (typeof opened.response.body === "string") yield* print(prefixed(session, target, opened.response.body));
    streams.push({ stream: opened.stream, target });
  }
  yield* pump(session, streams);
  return 0;
}

/** How often several streams are looked at in turn. */
const TURN_MILLIS = 100;

function* pump(
  session: Session,
  streams: readonly { readonly stream: number; readonly target: LogTarget }[],
): Talk<void> {
  let left = streams;
  while (left.length > 0) {
    const open: (typeof streams)[number][] = [];
    for (const each of left) {
      const arrived = yield* arrival(each.stream, left.length > 1 ? TURN_MILLIS : undefined);
      if (arrived.kind === "data") yield* print(prefixed(session, each.target, arrived.text));
      if (arrived.kind !== "closed") open.push(each);
    }
    left = open;
  }
}
