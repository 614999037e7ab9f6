// After kubectl pkg/cmd/rollout/rollout_pause.go, rollout_resume.go, rollout_restart.go, rollout_status.go.
import { rfc3339 } from "../../api/time.ts";
import { differenceOf, sendPatch } from "../change.ts";
import { failureOf, messageOf, refusal, thrown, together, type Failure } from "../failure.ts";
import { boolFlag, durationFlag, intFlag, isGiven } from "../flag-set.ts";
import { at, put, textAt, type Fields } from "../json.ts";
import { withAnnotation } from "../last-applied.ts";
import { printerOf } from "../printers/printer.ts";
import { rolloutStatus } from "../rollout-status.ts";
import { hasNoFiles, selectionOf } from "../select-flags.ts";
import { arrival, now, open, print, send, type Session, type Talk } from "../talk.ts";
import { infosOf } from "../visit.ts";
import { pathOf, type Info } from "../info.ts";
import { watchRequest } from "../waiting.ts";

/** The workloads a rollout command names. */
export function* rolloutTargets(session: Session): Talk<readonly Info[]> {
  if (session.args.length === 0 && hasNoFiles(session)) throw refusal("required resource not specified");
  return yield* infosOf(session, { ...selectionOf(session), typeMeansAll: true, continueOnError: true, latest: true });
}

interface Change {
  /** `paused`; printed after the name. */
  readonly operation: string;
  /** For messages: `pausing`. */
  readonly verb: string;
  /** What is done when nothing changes. */
  readonly already: string;
  change(object: Fields, kind: string): Fields;
}

function* changeAll(session: Session, change: Change): Talk<number> {
  const infos = yield* rolloutTargets(session);
  const failures: Failure[] = [];
  for (const info of infos) {
    try {
      yield* changeOne(session, info, change);
    } catch (caught) {
      failures.push(failureOf(caught));
    }
  }
  const failure = together(failures);
  if (failure !== undefined) throw thrown(failure);
  return 0;
}

function* changeOne(session: Session, info: Info, change: Change): Talk<void> {
  const prefix = `error: ${info.mapping.plural}${info.mapping.group === "" ? "" : `.${info.mapping.group}`} ${JSON.stringify(info.name)} `;
  let changed: Fields;
  try {
    changed = change.change(info.object, info.mapping.kind);
  } catch (caught) {
    throw refusal(prefix + messageOf(failureOf(caught)));
  }
  const { patch, dialect } = differenceOf(info, changed);
  if (Object.keys(patch).length === 0) {
    yield* print((yield* printerOf(session, { operation: change.already })).print(info.object));
    return;
  }
  const result = yield* sendPatch(session, { info, patch, dialect, dryRun: "none" });
  yield* print((yield* printerOf(session, { operation: change.operation })).print(result));
}

export function* pauseRollout(session: Session): Talk<number> {
  return yield* changeAll(session, {
    operation: "paused",
    verb: "pausing",
    already: "already paused",
    change: (object, kind) => {
      if (kind !== "Deployment") throw refusal("pausing is not supported");
      if (at(object, "spec", "paused") === true) throw refusal("is already paused");
      return put(object, ["spec", "paused"], true);
    },
  });
}

export function* resumeRollout(session: Session): Talk<number> {
  return yield* changeAll(session, {
    operation: "resumed",
    verb: "resuming",
    already: "already resumed",
    change: (object, kind) => {
      if (kind !== "Deployment") throw refusal("resuming is not supported");
      if (at(object, "spec", "paused") !== true) throw refusal("is not paused");
      return put(object, ["spec", "paused"], undefined);
    },
  });
}

/** Source: kubectl pkg/polymorphichelpers/objectrestarter.go. */
const RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

export function* restartRollout(session: Session): Talk<number> {
  const stamp = rfc3339(yield* now());
  return yield* changeAll(session, {
    operation: "restarted",
    verb: "restarting",
    already:
      "if restart has already been triggered within the past second, please wait before attempting to trigger another",
    change: (object, kind) => {
      if (!["Deployment", "DaemonSet", "StatefulSet"].includes(kind)) throw refusal("restarting is not supported");
      if (at(object, "spec", "paused") === true)
        throw refusal("can't restart paused deployment (run rollout resume first)");
      const template = (at(object, "spec", "template") ?? {}) as Fields;
      return put(object, ["spec", "template"], withAnnotation(template, RESTARTED_AT, stamp));
    },
  });
}

export function* statusOfRollout(session: Session): Talk<number> {
  const { flags } = session;
  if (session.args.length === 0 && hasNoFiles(session)) throw refusal("required resource not specified");
  const revision = intFlag(flags, "revision");
  if (revision < 0) throw refusal(`revision must be a positive integer: ${revision}`);
  const infos = yield* infosOf(session, { ...selectionOf(session), typeMeansAll: true, latest: true });
  const timeout = durationFlag(flags, "timeout");
  for (const info of infos)
    yield* followRollout(session, info, { revision, end: timeout === 0 ? undefined : (yield* now()) + timeout });
  return 0;
}

interface Following {
  readonly revision: number;
  readonly end: number | undefined;
}

/** Source: rollout_status.go: the object as it is, then each change, until done, gone or too late. */
function* followRollout(session: Session, info: Info, following: Following): Talk<void> {
  rolloutStatus(info.object, 0);
  const watches = !isGiven(session.flags, "watch") || boolFlag(session.flags, "watch");
  const object = (yield* send(session, { method: "GET", path: pathOf(info) })).body as Fields;
  if (following.end !== undefined && following.end <= (yield* now()))
    throw refusal("timed out waiting for the condition");
  if (yield* report(object, following.revision)) return;
  if (!watches) return;
  const opened = yield* open(
    session,
    watchRequest(info.mapping, info.namespace, {
      fieldSelector: `metadata.name=${info.name}`,
      resourceVersion: textAt(object, "metadata", "resourceVersion"),
    }),
  );
  for (;;) {
    const left = following.end === undefined ? undefined : following.end - (yield* now());
    const arrived = yield* arrival(opened.stream, left);
    if (arrived.kind === "timeout") throw refusal("timed out waiting for the condition");
    if (arrived.kind === "closed") return yield* followRollout(session, info, following);
    if (arrived.kind !== "event") continue;
    if (arrived.event.type === "DELETED") throw refusal("object has been deleted");
    if (yield* report(arrived.event.object as unknown as Fields, following.revision)) return;
  }
}

function* report(object: Fields, revision: number): Talk<boolean> {
  const { message, isDone } = rolloutStatus(object, revision);
  yield* print(message);
  return isDone;
}
