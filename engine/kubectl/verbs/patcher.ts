// After kubectl pkg/cmd/apply/patcher.go.
import { PATCH_MEDIA_TYPES } from "../../client/requests.ts";
import { failureOfResponse, reasonOf, thrown, type Failure } from "../failure.ts";
import { boolFlag } from "../flag-set.ts";
import { fields, textAt, type Fields } from "../json.ts";
import { appliedBefore, withLastApplied } from "../last-applied.ts";
import { collectionPath } from "../mapping.ts";
import { exchange, sleep, type Session, type Talk } from "../talk.ts";
import { strategicPatch, threeWayMergePatch } from "../three-way.ts";
import { pathOf, type Info } from "../info.ts";
import { fromYaml } from "../yaml-text.ts";
import type { DryRun } from "../dry-run.ts";

export interface Applying {
  readonly dryRun: DryRun;
  readonly query: Readonly<Record<string, string>>;
}

/** What is patched: the object of the file, and the one on the server. */
export interface Patching {
  readonly info: Info;
  readonly live: Fields;
  readonly applying: Applying;
}

export type PatchOutcome =
  | { readonly kind: "patched"; readonly object: Fields; readonly isEmpty: boolean }
  | { readonly kind: "failed"; readonly patch: Fields; readonly failure: Failure };

/** Source: patcher.go maxPatchRetry, triesBeforeBackOff, backOffPeriod. */
const RETRIES_MAX = 5;
const TRIES_BEFORE_BACK_OFF = 1;
const BACK_OFF_MILLIS = 1000;

/** Sends the three-way patch; a conflict is tried again with the newest object. */
export function* patchLive(session: Session, patching: Patching): Talk<PatchOutcome> {
  let outcome = yield* patchOnce(session, patching, patching.live);
  for (let attempt = 1; attempt <= RETRIES_MAX && isConflict(outcome); attempt++) {
    if (attempt > TRIES_BEFORE_BACK_OFF) yield* sleep(BACK_OFF_MILLIS);
    const found = yield* exchange(session, { method: "GET", path: pathOf(patching.info) });
    outcome = yield* patchOnce(session, patching, found.body as Fields);
  }
  if (
    outcome.kind === "failed" &&
    boolFlag(session.flags, "force") &&
    ["Conflict", "Invalid"].includes(reasonOf(outcome.failure))
  ) {
    return yield* deleteAndCreate(session, patching);
  }
  return outcome;
}

function isConflict(outcome: PatchOutcome): boolean {
  return outcome.kind === "failed" && reasonOf(outcome.failure) === "Conflict";
}

function* patchOnce(session: Session, patching: Patching, live: Fields): Talk<PatchOutcome> {
  const { info, applying } = patching;
  const modified = withLastApplied(info.object);
  const sides = { original: fields(fromYaml(appliedBefore(live) ?? "")), modified, current: live };
  const strategic = strategicPatch(info.mapping, sides);
  const patch = strategic ?? threeWayMergePatch(sides);
  if (Object.keys(patch).length === 0) return { kind: "patched", object: live, isEmpty: true };
  const type = strategic === undefined ? PATCH_MEDIA_TYPES.merge : PATCH_MEDIA_TYPES.strategic;
  const response = yield* exchange(session, {
    method: "PATCH",
    path: pathOf(info),
    query: applying.query,
    headers: { "content-type": type },
    body: patch,
  });
  if (response.code >= 400) return { kind: "failed", patch, failure: failureOfResponse(response.code, response.body) };
  return { kind: "patched", object: response.body as Fields, isEmpty: false };
}

/** `apply --force`: an object that cannot be patched is deleted and made anew. */
function* deleteAndCreate(session: Session, { info, applying }: Patching): Talk<PatchOutcome> {
  const body = { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: "Background", gracePeriodSeconds: 0 };
  yield* exchange(session, { method: "DELETE", path: pathOf(info), body });
  for (;;) {
    const found = yield* exchange(session, { method: "GET", path: pathOf(info) });
    if (found.code === 404) break;
    yield* sleep(BACK_OFF_MILLIS);
  }
  const made = yield* exchange(session, {
    method: "POST",
    path: collectionPath(info.mapping, info.namespace),
    query: applying.query,
    body: withLastApplied(info.object),
  });
  if (made.code >= 400) throw thrown(failureOfResponse(made.code, made.body));
  return { kind: "patched", object: made.body as Fields, isEmpty: textAt(made.body, "metadata", "name") === "" };
}
